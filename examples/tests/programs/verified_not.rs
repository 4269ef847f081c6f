//! What `verify` refuses, and why.

use crate::{
    desk::{Desk, Ran},
    verified::args,
};

const PROOF: &str = "log/proof/7.tlog-proof";
const NOT_THERE: &str = "the entry is not in the log at that place: ";
const NOT_SIGNED: &str = "the checkpoint is not vouched for: ";

/// A log of 20 entries that exactly a quorum signed, with proofs of entries 7 and 8.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 20 --fault US-1=silent --out log --prove 7 8");
    desk
}

/// The reason why nothing is proved.
pub(crate) fn reason(ran: &Ran) -> &str {
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""), "{}", ran.out);
    let why = ran.out.strip_prefix("NOT PROVED: ").and_then(|why| why.strip_suffix('\n'));
    why.filter(|why| !why.contains('\n')).unwrap_or_else(|| panic!("{:?}", ran.out))
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

#[test]
fn another_entry() {
    let desk = desk();
    let ran = desk.verify("--policy log/policy --proof log/proof/7.tlog-proof --entry log/proof/8.entry");
    assert!(reason(&ran).starts_with(NOT_THERE), "{}", ran.out);
    let ran = desk.verify("--policy log/policy --proof log/proof/7.tlog-proof --entry log/policy");
    assert!(reason(&ran).starts_with(NOT_THERE), "{}", ran.out);
}

#[test]
fn an_entry_with_any_byte_changed() {
    let desk = desk();
    let entry = desk.read("log/proof/7.entry");
    for at in 0..entry.len() {
        desk.write("log/proof/7.entry", flipped(&entry, at));
        let ran = desk.verify(&args(7));
        assert!(reason(&ran).starts_with(NOT_THERE), "byte {at}: {}", ran.out);
    }
    for other in [&entry[..entry.len() - 1], &[&entry[..], b"\n"].concat(), b""] {
        desk.write("log/proof/7.entry", other);
        let ran = desk.verify(&args(7));
        assert!(reason(&ran).starts_with(NOT_THERE), "{}", ran.out);
    }
}

#[test]
fn an_event_with_a_byte_changed() {
    let desk = desk();
    let event = desk.read("log/proof/7.event");
    let with = format!("{} --event log/proof/7.event", args(7));
    let other =
        "the event is not the one that the entry commits to: salt and payload do not open the commitment";
    for at in (0..90).chain((90..event.len()).step_by(23)).chain([event.len() - 1]) {
        desk.write("log/proof/7.event", flipped(&event, at));
        let ran = desk.verify(&with);
        let header = format!("log/proof/7.event: the header of the event file is wrong or ends at byte {at}");
        // A digit of the salt may become another digit.
        assert!(reason(&ran) == other || (at < 90 && reason(&ran) == header), "byte {at}: {}", ran.out);
        assert!((24..88).contains(&at) || (reason(&ran) == header) == (at < 90), "byte {at}: {}", ran.out);
    }
    desk.write("log/proof/7.event", [&event[..], b"\n"].concat());
    assert_eq!(reason(&desk.verify(&with)), other);
    desk.write("log/proof/7.event", b"");
    let empty = "log/proof/7.event: the header of the event file is wrong or ends at byte 0";
    assert_eq!(reason(&desk.verify(&with)), empty);
    let ran = desk.verify(&format!("{} --event log/proof/8.event", args(7)));
    desk.write("log/proof/7.event", event);
    assert_eq!(reason(&ran), other);
}

/// Where each line of a text begins, and the line.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let begins = |line: &str| line.as_ptr() as usize - text.as_ptr() as usize;
    text.lines().map(|line| (begins(line), line)).collect()
}

#[test]
fn a_proof_with_a_byte_changed() {
    let desk = desk();
    let (proof, text) = (desk.read(PROOF), desk.text(PROOF));
    let lines = lines(&text);
    let first_signature = lines.iter().position(|(_, line)| line.starts_with('\u{2014}')).unwrap();
    // Before the signatures: every byte.
    for at in 0..lines[first_signature].0 {
        desk.write(PROOF, flipped(&proof, at));
        let ran = desk.verify(&args(7));
        let why = reason(&ran);
        let known =
            [NOT_THERE, NOT_SIGNED, "log/proof/7.tlog-proof: "].iter().any(|start| why.starts_with(start));
        assert!(known, "byte {at}: {why}");
    }
    // Of each signature: some bytes of the blob. A known key's line that does not verify spoils the note; in a member's line
    // even another name or key does, since no more than a quorum signed.
    for (begin, line) in &lines[first_signature..] {
        let blob = begin + line.rfind(' ').unwrap() + 1;
        let (end, member) = (begin + line.len(), !line.contains('/') || !line.contains("auditmesh.example"));
        let from = if member { *begin } else { blob + 8 };
        let step = (end - from) / 12 + 1;
        for at in (from..end).step_by(step).chain([end - 1]) {
            desk.write(PROOF, flipped(&proof, at));
            reason(&desk.verify(&args(7)));
        }
    }
    desk.write(PROOF, &proof);
    assert_eq!(desk.verify(&args(7)).status, Some(0), "the proof itself is good");
}

#[test]
fn a_proof_that_lost_a_line() {
    let desk = desk();
    let text = desk.text(PROOF);
    let mut kept = 0;
    for (at, line) in lines(&text) {
        let rest = &text[at + line.len() + 1..];
        desk.write(PROOF, format!("{}{rest}", &text[..at]));
        let ran = desk.verify(&args(7));
        if line.contains("\u{2014} auditmesh.example/") {
            // One operator's line of three: the members' lines are what is counted.
            assert!(ran.out.contains("signed    by 2 of the log's operator keys\n"), "{}", ran.out);
            kept += 1;
        } else {
            reason(&ran);
        }
    }
    assert_eq!(kept, 3);
}

