//! Proof files: one encoding, limits, reasons.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use auditmesh_attest::{
    Ed25519Signer, Error, KeyType, LogCheckpoint, LogKey, Note, NoteLine, ProofFile, VerifierKey,
};
use auditmesh_types::{Authority, Certifier, Digest, Index, Scheme, Signer, Size};
use federation::*;
use proptest::prelude::*;

fn checkpoint() -> LogCheckpoint {
    let text = "example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n\u{2014} example.com/fancylog AAAAAAA=\n";
    LogCheckpoint::parse(text.as_bytes()).unwrap()
}

/// The published example's head with a whole line in place of its shortened ones.
const EXAMPLE: &str = "c2sp.org/tlog-proof@v1\n\
    extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ\n\
    index 73894\n\
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n\
    B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n\n\
    example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n\
    \u{2014} example.com/fancylog AAAAAAA=\n";

fn refused(text: &str) -> Error {
    ProofFile::parse(text.as_bytes()).unwrap_err()
}

#[test]
fn the_published_form_is_read_and_written_back() {
    let proof = ProofFile::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!((proof.index(), proof.path().len()), (Index(73_894), 2));
    assert!(proof.extra().unwrap().starts_with(b"age-v1.2.1-darwin-arm64.tar.gz"));
    assert_eq!(proof.checkpoint(), &checkpoint());
    assert_eq!(proof.to_bytes(), EXAMPLE.as_bytes());
}

#[test]
fn malformed_files_are_refused_with_the_reason() {
    let hash = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=";
    let note = String::from_utf8(checkpoint().to_bytes()).unwrap();
    let header = "c2sp.org/tlog-proof@v1";
    let form = |line, want| Error::PeerProofLine { line, want };
    assert_eq!(refused(""), form(1, "<base64 of 32 bytes>, then an empty line"));
    assert_eq!(refused(&format!("c2sp.org/tlog-proof@v2\nindex 0\n\n{note}")), form(1, header));
    assert_eq!(refused(&format!("{header}\n\n{note}")), form(2, "index <n>"));
    assert_eq!(refused(&format!("{header}\nextra AA==\n\n{note}")), form(3, "index <n>"));
    assert_eq!(
        refused(&format!("{header}\nindex 0\nextra AA==\n\n{note}")),
        Error::PeerBase64 { what: "inclusion path" }
    );
    let twice = format!("{header}\nextra AA==\nextra AA==\nindex 0\n\n{note}");
    assert_eq!(refused(&twice), form(3, "index <n>"));
    let none = Error::PeerEmpty { what: "extra data" };
    assert_eq!(refused(&format!("{header}\nextra \nindex 0\n\n{note}")), none);
    for index in ["", "01", "-1", "1 "] {
        let text = format!("{header}\nindex {index}\n\n{note}");
        assert_eq!(refused(&text), Error::PeerNumber { what: "index" }, "{index:?}");
    }
    let beyond = Error::PeerIndexBeyondSize { index: 109_482, size: Size(109_482) };
    assert_eq!(refused(&format!("{header}\nindex 109482\n\n{note}")), beyond);
    let short = Error::PeerLength { what: "inclusion path", got: 1, want: 32 };
    assert_eq!(refused(&format!("{header}\nindex 0\nAA==\n\n{note}")), short);
    let path = |count: usize| format!("{header}\nindex 0\n{}\n{note}", format!("{hash}\n").repeat(count));
    assert!(ProofFile::parse(path(63).as_bytes()).is_ok());
    assert_eq!(refused(&path(64)), Error::PeerTooLarge { what: "inclusion path", got: 64, max: 63 });
    assert!(matches!(refused(&format!("{header}\nindex 0\n\n{note}x")), Error::PeerNoteForm));
    let latin = [header.as_bytes(), b"\n\xff\n\n"].concat();
    assert_eq!(
        ProofFile::parse(&latin),
        Err(Error::PeerNotUtf8 { what: "proof file", at: header.len() + 1 })
    );
    let huge = vec![b'a'; ProofFile::MAX_BYTES + 1];
    assert!(matches!(ProofFile::parse(&huge), Err(Error::PeerTooLarge { what: "proof file", .. })));
}

#[test]
fn extra_data_has_a_limit() {
    let make = |bytes: usize| ProofFile::new(Some(vec![1; bytes]), Index(0), vec![], checkpoint());
    let largest = make(65_536).unwrap();
    assert_eq!(ProofFile::parse(&largest.to_bytes()), Ok(largest));
    assert_eq!(make(65_537), Err(Error::PeerTooLarge { what: "extra data", got: 65_537, max: 65_536 }));
    assert_eq!(make(0), Err(Error::PeerEmpty { what: "extra data" }));
}

