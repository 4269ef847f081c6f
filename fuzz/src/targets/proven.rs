//! `auditmesh::Proven` and `attest::Note::verify`: what a proof file and an entry show to somebody offline.

use std::{collections::BTreeSet, sync::OnceLock};

use auditmesh::{Proven, ProvenError};
use auditmesh_attest::{Error, LogAuthority, ProofFile, VerifierKey};
use auditmesh_event::Entry;

use super::take;
use crate::shown_log::{ShownLog, shown_log};

/// `auditmesh::Proven::check`, `attest::Note::verify`: under the log's policy, and under its key alone, a file and an entry check when,
/// and only when, those who count made the lines that are theirs, and entry, place and path are those of the log. Nothing else in the file
/// matters, and no event but the entry's opens it. Input: the length of the entry in two bytes, the entry, the file.
pub(super) fn proven(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let Some(length) = take(&mut rest) else { return false };
    let Some((entry, file)) = rest.split_at_checked(usize::from(u16::from_be_bytes(length))) else {
        return false;
    };
    let Ok(proof) = ProofFile::parse(file) else { return false };
    let log = shown_log();
    let by_log = made_by(&log.key.key, &proof);
    noted(log, &proof, by_log);
    let witnesses: Vec<_> =
        log.policy.witnesses().iter().map(|witness| made_by(&witness.key, &proof)).collect();
    let quorum = witnesses.iter().filter(|made| **made == Some(true)).count() >= 2;
    let by_policy = by_log == Some(true) && quorum && !witnesses.contains(&Some(false));
    checked(log, &log.policy, &proof, entry, by_policy);
    checked(log, &log.key, &proof, entry, by_log == Some(true))
}

/// Whether `key` made every line that is under its name; `None` when there is none.
fn made_by(key: &VerifierKey, proof: &ProofFile) -> Option<bool> {
    static MADE: OnceLock<BTreeSet<(String, String)>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let notes = shown_log().checkpoints.iter().map(|signed| signed.note());
        notes
            .flat_map(|note| note.signatures().iter().map(|line| (note.text().to_owned(), line.to_string())))
            .collect()
    });
    let note = proof.checkpoint().note();
    let lines = note.signatures().iter().filter(|line| key.owns(line));
    lines
        .map(|line| made.contains(&(note.text().to_owned(), line.to_string())))
        .reduce(|all, good| all && good)
}

/// The note itself, under the log's key and under one that signs no notes.
fn noted(log: &ShownLog, proof: &ProofFile, by_log: Option<bool>) {
    let (note, key) = (proof.checkpoint().note(), &log.key.key);
    match (note.verify(key), by_log) {
        (Ok(()), Some(true))
        | (Err(Error::PeerNotSignedBy { .. }), None)
        | (Err(Error::PeerBadSignature { .. }), Some(false)) => {}
        (verdict, by_log) => panic!("{verdict:?}, made by the log: {by_log:?}"),
    }
    let witness = &log.policy.witnesses()[0].key;
    assert!(matches!(note.verify(witness), Err(Error::MisuseKeyRole { .. })));
}

fn checked(log: &ShownLog, trust: &dyn LogAuthority, proof: &ProofFile, entry: &[u8], vouched: bool) -> bool {
    let (index, head) = (proof.index(), proof.checkpoint().head());
    let place = usize::try_from(index.0).unwrap_or(usize::MAX);
    let path = vouched.then(|| log.tree.inclusion(index, head.size).expect("the log signed that size").path);
    let here =
        log.entries.get(place).is_some_and(|held| held == entry) && path.as_deref() == Some(proof.path());
    let proven = match Proven::check(trust, proof, entry) {
        Ok(proven) => proven,
        Err(ProvenError::Attest(why)) if !vouched => return assert_said(&why),
        Err(ProvenError::Inclusion(why)) if vouched && !here => return assert_said(&why),
        Err(why) => panic!("{why:?}, vouched for: {vouched}, there: {here}"),
    };
    assert!(vouched && here, "nobody showed that");
    assert_eq!((proven.index(), proven.inclusion().path.as_slice()), (index, proof.path()));
    assert_eq!(proven.attested().head, head);
    assert_eq!(proven.attested().origin, log.key.origin);
    assert_eq!(proven.entry(), Entry::decode(entry).ok().as_ref());
    for (other, event) in log.events.iter().enumerate() {
        let opened = proven.opens(event);
        assert_eq!(opened.is_ok(), other == place, "{opened:?}");
    }
    true
}

/// A refusal says why.
fn assert_said(why: &impl ToString) -> bool {
    assert!(!why.to_string().is_empty());
    false
}
