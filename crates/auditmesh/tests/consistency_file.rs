//! A log that was only added to, proved offline from a consistency file and an older checkpoint.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use auditmesh::{
    ConsistencyFile, ProvenError,
    attest::{self, Certificate, LogCheckpoint, SignedCheckpoint, TrustPolicy},
    merkle::{self, Tree},
    types::{Digest, Log, Size, TreeHead},
};
use federation::*;
use proptest::prelude::*;

/// A log that grew from 3 entries to 7 to 12, with its certificates. Three of four members signed: not one more than needed.
struct Grew {
    policy: TrustPolicy,
    certificates: Vec<Certificate>,
    tree: Tree<auditmesh::lanes::Lanes>,
}

fn grew() -> Grew {
    let silent = [("US-1", &[Fault::Silent; 3][..])];
    let (mut federation, _, _) = staged(builder(&NAMES), &silent);
    let (mut certificates, mut log, mut from) = (Vec::new(), empty_log(), 0);
    for to in [3, 7, 12] {
        submit(&mut federation, events(to).into_iter().skip(from).collect());
        let report = round(&mut federation);
        log.stage(&report.batch).unwrap();
        log.commit().unwrap();
        certificates.push(report.agreed.unwrap().certificate.into_inner());
        from = to;
    }
    let policy = federation.membership().policy().clone();
    Grew { policy, certificates, tree: log.tree().clone() }
}

impl Grew {
    fn file(&self, old: usize, new: usize) -> ConsistencyFile {
        let (old, new) = (self.certificates[old].head().size, &self.certificates[new]);
        let path = self.tree.consistency(old, new.head().size).unwrap().path;
        ConsistencyFile::new(old, path, new.signed().clone()).unwrap()
    }
}

#[test]
fn a_newer_checkpoint_continues_an_older_one() {
    let log = grew();
    for (old, new) in [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2)] {
        let file = log.file(old, new);
        assert_eq!(ConsistencyFile::parse(&file.to_bytes()), Ok(file.clone()));
        let grown = file.check(&log.policy, log.certificates[old].signed().as_log()).unwrap();
        assert_eq!(grown.prefix().old, log.certificates[old].head());
        assert_eq!(grown.old().head, log.certificates[old].head());
        assert_eq!(grown.new_head().head, log.certificates[new].head());
        assert_eq!((grown.new_head().rule.got, grown.new_head().logs.len()), (3, 3));
    }
}

/// The example of docs/spec/proof.md, byte for byte.
#[test]
fn the_file_of_the_specification() {
    let page = include_str!("../../../docs/spec/proof.md");
    let blocks = || page.split("```\n").skip(1).step_by(2);
    let example = blocks().find(|block| block.starts_with("old ")).unwrap();
    let file = ConsistencyFile::parse(example.as_bytes()).unwrap();
    assert_eq!((file.old(), file.path()), (Size(4), &[Digest([5; 32]), Digest([6; 32])][..]));
    assert_eq!(file.checkpoint().head(), TreeHead { size: Size(7), root: Digest([1; 32]) });
    assert_eq!(file.to_bytes(), example.as_bytes());
}

#[test]
fn another_checkpoint_than_the_proof_begins_with_is_refused() {
    let log = grew();
    let file = log.file(0, 2);
    let refused =
        |file: &ConsistencyFile, old: &SignedCheckpoint| file.check(&log.policy, old.as_log()).unwrap_err();
    let why = ProvenError::PeerOtherSize { got: Size(7), want: Size(3) };
    assert_eq!(refused(&file, log.certificates[1].signed()), why);

    let (tree, fork) = certified(&[b"a".to_vec(), b"b".to_vec(), b"c".to_vec()]);
    let refusal = file.check(&log.policy, fork.signed().as_log()).unwrap_err();
    let ProvenError::Growth(merkle::Error::PeerOldRootMismatch { want, .. }) = refusal else {
        panic!("{refusal:?}");
    };
    assert_eq!(want, tree.root());

    let newer = log.certificates[2].signed().clone();
    let shrunk = ConsistencyFile::new(Size(13), Vec::new(), newer.clone());
    assert_eq!(shrunk, Err(ProvenError::PeerShrunk { old: Size(13), new: Size(12) }));
    let long = ConsistencyFile::new(Size(3), vec![Digest([0; 32]); 64], newer);
    assert_eq!(long, Err(ProvenError::PeerConsistencyTooLong { got: 64, max: 63 }));
}

#[test]
fn both_checkpoints_must_meet_the_policy() {
    let log = grew();
    let file = log.file(0, 2);
    let demanding = log.policy.to_string().replace("group members 3 ", "group members 4 ");
    let demanding = TrustPolicy::parse(demanding.as_bytes()).unwrap();
    let missed = attest::Error::PeerQuorumMissed { rule: "members".to_owned(), got: 3, want: 4 };
    let refused = file.check(&demanding, log.certificates[0].signed().as_log());
    assert_eq!(refused, Err(ProvenError::Attest(missed)));

    // An older checkpoint of which one signature does not verify.
    let mut bytes = log.certificates[0].to_bytes();
    let at = bytes.len() - 10;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    let refused = file.check(&log.policy, &LogCheckpoint::parse(&bytes).unwrap());
    assert!(
        matches!(refused, Err(ProvenError::Attest(attest::Error::PeerBadSignature { .. }))),
        "{refused:?}"
    );
}

