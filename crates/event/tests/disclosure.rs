//! The event file: frozen, one form only.
#![allow(clippy::cast_possible_truncation, reason = "a test may panic, and its numbers are small")]

use auditmesh_event::{Disclosure, Entry, Error, Event};
use auditmesh_types::{EventId, Kind, MemberId, Millis, Zone};
use proptest::prelude::*;

const PAYLOAD: &[u8] = br#"{"user":"ada","n":9007199254740993}"#;

/// The example of `docs/spec/event.md`.
const FROZEN: &str = "auditmesh event v1\n\
    salt 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n\
    \n\
    {\"user\":\"ada\",\"n\":9007199254740993}";

fn example() -> Disclosure {
    Disclosure { salt: std::array::from_fn(|at| at as u8), payload: PAYLOAD.to_vec() }
}

#[test]
fn the_example_is_frozen() {
    assert_eq!(example().encode().unwrap(), FROZEN.as_bytes());
    assert_eq!(Disclosure::decode(FROZEN.as_bytes()), Ok(example()));
    assert_eq!(Disclosure::HEADER_BYTES, 90);
}

#[test]
fn the_specification_shows_the_frozen_bytes() {
    let spec = include_str!("../../../docs/spec/event.md");
    let shown: Vec<&str> = spec.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let text: Vec<&str> = FROZEN.lines().filter(|line| !line.is_empty()).collect();
    assert!(shown.starts_with(&text), "{shown:?}");
    let hex: String = FROZEN.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(shown[text.len()..].concat(), hex);
}

#[test]
fn it_opens_the_entry_of_its_event() {
    let event = Event {
        id: EventId::new("e-1").unwrap(),
        zone: Zone::new("EU").unwrap(),
        node: MemberId::new("EU-1").unwrap(),
        sequence: 1,
        time: Millis(1),
        kind: Kind::new("event").unwrap(),
        salt: [9; 32],
        payload: b"\r\n\0 any bytes".to_vec(),
    };
    let file = Disclosure::of(&event).encode().unwrap();
    let shown = Disclosure::decode(&file).unwrap();
    assert_eq!(Entry::of(&event).unwrap().opens(&shown.salt, &shown.payload), Ok(()));
}

#[test]
fn every_other_header_byte_is_refused_or_another_salt() {
    for at in 0..Disclosure::HEADER_BYTES {
        for value in 0..=255 {
            let mut bytes = FROZEN.as_bytes().to_vec();
            if bytes[at] == value {
                continue;
            }
            bytes[at] = value;
            let digit = (24..88).contains(&at) && matches!(value, b'0'..=b'9' | b'a'..=b'f');
            match Disclosure::decode(&bytes) {
                Ok(other) => {
                    assert!(digit && other.salt != example().salt, "byte {at} = {value}");
                    assert_eq!(other.encode().unwrap(), bytes, "byte {at} = {value}");
                }
                Err(reason) => {
                    assert!(!digit);
                    assert_eq!(reason, Error::PeerDisclosureHeader { at }, "byte {at} = {value}");
                }
            }
        }
    }
}

#[test]
fn a_cut_header_is_refused_and_an_empty_payload_is_not() {
    for end in 0..Disclosure::HEADER_BYTES {
        let refusal = Disclosure::decode(&FROZEN.as_bytes()[..end]);
        assert_eq!(refusal, Err(Error::PeerDisclosureHeader { at: end }));
    }
    let header = &FROZEN.as_bytes()[..Disclosure::HEADER_BYTES];
    assert_eq!(Disclosure::decode(header), Ok(Disclosure { payload: Vec::new(), ..example() }));
}

#[test]
fn the_payload_is_limited_both_ways() {
    let mut largest = Disclosure { payload: vec![0; Event::MAX_PAYLOAD_BYTES], ..example() };
    let mut bytes = largest.encode().unwrap();
    assert_eq!(Disclosure::decode(&bytes).as_ref(), Ok(&largest));
    bytes.push(0);
    largest.payload.push(0);
    let refusal = Error::PeerPayloadTooLarge { got: 524_289, allowed: 524_288 };
    assert_eq!(Disclosure::decode(&bytes), Err(refusal.clone()));
    assert_eq!(largest.encode(), Err(refusal));
}

#[test]
fn debug_shows_neither_salt_nor_payload() {
    assert_eq!(format!("{:?}", example()), "Disclosure { payload_bytes: 35, .. }");
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(salt: [u8; 32], payload in prop::collection::vec(any::<u8>(), 0..200)) {
        let disclosure = Disclosure { salt, payload };
        prop_assert_eq!(Disclosure::decode(&disclosure.encode().unwrap()), Ok(disclosure));
    }
}
