//! The wire formats against the bytes that were published, both ways.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_conformance::frozen;
use auditmesh_event::{
    Disclosure, Entry, Event, commitment,
    jsonl::{Place, default_id},
};
use auditmesh_types::{EventId, Kind, MemberId, Millis, Zone};

fn example() -> Event {
    Event {
        id: EventId::new("e-42").unwrap(),
        zone: Zone::new("EU").unwrap(),
        node: MemberId::new("EU-1").unwrap(),
        sequence: 42,
        time: Millis(1_714_564_800_500),
        kind: Kind::new("iam.CreateUser").unwrap(),
        salt: std::array::from_fn(|at| u8::try_from(at).unwrap()),
        payload: br#"{"user":"ada","n":9007199254740993}"#.to_vec(),
    }
}

#[test]
fn entry() {
    let entry = Entry::of(&example()).unwrap();
    frozen::check("ENTRY_V1", frozen::ENTRY_V1, &entry.encode());
    assert_eq!(Entry::decode(&frozen::bytes("ENTRY_V1", frozen::ENTRY_V1)), Ok(entry));
}

#[test]
fn event_file() {
    let file = Disclosure::of(&example());
    frozen::check("EVENT_V1", frozen::EVENT_V1, &file.encode().unwrap());
    assert_eq!(Disclosure::decode(frozen::EVENT_V1.as_bytes()), Ok(file));
}

#[test]
fn the_event_file_opens_the_entry() {
    let Event { salt, payload, .. } = example();
    let commitment = commitment(&salt, &payload);
    frozen::check("COMMITMENT_V1", frozen::COMMITMENT_V1, commitment.as_bytes());
    let entry = Entry::decode(&frozen::bytes("ENTRY_V1", frozen::ENTRY_V1)).unwrap();
    let file = Disclosure::decode(frozen::EVENT_V1.as_bytes()).unwrap();
    assert_eq!(entry.opens(&file.salt, &file.payload), Ok(()));
}

#[test]
fn id_of_a_line_without_one() {
    let Event { zone, node, sequence, salt, payload, .. } = example();
    let id = default_id(&Place { zone, node, sequence }, &salt, &payload).unwrap();
    frozen::check("DEFAULT_ID_V1", frozen::DEFAULT_ID_V1, id.as_str().as_bytes());
}
