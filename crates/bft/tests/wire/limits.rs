//! Every limit, tag and order, with the reason of the refusal.

use std::sync::Arc;

use auditmesh_bft::{
    Candidate, Decided, Error, Evidence, Justification, Message, Packet, Phase, Record, Signature,
    ValidatorIndex, ValidatorSet, Value,
};

use crate::{
    Encoded,
    wire_samples::{World, alone, value},
};

/// Bytes of the domain of a message and its version; a vote's tag and voter follow.
const HEADER: usize = b"auditmesh/bft-message\0".len() + 1;

fn vote() -> Message {
    Message::Vote(World::new().vote(1, 0, Phase::Prepare, &value("x")))
}

fn changed<T: Encoded>(sample: &T, at: usize, to: u8) -> Result<T, Error> {
    let mut bytes = sample.bytes();
    assert_ne!(bytes[at], to);
    bytes[at] = to;
    T::of(&bytes)
}

#[test]
fn another_domain_or_version() {
    let bytes = vote().encode();
    assert_eq!(Record::decode(&bytes), Err(Error::PeerDomain { what: "record" }));
    assert_eq!(Decided::decode(&bytes), Err(Error::PeerDomain { what: "decision" }));
    assert_eq!(Evidence::decode(&bytes), Err(Error::PeerDomain { what: "evidence" }));
    assert_eq!(Packet::decode(&bytes), Err(Error::PeerDomain { what: "packet" }));
    let newer = Error::PeerVersion { what: "message", got: 2, want: 1 };
    assert_eq!(changed(&vote(), HEADER - 1, 2), Err(newer));
}

#[test]
fn tags_that_mean_nothing() {
    for got in [0, 5, 255] {
        let error = Error::PeerTag { what: "message", at: HEADER, got };
        assert_eq!(changed(&vote(), HEADER, got), Err(error));
    }
    for got in [0, 4] {
        let error = Error::PeerTag { what: "statement", at: HEADER + 3, got };
        assert_eq!(changed(&vote(), HEADER + 3, got), Err(error));
    }
    let certificate = World::new().certificate(Phase::Commit, 0, &value("x"), &[0, 1, 2]);
    let error = Error::PeerTag { what: "phase", at: HEADER + 1, got: 3 };
    assert_eq!(changed(&Message::Certificate(certificate), HEADER + 1, 3), Err(error));
    let request = Packet::Request(crate::wire_samples::HEIGHT);
    let at = b"auditmesh/bft-packet\0".len() + 1;
    assert_eq!(changed(&request, at, 4), Err(Error::PeerTag { what: "packet", at, got: 4 }));
    let record = &World::new().records()[0];
    let at = b"auditmesh/bft-record\0".len() + 1;
    assert_eq!(changed(record, at, 4), Err(Error::PeerTag { what: "record", at, got: 4 }));
    let ask = World::new().messages()[5].clone();
    let at = ask.encode().len() - 1;
    assert_eq!(changed(&ask, at, 2), Err(Error::PeerTag { what: "presence mark", at, got: 2 }));
}

#[test]
fn signatures_up_to_the_limit() {
    let with = |length: usize| {
        let mut vote = World::new().vote(1, 0, Phase::Prepare, &value("x"));
        vote.signature = Signature(Arc::from(vec![7; length]));
        Message::Vote(vote)
    };
    let longest = with(Signature::MAX_BYTES);
    assert_eq!(Message::decode(&longest.encode()), Ok(longest));
    assert_eq!(Message::decode(&with(0).encode()), Ok(with(0)));
    let refused = |got| Err(Error::PeerLength { what: "signature", got, max: 8_192 });
    assert_eq!(Message::decode(&with(8_193).encode()), refused(8_193));
    // What does not fit in its length is written as the largest length.
    assert_eq!(Message::decode(&with(65_536).encode()), refused(65_535));
}

#[test]
fn values_up_to_the_limit() {
    let longest = Value::new(vec![7; Value::MAX_BYTES]).unwrap();
    let candidate = Arc::new(Candidate { value: longest, lineage: Vec::new() });
    let message = Message::Proposal(World::new().proposal(0, 0, candidate));
    let mut bytes = message.encode();
    assert_eq!(Message::decode(&bytes), Ok(message));
    let at = bytes.len() - 1 - Value::MAX_BYTES - 4;
    bytes[at + 3] = 1;
    let refused = Error::PeerLength { what: "value", got: Value::MAX_BYTES + 1, max: Value::MAX_BYTES };
    assert_eq!(Message::decode(&bytes), Err(refused));
}

