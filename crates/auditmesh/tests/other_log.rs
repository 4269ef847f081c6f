//! Logs whose checkpoints are wider than ours: a name with spaces, a key that is called otherwise, extension lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use auditmesh::{
    ConsistencyFile, Proven, ProvenError,
    attest::{
        self, Checkpoint, Ed25519Signer, KeyType, LogCheckpoint, LogKey, Note, NoteLine, ProofFile,
        TrustPolicy, VerifierKey,
    },
    merkle::{self, Tree},
    types::{Index, Origin, Scheme, Signer, Size, TreeHead},
};
use proptest::prelude::*;

const NAME: &str = "an odd log, by hand";
const MORE: &str = "Timestamp: 1688058656037355364\nold 3\n";

fn signer() -> Ed25519Signer {
    Ed25519Signer::from_seed([9; 32])
}

fn log() -> LogKey {
    let key = VerifierKey::new("keys.example", KeyType::Ed25519, signer().public_key()).unwrap();
    LogKey { key, origin: NAME.to_owned() }
}

fn entry(index: u64) -> Vec<u8> {
    format!("record {index}").into_bytes()
}

fn tree() -> Tree {
    let mut tree = Tree::new();
    (0..7).for_each(|index| assert!(tree.append(&entry(index)).is_ok()));
    tree
}

/// The head of so many entries under `name`, with `more` behind it.
fn checkpoint(name: &str, size: u64, more: &str) -> LogCheckpoint {
    let head = TreeHead { size: Size(size), root: tree().root_at(Size(size)).unwrap() };
    let ours = Checkpoint { origin: Origin::new("o").unwrap(), head }.to_string();
    let text = ours.replacen("o\n", &format!("{name}\n"), 1) + more;
    let key = log().key;
    let line = NoteLine::new(key.name(), key.key_id(), signer().sign(text.as_bytes()).unwrap()).unwrap();
    LogCheckpoint::parse(&Note::new(text, vec![line]).unwrap().to_bytes()).unwrap()
}

fn proof() -> ProofFile {
    let path = tree().inclusion(Index(5), Size(7)).unwrap().path;
    ProofFile::new(None, Index(5), path, checkpoint(NAME, 7, MORE)).unwrap()
}

fn growth() -> ConsistencyFile {
    let path = tree().consistency(Size(3), Size(7)).unwrap().path;
    ConsistencyFile::new(Size(3), path, checkpoint(NAME, 7, MORE)).unwrap()
}

fn bad_line() -> ProvenError {
    let signer = log().key.label();
    ProvenError::Attest(attest::Error::PeerBadSignature { scheme: Scheme::Ed25519, signer })
}

fn origin_mismatch(got: &str, want: &str) -> ProvenError {
    ProvenError::Attest(attest::Error::PeerOriginMismatch { got: got.to_owned(), want: want.to_owned() })
}

#[test]
fn an_entry_of_such_a_log_is_proved_and_its_lines_are_handed_on() {
    let read = ProofFile::parse(&proof().to_bytes()).unwrap();
    assert_eq!(read, proof());
    let proven = Proven::check(&log(), &read, &entry(5)).unwrap();
    assert_eq!((proven.index(), proven.entry()), (Index(5), None));
    let attested = proven.attested();
    assert_eq!((attested.origin.as_str(), attested.head), (NAME, tree().head()));
    assert_eq!(attested.extensions, ["Timestamp: 1688058656037355364", "old 3"]);
    assert_eq!((attested.logs.as_slice(), attested.witnesses.len()), (&[log().key.label()][..], 0));
    assert_eq!(attested.rule.to_string(), "quorum none");
}

#[test]
fn such_a_log_is_shown_to_continue_itself() {
    let read = ConsistencyFile::parse(&growth().to_bytes()).unwrap();
    assert_eq!(read, growth());
    let grown = read.check(&log(), &checkpoint(NAME, 3, "another line\n")).unwrap();
    assert_eq!((grown.prefix().old, grown.new_head().head), (grown.old().head, tree().head()));
    assert_eq!(grown.old().extensions, ["another line"]);
    assert_eq!(grown.new_head().extensions.len(), 2);
}

#[test]
fn every_changed_byte_is_refused() {
    let (proof, growth, old) = (proof().to_bytes(), growth().to_bytes(), checkpoint(NAME, 3, "").to_bytes());
    let proved = |bytes: &[u8]| Proven::check(&log(), &ProofFile::parse(bytes)?, &entry(5)).map(drop);
    let grown = |bytes: &[u8], old: &[u8]| {
        ConsistencyFile::parse(bytes)?.check(&log(), &LogCheckpoint::parse(old)?).map(drop)
    };
    assert_eq!((proved(&proof), grown(&growth, &old)), (Ok(()), Ok(())));
    let changed = |bytes: &[u8], verdict: &dyn Fn(&[u8]) -> Result<(), ProvenError>| {
        for at in 0..bytes.len() {
            for change in [0x01, 0x10, 0x80] {
                let mut bad = bytes.to_vec();
                bad[at] ^= change;
                assert!(verdict(&bad).is_err(), "byte {at} xor {change:#04x}");
            }
        }
    };
    changed(&proof, &proved);
    changed(&growth, &|bytes| grown(bytes, &old));
    changed(&old, &|bytes| grown(&growth, bytes));
    changed(&entry(5), &|bytes| Proven::check(&log(), &ProofFile::parse(&proof)?, bytes).map(drop));
}

