//! One entry, proved offline from three files: what is proved, and that no change of a byte goes by.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use std::{collections::BTreeSet, ops::Range};

use auditmesh::{
    Builder, Proven, ProvenError,
    anchor::MemoryAnchor,
    attest::{self, Attested, Certificate, Membership, ProofFile, TrustPolicy},
    event::{self, Disclosure, Entry},
    merkle::{self, Tree},
    types::{Authority, Digest, Hasher, Index, Origin, Size},
};
use federation::*;

/// The files that a reader gets of one entry of a log of seven. Three of four members signed: not one more than needed.
struct Files {
    policy: Vec<u8>,
    proof: Vec<u8>,
    entry: Vec<u8>,
    certificate: Certificate,
    membership: Membership,
}

/// The proof file of entry `index` under the certificate over the whole of `tree`.
fn proof<H: Hasher>(tree: &Tree<H>, index: u64, certificate: &Certificate) -> Vec<u8> {
    let path = tree.inclusion(Index(index), tree.size()).unwrap().path;
    ProofFile::new(None, Index(index), path, certificate.signed().clone()).unwrap().to_bytes()
}

fn files(index: u64) -> Files {
    let (mut federation, _, _) = staged(builder(&NAMES), &[("US-1", &[Fault::Silent])]);
    submit(&mut federation, events(7));
    let report = round(&mut federation);
    let certificate = report.agreed.unwrap().certificate.into_inner();
    let entries: Vec<_> = report.batch.records.iter().map(|record| record.entry.clone()).collect();
    let proof = proof(federation.members()[0].log_tree(), index, &certificate);
    Files {
        policy: federation.membership().policy().to_string().into_bytes(),
        proof,
        entry: entries[usize::try_from(index).unwrap()].clone(),
        membership: federation.membership().clone(),
        certificate,
    }
}

/// Why three files prove nothing.
#[derive(Debug, PartialEq)]
enum Refused {
    Policy(attest::Error),
    Proof(attest::Error),
    Check(ProvenError),
}

fn prove(policy: &[u8], proof: &[u8], entry: &[u8]) -> Result<Proven, Refused> {
    let policy = TrustPolicy::parse(policy).map_err(Refused::Policy)?;
    let proof = ProofFile::parse(proof).map_err(Refused::Proof)?;
    Proven::check(&policy, &proof, entry).map_err(Refused::Check)
}

/// About 300 places spread evenly over `length` bytes, and all of the first and last 40.
fn places(length: usize) -> BTreeSet<usize> {
    let spread = (0..length).step_by((length / 300).max(1));
    spread.chain(0..length.min(40)).chain(length.saturating_sub(40)..length).collect()
}

/// The byte with its lowest bit, its highest bit, or as another base64 digit.
fn changes(byte: u8) -> [u8; 3] {
    [byte ^ 0x01, byte ^ 0x80, if byte == b'A' { b'B' } else { b'A' }]
}

fn changed(bytes: &[u8], at: usize, to: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] = to;
    bytes
}

#[test]
fn three_files_prove_the_entry_its_place_and_who_vouches_for_it() {
    for index in 0..7 {
        let files = files(index);
        let proven = prove(&files.policy, &files.proof, &files.entry).unwrap();
        assert_eq!((proven.index(), proven.inclusion().index), (Index(index), Index(index)));
        let Attested { origin, head, extensions, logs, witnesses, rule, .. } = proven.attested();
        assert_eq!(
            (origin.as_str(), head.size, *head),
            (federation::origin().as_str(), Size(7), files.certificate.head())
        );
        assert_eq!(extensions, &[""; 0]);
        let names: Vec<_> = witnesses.iter().map(|witness| witness.name.as_str()).collect();
        assert_eq!((names, logs.len()), (vec!["APAC-1", "EU-1", "EU-2"], 3));
        assert_eq!((rule.got, rule.want, rule.of), (3, 3, 4));
        let entry = proven.entry().unwrap();
        assert_eq!(entry, &Entry::decode(&files.entry).unwrap());
        let event = event(entry.node().as_str(), entry.sequence());
        assert_eq!((entry.id(), entry.kind(), entry.time()), (&event.id, &event.kind, event.time));
        proven.opens(&Disclosure::of(&event)).unwrap();
    }
}