#[test]
fn every_changed_byte_of_the_file_is_refused() {
    let log = grew();
    let bytes = log.file(0, 2).to_bytes();
    let old = log.certificates[0].signed().as_log();
    let check = |bytes: &[u8]| ConsistencyFile::parse(bytes)?.check(&log.policy, old);
    check(&bytes).unwrap();
    let signatures = bytes.windows(3).position(|part| part == "\u{2014}".as_bytes()).unwrap();
    // Signatures are long and slow to check: of them, every 97th byte.
    for at in (0..signatures).chain((signatures..bytes.len()).step_by(97)) {
        for to in [bytes[at] ^ 1, bytes[at] ^ 0x80] {
            let mut changed = bytes.clone();
            changed[at] = to;
            // An operator's line is one of three, and one is enough: with another name or key id it is a line of nobody known.
            if let Ok(grown) = check(&changed) {
                assert_eq!(grown.new_head().logs.len(), 2, "byte {at}");
                assert_eq!(grown.prefix().old, log.certificates[0].head());
            }
        }
    }
    for cut in [0, 1, 6, 60, signatures, bytes.len() - 1] {
        assert!(check(&bytes[..cut]).is_err(), "cut at {cut}");
    }
    assert!(check(&[bytes.as_slice(), b"\n"].concat()).is_err());
}

#[test]
fn a_line_of_another_form_is_named() {
    let log = grew();
    let text = String::from_utf8(log.file(0, 2).to_bytes()).unwrap();
    let hash = text.lines().nth(1).unwrap();
    let (old, hashes) =
        ("old <size>, in decimal without leading zeroes", "<base64 of 32 bytes>, then an empty line");
    let cases = [
        (text.replacen("old 3", "old 03", 1), 1, old),
        (text.replacen("old 3", "old +3", 1), 1, old),
        (text.replacen("old 3", "old ", 1), 1, old),
        (text.replacen("old 3", "new 3", 1), 1, old),
        (text.replacen("old 3", "old 18446744073709551616", 1), 1, old),
        (text.replacen(hash, &hash[..43], 1), 2, hashes),
        (text.replacen(hash, &hash[4..], 1), 2, hashes),
        (text.replacen(hash, &format!("{hash} "), 1), 2, hashes),
        (text.replacen(hash, &hash[..40], 1), 2, hashes),
        (text.replacen(hash, &hash.repeat(2), 1), 2, hashes),
        (text.replacen(hash, &"A".repeat(1 << 20), 1), 2, hashes),
        (text.replacen(hash, &"\u{e4}".repeat(22), 1), 2, hashes),
        (text.replacen("\n\n", "\n", 2), 1, hashes),
    ];
    for (text, line, want) in cases {
        let refused = ConsistencyFile::parse(text.as_bytes());
        assert_eq!(refused, Err(ProvenError::PeerConsistencyLine { line, want }), "{text}");
    }
    let many = text.replacen(hash, &vec![hash; 70].join("\n"), 1);
    let refused = ConsistencyFile::parse(many.as_bytes());
    assert_eq!(refused, Err(ProvenError::PeerConsistencyTooLong { got: 64, max: 63 }));
}

/// The limit is looked at before anything is read: also where the rest has no form at all.
#[test]
fn a_file_beyond_the_limit_is_refused_unread() {
    let max = ConsistencyFile::MAX_BYTES;
    let log = grew();
    let mut file = log.file(0, 2).to_bytes();
    for byte in [b'\n', b'A'] {
        file.resize(max + 1, byte);
        let refused = Err(ProvenError::PeerConsistencyTooLarge { got: max + 1, max });
        assert_eq!(ConsistencyFile::parse(&file), refused);
        assert_eq!(ConsistencyFile::parse(&vec![byte; max + 1]), refused);
    }
    // As long as it may be, it is read, and something else is wrong with it.
    let line =
        |line| ProvenError::PeerConsistencyLine { line, want: "<base64 of 32 bytes>, then an empty line" };
    assert_eq!(ConsistencyFile::parse(&vec![b'A'; max]), Err(line(1)));
    let text = format!("old 3\n{}\n\n", "A".repeat(max - 8));
    assert_eq!(text.len(), max);
    assert_eq!(ConsistencyFile::parse(text.as_bytes()), Err(line(2)));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(file) = ConsistencyFile::parse(&bytes) {
            prop_assert_eq!(file.to_bytes(), bytes);
        }
    }

    #[test]
    fn what_is_read_is_written_back(old in 0..8u64, hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..=63)) {
        let note = include_str!("../../../docs/spec/proof.md");
        let note = note.split_once("\n\nauditmesh.example/").unwrap().1.split_once("```").unwrap().0;
        let checkpoint = SignedCheckpoint::parse(format!("auditmesh.example/{note}").as_bytes()).unwrap();
        let file = ConsistencyFile::new(Size(old), hashes.into_iter().map(Digest).collect(), checkpoint).unwrap();
        prop_assert_eq!(ConsistencyFile::parse(&file.to_bytes()), Ok(file));
    }
}
