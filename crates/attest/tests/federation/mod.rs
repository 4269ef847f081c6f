//! A federation with fixed keys. Signing is deterministic, so all its bytes are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]
#![allow(dead_code, reason = "each test file uses its part")]

use auditmesh_attest::{Ed25519Signer, MemberAttestor, Membership, MlDsa44Signer};
use auditmesh_types::{Attestation, Attestor, Digest, MemberId, Millis, Origin, Round, Size, TreeHead};

pub(crate) type Voice = MemberAttestor<Ed25519Signer, MlDsa44Signer>;

pub(crate) const AT: Millis = Millis(1_700_000_000_123);

pub(crate) fn origin() -> Origin {
    Origin::new("auditmesh.example/eu-us-apac").unwrap()
}

pub(crate) fn id(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

pub(crate) fn head(size: u64, root: u8) -> TreeHead {
    TreeHead { size: Size(size), root: Digest([root; 32]) }
}

pub(crate) fn voice(name: &str, seed: u8) -> Voice {
    let (operator, cosigner) = (Ed25519Signer::from_seed([seed; 32]), MlDsa44Signer::from_seed([seed; 32]));
    MemberAttestor::new(id(name), origin(), operator, cosigner).unwrap()
}

pub(crate) fn voices() -> Vec<Voice> {
    vec![voice("US-1", 2), voice("EU-1", 1), voice("EU-2", 4), voice("APAC-1", 3)]
}

pub(crate) fn federation(quorum: usize) -> Membership {
    let members = voices().iter().map(|voice| voice.member().clone()).collect();
    Membership::new(origin(), members, quorum).unwrap()
}

pub(crate) fn statement(voice: &Voice, head: TreeHead) -> Attestation {
    voice.attest(Round(1), head, AT).unwrap()
}
