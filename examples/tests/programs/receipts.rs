//! COSE receipts: given by an operator of the log, checked with the key of the policy.

use auditmesh::attest::{Ed25519Signer, MlDsa44Signer};

use crate::{desk::Desk, foreign::foreign, proves::every_byte, verified_not::reason};

/// A log of 20 entries whose operators' keys lie in `keys`, its checkpoint of 10 entries, and that of 20.
fn desk() -> Desk {
    let desk = Desk::new();
    for (member, seed) in ["EU-1", "US-1", "APAC-1", "EU-2"].into_iter().zip(1..) {
        let operator = Ed25519Signer::from_seed([seed; 32]).to_pem().unwrap();
        let cosigner = MlDsa44Signer::from_seed([seed; 32]).to_pem().unwrap();
        desk.write(&format!("keys/{member}.operator.pem"), operator.as_bytes());
        desk.write(&format!("keys/{member}.cosigner.pem"), cosigner.as_bytes());
    }
    for rounds in [1, 2] {
        desk.agreed(&format!("--rounds {rounds} --batch 10 --no-timings --keys keys --out log"));
        desk.write(&format!("old/{}", rounds * 10), desk.read("log/checkpoint"));
    }
    desk
}

const KEY: &str = "--cose keys/US-1.operator.pem";
const ENTRY: &str = "--policy log/policy --receipt receipt --entry entry --checkpoint log/checkpoint";
const GROWTH: &str = "--policy log/policy --receipt receipt --old old/10 --checkpoint log/checkpoint";

fn made(desk: &Desk, args: &str) {
    let ran = desk.prove(args);
    assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""), "prove {args}");
}

#[test]
fn a_receipt_of_an_entry_beside_the_checkpoint() {
    let desk = desk();
    made(&desk, &format!("log 7 {KEY} --out receipt --entry-out entry"));
    assert_eq!(desk.read("receipt")[0], 0xd2, "a COSE_Sign1 with its tag");
    let ran = desk.verify(ENTRY);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[..2], ["PROVED", "log       auditmesh.example/eu-us-apac"]);
    assert!(lines[2].starts_with("tree      size 20, root "));
    assert_eq!(lines[3], "place     entry 7 is in it, by a path of 5 hashes");
    assert_eq!(lines[5], "rule      group members 3 of 4: 4 signed");
    assert!(lines.last().unwrap().starts_with("entry     ") && lines.len() == 11, "{}", ran.out);
}