/// Each change is refused, or read as another index, path or extra, or refused by the policy.
#[test]
fn every_changed_byte_is_refused_or_read_as_something_else() {
    let membership = federation(1);
    let agreed = membership.verify(statement(&voice("EU-1", 1), head(7, 1))).unwrap();
    let certificate = membership.certify(&[agreed]).unwrap();
    let path = vec![Digest([5; 32]), Digest([6; 32])];
    let proof =
        ProofFile::new(Some(b"extra".to_vec()), Index(3), path, certificate.signed().clone()).unwrap();
    let bytes = proof.to_bytes();
    let note_at = bytes.len() - certificate.to_bytes().len();
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        let Ok(read) = ProofFile::parse(&bad) else { continue };
        assert_eq!(read.to_bytes(), bad);
        let differs =
            (read.index(), read.path(), read.extra()) != (proof.index(), proof.path(), proof.extra());
        let refused = membership.policy().verify(read.checkpoint().clone()).is_err();
        assert!(if at < note_at { differs } else { refused }, "byte {at}");
    }
}

/// The checkpoint of a log that is called otherwise than its key, and has two extension lines.
fn extended() -> (LogKey, LogCheckpoint) {
    let signer = Ed25519Signer::from_seed([9; 32]);
    let key = VerifierKey::new("keys.example", KeyType::Ed25519, signer.public_key()).unwrap();
    let text =
        "a log with spaces + signs\n8\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\nTimestamp: 7\nindex 3\n";
    let line = NoteLine::new(key.name(), key.key_id(), signer.sign(text.as_bytes()).unwrap()).unwrap();
    let note = Note::new(text, vec![line]).unwrap();
    let log = LogKey { key, origin: "a log with spaces + signs".into() };
    (log, LogCheckpoint::parse(&note.to_bytes()).unwrap())
}

/// As above, with a checkpoint that only other logs have.
#[test]
fn every_changed_byte_under_extension_lines_is_refused_or_read_as_something_else() {
    let (log, checkpoint) = extended();
    let proof = ProofFile::new(None, Index(7), vec![Digest([5; 32])], checkpoint.clone()).unwrap();
    let bytes = proof.to_bytes();
    assert_eq!(ProofFile::parse(&bytes).as_ref(), Ok(&proof));
    assert_eq!(log.check(proof.checkpoint()), Ok(()));
    let note_at = bytes.len() - checkpoint.to_bytes().len();
    for at in 0..bytes.len() {
        for change in [1, 0x10, 0x80] {
            let mut bad = bytes.clone();
            bad[at] ^= change;
            let Ok(read) = ProofFile::parse(&bad) else { continue };
            assert_eq!(read.to_bytes(), bad);
            let differs = (read.index(), read.path()) != (proof.index(), proof.path());
            let refused = log.check(read.checkpoint()).is_err();
            assert!(if at < note_at { differs } else { refused }, "byte {at} xor {change}");
        }
    }
}

#[test]
fn a_changed_or_missing_extension_line_is_refused_with_the_reason() {
    let (log, checkpoint) = extended();
    let proof = ProofFile::new(None, Index(0), vec![], checkpoint).unwrap();
    let text = String::from_utf8(proof.to_bytes()).unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from));
        log.check(ProofFile::parse(text.replacen(from, to, 1).as_bytes())?.checkpoint())
    };
    let unsigned = Error::PeerBadSignature { scheme: Scheme::Ed25519, signer: log.key.label() };
    assert_eq!(with("Timestamp: 7", "Timestamp: 8"), Err(unsigned.clone()));
    assert_eq!(with("Timestamp: 7\n", ""), Err(unsigned.clone()));
    assert_eq!(with("index 3\n", "index 3\nmore\n"), Err(unsigned));
    assert_eq!(with("index 3\n", "\nindex 3\n"), Err(Error::PeerEmpty { what: "extension line" }));
    let (got, want) = ("a log".to_owned(), log.origin.clone());
    assert_eq!(with("a log with spaces + signs", "a log"), Err(Error::PeerOriginMismatch { got, want }));
}

proptest! {
    #[test]
    fn proof_files_of_any_log_round_trip(
        origin in "[^\\p{Cc}]{1,40}",
        size in 1..=u64::MAX,
        more in prop::collection::vec("[^\\p{Cc}]{1,20}", 0..4),
        path in prop::collection::vec(any::<[u8; 32]>().prop_map(Digest), 0..=63),
    ) {
        let lines: String = more.iter().map(|line| format!("{line}\n")).collect();
        let root = "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=";
        let note = format!("{origin}\n{size}\n{root}\n{lines}\n\u{2014} n AAAAAAA=\n");
        let proof = ProofFile::new(None, Index(size - 1), path, LogCheckpoint::parse(note.as_bytes()).unwrap()).unwrap();
        let read = ProofFile::parse(&proof.to_bytes()).unwrap();
        prop_assert_eq!((read.checkpoint().origin(), read.checkpoint().extensions()), (origin.as_str(), more.as_slice()));
        prop_assert_eq!(read, proof);
    }

    #[test]
    fn proof_files_round_trip(
        extra in prop::option::of(prop::collection::vec(any::<u8>(), 1..99)),
        index in 0u64..109_482,
        path in prop::collection::vec(any::<[u8; 32]>().prop_map(Digest), 0..=63),
    ) {
        let proof = ProofFile::new(extra, Index(index), path, checkpoint()).unwrap();
        prop_assert_eq!(ProofFile::parse(&proof.to_bytes()), Ok(proof));
    }
}
