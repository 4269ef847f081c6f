//! The suite of the role that the sequencer plays.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_event::{Event, Sequencer};
use auditmesh_types::{EventId, Kind, MemberId, Millis, Zone};

fn event(member: &MemberId, sequence: u64, time: Millis) -> Event {
    let (zone, _) = member.as_str().split_once('-').unwrap();
    Event {
        id: EventId::new(format!("{member}/{sequence}/{time}")).unwrap(),
        zone: Zone::new(zone).unwrap(),
        node: member.clone(),
        sequence,
        time,
        kind: Kind::new("event").unwrap(),
        salt: [0; 32],
        payload: Vec::new(),
    }
}

#[test]
fn the_sequencer_that_refuses_gaps_keeps_the_contract() {
    let members = ["APAC-1", "EU-1", "US-1"].map(|name| MemberId::new(name).unwrap());
    let sources = members.map(|node| {
        let first = event(&node, 1, Millis(0));
        (first.zone, first.node)
    });
    auditmesh_conformance::batcher(|| Sequencer::new().with_members(sources.clone()).refusing_gaps(), event);
}
