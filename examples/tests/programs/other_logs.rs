//! `verify --log`: proofs that other logs published, and logs whose checkpoints are wider than ours.

use crate::{
    desk::{Desk, Ran},
    foreign::written,
    proves::every_byte,
    verified_not::reason,
};

const GO_KEY: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
const GO_ORIGIN: &str = "go.sum database tree";
const GO: &str = include_str!("../../../crates/judges/tests/recorded/go-x-sync.tlog-proof");
const GO_ENTRY: &[u8] = include_bytes!("../../../crates/judges/tests/recorded/go-x-sync.entry");
const REKOR_KEY: &str = "log2025-1.rekor.sigstore.dev+cf119915+AbfK5adZJxsI323FwGD2AJJ9F4i89cfDuLdGJBIYntuO";
const REKOR: &str = include_str!("../../../crates/judges/tests/recorded/rekor-v2.tlog-proof");
const REKOR_ENTRY: &[u8] = include_bytes!("../../../crates/judges/tests/recorded/rekor-v2.entry");
const TESSERA_KEY: &str = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
const TESSERA: &str = include_str!("../../../crates/judges/tests/recorded/tessera-7.checkpoint");
const TESSERA_GROWTH: &str = include_str!("../../../crates/judges/tests/recorded/tessera-7.growth");

const NOT_SIGNED: &str = "the checkpoint is not vouched for: ";
const ENTRY: &str = "--proof proof --entry entry";

/// Runs `verify` with `--log` and, since a log may have spaces in its name, `--origin` apart.
fn verify(desk: &Desk, key: &str, origin: Option<&str>, args: &str) -> Ran {
    let mut command = desk.command("verify", &format!("--log {key} {args}"));
    if let Some(origin) = origin {
        command.args(["--origin", origin]);
    }
    Ran::of(&mut command)
}

fn go(proof: &str, entry: &[u8], key: &str, origin: Option<&str>) -> Ran {
    let desk = Desk::new();
    desk.write("proof", proof);
    desk.write("entry", entry);
    verify(&desk, key, origin, ENTRY)
}

