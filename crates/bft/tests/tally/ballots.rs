//! Makes ballots the way a node does: a statement becomes valid only by an authority's check.

use auditmesh_bft::{Electorate, Tally, Threshold, TieBreak};
use auditmesh_types::{
    Attestation, Authority, Ballot, Decision, Digest, MemberId, Millis, Round, Size, TreeHead,
};

/// Accepts a statement whose signature is the word of its own member on its own head, with any remark behind it: as
/// with real schemes, one statement may have several good signatures.
pub(crate) struct Registrar;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadSignature;

impl std::fmt::Display for BadSignature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the signature is not the member's")
    }
}

impl std::error::Error for BadSignature {}

impl Authority<Attestation> for Registrar {
    type Error = BadSignature;

    fn check(&self, statement: &Attestation) -> Result<(), BadSignature> {
        match statement.signed.starts_with(&signature(&statement.member, statement.head)) {
            true => Ok(()),
            false => Err(BadSignature),
        }
    }
}

fn signature(member: &MemberId, head: TreeHead) -> Vec<u8> {
    format!("{member} holds {head}.").into_bytes()
}

/// The size of the log that is counted on.
pub(crate) const SIZE: Size = Size(40);

pub(crate) fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

/// A head that `root` tells apart.
pub(crate) fn head(root: u8) -> TreeHead {
    TreeHead { size: SIZE, root: Digest([root; 32]) }
}

/// What `name` says in round 1.
pub(crate) fn statement(name: &str, head: TreeHead, at: u64) -> Attestation {
    let member = member(name);
    let signed = signature(&member, head);
    Attestation { member, round: Round(1), head, at: Millis(at), signed }
}

/// Checks a statement, as a node does with what the network brings.
pub(crate) fn received(statement: Attestation) -> Ballot {
    let member = statement.member.clone();
    Registrar.verify(statement).map_or(Ballot::Refused { member }, Ballot::Valid)
}

pub(crate) fn vote(name: &str, root: u8, at: u64) -> Ballot {
    received(statement(name, head(root), at))
}

/// A ballot whose signature is broken.
pub(crate) fn forged(name: &str, root: u8) -> Ballot {
    let mut statement = statement(name, head(root), 0);
    statement.signed[0] ^= 1;
    let ballot = received(statement);
    assert_eq!(ballot, Ballot::Refused { member: member(name) });
    ballot
}

pub(crate) fn tally(names: &[&str], threshold: &str, tie_break: TieBreak) -> Tally {
    let electorate = Electorate::equal(names.iter().map(|name| member(name))).unwrap();
    Tally::new(electorate, threshold.parse::<Threshold>().unwrap(), tie_break).unwrap()
}

/// Who agreed, by name.
pub(crate) fn agreeing(decision: &Decision) -> Vec<&str> {
    decision.agreeing.iter().map(|statement| statement.member.as_str()).collect()
}