#[test]
fn a_commitment_opens_with_its_salt_and_its_payload_alone() {
    let files = files(2);
    let proven = prove(&files.policy, &files.proof, &files.entry).unwrap();
    let entry = proven.entry().unwrap();
    let right = Disclosure::of(&event(entry.node().as_str(), entry.sequence()));
    let mismatch = Err(ProvenError::Opening(event::Error::PeerCommitmentMismatch));
    for at in 0..32 {
        let mut wrong = right.clone();
        wrong.salt[at] ^= 1;
        assert_eq!(proven.opens(&wrong), mismatch, "salt byte {at}");
    }
    for at in 0..right.payload.len() {
        let wrong =
            Disclosure { payload: changed(&right.payload, at, right.payload[at] ^ 1), ..right.clone() };
        assert_eq!(proven.opens(&wrong), mismatch, "payload byte {at}");
    }
    for payload in [vec![], [right.payload.as_slice(), b" "].concat(), right.payload[1..].to_vec()] {
        assert_eq!(proven.opens(&Disclosure { payload, ..right.clone() }), mismatch);
    }
    let other = event(entry.node().as_str(), entry.sequence() + 1);
    assert_eq!(proven.opens(&Disclosure::of(&other)), mismatch, "another event of the same log");
}

#[test]
fn every_changed_byte_of_the_entry_is_refused() {
    let files = files(3);
    let root = files.certificate.head().root;
    let refused = |entry: &[u8]| match prove(&files.policy, &files.proof, entry).unwrap_err() {
        Refused::Check(ProvenError::Inclusion(merkle::Error::PeerRootMismatch { got, want })) => {
            assert_eq!((want, got != root), (root, true));
        }
        other => panic!("{other:?}"),
    };
    for at in 0..files.entry.len() {
        changes(files.entry[at]).into_iter().filter(|to| *to != files.entry[at]).for_each(|to| {
            refused(&changed(&files.entry, at, to));
        });
    }
    refused(&files.entry[1..]);
    refused(&[files.entry.as_slice(), b"\0"].concat());
    refused(b"");
}

/// Where `file` says whose an operator's line is: the key's name, and the first 6 of the base64 digits, which hold the
/// key id. Changed there, a line becomes that of a key nobody knows, and such lines are passed over.
fn operator_labels(file: &[u8]) -> Vec<Range<usize>> {
    let label = format!("\u{2014} {} ", origin());
    let found = file.windows(label.len()).enumerate().filter(|(_, window)| *window == label.as_bytes());
    found.map(|(at, _)| at + "\u{2014} ".len()..at + label.len() + 6).collect()
}

/// The policy asks for one operator line and a quorum of cosigner lines. So the one change that is not refused is that
/// an operator's line is no longer known for one: the same is proved of the entry, by one operator key less.
#[test]
fn every_changed_byte_of_the_proof_file_is_refused_or_disowns_one_operator_line() {
    let files = files(4);
    let truth = prove(&files.policy, &files.proof, &files.entry).unwrap();
    let labels = operator_labels(&files.proof);
    assert_eq!(labels.len(), 3);
    let mut disowned = 0;
    let all = places(files.proof.len())
        .into_iter()
        .chain(labels.iter().cloned().flatten())
        .collect::<BTreeSet<_>>();
    for at in all {
        for to in changes(files.proof[at]) {
            let Ok(proven) = prove(&files.policy, &changed(&files.proof, at, to), &files.entry) else {
                continue;
            };
            assert!(labels.iter().any(|label| label.contains(&at)), "byte {at} as {to:#04x} is not noticed");
            assert_eq!((proven.inclusion(), proven.entry()), (truth.inclusion(), truth.entry()));
            let (got, want) = (proven.attested(), truth.attested());
            assert_eq!(
                (&got.origin, got.head, &got.witnesses, &got.rule),
                (&want.origin, want.head, &want.witnesses, &want.rule)
            );
            assert!(got.logs.len() == 2 && got.logs.iter().all(|log| want.logs.contains(log)));
            disowned += 1;
        }
    }
    assert!(disowned > 100, "the labels are read: {disowned}");
}