#[test]
fn an_entry_of_gos_checksum_database_is_proved() {
    let ran = go(GO, GO_ENTRY, GO_KEY, Some(GO_ORIGIN));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let lines: Vec<&str> = ran.out.lines().collect();
    let expected = [
        "PROVED",
        "log       go.sum database tree",
        "tree      size 65196790, root 0996ebd965d4822c519291c70a3ea76461211c66dc3f308ea3266a74942d1822",
        "place     entry 13544323 is in it, by a path of 26 hashes",
        "signed    by 1 of the log's operator keys",
        "rule      quorum none: 0 signed",
        "entry     not an auditmesh entry; its bytes are in the log all the same",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn an_entry_of_gos_checksum_database_is_refused_for_its_reason() {
    let says = |proof: &str, entry: &[u8], key: &str, origin: Option<&str>, why: &str| {
        let ran = go(proof, entry, key, origin);
        assert!(reason(&ran).starts_with(why), "{}", ran.out);
    };
    let with = |from: &str, to: &str| {
        assert!(GO.contains(from), "{from}");
        GO.replacen(from, to, 1)
    };
    let of =
        |got: &str, want: &str| format!("{NOT_SIGNED}the checkpoint is of the log {got:?}, not of {want:?}");
    let other = with(GO_ORIGIN, "go.sum database");
    says(&other, GO_ENTRY, GO_KEY, Some(GO_ORIGIN), &of("go.sum database", GO_ORIGIN));
    says(GO, GO_ENTRY, GO_KEY, None, &of(GO_ORIGIN, "sum.golang.org"));
    let unsigned = "no signature line of log2025-1.rekor.sigstore.dev+cf119915 in the note";
    says(GO, GO_ENTRY, REKOR_KEY, Some(GO_ORIGIN), &format!("{NOT_SIGNED}{unsigned}"));
    let bad = "the Ed25519 line of sum.golang.org+033de0ae does not verify, so the note is refused";
    let bad = format!("{NOT_SIGNED}{bad}");
    says(&with("\n65196790\n", "\n65196791\n"), GO_ENTRY, GO_KEY, Some(GO_ORIGIN), &bad);
    says(&with("GCI=\n\n", "GCI=\nan extension\n\n"), GO_ENTRY, GO_KEY, Some(GO_ORIGIN), &bad);
    let elsewhere = "the entry is not in the log at that place: ";
    let hash = format!("{}\n", GO.lines().nth(9).unwrap());
    for proof in [with("13544323", "13544322"), with(&hash, ""), with("VA95xm2B", "VA95xm2C")] {
        says(&proof, GO_ENTRY, GO_KEY, Some(GO_ORIGIN), elsewhere);
    }
    says(GO, &GO_ENTRY[1..], GO_KEY, Some(GO_ORIGIN), elsewhere);
    let beyond = "proof: index 65196790 is not below the checkpoint's size 65196790";
    says(&with("13544323", "65196790"), GO_ENTRY, GO_KEY, Some(GO_ORIGIN), beyond);

    // A policy finds a log's keys by its origin, and this key is called otherwise.
    let desk = Desk::new();
    desk.write("proof", GO);
    desk.write("entry", GO_ENTRY);
    desk.write("policy", format!("log {GO_KEY}\nquorum none\n"));
    let why = "no log key named \"go.sum database tree\" that the policy lists has signed";
    assert_eq!(reason(&desk.verify(&format!("--policy policy {ENTRY}"))), format!("{NOT_SIGNED}{why}"));
}

#[test]
fn an_entry_of_rekor_is_proved_by_its_key_and_by_a_policy() {
    let desk = Desk::new();
    desk.write("proof", REKOR);
    desk.write("entry", REKOR_ENTRY);
    desk.write("policy", format!("log {REKOR_KEY}\nquorum none\n"));
    let by_key = verify(&desk, REKOR_KEY, None, ENTRY);
    assert_eq!((by_key.status, by_key.err.as_str()), (Some(0), ""), "{}", by_key.out);
    assert!(
        by_key.out.contains("\nplace     entry 412114 is in it, by a path of 9 hashes\n"),
        "{}",
        by_key.out
    );
    assert_eq!(desk.verify(&format!("--policy policy {ENTRY}")), by_key);
}

#[test]
fn tesseras_test_log_was_only_added_to() {
    let desk = Desk::new();
    desk.write("proof", TESSERA_GROWTH);
    desk.write("old", TESSERA);
    let args = format!("--log {TESSERA_KEY} --consistency proof --old old");
    let ran = desk.verify(&args);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    assert!(ran.out.contains("\ntree      size 15, root "), "{}", ran.out);
    assert!(ran.out.contains("\nbegins    with the 7 entries of root "), "{}", ran.out);
    for file in ["proof", "old"] {
        assert_eq!(every_byte(&desk, &args, file), [0usize; 0], "{file}");
    }
}

const ODD: &str = "an odd log, by hand";
const MORE: &str = "Timestamp: 1688058656037355364\ntwo\u{9b}lines\n";

/// Its origin has spaces, its key another name, its checkpoint two extension lines: proved from its tiles, and verified.
#[test]
fn a_log_with_a_name_and_lines_that_ours_never_has() {
    let desk = Desk::new();
    written(&desk, "old", 5, (ODD, "keys.example"), "");
    let key = written(&desk, "there", 11, (ODD, "keys.example"), MORE).to_string();
    for args in ["there 7 --out proof --entry-out entry", "there --consistency 5 --out growth"] {
        let ran = desk.prove(args);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{args}");
    }
    let says = [
        "log       an odd log, by hand",
        "extension Timestamp: 1688058656037355364",
        "extension two\\u{9b}lines",
    ];
    for args in [ENTRY, "--consistency growth --old old/checkpoint"] {
        let ran = verify(&desk, &key, Some(ODD), args);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
        assert!(says.iter().all(|line| ran.out.lines().any(|said| said == *line)), "{}", ran.out);
    }
    let bad = "the Ed25519 line of keys.example+";
    for file in ["proof", "growth"] {
        let (args, text) = match file {
            "proof" => (ENTRY, desk.text(file)),
            _ => ("--consistency growth --old old/checkpoint", desk.text(file)),
        };
        let unsigned =
            [text.replace("5364\n", "5365\n"), text.replace("Timestamp: 1688058656037355364\n", "")];
        for changed in unsigned {
            desk.write(file, changed);
            let ran = verify(&desk, &key, Some(ODD), args);
            assert!(reason(&ran).starts_with(&format!("{NOT_SIGNED}{bad}")), "{}", ran.out);
        }
        desk.write(file, text);
    }
}

/// A receipt of such a log is as good as of any other.
#[test]
fn a_receipt_of_a_log_that_is_not_called_as_its_key() {
    let desk = Desk::new();
    let key = written(&desk, "there", 11, (ODD, "keys.example"), MORE).to_string();
    let ran = desk.prove("there 7 --cose foreign.pem --out receipt --entry-out entry");
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    let alone = "--receipt receipt --entry entry";
    let ran = verify(&desk, &key, Some(ODD), alone);
    assert_eq!(ran.status, Some(0), "{}", ran.out);
    assert!(ran.out.contains("\nlog       an odd log, by hand\n"), "{}", ran.out);
    let beside = format!("{alone} --checkpoint there/checkpoint");
    let ran = verify(&desk, &key, Some(ODD), &beside);
    assert!(ran.out.contains("\nplace     entry 7 is in it, by a path of 4 hashes\n"), "{}", ran.out);
    let why = "there/checkpoint: the checkpoint is not vouched for: the checkpoint is of the log \
               \"an odd log, by hand\", not of \"keys.example\"";
    assert_eq!(reason(&verify(&desk, &key, None, &beside)), why);
}

#[test]
fn a_key_or_a_policy_and_not_both() {
    let desk = Desk::new();
    desk.write("proof", REKOR);
    desk.write("entry", REKOR_ENTRY);
    desk.write("policy", format!("log {REKOR_KEY}\nquorum none\n"));
    let both = format!("--policy policy --log {REKOR_KEY} {ENTRY}");
    for args in [ENTRY, &both, &format!("--policy policy --origin o {ENTRY}")] {
        let ran = desk.verify(args);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{args}");
        assert!(ran.err.starts_with("error: "), "{}", ran.err);
    }
    let said = "a verifier key is written 'name+8 lower-case hex digits+base64 of type and key'";
    let ran = verify(&desk, "sum.golang.org", None, ENTRY);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    assert_eq!(ran.err, format!("verify: --log sum.golang.org: {said}\n"));
}
