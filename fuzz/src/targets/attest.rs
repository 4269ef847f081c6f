use std::{collections::BTreeSet, sync::OnceLock};

use auditmesh_attest::{
    Certificate, Checkpoint, Cosignature, KeyType, LogAuthority, LogCheckpoint, Membership, Note, NoteLine,
    ProofFile, Quorum, SignedCheckpoint, TrustPolicy, VerifierKey,
};
use auditmesh_types::{Attestation, Authority};

use super::exact;
use crate::federation::{AT, HEAD, federation, origin, statements};

/// `attest::Note`: one encoding, and the limits.
pub(super) fn note(bytes: &[u8]) -> bool {
    let Ok(note) = Note::parse(bytes) else { return false };
    assert_eq!(note.to_bytes(), bytes, "two encodings of one note");
    assert!(note.text().len() <= Note::MAX_TEXT_BYTES && note.text().ends_with('\n'));
    assert!((1..=Note::MAX_SIGNATURES).contains(&note.signatures().len()));
    assert_eq!(Note::new(note.text(), note.signatures().to_vec()).as_ref(), Ok(&note));
    true
}

/// `attest::Checkpoint`: one encoding, and what is signed for it can be made.
pub(super) fn checkpoint(bytes: &[u8]) -> bool {
    let Some(checkpoint) = exact::<Checkpoint>(bytes) else { return false };
    let message = |key_type| checkpoint.cosigned_message(key_type, "EU-1", u64::MAX);
    assert_eq!(message(KeyType::Ed25519).as_deref(), Ok(bytes));
    assert!(message(KeyType::Ed25519Cosignature).is_ok_and(|message| message.ends_with(bytes)));
    let length = 12 + 1 + 4 + 8 + 1 + checkpoint.origin.as_str().len() + 8 + 8 + 32;
    assert_eq!(message(KeyType::MlDsa44Cosignature).map(|message| message.len()), Ok(length));
    true
}

/// `attest::SignedCheckpoint`: one encoding.
pub(super) fn signed_checkpoint(bytes: &[u8]) -> bool {
    let Ok(signed) = SignedCheckpoint::parse(bytes) else { return false };
    assert_eq!(signed.to_bytes(), bytes, "two encodings of one checkpoint");
    assert_eq!(signed.checkpoint().to_string(), signed.note().text());
    let lines = signed.note().signatures().to_vec();
    assert_eq!(SignedCheckpoint::new(signed.checkpoint().clone(), lines).as_ref(), Ok(&signed));
    true
}

/// `attest::ProofFile`: one encoding, and the limits.
pub(super) fn proof_file(bytes: &[u8]) -> bool {
    let Ok(proof) = ProofFile::parse(bytes) else { return false };
    assert_eq!(proof.to_bytes(), bytes, "two encodings of one proof file");
    assert!(proof.index().0 < proof.checkpoint().head().size.0);
    assert!(proof.path().len() <= ProofFile::MAX_PATH);
    assert!(proof.extra().is_none_or(|extra| (1..=ProofFile::MAX_EXTRA_BYTES).contains(&extra.len())));
    true
}

/// `attest::Cosignature`: one encoding.
pub(super) fn cosignature(bytes: &[u8]) -> bool {
    let Ok(cosignature) = Cosignature::parse(bytes) else { return false };
    assert_eq!(cosignature.to_blob(), bytes, "two encodings of one cosignature");
    assert!(cosignature.at_seconds <= i64::MAX.unsigned_abs());
    true
}

/// `attest::TrustPolicy` and `attest::Membership::from_policy`: what is written reads as the same policy.
pub(super) fn policy(bytes: &[u8]) -> bool {
    let Ok(policy) = TrustPolicy::parse(bytes) else { return false };
    let written = policy.to_string();
    assert!(written.len() <= TrustPolicy::MAX_BYTES);
    assert_eq!(written.parse().as_ref(), Ok(&policy), "written as another policy");
    assert!(policy.logs().len() <= TrustPolicy::MAX_LOGS);
    assert!(policy.witnesses().len() <= TrustPolicy::MAX_WITNESSES);
    assert!(policy.groups().len() <= TrustPolicy::MAX_GROUPS);
    if let Ok(membership) = Membership::from_policy(&policy) {
        assert_eq!(membership.members().len(), policy.witnesses().len());
        assert_eq!(Membership::from_policy(membership.policy()).as_ref(), Ok(&membership));
    }
    true
}

