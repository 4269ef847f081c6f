//! The bytes that `crates/conformance/vectors/bft.py` computed from the specification alone.

use std::sync::Arc;

use auditmesh_bft::{
    Candidate, Certificate, Decided, Evidence, Height, Justification, Message, Packet, Phase, Prepared,
    Proposal, Record, RecordLog, Says, Signature, Signed, Statement, Validator, ValidatorIndex, ValidatorSet,
    Value, View, ViewChange,
};
use auditmesh_conformance::{frozen, sha256};
use auditmesh_types::{Digest, MemberId, Origin, Scheme};

use crate::Encoded;

fn origin() -> Origin {
    Origin::new("auditmesh.example/eu-us-apac").unwrap()
}

/// The set, whose keys are read from the bytes that are hashed.
fn set() -> Arc<ValidatorSet> {
    let hashed = frozen::bytes("BFT_VALIDATOR_SET_V1", frozen::BFT_VALIDATOR_SET_V1);
    let validator = |name: &str| {
        let at = hashed.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
        let from = at + name.len() + 8;
        let name = MemberId::new(name).unwrap();
        Validator { name, key: hashed[from..from + 32].to_vec(), weight: 1 }
    };
    let validators = ["US-1", "SA-1", "EU-1", "APAC-1"].map(validator);
    ValidatorSet::new(Scheme::Ed25519, validators.to_vec()).unwrap()
}

fn statement(view: u64, says: Says) -> Statement {
    Statement { height: Height(7), view: View(view), says }
}

fn value() -> Value {
    Value::new(b"example".as_slice()).unwrap()
}

fn vote(phase: Phase) -> Says {
    Says::Vote(phase, value().id())
}

fn signed_bytes(says: Says) -> Vec<u8> {
    statement(2, says).signed_bytes(&origin(), set().hash())
}

#[test]
fn what_is_signed() {
    let hashed = frozen::bytes("BFT_VALIDATOR_SET_V1", frozen::BFT_VALIDATOR_SET_V1);
    assert_eq!(set().hash(), sha256(&[&hashed]));
    frozen::check("BFT_PREPARE_V1", frozen::BFT_PREPARE_V1, &signed_bytes(vote(Phase::Prepare)));
    frozen::check("BFT_COMMIT_V1", frozen::BFT_COMMIT_V1, &signed_bytes(vote(Phase::Commit)));
    let none = Says::ViewChange { prepared: None };
    frozen::check("BFT_VIEW_CHANGE_V1", frozen::BFT_VIEW_CHANGE_V1, &signed_bytes(none));
    let some = Says::ViewChange { prepared: Some((View(0), value().id())) };
    let name = "BFT_VIEW_CHANGE_PREPARED_V1";
    frozen::check(name, frozen::BFT_VIEW_CHANGE_PREPARED_V1, &signed_bytes(some));
}

/// Decodes what is frozen, takes the signatures out in the order in which they stand, and demands the value that `rebuild` makes of
/// them, and its bytes.
fn holds<T: Encoded>(name: &str, hex: &'static str, rebuild: impl Fn(&mut dyn FnMut() -> Signature) -> T) {
    let bytes = frozen::bytes(name, hex);
    // Every signature stands behind its length, 64, and nothing else here looks like that.
    let mut at = 0;
    let mut next = || {
        let from = at + bytes[at..].windows(2).position(|window| window == [0, 64]).unwrap() + 2;
        at = from + 64;
        Signature(Arc::from(&bytes[from..at]))
    };
    let value = rebuild(&mut next);
    frozen::check(name, hex, &value.bytes());
    assert_eq!(T::of(&bytes), Ok(value));
}

fn signed(next: &mut dyn FnMut() -> Signature, by: u16, view: u64, says: Says) -> Signed {
    Signed { by: ValidatorIndex(by), statement: statement(view, says), signature: next() }
}

fn certificate(
    next: &mut dyn FnMut() -> Signature,
    phase: Phase,
    view: u64,
    voters: [u16; 3],
) -> Certificate {
    let signatures = voters.iter().map(|by| (ValidatorIndex(*by), next())).collect();
    Certificate { height: Height(7), view: View(view), phase, value: value().id(), signatures }
}

fn again(next: &mut dyn FnMut() -> Signature) -> Arc<Candidate> {
    let named = |prepared| Says::ViewChange { prepared };
    let asks = [(0, None), (1, Some((View(0), value().id()))), (3, None)];
    let asks = asks.map(|(by, prepared)| signed(next, by, 2, named(prepared))).to_vec();
    let highest = Some(certificate(next, Phase::Prepare, 0, [0, 1, 3]));
    let justification = Arc::new(Justification { view: View(2), asks, highest });
    Arc::new(Candidate { value: value(), lineage: vec![justification] })
}

