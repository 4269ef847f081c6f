//! What the sequencer refuses, and why; gaps, limits, restarts.
#![allow(clippy::unwrap_used, reason = "a test may panic, and its numbers are small")]

use auditmesh_event::{Error, Event, Gap, Position, Sequencer};
use auditmesh_types::{Batch, Batcher, EventId, Kind, MemberId, Millis, Zone};

fn zone(name: &str) -> Zone {
    Zone::new(name).unwrap()
}

fn node(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

/// Event `sequence` of `EU-1` or another node of the zone `EU`.
fn event(name: &str, sequence: u64, time: u64) -> Event {
    Event {
        id: EventId::new(format!("{name}/{sequence}")).unwrap(),
        zone: zone("EU"),
        node: node(name),
        sequence,
        time: Millis(time),
        kind: Kind::new("event").unwrap(),
        salt: [0; 32],
        payload: b"{}".to_vec(),
    }
}

fn ids(batch: Option<Batch>) -> Vec<String> {
    batch.map(|batch| batch.records.iter().map(|record| record.id.to_string()).collect()).unwrap_or_default()
}

fn repeated(sequence: u64) -> Error {
    Error::PeerSequenceRepeated { zone: zone("EU"), node: node("EU-1"), sequence }
}

/// Pushes what must be refused, and checks that it left no trace.
fn refuse(sequencer: &mut Sequencer, event: Event, reason: Error) {
    let before = format!("{sequencer:?}");
    assert_eq!(sequencer.push(event), Err(reason));
    assert_eq!(format!("{sequencer:?}"), before);
}

#[test]
fn an_event_enters_with_its_entry_only() {
    let mut sequencer = Sequencer::new();
    let first = Event { payload: b"a payload to look for".to_vec(), ..event("EU-1", 1, 7) };
    sequencer.push(first.clone()).unwrap();
    assert_eq!((sequencer.depth(), sequencer.ready()), (1, 1));
    let batch = sequencer.seal(10).unwrap();
    assert_eq!(batch.newest, Millis(7));
    assert_eq!(batch.records, [first.record().unwrap()]);
    assert!(!batch.records[0].entry.windows(7).any(|part| part == b"payload"));
    assert_eq!((sequencer.depth(), sequencer.seal(10)), (0, None));
}

#[test]
fn refuses_what_breaks_a_limit() {
    let mut sequencer = Sequencer::new();
    let large = Event { payload: vec![0; 524_289], ..event("EU-1", 1, 7) };
    refuse(&mut sequencer, large, Error::PeerPayloadTooLarge { got: 524_289, allowed: 524_288 });
    let late = event("EU-1", 1, Event::MAX_TIME.0 + 1);
    let reason = Error::PeerTimeTooLate { got: late.time, allowed: Event::MAX_TIME };
    refuse(&mut sequencer, late, reason);
    sequencer.set_not_after(Some(Millis(100)));
    let reason = Error::PeerTimeInFuture { got: Millis(101), allowed: Millis(100) };
    refuse(&mut sequencer, event("EU-1", 1, 101), reason);
    assert_eq!(sequencer.push(event("EU-1", 1, 100)), Ok(()));
    sequencer.set_not_after(None);
    assert_eq!(sequencer.push(event("EU-1", 2, 101)), Ok(()));
}

#[test]
fn refuses_unknown_sources_once_members_are_declared() {
    let mut sequencer = Sequencer::new().with_members([(zone("EU"), node("EU-1"))]);
    let reason = |zone, node| Error::PeerUnknownMember { zone, node };
    refuse(&mut sequencer, event("EU-2", 1, 7), reason(zone("EU"), node("EU-2")));
    let elsewhere = Event { zone: zone("US"), ..event("EU-1", 1, 7) };
    refuse(&mut sequencer, elsewhere, reason(zone("US"), node("EU-1")));
    let position = Position { zone: zone("EU"), node: node("EU-2"), sealed: 3, clock: Millis(0) };
    assert_eq!(sequencer.resume(position), Err(reason(zone("EU"), node("EU-2"))));
    assert_eq!(sequencer.push(event("EU-1", 1, 7)), Ok(()));
}

#[test]
fn refuses_a_number_twice_waiting_or_sealed() {
    let mut sequencer = Sequencer::new();
    for sequence in [1, 2, 5] {
        sequencer.push(event("EU-1", sequence, 7)).unwrap();
    }
    let again = |sequence| Event { id: EventId::new("other").unwrap(), ..event("EU-1", sequence, 8) };
    refuse(&mut sequencer, again(2), repeated(2));
    refuse(&mut sequencer, again(5), repeated(5));
    sequencer.seal(10).unwrap();
    refuse(&mut sequencer, again(1), repeated(1));
    refuse(&mut sequencer, again(2), repeated(2));
    assert_eq!(sequencer.push(event("EU-1", 3, 7)), Ok(()));
}

#[test]
fn refuses_a_number_before_the_first() {
    let below =
        |got, start| Error::PeerSequenceBeforeStart { zone: zone("EU"), node: node("EU-1"), got, start };
    let mut sequencer = Sequencer::new();
    refuse(&mut sequencer, event("EU-1", 0, 7), below(0, 1));
    sequencer.push(event("EU-1", 1, 7)).unwrap();
    refuse(&mut sequencer, event("EU-1", 0, 7), below(0, 1));
    let mut sequencer = Sequencer::new().with_start(0);
    assert_eq!(sequencer.push(event("EU-1", 0, 7)), Ok(()));
    let mut sequencer = Sequencer::new().with_start(10);
    refuse(&mut sequencer, event("EU-1", 9, 7), below(9, 10));
    sequencer.push(event("EU-1", 10, 7)).unwrap();
    assert_eq!(ids(sequencer.seal(9)), ["EU-1/10"]);
}

#[test]
fn refuses_an_id_twice_as_long_as_it_is_remembered() {
    let mut sequencer = Sequencer::new().with_remembered_ids(1);
    sequencer.push(event("EU-1", 1, 7)).unwrap();
    let copy = |name: &str, of: &str| Event { id: EventId::new(of).unwrap(), ..event(name, 1, 8) };
    let reason = |of: &str| Error::PeerIdRepeated { id: EventId::new(of).unwrap() };
    refuse(&mut sequencer, copy("EU-2", "EU-1/1"), reason("EU-1/1"));
    sequencer.seal(1).unwrap();
    refuse(&mut sequencer, copy("EU-2", "EU-1/1"), reason("EU-1/1"));
    sequencer.push(event("EU-1", 2, 7)).unwrap();
    sequencer.push(event("EU-1", 4, 7)).unwrap();
    sequencer.seal(1).unwrap();
    refuse(&mut sequencer, copy("EU-2", "EU-1/2"), reason("EU-1/2"));
    refuse(&mut sequencer, copy("EU-2", "EU-1/4"), reason("EU-1/4"));
    assert_eq!(sequencer.push(copy("EU-2", "EU-1/1")), Ok(()), "the oldest sealed is forgotten");
}

#[test]
fn gaps_hold_back_what_is_behind_them() {
    let mut sequencer = Sequencer::new();
    for sequence in [9, 1, 4, 2, 5] {
        sequencer.push(event("EU-1", sequence, sequence)).unwrap();
    }
    sequencer.push(event("EU-2", 2, 1)).unwrap();
    sequencer.push(event("EU-3", 1, 1)).unwrap();
    let gap = |name: &str, missing_from, missing_to| Gap {
        zone: zone("EU"),
        node: node(name),
        missing_from,
        missing_to,
    };
    let gaps = [gap("EU-1", 3, 3), gap("EU-1", 6, 8), gap("EU-2", 1, 1)];
    assert_eq!(sequencer.gaps(), gaps);
    let reason =
        |name, expected, got| Error::PeerSequenceGap { zone: zone("EU"), node: node(name), expected, got };
    assert_eq!(sequencer.check_gaps(), Err(reason("EU-1", 3, 4)));
    assert_eq!((sequencer.depth(), sequencer.ready()), (7, 3));
    assert_eq!(ids(sequencer.seal(100)), ["EU-1/1", "EU-3/1", "EU-1/2"]);
    assert_eq!(sequencer.seal(100), None);
    assert_eq!(sequencer.gaps(), gaps);
    sequencer.push(event("EU-1", 3, 3)).unwrap();
    assert_eq!(sequencer.check_gaps(), Err(reason("EU-1", 6, 9)));
    assert_eq!(ids(sequencer.seal(100)), ["EU-1/3", "EU-1/4", "EU-1/5"]);
    for (name, sequence) in [("EU-2", 1), ("EU-1", 7), ("EU-1", 6), ("EU-1", 8)] {
        sequencer.push(event(name, sequence, sequence)).unwrap();
    }
    assert_eq!((sequencer.check_gaps(), sequencer.gaps()), (Ok(()), vec![]));
    assert_eq!(sequencer.ready(), sequencer.depth());
}

#[test]
fn gaps_can_be_refused_at_once() {
    let reason =
        |expected, got| Error::PeerSequenceGap { zone: zone("EU"), node: node("EU-1"), expected, got };
    let mut sequencer = Sequencer::new().refusing_gaps();
    refuse(&mut sequencer, event("EU-1", 2, 7), reason(1, 2));
    sequencer.push(event("EU-1", 1, 7)).unwrap();
    refuse(&mut sequencer, event("EU-1", 3, 7), reason(2, 3));
    refuse(&mut sequencer, event("EU-1", 1, 7), repeated(1));
    sequencer.seal(1).unwrap();
    refuse(&mut sequencer, event("EU-1", 9, 7), reason(2, 9));
    assert_eq!(sequencer.push(event("EU-1", 2, 7)), Ok(()));
}

#[test]
fn a_full_queue_takes_only_what_empties_it() {
    let full = |got| Error::LocalQueueFull { got, allowed: 2 };
    let mut sequencer = Sequencer::new().with_queue_limit(2);
    sequencer.push(event("EU-1", 2, 7)).unwrap();
    sequencer.push(event("EU-1", 4, 7)).unwrap();
    refuse(&mut sequencer, event("EU-1", 3, 7), full(2));
    refuse(&mut sequencer, event("EU-2", 2, 7), full(2));
    assert_eq!(sequencer.push(event("EU-1", 1, 7)), Ok(()), "it fills the gap in front");
    refuse(&mut sequencer, event("EU-2", 1, 7), full(3));
    refuse(&mut sequencer, event("EU-1", 3, 7), full(3));
    assert_eq!(ids(sequencer.seal(10)), ["EU-1/1", "EU-1/2"]);
    assert_eq!(sequencer.push(event("EU-1", 3, 7)), Ok(()));
    refuse(&mut sequencer, event("EU-2", 1, 7), full(2));
}

#[test]
fn times_are_made_monotone_along_each_source() {
    let mut sequencer = Sequencer::new();
    for (name, sequence, time) in [("EU-2", 1, 5), ("EU-1", 1, 9), ("EU-1", 2, 3), ("EU-2", 2, 10)] {
        sequencer.push(event(name, sequence, time)).unwrap();
    }
    let batch = sequencer.seal(3).unwrap();
    assert_eq!(batch.newest, Millis(9));
    assert_eq!(ids(Some(batch)), ["EU-2/1", "EU-1/1", "EU-1/2"]);
    // The running maximum goes on over batches: number 3 counts as of 9 and stands before EU-2/2, which is of 10.
    sequencer.push(event("EU-1", 3, 0)).unwrap();
    let batch = sequencer.seal(10).unwrap();
    assert_eq!(batch.newest, Millis(10));
    assert_eq!(ids(Some(batch)), ["EU-1/3", "EU-2/2"]);
}

#[test]
fn goes_on_after_a_restart() {
    let mut before = Sequencer::new();
    for (name, sequence, time) in [("EU-1", 1, 9), ("EU-1", 2, 3), ("EU-2", 2, 1)] {
        before.push(event(name, sequence, time)).unwrap();
    }
    before.seal(10).unwrap();
    let position = Position { zone: zone("EU"), node: node("EU-1"), sealed: 2, clock: Millis(9) };
    assert_eq!(before.positions(), std::slice::from_ref(&position));
    let mut after = Sequencer::new();
    after.resume(position.clone()).unwrap();
    assert_eq!(after.positions(), std::slice::from_ref(&position));
    let started = Error::MisuseSourceStarted { zone: zone("EU"), node: node("EU-1") };
    assert_eq!(after.resume(position), Err(started));
    refuse(&mut after, event("EU-1", 2, 3), repeated(2));
    for (name, sequence, time) in [("EU-1", 3, 0), ("EU-2", 1, 8)] {
        after.push(event(name, sequence, time)).unwrap();
    }
    assert_eq!(ids(after.seal(10)), ["EU-2/1", "EU-1/3"]);
}

#[test]
fn the_last_number_has_no_successor() {
    let last = u64::MAX;
    let mut sequencer = Sequencer::new().with_start(last - 1);
    sequencer.push(event("EU-1", last, 7)).unwrap();
    assert_eq!(sequencer.gaps().len(), 1);
    sequencer.push(event("EU-1", last - 1, 7)).unwrap();
    assert_eq!(sequencer.seal(10).unwrap().records.len(), 2);
    assert_eq!(sequencer.gaps(), []);
    refuse(&mut sequencer, Event { time: Millis(8), ..event("EU-1", last, 7) }, repeated(last));
    let mut resumed = Sequencer::new();
    resumed.resume(sequencer.positions().remove(0)).unwrap();
    assert_eq!(resumed.positions(), sequencer.positions());
    refuse(&mut resumed, event("EU-1", last, 7), repeated(last));
}

#[test]
fn a_limit_of_zero_seals_nothing() {
    let mut sequencer = Sequencer::new();
    sequencer.push(event("EU-1", 1, 7)).unwrap();
    assert_eq!((sequencer.seal(0), sequencer.depth()), (None, 1));
}
