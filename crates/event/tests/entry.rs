//! The entry's bytes: frozen, canonical, and refused with the right reason.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are small"
)]

use auditmesh_event::{Entry, Error, Event, commitment};
use auditmesh_types::{EventId, Kind, MemberId, Millis, NameError, Zone};
use proptest::prelude::*;

const PAYLOAD: &[u8] = br#"{"user":"ada","n":9007199254740993}"#;

/// The example of `docs/spec/entry.md`.
const FROZEN: &str = "61756469746d65736820656e7472792076310a0245550445552d31000000000000002a0000018f34069ff40e69616d2e\
                      4372656174655573657204652d343242a92701fa382094d95bf19b400eec9946b5f37ec80194e3e452c7f47b37c898";

fn salt() -> [u8; 32] {
    std::array::from_fn(|at| at as u8)
}

fn example() -> Event {
    Event {
        id: EventId::new("e-42").unwrap(),
        zone: Zone::new("EU").unwrap(),
        node: MemberId::new("EU-1").unwrap(),
        sequence: 42,
        time: Millis(1_714_564_800_500),
        kind: Kind::new("iam.CreateUser").unwrap(),
        salt: salt(),
        payload: PAYLOAD.to_vec(),
    }
}

fn encoded() -> Vec<u8> {
    Entry::of(&example()).unwrap().encode()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_example_is_frozen() {
    assert_eq!(hex(&encoded()), FROZEN);
    let entry = Entry::decode(&encoded()).unwrap();
    assert_eq!(entry, Entry::of(&example()).unwrap());
    let names = [entry.zone().as_str(), entry.node().as_str(), entry.kind().as_str(), entry.id().as_str()];
    assert_eq!(names, ["EU", "EU-1", "iam.CreateUser", "e-42"]);
    assert_eq!((entry.sequence(), entry.time()), (42, Millis(1_714_564_800_500)));
    assert_eq!(entry.commitment(), commitment(&salt(), PAYLOAD));
}

#[test]
fn the_specification_shows_the_frozen_bytes() {
    let spec = include_str!("../../../docs/spec/entry.md");
    let shown: String = spec.lines().filter(|line| line.starts_with("    ")).map(str::trim).collect();
    assert!(shown.starts_with(FROZEN), "{shown}");
}

#[test]
fn a_record_is_the_entry_with_its_names() {
    let record = example().record().unwrap();
    assert_eq!((record.id, record.member), (example().id, example().node));
    assert_eq!(record.entry, encoded());
}

#[test]
fn every_other_byte_is_another_entry_or_none() {
    let bytes = encoded();
    let entry = Entry::decode(&bytes).unwrap();
    let (mut others, mut refused) = (0, 0);
    for at in 0..bytes.len() {
        for value in (0..=255).filter(|value| *value != bytes[at]) {
            let mut changed = bytes.clone();
            changed[at] = value;
            match Entry::decode(&changed) {
                Ok(other) => {
                    assert_ne!(other, entry, "byte {at} = {value}");
                    assert_eq!(other.encode(), changed, "byte {at} = {value}");
                    others += 1;
                }
                Err(reason) => {
                    assert_eq!(reason == Error::PeerEntryTag, at < 19, "byte {at} = {value}: {reason}");
                    refused += 1;
                }
            }
        }
    }
    assert!(others > 0 && refused > 0);
}

#[test]
fn every_shorter_or_longer_text_is_refused() {
    let mut bytes = encoded();
    for end in 0..19 {
        assert_eq!(Entry::decode(&bytes[..end]), Err(Error::PeerEntryTag));
    }
    let fields = [
        (19, "zone"),
        (22, "node"),
        (27, "sequence"),
        (35, "time"),
        (43, "kind"),
        (58, "id"),
        (63, "commitment"),
        (95, ""),
    ];
    for pair in fields.windows(2) {
        for end in pair[0].0..pair[1].0 {
            let refusal = Entry::decode(&bytes[..end]);
            assert!(
                matches!(refusal, Err(Error::PeerEntryTruncated { field, got, needed })
                    if field == pair[0].1 && got < needed),
                "{end}: {refusal:?}"
            );
        }
    }
    assert_eq!(
        Entry::decode(&bytes[..30]),
        Err(Error::PeerEntryTruncated { field: "sequence", got: 3, needed: 8 })
    );
    bytes.extend([0, 0]);
    assert_eq!(Entry::decode(&bytes), Err(Error::PeerEntryTrailing { extra: 2 }));
}

#[test]
fn says_which_field_is_refused() {
    let bytes = encoded();
    let changed = |at: usize, value: u8| {
        let mut changed = bytes.clone();
        changed[at] = value;
        Entry::decode(&changed)
    };
    assert_eq!(changed(20, 0xff), Err(Error::PeerNameUtf8 { field: "zone" }));
    let space = |what, at| NameError::MisuseCharacter { what, at, found: ' ' };
    assert_eq!(changed(25, b' '), Err(Error::PeerName { field: "node", reason: space("member name", 2) }));
    assert_eq!(changed(46, b' '), Err(Error::PeerName { field: "kind", reason: space("kind", 2) }));
    assert_eq!(changed(59, b' '), Err(Error::PeerName { field: "id", reason: space("event id", 0) }));
    assert_eq!(
        changed(35, 1),
        Err(Error::PeerTimeTooLate { got: Millis(1_714_564_800_500 + (1 << 56)), allowed: Event::MAX_TIME })
    );
    let mut empty = bytes.clone();
    empty.splice(19..22, [0]);
    let reason = NameError::MisuseEmpty { what: "zone" };
    assert_eq!(Entry::decode(&empty), Err(Error::PeerName { field: "zone", reason }));
}

#[test]
fn the_limits_hold_at_both_sides() {
    let mut event = example();
    event.payload = vec![b'x'; Event::MAX_PAYLOAD_BYTES];
    event.time = Event::MAX_TIME;
    assert_eq!(Entry::of(&event).map(|entry| entry.time()), Ok(Event::MAX_TIME));
    event.time = Millis(Event::MAX_TIME.0 + 1);
    let late = Error::PeerTimeTooLate { got: event.time, allowed: Event::MAX_TIME };
    assert_eq!(Entry::of(&event), Err(late));
    event.payload.push(b'x');
    let large = Error::PeerPayloadTooLarge { got: 524_289, allowed: 524_288 };
    assert_eq!(Entry::of(&event), Err(large.clone()));
    assert_eq!(event.record(), Err(large));
}

#[test]
fn the_longest_entry_has_the_stated_length() {
    let mut event = example();
    event.zone = Zone::new("z".repeat(Zone::MAX_BYTES)).unwrap();
    event.node = MemberId::new("n".repeat(MemberId::MAX_BYTES)).unwrap();
    event.kind = Kind::new("k".repeat(Kind::MAX_BYTES)).unwrap();
    event.id = EventId::new("i".repeat(EventId::MAX_BYTES)).unwrap();
    event.sequence = u64::MAX;
    let bytes = Entry::of(&event).unwrap().encode();
    assert_eq!((bytes.len(), Entry::MAX_BYTES), (646, 646));
    assert_eq!(Entry::decode(&bytes).unwrap().sequence(), u64::MAX);
}

#[test]
fn only_the_salt_and_payload_open_the_commitment() {
    let entry = Entry::decode(&encoded()).unwrap();
    assert_eq!(entry.opens(&salt(), PAYLOAD), Ok(()));
    for at in 0..32 {
        let mut other = salt();
        other[at] ^= 1;
        assert_eq!(entry.opens(&other, PAYLOAD), Err(Error::PeerCommitmentMismatch), "salt {at}");
    }
    for at in 0..PAYLOAD.len() {
        let mut other = PAYLOAD.to_vec();
        other[at] ^= 1;
        assert_eq!(entry.opens(&salt(), &other), Err(Error::PeerCommitmentMismatch), "payload {at}");
    }
    let (shorter, longer) = (&PAYLOAD[..34], [PAYLOAD, b"\n"].concat());
    assert_eq!(entry.opens(&salt(), shorter), Err(Error::PeerCommitmentMismatch));
    assert_eq!(entry.opens(&salt(), &longer), Err(Error::PeerCommitmentMismatch));
}

#[test]
fn debug_shows_neither_salt_nor_payload() {
    let shown = format!("{:?}", example());
    assert!(shown.contains("payload_bytes: 35") && shown.contains("e-42"), "{shown}");
    assert!(!shown.contains("ada") && !shown.contains("31, ") && !shown.contains("salt"), "{shown}");
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9._/é猫-]{1,20}"
}