#[test]
fn lineages_up_to_the_limit() {
    let world = World::new();
    let with = |length: usize| {
        let lineage = vec![world.justification(1, &[], None); length];
        let candidate = Arc::new(Candidate { value: value("x"), lineage });
        Message::Proposal(world.proposal(0, 0, candidate))
    };
    let longest = with(Justification::MAX_LINEAGE);
    assert_eq!(Message::decode(&longest.encode()), Ok(longest));
    let refused = |got| Err(Error::PeerLength { what: "lineage", got, max: 16 });
    assert_eq!(Message::decode(&with(17).encode()), refused(17));
    assert_eq!(Message::decode(&with(256).encode()), refused(255));
}

#[test]
fn voters_up_to_the_limit() {
    let with = |count: u16| {
        let mut certificate = World::new().certificate(Phase::Prepare, 0, &value("x"), &[]);
        let empty = Signature(Arc::from([]));
        certificate.signatures = (0..count).map(|by| (ValidatorIndex(by), empty.clone())).collect();
        Message::Certificate(certificate)
    };
    let most = u16::try_from(ValidatorSet::MAX_VALIDATORS).unwrap();
    assert_eq!(Message::decode(&with(most).encode()), Ok(with(most)));
    let refused = |got| Err(Error::PeerLength { what: "list of voters", got, max: 1_000 });
    assert_eq!(Message::decode(&with(most + 1).encode()), refused(1_001));
    // A count alone claims nothing: the voters are missing.
    let mut bytes = with(0).encode();
    let end = bytes.len();
    bytes[end - 2..].copy_from_slice(&most.to_be_bytes());
    assert_eq!(Message::decode(&bytes), Err(Error::PeerShort { at: end, want: 2, got: 0 }));
}

#[test]
fn voters_out_of_order_or_twice() {
    let world = World::new();
    for (voters, voter) in [(&[0, 2, 1], 1), (&[0, 1, 1], 1), (&[3, 0, 1], 0)] {
        let refused = Err(Error::PeerVoterOrder { voter: ValidatorIndex(voter) });
        let certificate = world.certificate(Phase::Prepare, 0, &value("x"), voters);
        assert_eq!(Message::decode(&Message::Certificate(certificate.clone()).encode()), refused);
        let candidate = alone("x");
        let decided = Decided { certificate, candidate };
        assert_eq!(Decided::decode(&decided.encode()).map(|_| ()), refused.clone().map(|_| ()));
        let asks: Vec<_> = voters.iter().map(|by| (*by, None)).collect();
        let lineage = vec![world.justification(1, &asks, None)];
        let candidate = Arc::new(Candidate { value: value("x"), lineage });
        let proposal = Message::Proposal(world.proposal(0, 1, candidate));
        assert_eq!(Message::decode(&proposal.encode()), refused);
    }
}

#[test]
fn evidence_that_is_none() {
    let world = World::new();
    let [right, ..] = &*world.evidence() else { panic!("three") };
    let [first, second] = right.statements().map(|signed| Message::Vote(signed.clone()).encode());
    let domain = b"auditmesh/bft-evidence\0\x01".as_slice();
    let join = |a: &[u8], b: &[u8]| [domain, &a[HEADER + 1..], &b[HEADER + 1..]].concat();
    assert_eq!(Evidence::decode(&join(&first, &second)), Ok(right.clone()));
    let by = ValidatorIndex(2);
    assert_eq!(Evidence::decode(&join(&second, &first)), Err(Error::PeerEvidenceOrder { by }));
    let nothing = Error::PeerNoOffence { first: by, second: by };
    assert_eq!(Evidence::decode(&join(&first, &first)), Err(nothing));
    let mut other = second.clone();
    other[HEADER + 2] = 3;
    let nothing = Error::PeerNoOffence { first: by, second: ValidatorIndex(3) };
    assert_eq!(Evidence::decode(&join(&first, &other)), Err(nothing));
}

#[test]
fn more_than_any_message_has() {
    let bytes = vec![0; Message::MAX_BYTES + 1];
    let max = Message::MAX_BYTES;
    let refused = Error::PeerLength { what: "message", got: max + 1, max };
    assert_eq!(Message::decode(&bytes), Err(refused));
    assert_eq!(Message::decode(&bytes[1..]), Err(Error::PeerDomain { what: "message" }));
}