#[test]
fn a_proof_for_another_index() {
    let desk = desk();
    let text = desk.text(PROOF);
    for index in ["8", "6", "19"] {
        desk.write(PROOF, text.replace("\nindex 7\n", &format!("\nindex {index}\n")));
        assert!(reason(&desk.verify(&args(7))).starts_with(NOT_THERE));
    }
    for index in ["20", "07", "-7", "18446744073709551616", ""] {
        desk.write(PROOF, text.replace("\nindex 7\n", &format!("\nindex {index}\n")));
        assert!(reason(&desk.verify(&args(7))).starts_with("log/proof/7.tlog-proof: "), "{index}");
    }
}

#[test]
fn the_policy_of_another_run() {
    let desk = desk();
    desk.agreed("--rounds 1 --batch 20 --seed 2 --out other");
    let ran = desk.verify(&args(7).replace("log/policy", "other/policy"));
    let why = "no log key named \"auditmesh.example/eu-us-apac\" that the policy lists has signed";
    assert_eq!(reason(&ran), format!("{NOT_SIGNED}{why}"));
}

#[test]
fn a_policy_that_demands_more() {
    let desk = desk();
    let policy = desk.text("log/policy");
    assert_eq!(policy.matches("group members 3 ").count(), 1);
    desk.write("log/policy", policy.replace("group members 3 ", "group members 4 "));
    assert_eq!(
        reason(&desk.verify(&args(7))),
        format!("{NOT_SIGNED}the quorum members has 3 of the 4 signers it needs")
    );
    desk.write("log/policy", policy.replace("group members 3 ", "group members all "));
    assert_eq!(
        reason(&desk.verify(&args(7))),
        format!("{NOT_SIGNED}the quorum members has 3 of the 4 signers it needs")
    );
    desk.write("log/policy", policy.replace("group members 3 ", "group members 2 "));
    assert_eq!(desk.verify(&args(7)).status, Some(0));
}

/// A policy is the user's own: one that cannot be read is no verdict on the proof.
#[test]
fn a_policy_that_is_none() {
    let desk = desk();
    let policy = desk.text("log/policy");
    let why = "policy line 9 is refused: a threshold of 5 is not from 1 to the number of group members, 4";
    let cases = [
        (policy.replace("group members 3 ", "group members 5 "), why),
        (policy.replace("quorum members\n", ""), "a policy has exactly one quorum line, this one has 0"),
        (String::new(), "a policy has exactly one quorum line, this one has 0"),
    ];
    for (policy, why) in cases {
        desk.write("log/policy", policy);
        let ran = desk.verify(&args(7));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
        assert_eq!(ran.err, format!("verify: log/policy: {why}\n"));
    }
}

#[test]
fn a_proof_that_is_none() {
    let desk = desk();
    let header = "log/proof/7.tlog-proof: line 1 of the proof file should read";
    for none in [&b""[..], b"proof\n", &[0; 4096]] {
        desk.write(PROOF, none);
        let ran = desk.verify(&args(7));
        assert!(reason(&ran).starts_with(header), "{}", ran.out);
    }
}

/// A program that reads files given by a stranger reads no more than such a file can have.
#[test]
fn files_that_are_missing_or_too_large() {
    let desk = desk();
    desk.write("large", vec![b'x'; 17 << 20]);
    let limits = [
        ("--policy log/policy", "--policy", Some(1_048_576)),
        ("--proof log/proof/7.tlog-proof", "--proof", None),
        ("--entry log/proof/7.entry", "--entry", Some(65_535)),
        ("--event log/proof/7.event", "--event", Some(524_378)),
    ];
    let all = format!("{} --event log/proof/7.event", args(7));
    for (given, option, limit) in limits {
        let ran = desk.verify(&all.replace(given, &format!("{option} none")));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{option}");
        assert!(ran.err.starts_with("verify: none: ") && ran.err.lines().count() == 1, "{}", ran.err);

        let ran = desk.verify(&all.replace(given, &format!("{option} large")));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{option}");
        let (start, end) = ("verify: large: has more than ", " bytes, the most such a file may have\n");
        let bytes = ran.err.strip_prefix(start).and_then(|said| said.strip_suffix(end));
        let bytes: u64 = bytes.unwrap_or_else(|| panic!("{}", ran.err)).parse().unwrap();
        assert!(limit.is_none_or(|limit| limit == bytes), "{option}: {bytes}");

        let ran = desk.verify(&all.replace(given, &format!("{option} log")));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{option}: a folder");
        assert!(ran.err.starts_with("verify: log: ") && ran.err.lines().count() == 1, "{}", ran.err);
    }
}

#[test]
fn arguments_that_are_missing() {
    let ran = Desk::new().verify("--policy p");
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
    let said = "error: the following required arguments were not provided:\n  ";
    let one = "<--proof <FILE>|--receipt <FILE>|--consistency <FILE>>\n";
    assert!(ran.err.starts_with(&format!("{said}{one}")), "{}", ran.err);
    for (args, missing) in [("--proof a", "--entry <FILE>"), ("--consistency a", "--old <FILE>")] {
        let ran = Desk::new().verify(&format!("--policy p {args}"));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
        assert!(ran.err.starts_with(&format!("{said}{missing}\n")), "{}", ran.err);
    }
}