#[test]
fn changes_are_refused_for_their_reason() {
    let text = String::from_utf8(proof().to_bytes()).unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let read = ProofFile::parse(text.replacen(from, to, 1).as_bytes())?;
        Proven::check(&log(), &read, &entry(5)).map(drop)
    };
    assert_eq!(with(NAME, "an odd log"), Err(origin_mismatch("an odd log", NAME)));
    assert_eq!(with("Timestamp: 1", "Timestamp: 2"), Err(bad_line()));
    assert_eq!(with("old 3\n", ""), Err(bad_line()));
    assert_eq!(with("old 3\n", "old 3\nmore\n"), Err(bad_line()));
    let other = with("index 5", "index 4");
    assert!(
        matches!(other, Err(ProvenError::Inclusion(merkle::Error::PeerRootMismatch { .. }))),
        "{other:?}"
    );
    let hash = format!("{}\n", text.lines().nth(2).unwrap());
    let short = merkle::Error::PeerPathLength { got: 2, want: 3 };
    assert_eq!(with(&hash, ""), Err(ProvenError::Inclusion(short)));
}

#[test]
fn another_key_and_another_name_are_refused() {
    let other = Ed25519Signer::from_seed([10; 32]);
    let other = VerifierKey::new("keys.example", KeyType::Ed25519, other.public_key()).unwrap();
    let unsigned = attest::Error::PeerNotSignedBy { name: other.label() };
    let check = |trust: &LogKey| Proven::check(trust, &proof(), &entry(5)).map(drop);
    assert_eq!(check(&LogKey { key: other, ..log() }), Err(ProvenError::Attest(unsigned)));
    assert_eq!(check(&LogKey::from(log().key)), Err(origin_mismatch(NAME, "keys.example")));
    let policy: TrustPolicy = format!("log {}\nquorum none\n", log().key).parse().unwrap();
    let silent = attest::Error::PeerNoLogSignature { origin: NAME.to_owned() };
    assert_eq!(Proven::check(&policy, &proof(), &entry(5)).map(drop), Err(ProvenError::Attest(silent)));

    // Under a policy of two logs the older checkpoint may be vouched for, and of the other log.
    let name = log().key.name().to_owned();
    let second =
        VerifierKey::new("second.example", KeyType::Ed25519, Ed25519Signer::from_seed([11; 32]).public_key());
    let policy = format!("log {}\nlog {}\nquorum none\n", log().key, second.unwrap());
    let policy: TrustPolicy = policy.parse().unwrap();
    let path = tree().consistency(Size(3), Size(7)).unwrap().path;
    let file = ConsistencyFile::new(Size(3), path, checkpoint(&name, 7, MORE)).unwrap();
    assert!(file.check(&policy, &checkpoint(&name, 3, "")).is_ok());
    let elsewhere = signed_by_second(3);
    let why = ProvenError::PeerOtherLog { got: "second.example".to_owned(), want: name };
    assert_eq!(file.check(&policy, &elsewhere), Err(why));
}

/// A checkpoint of the log `second.example`.
fn signed_by_second(size: u64) -> LogCheckpoint {
    let signer = Ed25519Signer::from_seed([11; 32]);
    let key = VerifierKey::new("second.example", KeyType::Ed25519, signer.public_key()).unwrap();
    let head = TreeHead { size: Size(size), root: tree().root_at(Size(size)).unwrap() };
    let checkpoint = Checkpoint { origin: Origin::new("second.example").unwrap(), head };
    let signature = signer.sign(checkpoint.to_string().as_bytes()).unwrap();
    let line = NoteLine::new(key.name(), key.key_id(), signature).unwrap();
    attest::SignedCheckpoint::new(checkpoint, vec![line]).unwrap().into()
}

proptest! {
    #[test]
    fn files_of_any_log_are_written_back(
        name in "[^\\p{Cc}]{1,40}",
        more in proptest::collection::vec("[^\\p{Cc}]{1,20}", 0..4),
        old in 0..=7u64,
    ) {
        let lines: String = more.iter().map(|line| format!("{line}\n")).collect();
        let path = tree().consistency(Size(old), Size(7)).unwrap().path;
        let file = ConsistencyFile::new(Size(old), path, checkpoint(&name, 7, &lines)).unwrap();
        let read = ConsistencyFile::parse(&file.to_bytes()).unwrap();
        prop_assert_eq!((read.checkpoint().origin(), read.checkpoint().extensions()), (name.as_str(), more.as_slice()));
        let trust = LogKey { origin: name.clone(), ..log() };
        prop_assert!(read.check(&trust, &checkpoint(&name, old, "")).is_ok());
        prop_assert_eq!(read, file);
    }
}
