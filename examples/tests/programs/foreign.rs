//! A log that this workspace did not make: another origin, one key, no witnesses, signature lines of unknown kinds.

use auditmesh::{
    attest::{Ed25519Signer, KeyType, VerifierKey},
    types::Signer,
};

use crate::{
    desk::Desk,
    proves::every_byte,
    published::{base64, leaf, root},
};

const ORIGIN: &str = "rekor.example.org/2026";

/// A log of `size` entries in the folder `name`, written by hand, its policy and its key beside it.
pub(crate) fn foreign(desk: &Desk, name: &str, size: usize) {
    let key = written(desk, name, size, (ORIGIN, ORIGIN), "");
    desk.write("foreign.policy", format!("# one log\nlog {key} https://{ORIGIN}/\nquorum none\n"));
}

/// A log as above, by its origin and the name of its key, with what stands behind the root hash; gives its key.
pub(crate) fn written(
    desk: &Desk,
    name: &str,
    size: usize,
    (origin, key_name): (&str, &str),
    extensions: &str,
) -> VerifierKey {
    let signer = Ed25519Signer::from_seed([42; 32]);
    let key = VerifierKey::new(key_name, KeyType::Ed25519, signer.public_key()).unwrap();
    let entries: Vec<Vec<u8>> = (0..size).map(|n| format!("{{\"entry\":{n}}}").into_bytes()).collect();
    let leaves: Vec<[u8; 32]> = entries.iter().map(|entry| leaf(entry)).collect();
    let text = format!("{origin}\n{size}\n{}\n{extensions}", base64(&root(&leaves)));
    let mut signature = key.key_id().to_vec();
    signature.extend(signer.sign(text.as_bytes()).unwrap());
    let lines = [
        format!("\u{2014} {key_name} {}\n", base64(&signature)),
        format!("\u{2014} {key_name} {}\n", base64(&[9; 76])),
        format!("\u{2014} witness.example/unknown {}\n", base64(&[7; 30])),
    ];
    let bundle: Vec<u8> =
        entries.iter().flat_map(|e| [&[0, e.len().to_le_bytes()[0]], e.as_slice()].concat()).collect();
    desk.write(&format!("{name}/tile/0/000.p/{size}"), leaves.concat());
    desk.write(&format!("{name}/tile/entries/000.p/{size}"), bundle);
    desk.write(&format!("{name}/checkpoint"), format!("{text}\n{}", lines.concat()));
    desk.write("foreign.pem", signer.to_pem().unwrap().as_bytes());
    key
}

#[test]
fn an_entry_of_a_foreign_log_is_proved_and_verified() {
    let desk = Desk::new();
    foreign(&desk, "there", 11);
    for (index, hashes) in [(0, 4), (7, 4), (8, 3), (10, 2)] {
        let out = format!("there {index} --out {index}.proof --entry-out {index}.entry");
        let ran = desk.prove(&out);
        assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
        let args = format!("--policy foreign.policy --proof {index}.proof --entry {index}.entry");
        let ran = desk.verify(&args);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
        let lines: Vec<&str> = ran.out.lines().collect();
        assert_eq!(lines[..2], ["PROVED", "log       rekor.example.org/2026"]);
        assert!(lines[2].starts_with("tree      size 11, root "));
        assert_eq!(lines[3], format!("place     entry {index} is in it, by a path of {hashes} hashes"));
        let unsaid = "entry     not an auditmesh entry; its bytes are in the log all the same";
        let rest = ["signed    by 1 of the log's operator keys", "rule      quorum none: 0 signed", unsaid];
        assert_eq!(lines[4..], rest);
    }
    assert_eq!(desk.text("7.entry"), "{\"entry\":7}");
}

#[test]
fn every_byte_of_a_foreign_proof_counts_or_is_not_looked_at() {
    let desk = Desk::new();
    foreign(&desk, "there", 6);
    desk.prove("there 3 --out proof --entry-out entry");
    let free = every_byte(&desk, "--policy foreign.policy --proof proof --entry entry", "proof");
    // What may change is in the two lines of keys that the policy does not know; and a base64 text has one form.
    let text = desk.text("proof");
    let unknown = text.match_indices('\u{2014}').nth(1).unwrap().0;
    assert!(!free.is_empty() && free.iter().all(|at| *at > unknown), "{free:?}, {unknown}");
    let free = every_byte(&desk, "--policy foreign.policy --proof proof --entry entry", "entry");
    assert_eq!(free, [0usize; 0], "every byte of the entry counts");
}

#[test]
fn the_policy_of_another_log_accepts_nothing() {
    let desk = Desk::new();
    foreign(&desk, "there", 6);
    desk.agreed("--rounds 1 --batch 6 --out log --prove 3");
    desk.prove("there 3 --out proof --entry-out entry");
    let ran = desk.verify("--policy log/policy --proof proof --entry entry");
    let why = "no log key named \"rekor.example.org/2026\" that the policy lists has signed";
    assert_eq!(ran.out, format!("NOT PROVED: the checkpoint is not vouched for: {why}\n"));
    let ran = desk.verify("--policy foreign.policy --proof log/proof/3.tlog-proof --entry log/proof/3.entry");
    let why = "no log key named \"auditmesh.example/eu-us-apac\" that the policy lists has signed";
    assert_eq!(ran.out, format!("NOT PROVED: the checkpoint is not vouched for: {why}\n"));
}