/// `attest::TrustPolicy::attested` against the three rules of `docs/spec/policy.md`, one after the other. Input: a
/// policy, a zero byte, a note.
pub(super) fn policy_attested(bytes: &[u8]) -> bool {
    let Some(at) = bytes.iter().position(|byte| *byte == 0) else { return false };
    let Ok(signed) = LogCheckpoint::parse(&bytes[at + 1..]) else { return false };
    let Ok(policy) = TrustPolicy::parse(&bytes[..at]) else { return false };
    let origin = signed.origin();
    let logs = policy.logs().iter().map(|log| &log.key);
    let mut keys = logs.clone().chain(policy.witnesses().iter().map(|witness| &witness.key));
    let no_bad_line = keys.all(|key| lines(key, &signed).all(|good| good));
    let by_log = logs.clone().any(|key| key.name() == origin && lines(key, &signed).any(|good| good));
    let quorum = match policy.quorum() {
        Quorum::None => true,
        Quorum::Name(name) => met(&policy, &signed, name),
    };
    let attested = policy.attested(&signed);
    assert_eq!(attested.is_ok(), no_bad_line && by_log && quorum, "{attested:?}");
    if let Ok(attested) = &attested {
        assert_eq!((attested.origin.as_str(), attested.head), (origin, signed.head()));
        assert_eq!(attested.extensions, signed.extensions());
        assert!(attested.rule.got >= attested.rule.want && attested.rule.of >= attested.rule.got);
    }
    attested.is_ok()
}

/// Whether each line of `key` is good.
fn lines(key: &VerifierKey, signed: &LogCheckpoint) -> impl Iterator<Item = bool> {
    let own = signed.note().signatures().iter().filter(|line| key.owns(line));
    own.map(|line| signed.verify_line(key, line).is_ok())
}

fn met(policy: &TrustPolicy, signed: &LogCheckpoint, name: &str) -> bool {
    if let Some(witness) = policy.witnesses().iter().find(|witness| witness.name == name) {
        return lines(&witness.key, signed).any(|good| good);
    }
    policy.groups().iter().find(|group| group.name == name).is_some_and(|group| {
        let got = group.members.iter().filter(|member| met(policy, signed, member)).count();
        got >= group.threshold.of(group.members.len())
    })
}

/// A certificate through a fixed `attest::Membership`: what verifies holds, of every member, lines that it made.
pub(super) fn certificate(bytes: &[u8]) -> bool {
    let Ok(certificate) = Certificate::parse(bytes) else { return false };
    assert_eq!(certificate.to_bytes(), bytes, "two encodings of one certificate");
    let federation = federation();
    if federation.check(&certificate).is_err() {
        return false;
    }
    assert_eq!((certificate.origin(), certificate.head()), (&origin(), HEAD), "nobody signed that");
    let lines = certificate.signed().note().signatures();
    let mut signers = 0;
    for member in federation.members() {
        let owned = |line: &&NoteLine| member.operator().owns(line) || member.cosigner().owns(line);
        let own: BTreeSet<String> = lines.iter().filter(owned).map(ToString::to_string).collect();
        assert!(own.is_subset(made()), "a line of {} that it never made", member.id());
        signers += usize::from(own.len() == 2);
    }
    assert!(signers >= federation.quorum());
    assert!(federation.policy().check(certificate.signed()).is_ok());
    true
}

/// One member's statement through a fixed `attest::Membership`: none verifies but the one it made, its two lines in
/// either order.
pub(super) fn attestation(bytes: &[u8]) -> bool {
    let [genuine, ..] = statements();
    let claimed = Attestation { signed: bytes.to_vec(), ..genuine.clone() };
    if federation().check(&claimed).is_err() {
        return false;
    }
    assert_eq!((claimed.head, claimed.at), (HEAD, AT));
    let lines = |bytes: &[u8]| -> BTreeSet<String> {
        let note = Note::parse(bytes).expect("what was verified is a note");
        note.signatures().iter().map(ToString::to_string).collect()
    };
    assert_eq!(lines(bytes), lines(&genuine.signed), "a line that was never made");
    true
}

/// Every line that a member ever made.
fn made() -> &'static BTreeSet<String> {
    static MADE: OnceLock<BTreeSet<String>> = OnceLock::new();
    MADE.get_or_init(|| {
        let notes = statements().iter().filter_map(|statement| Note::parse(&statement.signed).ok());
        notes.flat_map(|note| note.signatures().iter().map(ToString::to_string).collect::<Vec<_>>()).collect()
    })
}
