//! The ordering engine's frozen bytes, whose signatures another program made, under the Ed25519 of this workspace.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use auditmesh::{
    attest::{Ed25519, Ed25519Signer},
    bft::{Decided, Evidence, Message, SetAuthority, ValidatorSet},
    types::{Authority, Origin, Scheme, Signer},
};
use auditmesh_conformance::frozen;

fn set() -> Arc<ValidatorSet> {
    let validator = |(seed, name): (u8, &str)| {
        (name.parse().unwrap(), Ed25519Signer::from_seed([seed; 32]).public_key().to_vec())
    };
    let names = ["APAC-1", "EU-1", "SA-1", "US-1"];
    ValidatorSet::equal(Scheme::Ed25519, (1..).zip(names).map(validator)).unwrap()
}

/// Accepts `value` under its federation and no other.
fn accepts<T>(value: &T)
where
    for<'a> SetAuthority<'a, Ed25519>: Authority<T, Error = auditmesh::bft::Error>,
{
    let set = set();
    let authority = |origin: &Origin| SetAuthority::new(origin, &set, &Ed25519).unwrap().check(value);
    assert_eq!(authority(&Origin::new("auditmesh.example/eu-us-apac").unwrap()), Ok(()));
    let other = authority(&Origin::new("auditmesh.example/other").unwrap());
    assert!(matches!(other, Err(auditmesh::bft::Error::PeerSignature { .. })), "{other:?}");
}

#[test]
fn messages() {
    for frozen in [
        frozen::BFT_VOTE_V1,
        frozen::BFT_PROPOSAL_V1,
        frozen::BFT_VIEW_CHANGE_MESSAGE_V1,
        frozen::BFT_CERTIFICATE_MESSAGE_V1,
    ] {
        accepts(&Message::decode(&frozen::bytes("message", frozen)).unwrap());
    }
}

#[test]
fn decisions_and_evidence() {
    accepts(&Decided::decode(&frozen::bytes("decided", frozen::BFT_DECIDED_V1)).unwrap());
    let evidence = Evidence::decode(&frozen::bytes("evidence", frozen::BFT_EVIDENCE_V1)).unwrap();
    accepts(&evidence);
    let (set, origin) = (set(), Origin::new("auditmesh.example/eu-us-apac").unwrap());
    let culprit = SetAuthority::new(&origin, &set, &Ed25519).unwrap().culprit(&evidence).unwrap().clone();
    assert_eq!(culprit.as_str(), "EU-1");
}