#[test]
fn a_receipt_alone_is_one_word_and_a_quorum_asks_for_more() {
    let desk = desk();
    made(&desk, &format!("log 7 {KEY} --out receipt --entry-out entry"));
    let why = "and a receipt has one signature; give the --checkpoint of its tree";
    let alone = "--policy log/policy --receipt receipt --entry entry";
    assert_eq!(reason(&desk.verify(alone)), format!("the policy demands the quorum members, {why}"));

    let policy = desk.text("log/policy").replace("quorum members", "quorum none");
    desk.write("one", policy);
    let ran = desk.verify(&alone.replace("log/policy", "one"));
    assert_eq!(ran.status, Some(0), "{}", ran.out);
    assert!(
        ran.out.contains("tree      root ") && ran.out.contains("; its size is not signed\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("\nsigned    by auditmesh.example/eu-us-apac+"), "{}", ran.out);
}

#[test]
fn a_receipt_of_growth_between_two_checkpoints() {
    let desk = desk();
    made(&desk, &format!("log --consistency 10 {KEY} --out receipt"));
    let ran = desk.verify(GROWTH);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[2].starts_with("tree      size 20, root "));
    assert!(lines[3].starts_with("begins    with the 10 entries of root "), "{}", lines[3]);
    let ran = desk.verify(&GROWTH.replace("old/10", "old/20"));
    assert!(reason(&ran).starts_with("the receipt is refused: "), "{}", ran.out);
    let ran = desk.verify(&GROWTH.replace("log/checkpoint", "old/10"));
    reason(&ran);
}

#[test]
fn one_kind_is_not_taken_for_the_other() {
    let desk = desk();
    made(&desk, &format!("log --consistency 10 {KEY} --out receipt"));
    made(&desk, &format!("log 7 {KEY} --out of-entry --entry-out entry"));
    assert!(reason(&desk.verify(ENTRY)).starts_with("the receipt is refused: "));
    let swapped = GROWTH.replace("receipt receipt", "receipt of-entry");
    assert!(reason(&desk.verify(&swapped)).starts_with("the receipt is refused: "));
}

#[test]
fn another_entry_log_checkpoint_or_key() {
    let desk = desk();
    made(&desk, &format!("log 7 {KEY} --out receipt --entry-out entry"));
    let unsigned = "no log key that is trusted has signed the receipt for this entry or these roots";
    let ran = desk.verify(&ENTRY.replace("checkpoint log/checkpoint", "checkpoint old/10"));
    assert!(reason(&ran).starts_with("the receipt is of the tree "), "{}", ran.out);
    foreign(&desk, "there", 6);
    let other = ENTRY.replace("log/policy", "foreign.policy");
    assert_eq!(reason(&desk.verify(&other)), unsigned);
    desk.write("entry", "another");
    assert_eq!(reason(&desk.verify(ENTRY)), unsigned);
}

/// Under the policy of a log without witnesses a receipt needs nothing beside it.
#[test]
fn a_receipt_of_a_foreign_log_stands_alone() {
    let desk = Desk::new();
    foreign(&desk, "there", 11);
    made(&desk, "there 7 --cose foreign.pem --out receipt --entry-out entry");
    let alone = "--policy foreign.policy --receipt receipt --entry entry";
    let ran = desk.verify(alone);
    assert_eq!(ran.status, Some(0), "{}", ran.out);
    assert!(ran.out.contains("place     the entry is in it; where, is not signed\n"), "{}", ran.out);
    every_byte(&desk, alone, "receipt");

    let beside = format!("{alone} --checkpoint there/checkpoint");
    assert!(desk.verify(&beside).out.contains("place     entry 7 is in it, by a path of 4 hashes\n"));
    assert_eq!(every_byte(&desk, &beside, "receipt"), [0usize; 0], "with a checkpoint every byte counts");
}

#[test]
fn every_byte_of_a_receipt_of_growth_counts() {
    let desk = Desk::new();
    foreign(&desk, "old", 5);
    foreign(&desk, "there", 11);
    made(&desk, "there --consistency 5 --cose foreign.pem --out receipt");
    let args = "--policy foreign.policy --receipt receipt --old old/checkpoint --checkpoint there/checkpoint";
    assert_eq!(every_byte(&desk, args, "receipt"), [0usize; 0]);
}

/// Whoever has not signed the checkpoint gives no receipt for it.
#[test]
fn keys_that_give_no_receipt() {
    let desk = desk();
    foreign(&desk, "there", 6);
    desk.write("no.pem", "no key\n");
    desk.write("binary.pem", [0xff; 40]);
    desk.write("large.pem", vec![b'x'; 20_000]);
    desk.agreed("--rounds 1 --batch 10 --no-timings --keys keys --fault US-1=silent --out three");
    let signed = "has not signed the checkpoint of auditmesh.example/eu-us-apac; \
                  a receipt is for one of its operators to give";
    let cases = [
        ("log", "foreign.pem", signed),
        ("three", "keys/US-1.operator.pem", signed),
        ("log", "keys/US-1.cosigner.pem", "the key file holds a private ML-DSA-44 key (PKCS#8), here"),
        ("log", "binary.pem", "is no PEM key; give a private Ed25519 key (PKCS#8)\n"),
        ("log", "no.pem", "the file is not a well-formed PEM key file"),
    ];
    for (log, key, why) in cases {
        let ran = desk.prove(&format!("{log} 7 --cose {key} --out p --entry-out e"));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{key}");
        assert!(ran.err.starts_with(&format!("prove: --cose {key}: {why}")), "{}", ran.err);
        assert!(!desk.path().join("p").exists() && !desk.path().join("e").exists());
    }
    for key in ["large.pem", "none.pem"] {
        let ran = desk.prove(&format!("log 7 --cose {key}"));
        assert_eq!((ran.status, ran.out.as_str(), ran.err.lines().count()), (Some(2), "", 1), "{key}");
    }
}

#[test]
fn files_that_are_no_receipt_or_missing() {
    let desk = desk();
    desk.write("entry", "entry");
    for none in [&b""[..], b"c2sp.org/tlog-proof@v1\n", &[0xd2; 400]] {
        desk.write("receipt", none);
        assert!(reason(&desk.verify(ENTRY)).starts_with("receipt: "));
    }
    let ran = desk.verify("--policy log/policy --receipt receipt");
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    assert_eq!(ran.err, "verify: --receipt: give --entry, or --old and --checkpoint\n");
    desk.write("large", vec![0; 70_000]);
    let ran = desk.verify(&ENTRY.replace("receipt receipt", "receipt large"));
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    assert_eq!(ran.err, "verify: large: has more than 65536 bytes, the most such a file may have\n");
}