#[test]
fn messages() {
    holds("BFT_VOTE_V1", frozen::BFT_VOTE_V1, |next| Message::Vote(signed(next, 0, 2, vote(Phase::Prepare))));
    holds("BFT_PROPOSAL_V1", frozen::BFT_PROPOSAL_V1, |next| {
        let prepare = signed(next, 1, 2, vote(Phase::Prepare));
        Message::Proposal(Proposal { prepare, candidate: again(next) })
    });
    holds("BFT_VIEW_CHANGE_MESSAGE_V1", frozen::BFT_VIEW_CHANGE_MESSAGE_V1, |next| {
        let ask = signed(next, 1, 2, Says::ViewChange { prepared: Some((View(0), value().id())) });
        let certificate = certificate(next, Phase::Prepare, 0, [0, 1, 3]);
        let candidate = Arc::new(Candidate { value: value(), lineage: Vec::new() });
        Message::ViewChange(ViewChange { ask, prepared: Some(Prepared { certificate, candidate }) })
    });
    holds("BFT_CERTIFICATE_MESSAGE_V1", frozen::BFT_CERTIFICATE_MESSAGE_V1, |next| {
        Message::Certificate(certificate(next, Phase::Prepare, 2, [0, 1, 2]))
    });
}

#[test]
fn decisions_evidence_packets_and_records() {
    let decided = |next: &mut dyn FnMut() -> Signature| {
        let certificate = certificate(next, Phase::Commit, 2, [0, 1, 2]);
        Decided { certificate, candidate: again(next) }
    };
    holds("BFT_DECIDED_V1", frozen::BFT_DECIDED_V1, decided);
    holds("BFT_PACKET_DECIDED_V1", frozen::BFT_PACKET_DECIDED_V1, |next| Packet::Decided(decided(next)));
    holds("BFT_PACKET_REQUEST_V1", frozen::BFT_PACKET_REQUEST_V1, |_| Packet::Request(Height(7)));
    holds("BFT_EVIDENCE_V1", frozen::BFT_EVIDENCE_V1, |next| {
        let commit = signed(next, 1, 0, vote(Phase::Commit));
        Evidence::of(&commit, &signed(next, 1, 2, Says::ViewChange { prepared: None })).unwrap()
    });
    holds("BFT_RECORD_V1", frozen::BFT_RECORD_V1, |next| {
        let candidate = Some(again(next));
        let certificate = Some(certificate(next, Phase::Prepare, 2, [0, 1, 2]));
        Record::Said { statement: statement(2, vote(Phase::Commit)), candidate, certificate }
    });
}

#[test]
fn file_of_records() {
    let ask = statement(2, Says::ViewChange { prepared: Some((View(0), value().id())) });
    let records =
        [Record::Height(Height(7)), Record::Said { statement: ask, candidate: None, certificate: None }];
    let name = MemberId::new("EU-1").unwrap();
    let salt = core::array::from_fn(|byte| u8::try_from(byte).unwrap());
    let (mut log, mut bytes) = RecordLog::create(&origin(), &name, salt);
    records.iter().for_each(|record| bytes.extend(log.append(record)));
    frozen::check("BFT_RECORD_LOG_V1", frozen::BFT_RECORD_LOG_V1, &bytes);
    let recovered = RecordLog::recover(&origin(), &name, &bytes).unwrap();
    assert_eq!((recovered.records, recovered.torn, recovered.log), (records.to_vec(), None, Some(log)));
}

#[test]
fn the_name_of_a_value() {
    let id = sha256(&[b"auditmesh/value/v1\0example"]);
    assert_eq!(value().id().0, id);
    assert_ne!(id, Digest::default());
}

/// The page shows these bytes.
#[test]
fn the_page_holds_them() {
    let page: String = include_str!("../../../../docs/spec/bft.md").split_whitespace().collect();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for (name, text) in [
        ("BFT_VALIDATOR_SET_V1", frozen::BFT_VALIDATOR_SET_V1),
        ("BFT_PREPARE_V1", frozen::BFT_PREPARE_V1),
        ("BFT_COMMIT_V1", frozen::BFT_COMMIT_V1),
        ("BFT_VIEW_CHANGE_V1", frozen::BFT_VIEW_CHANGE_V1),
        ("BFT_VIEW_CHANGE_PREPARED_V1", frozen::BFT_VIEW_CHANGE_PREPARED_V1),
        ("BFT_VOTE_V1", frozen::BFT_VOTE_V1),
        ("BFT_PACKET_REQUEST_V1", frozen::BFT_PACKET_REQUEST_V1),
        ("BFT_RECORD_LOG_V1", frozen::BFT_RECORD_LOG_V1),
    ] {
        assert!(page.contains(&hex(&frozen::bytes(name, text))), "{name}");
    }
    assert!(page.contains(&hex(set().hash().as_bytes())) && page.contains(&hex(value().id().0.as_bytes())));
    assert!(page.contains("atmost100,663,296bytes") && Message::MAX_BYTES == 100_663_296);
}