#[test]
fn changes_of_the_proof_file_are_refused_for_their_reason() {
    let files = files(4);
    let text = String::from_utf8(files.proof.clone()).unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from));
        prove(&files.policy, text.replacen(from, to, 1).as_bytes(), &files.entry).unwrap_err()
    };
    let inclusion = |refused| match refused {
        Refused::Check(ProvenError::Inclusion(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(matches!(inclusion(with("index 4", "index 5")), merkle::Error::PeerRootMismatch { .. }));
    let beyond = attest::Error::PeerIndexBeyondSize { index: 7, size: Size(7) };
    assert_eq!(with("index 4", "index 7"), Refused::Proof(beyond));
    let hash = text.lines().nth(2).unwrap().to_owned() + "\n";
    let twice = merkle::Error::PeerPathLength { got: 4, want: 3 };
    assert_eq!(inclusion(with(&hash, &hash.repeat(2))), twice);
    assert_eq!(inclusion(with(&hash, "")), merkle::Error::PeerPathLength { got: 2, want: 3 });
    let note = format!("\n{}\n7\n", origin());
    for other in ["\nlog.example/other\n7\n".to_owned(), format!("\n{}\n8\n", origin())] {
        match with(&note, &other) {
            Refused::Check(ProvenError::Attest(attest::Error::PeerBadSignature { .. })) => {}
            why => panic!("every line is of another text: {why:?}"),
        }
    }
}

/// Three changes of a policy leave it one under which the same is proved: a tab for a space, `#` before a `log` line,
/// which takes one operator key away, and another number of cosigners, as long as so many have signed.
#[test]
fn every_changed_byte_of_the_policy_is_refused_or_asks_for_something_that_holds() {
    let files = files(5);
    let truth = prove(&files.policy, &files.proof, &files.entry).unwrap();
    let text = String::from_utf8(files.policy.clone()).unwrap();
    let starts: Vec<usize> = text.match_indices("\nlog ").map(|(at, _)| at + 1).chain([0]).collect();
    let digit = text.find(" 3 ").unwrap() + 1;
    let around = text.find("group ").unwrap()..text.len();
    let all: BTreeSet<_> =
        places(text.len()).into_iter().chain(around).chain(starts.iter().copied()).collect();
    let (mut tabs, mut comments, mut numbers) = (0, 0, Vec::new());
    for at in all {
        for to in changes(files.policy[at]).into_iter().chain(*b"#\t\n 1") {
            let bad = changed(&files.policy, at, to);
            if bad == files.policy {
                continue;
            }
            let Ok(proven) = prove(&bad, &files.proof, &files.entry) else { continue };
            assert_eq!((proven.inclusion(), proven.entry()), (truth.inclusion(), truth.entry()));
            let (got, want) = (proven.attested(), truth.attested());
            assert_eq!((&got.origin, got.head, &got.witnesses), (&want.origin, want.head, &want.witnesses));
            match (files.policy[at], to) {
                (b' ', b'\t') => {
                    assert_eq!(proven, truth);
                    tabs += 1;
                }
                (b'l', b'#') if starts.contains(&at) => {
                    assert!(got.logs.iter().all(|log| want.logs.contains(log)) && got.rule == want.rule);
                    comments += 4 - got.logs.len();
                }
                (b'3', b'1' | b'2') if at == digit => {
                    assert_eq!((got.rule.want, &got.logs), (usize::from(to - b'0'), &want.logs));
                    numbers.push(to);
                }
                (from, to) => panic!("byte {at}: {from:#04x} as {to:#04x} is not noticed"),
            }
        }
    }
    assert!(tabs > 5);
    // Three of the four log keys signed; without one of those two are left, without the fourth still three.
    assert_eq!((comments, numbers.is_empty()), (2 * 3 + 1, false));
}

#[test]
fn a_policy_that_asks_for_more_or_for_others_is_not_met() {
    let files = files(0);
    let text = String::from_utf8(files.policy.clone()).unwrap();
    let under = |policy: &str| match prove(policy.as_bytes(), &files.proof, &files.entry).unwrap_err() {
        Refused::Check(ProvenError::Attest(why)) => why,
        other => panic!("{other:?}"),
    };
    let missed = attest::Error::PeerQuorumMissed { rule: "members".into(), got: 3, want: 4 };
    assert_eq!(under(&text.replace(" 3 ", " all ")), missed);
    assert_eq!(under(&text.replace(" 3 ", " 4 ")), missed);
    let no_log: String =
        text.lines().filter(|line| !line.starts_with("log ")).map(|l| format!("{l}\n")).collect();
    assert_eq!(under(&no_log), attest::Error::PeerNoLogSignature { origin: origin().to_string() });
}

#[test]
fn every_changed_byte_of_the_checkpoint_is_refused_by_the_membership() {
    let files = files(0);
    let bytes = files.certificate.to_bytes();
    files.membership.check(&Certificate::parse(&bytes).unwrap()).unwrap();
    let labels = operator_labels(&bytes).into_iter().flatten();
    for at in places(bytes.len()).into_iter().chain(labels) {
        for to in changes(bytes[at]) {
            let read = Certificate::parse(&changed(&bytes, at, to));
            let noticed = read.map_or(true, |read| files.membership.check(&read).is_err());
            assert!(noticed || bytes[at] == to, "byte {at} as {to:#04x} is not noticed");
        }
    }
}

/// The same keys keep another log; other keys keep a log of the same name.
#[test]
fn the_proof_of_another_log_is_refused() {
    let files = files(1);
    let publish = |origin: &Origin, names: [&str; 4]| {
        let members = names.iter().fold(Builder::new(origin.clone()), |builder, name| {
            let (operator, cosigner) = keys(name);
            builder.member(zone(name), id(name), operator, cosigner)
        });
        let mut federation = members.build(MemoryAnchor::new()).unwrap();
        submit(&mut federation, names.map(|name| event(name, 1)).to_vec());
        let report = round(&mut federation);
        let certificate = report.agreed.unwrap().certificate.into_inner();
        let entries: Vec<_> = report.batch.records.iter().map(|record| record.entry.clone()).collect();
        let proof = proof(federation.members()[0].log().tree(), 1, &certificate);
        let policy = federation.membership().policy().to_string().into_bytes();
        (policy, proof, entries[1].clone())
    };
    let unknown = |origin: Origin| {
        let why = attest::Error::PeerNoLogSignature { origin: origin.to_string() };
        Err(Refused::Check(ProvenError::Attest(why)))
    };
    let other: Origin = "log.example/other".parse().unwrap();
    let (policy, proof, entry) = publish(&other, NAMES);
    assert!(prove(&policy, &proof, &entry).is_ok());
    assert_eq!(prove(&files.policy, &proof, &entry), unknown(other));
    assert_eq!(prove(&policy, &files.proof, &files.entry), unknown(origin()));
    let (policy, proof, entry) = publish(&origin(), ["APAC-7", "EU-7", "EU-8", "US-7"]);
    assert_eq!(prove(&files.policy, &proof, &entry), unknown(origin()));
    assert_eq!(prove(&policy, &files.proof, &files.entry), unknown(origin()));
}

#[test]
fn the_proof_of_another_entry_does_not_prove_this_one() {
    let (one, two) = (files(1), files(2));
    match prove(&one.policy, &two.proof, &one.entry).unwrap_err() {
        Refused::Check(ProvenError::Inclusion(merkle::Error::PeerRootMismatch { want, .. })) => {
            assert_eq!(want, one.certificate.head().root);
        }
        other => panic!("{other:?}"),
    }
}

/// The log grew; what was proved of it before still is, and the new proof is another.
#[test]
fn a_proof_outlives_the_growth_of_its_log() {
    let mut federation: Local = builder(&NAMES).batch_size(3).build(MemoryAnchor::new()).unwrap();
    submit(&mut federation, events(6));
    let (mut entries, mut proofs) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let report = round(&mut federation);
        entries.extend(report.batch.records.iter().map(|record| record.entry.clone()));
        let certificate = report.agreed.unwrap().certificate.into_inner();
        proofs.push(proof(federation.members()[0].log().tree(), 1, &certificate));
    }
    let policy = federation.membership().policy().to_string().into_bytes();
    let sizes: Vec<_> =
        proofs.iter().map(|proof| prove(&policy, proof, &entries[1]).unwrap().attested().head.size).collect();
    assert_eq!(sizes, [Size(3), Size(6)]);
}

/// A proof holds for any bytes; an event can be opened only from an entry of ours.
#[test]
fn a_foreign_entry_is_proved_and_opens_nothing() {
    let ours = event("EU-1", 1).record().unwrap().entry;
    let foreign = [
        b"{\"kind\":\"foreign\"}".to_vec(),
        vec![],
        ours[1..].to_vec(),
        [ours.as_slice(), b"x"].concat(),
        ours,
    ];
    let (tree, certificate) = certified(&foreign);
    let policy = assembly(&NAMES, &empty_log(), MemoryAnchor::new()).membership.policy().to_string();
    let disclosure = Disclosure::of(&event("EU-1", 1));
    for (at, entry) in foreign.iter().enumerate() {
        let proof = proof(&tree, at as u64, &certificate);
        let proven = prove(policy.as_bytes(), &proof, entry).unwrap();
        let opened = if at == 4 { Ok(()) } else { Err(ProvenError::PeerForeignEntry) };
        assert_eq!((proven.opens(&disclosure), proven.entry().is_some()), (opened, at == 4));
    }
    assert_ne!(tree.root(), Digest::default());
}
