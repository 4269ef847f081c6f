//! The order of batches against a slow reference: the same for every arrival.
#![allow(clippy::unwrap_used, reason = "a test may panic, and its numbers are small")]

use std::collections::BTreeMap;

use auditmesh_event::{Entry, Event, Sequencer};
use auditmesh_types::{Batch, Batcher, EventId, Kind, MemberId, Millis, Zone};
use proptest::prelude::*;

fn event(zone: u8, node: u8, sequence: u64, time: u64) -> Event {
    Event {
        id: EventId::new(format!("{zone}-{node}-{sequence}")).unwrap(),
        zone: Zone::new(format!("Z{zone}")).unwrap(),
        node: MemberId::new(format!("N{node}")).unwrap(),
        sequence,
        time: Millis(time),
        kind: Kind::new("event").unwrap(),
        salt: [0; 32],
        payload: Vec::new(),
    }
}

/// Sources of a few events each, with times that collide and go back, and some numbers missing; in any order.
fn arrivals() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    let times = prop::collection::vec(prop::option::weighted(0.9, 0u64..12), 0..8);
    prop::collection::btree_map((0u8..3, 0u8..3), times, 0..6).prop_flat_map(|sources| {
        let mut events = Vec::new();
        for ((zone, node), times) in sources {
            for (at, time) in times.into_iter().enumerate() {
                events.extend(time.map(|time| event(zone, node, at as u64 + 1, time)));
            }
        }
        (Just(events.clone()).prop_shuffle(), Just(events).prop_shuffle())
    })
}

/// The order by its definition: the running maximum along every source up to its first gap, then one sort.
fn reference(events: &[Event]) -> Vec<Event> {
    let mut sources: BTreeMap<(Zone, MemberId), Vec<&Event>> = BTreeMap::new();
    for event in events {
        sources.entry((event.zone.clone(), event.node.clone())).or_default().push(event);
    }
    let mut keyed = Vec::new();
    for events in sources.values_mut() {
        events.sort_by_key(|event| event.sequence);
        for at in 0..events.len() {
            if events[at].sequence != at as u64 + 1 {
                break;
            }
            let time = events[..=at].iter().map(|event| event.time).max().unwrap();
            let place = (events[at].zone.clone(), events[at].node.clone(), events[at].sequence);
            keyed.push(((time, place), events[at].clone()));
        }
    }
    keyed.sort_by(|left, right| left.0.cmp(&right.0));
    keyed.into_iter().map(|(_, event)| event).collect()
}

fn sequencer(events: &[Event]) -> Sequencer {
    let mut sequencer = Sequencer::new();
    events.iter().for_each(|event| sequencer.push(event.clone()).unwrap());
    sequencer
}

fn batches(mut sequencer: Sequencer, limit: usize) -> Vec<Batch> {
    std::iter::from_fn(|| sequencer.seal(limit)).collect()
}

fn batch(events: &[Event]) -> Batch {
    let records = events.iter().map(|event| event.record().unwrap()).collect();
    Batch { records, newest: events.iter().map(|event| event.time).max().unwrap_or_default() }
}

proptest! {
    #[test]
    fn batches_are_those_of_the_reference((one, other) in arrivals(), limit in 1usize..9) {
        let expected: Vec<Batch> = reference(&one).chunks(limit).map(batch).collect();
        prop_assert_eq!(&batches(sequencer(&one), limit), &expected);
        prop_assert_eq!(&batches(sequencer(&other), limit), &expected);
    }

    #[test]
    fn numbers_ascend_by_one_within_and_over_batches((one, _) in arrivals(), limits in prop::collection::vec(1usize..6, 1..9)) {
        // Arrival and sealing alternate here, so that batches depend on it; the numbers must not.
        let mut sequencer = Sequencer::new();
        let mut next: BTreeMap<(Zone, MemberId), u64> = BTreeMap::new();
        let mut sealed = 0;
        for (at, event) in one.iter().enumerate() {
            sequencer.push(event.clone()).unwrap();
            let ready = sequencer.ready();
            let limit = limits[at % limits.len()];
            let batch = sequencer.seal(limit).unwrap_or_default();
            prop_assert_eq!(batch.records.len(), ready.min(limit));
            for record in &batch.records {
                let entry = Entry::decode(&record.entry).unwrap();
                prop_assert_eq!(entry.node(), &record.member);
                let next = next.entry((entry.zone().clone(), entry.node().clone())).or_insert(1);
                prop_assert_eq!(entry.sequence(), *next);
                *next += 1;
            }
            sealed += batch.records.len();
            prop_assert_eq!(sealed + sequencer.depth(), at + 1);
        }
    }

    #[test]
    fn gaps_are_exactly_the_missing_numbers((one, _) in arrivals()) {
        let sequencer = sequencer(&one);
        let mut missing = Vec::new();
        for gap in sequencer.gaps() {
            prop_assert!(gap.missing_from <= gap.missing_to);
            missing.extend((gap.missing_from..=gap.missing_to).map(|n| (gap.zone.clone(), gap.node.clone(), n)));
        }
        let mut last: BTreeMap<(Zone, MemberId), Vec<u64>> = BTreeMap::new();
        for event in &one {
            last.entry((event.zone.clone(), event.node.clone())).or_default().push(event.sequence);
        }
        let mut expected = Vec::new();
        for ((zone, node), numbers) in last {
            let end = numbers.iter().copied().max().unwrap_or_default();
            let absent = (1..end).filter(|n| !numbers.contains(n));
            expected.extend(absent.map(|n| (zone.clone(), node.clone(), n)));
        }
        prop_assert_eq!(sequencer.check_gaps().is_ok(), expected.is_empty());
        prop_assert_eq!(missing, expected);
    }
}