prop_compose! {
    fn events()(
        names in [name(), name(), name(), name()],
        sequence: u64,
        time in 0..=Event::MAX_TIME.0,
        salt: [u8; 32],
        payload in prop::collection::vec(any::<u8>(), 0..40),
    ) -> Event {
        let [id, zone, node, kind] = names;
        Event {
            id: EventId::new(id).unwrap(),
            zone: Zone::new(zone).unwrap(),
            node: MemberId::new(node).unwrap(),
            sequence,
            time: Millis(time),
            kind: Kind::new(kind).unwrap(),
            salt,
            payload,
        }
    }
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(event in events()) {
        let entry = Entry::of(&event).unwrap();
        prop_assert_eq!(Entry::decode(&entry.encode()), Ok(entry.clone()));
        prop_assert_eq!(entry.opens(&event.salt, &event.payload), Ok(()));
    }

    #[test]
    fn what_decodes_encodes_to_the_same_bytes(
        event in events(),
        at in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..4),
        cut in 0usize..4,
    ) {
        let mut text = Entry::of(&event).unwrap().encode();
        let from = at.index(text.len());
        let to = (from + cut).min(text.len());
        text.splice(from..to, bytes);
        if let Ok(entry) = Entry::decode(&text) {
            prop_assert_eq!(entry.encode(), text);
        }
    }

    #[test]
    fn different_events_have_different_entries(left in events(), right in events()) {
        prop_assume!(left != right);
        prop_assert_ne!(Entry::of(&left).unwrap().encode(), Entry::of(&right).unwrap().encode());
    }
}
