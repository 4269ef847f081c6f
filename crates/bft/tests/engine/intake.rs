use std::sync::Arc;

use auditmesh_bft::{
    Effect, Height, Input, Intake, Message, Phase, Says, Signature, Signed, Spread, Statement,
    ValidatorIndex, Value, View,
};
use auditmesh_conformance::Trusting;
use auditmesh_types::{Authority, Millis};

use crate::table::Table;

fn vote(by: u16, phase: Phase, value: &Value) -> Message {
    let statement = Statement { height: Height(1), view: View(0), says: Says::Vote(phase, value.id()) };
    Message::Vote(Signed { by: ValidatorIndex(by), statement, signature: Signature(Arc::from([1u8; 64])) })
}

/// A member of seven that has heard a quorum prepare, with the sixth PREPARE not yet offered.
fn quorum() -> (Table, Value) {
    let mut table = Table::new(7, Spread::AllToAll, 1);
    let value = table.proposed();
    while table.prepares(0) < 5 {
        table.deliver_one();
    }
    (table, value)
}

#[test]
fn a_vote_beyond_the_quorum_waits_until_it_is_said_again() {
    let (table, value) = quorum();
    let (engine, mut intake) = (&table.engines[0], Intake::default());
    let spare = (0..7).find(|by| table.vote_of(0, *by).is_none()).unwrap();
    assert_eq!(intake.offer(engine, vote(spare, Phase::Prepare, &value)), []);
    assert_eq!(intake.len(), 1);
    assert_eq!(
        intake.offer(engine, vote(spare, Phase::Prepare, &value)),
        [vote(spare, Phase::Prepare, &value)]
    );
    assert!(intake.is_empty());
}

#[test]
fn a_contradiction_to_a_vote_set_aside_brings_both_to_the_check() {
    let (mut table, value) = quorum();
    let other = Value::new(*b"other").unwrap();
    let spare = (0..7).find(|by| table.vote_of(0, *by).is_none()).unwrap();
    let mut intake = Intake::default();
    assert_eq!(intake.offer(&table.engines[0], vote(spare, Phase::Prepare, &value)), []);
    let both = intake.offer(&table.engines[0], vote(spare, Phase::Prepare, &other));
    assert_eq!(both, [vote(spare, Phase::Prepare, &value), vote(spare, Phase::Prepare, &other)]);
    let mut accused = Vec::new();
    for message in both {
        let input = Input::Message(Trusting.verify(message).unwrap());
        for effect in table.engines[0].step(Millis(0), input) {
            if let Effect::Accuse(evidence) = effect {
                accused.push(evidence.culprit());
            }
        }
    }
    assert_eq!(accused, [ValidatorIndex(spare)]);
}

#[test]
fn what_the_engine_cannot_use_is_dropped() {
    let (table, value) = quorum();
    let (engine, mut intake) = (&table.engines[0], Intake::default());
    let known = (0..7).find(|by| table.vote_of(0, *by).is_some()).unwrap();
    assert_eq!(intake.offer(engine, vote(known, Phase::Prepare, &value)), [], "known");
    assert_eq!(intake.offer(engine, vote(7, Phase::Prepare, &value)), [], "no such validator");
    for (height, view) in [(9, 0), (1, 5)] {
        let Message::Vote(mut far) = vote(1, Phase::Commit, &value) else { unreachable!() };
        (far.statement.height, far.statement.view) = (Height(height), View(view));
        assert_eq!(intake.offer(engine, Message::Vote(far)), [], "{height}/{view}");
    }
    assert!(intake.is_empty());
}
