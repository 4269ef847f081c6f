//! Whoever contradicts itself is accused at once, whatever brings the second statement.

use std::sync::Arc;

use auditmesh_bft::{
    Candidate, Certificate, Decided, Effect, Engine, Height, Input, Intake, Justification, Message, Offence,
    Phase, Prepared, Proposal, Says, Signature, Signed, Spread, Statement, ValidatorIndex, Value, View,
    ViewChange,
};
use auditmesh_conformance::Trusting;
use auditmesh_types::{Authority, Millis};

use crate::table::{Table, set, settings};

/// Who lies; it proposes in view 2 of height 1, and the engine is that of member 0.
const LIAR: u16 = 3;

fn value(name: &str) -> Value {
    Value::new(name.as_bytes()).unwrap()
}

fn signature(by: u16) -> Signature {
    Signature(Arc::from(by.to_be_bytes()))
}

fn signed(by: u16, height: u64, view: u64, says: Says) -> Signed {
    let statement = Statement { height: Height(height), view: View(view), says };
    Signed { by: ValidatorIndex(by), statement, signature: signature(by) }
}

fn says(phase: Phase, name: &str) -> Says {
    Says::Vote(phase, value(name).id())
}

fn prepare(by: u16, height: u64, view: u64, name: &str) -> Signed {
    signed(by, height, view, says(Phase::Prepare, name))
}

fn commit(by: u16, height: u64, view: u64, name: &str) -> Signed {
    signed(by, height, view, says(Phase::Commit, name))
}

/// A request that names nothing as prepared.
fn ask(by: u16, height: u64, view: u64) -> Signed {
    signed(by, height, view, Says::ViewChange { prepared: None })
}

fn change(ask: Signed) -> Message {
    Message::ViewChange(ViewChange { ask, prepared: None })
}

/// What `by` of them say of one value, joined.
fn certificate(phase: Phase, height: u64, view: u64, name: &str, by: &[u16]) -> Certificate {
    let signatures = by.iter().map(|by| (ValidatorIndex(*by), signature(*by)));
    let (height, view) = (Height(height), View(view));
    Certificate { height, view, phase, value: value(name).id(), signatures: signatures.collect() }
}

fn candidate(name: &str, lineage: Vec<Arc<Justification>>) -> Arc<Candidate> {
    Arc::new(Candidate { value: value(name), lineage })
}

/// A request for `view` that names what was prepared in view 0.
fn ask_with(by: u16, view: u64, name: &str, voters: &[u16]) -> Message {
    let prepared = Some((View(0), value(name).id()));
    let certificate = certificate(Phase::Prepare, 1, 0, name, voters);
    let prepared_value = Some(Prepared { certificate, candidate: candidate(name, Vec::new()) });
    Message::ViewChange(ViewChange {
        ask: signed(by, 1, view, Says::ViewChange { prepared }),
        prepared: prepared_value,
    })
}

/// A proposal of `by` in `view` that those who ask for it name nothing against.
fn proposal(by: u16, height: u64, view: u64, name: &str, asked: &[u16]) -> Message {
    let asks: Vec<Signed> = asked.iter().map(|by| ask(*by, height, view)).collect();
    let lineage = (view > 0).then(|| Arc::new(Justification { view: View(view), asks, highest: None }));
    let candidate = candidate(name, lineage.into_iter().collect());
    Message::Proposal(Proposal { candidate, prepare: prepare(by, height, view, name) })
}

/// Member 0 of four at height 1, started.
fn engine() -> Engine {
    let mut engine = Engine::new(settings(0, Spread::AllToAll), Height(0), set(4), set(4));
    engine.step(Millis(0), Input::Start);
    engine.step(Millis(0), Input::Persisted(auditmesh_bft::RecordId(0)));
    engine
}

fn accused(effects: Vec<Effect>) -> Vec<(u16, Offence)> {
    let evidence = effects.into_iter().filter_map(|effect| match effect {
        Effect::Accuse(evidence) => Some((evidence.culprit().0, evidence.offence())),
        _ => None,
    });
    evidence.collect()
}

fn hear(engine: &mut Engine, message: Message) -> Vec<(u16, Offence)> {
    let message = Trusting.verify(message).unwrap();
    accused(engine.step(Millis(0), Input::Message(message)))
}

/// What it accuses of after the second message; after the first, and when the second comes again, of nothing.
fn after(engine: &mut Engine, first: Message, second: Message) -> Vec<(u16, Offence)> {
    assert_eq!(hear(engine, first), []);
    let found = hear(engine, second.clone());
    assert_eq!(hear(engine, second), [], "told once");
    found
}

#[test]
fn each_offence_is_seen_whichever_statement_comes_first() {
    let (vote, by) = (Message::Vote, LIAR);
    let named = || ask_with(by, 1, "x", &[0, 1, 2]);
    for (a, b, offence) in [
        (vote(prepare(by, 1, 0, "x")), vote(prepare(by, 1, 0, "y")), Offence::Equivocation),
        (vote(commit(by, 1, 0, "x")), vote(commit(by, 1, 0, "y")), Offence::Equivocation),
        (change(ask(by, 1, 1)), named(), Offence::Equivocation),
        (vote(prepare(by, 1, 0, "x")), vote(commit(by, 1, 0, "y")), Offence::Contradiction),
        (vote(commit(by, 1, 0, "x")), change(ask(by, 1, 1)), Offence::Amnesia),
        (vote(commit(by, 1, 0, "y")), named(), Offence::Amnesia),
        (vote(prepare(by, 1, 2, "x")), proposal(by, 1, 2, "y", &[0, 1, 2]), Offence::Equivocation),
        (vote(commit(by, 1, 2, "x")), proposal(by, 1, 2, "y", &[0, 1, 2]), Offence::Contradiction),
    ] {
        assert_eq!(after(&mut engine(), a.clone(), b.clone()), [(by, offence)], "{a:?} {b:?}");
        assert_eq!(after(&mut engine(), b.clone(), a.clone()), [(by, offence)], "{b:?} {a:?}");
    }
}

#[test]
fn a_hidden_commit_is_seen_below_a_later_one_that_is_not_hidden() {
    let mut engine = engine();
    assert_eq!(hear(&mut engine, Message::Vote(commit(LIAR, 1, 0, "x"))), []);
    assert_eq!(hear(&mut engine, Message::Vote(commit(LIAR, 1, 2, "y"))), []);
    assert_eq!(hear(&mut engine, change(ask(LIAR, 1, 1))), [(LIAR, Offence::Amnesia)]);
}

#[test]
fn two_prepared_certificates_accuse_those_who_stand_in_both() {
    let (one, other) = (ask_with(1, 1, "x", &[1, 2, LIAR]), ask_with(2, 1, "y", &[0, 2, LIAR]));
    let mut found = after(&mut engine(), one, other);
    found.sort_by_key(|(by, _)| *by);
    assert_eq!(found, [(2, Offence::Equivocation), (LIAR, Offence::Equivocation)]);
}

#[test]
fn what_a_proposal_shows_is_compared_as_well() {
    let committed = Message::Vote(commit(LIAR, 1, 0, "x"));
    let shows = proposal(2, 1, 1, "y", &[1, 2, LIAR]);
    assert_eq!(after(&mut engine(), committed, shows), [(LIAR, Offence::Amnesia)]);
}

#[test]
fn a_decision_that_is_fetched_is_compared_as_well() {
    let mut engine = engine();
    assert_eq!(hear(&mut engine, Message::Vote(prepare(LIAR, 1, 0, "x"))), []);
    let certificate = certificate(Phase::Commit, 1, 0, "y", &[1, 2, LIAR]);
    let decided = Decided { certificate, candidate: candidate("y", Vec::new()) };
    let decided = Trusting.verify(decided).unwrap();
    let effects = engine.step(Millis(0), Input::Synced(decided));
    assert_eq!(accused(effects), [(LIAR, Offence::Contradiction)]);
}

#[test]
fn the_next_height_and_the_one_before_are_watched_as_well() {
    for height in [1, 3] {
        let (by, vote) = (LIAR, Message::Vote);
        for (a, b, offence) in [
            (vote(prepare(by, height, 0, "x")), vote(prepare(by, height, 0, "y")), Offence::Equivocation),
            (vote(prepare(by, height, 0, "x")), vote(commit(by, height, 0, "y")), Offence::Contradiction),
            (vote(commit(by, height, 0, "x")), change(ask(by, height, 1)), Offence::Amnesia),
            (
                vote(commit(by, height, 0, "x")),
                Message::Certificate(certificate(Phase::Commit, height, 0, "y", &[1, 2, by])),
                Offence::Equivocation,
            ),
        ] {
            let at_two = || {
                let mut engine = engine();
                let certificate = certificate(Phase::Commit, 1, 1, "decided", &[0, 1, 2]);
                let decided = Decided { certificate, candidate: candidate("decided", Vec::new()) };
                engine.step(Millis(0), Input::Synced(Trusting.verify(decided).unwrap()));
                engine.step(Millis(0), Input::Applied { height: Height(1), set: set(4) });
                assert_eq!(engine.height(), Height(2));
                engine
            };
            assert_eq!(after(&mut at_two(), a.clone(), b.clone()), [(by, offence)], "{a:?} {b:?}");
            assert_eq!(after(&mut at_two(), b.clone(), a.clone()), [(by, offence)], "{b:?} {a:?}");
        }
    }
}

#[test]
fn whoever_was_accused_early_is_not_accused_again_when_the_height_begins() {
    let mut engine = engine();
    let (x, y) = (Message::Vote(prepare(LIAR, 2, 0, "x")), Message::Vote(prepare(LIAR, 2, 0, "y")));
    assert_eq!(after(&mut engine, x, y.clone()), [(LIAR, Offence::Equivocation)]);
    let decided = Decided {
        certificate: certificate(Phase::Commit, 1, 0, "decided", &[0, 1, 2]),
        candidate: candidate("decided", Vec::new()),
    };
    engine.step(Millis(0), Input::Synced(Trusting.verify(decided).unwrap()));
    assert_eq!(accused(engine.step(Millis(0), Input::Applied { height: Height(1), set: set(4) })), []);
    assert_eq!(hear(&mut engine, y), []);
}

/// A member of seven at which a quorum has prepared and committed, and the value that did not wait for the liar of the seven.
fn decided() -> (Table, String, u16) {
    let mut table = Table::new(7, Spread::AllToAll, 1);
    let value = String::from_utf8(table.proposed().bytes().to_vec()).unwrap();
    let liar = 6;
    // Nothing of the liar's arrives.
    while let Some((to, message)) = table.wire.pop_front() {
        if message.by() != Some(ValidatorIndex(liar)) {
            let verified = Trusting.verify(message).unwrap();
            table.step(to, Input::Message(verified));
        }
    }
    assert_eq!(table.decided[0].len(), 1);
    (table, value, liar)
}

/// What is accused when the messages come through an [`Intake`], and how many of them were checked.
fn through(table: &mut Table, messages: [Message; 2]) -> (Vec<(u16, Offence)>, usize) {
    let (mut intake, mut found, mut checked) = (Intake::default(), Vec::new(), 0);
    for message in messages {
        for message in intake.offer(&table.engines[0], message) {
            checked += 1;
            found.extend(hear(&mut table.engines[0], message));
        }
    }
    assert!(intake.is_empty(), "what was checked is not set aside");
    (found, checked)
}

#[test]
fn surplus_votes_are_compared_across_phases_and_with_requests() {
    let (_, value, by) = decided();
    let vote = Message::Vote;
    let surplus_prepare = || vote(prepare(by, 1, 0, &value));
    let surplus_commit = || vote(commit(by, 1, 0, &value));
    for (a, b, offence) in [
        (surplus_prepare(), vote(commit(by, 1, 0, "other")), Offence::Contradiction),
        (vote(prepare(by, 1, 0, "other")), surplus_commit(), Offence::Contradiction),
        (surplus_commit(), change(ask(by, 1, 1)), Offence::Amnesia),
    ] {
        let (mut table, ..) = decided();
        assert_eq!(through(&mut table, [a.clone(), b.clone()]), (vec![(by, offence)], 2), "{a:?} {b:?}");
    }
    let (mut table, ..) = decided();
    let mut intake = Intake::default();
    let engine = &mut table.engines[0];
    for surplus in [surplus_prepare(), surplus_commit()] {
        assert_eq!(intake.offer(engine, surplus), [], "nothing against it: not checked");
    }
    assert_eq!(intake.len(), 2);
}

#[test]
fn a_surplus_vote_against_what_the_engine_holds_is_checked() {
    let (mut table, value, _) = decided();
    let known = 1;
    let (found, checked) = through(
        &mut table,
        [Message::Vote(prepare(known, 1, 0, &value)), Message::Vote(commit(known, 1, 0, "other"))],
    );
    assert_eq!((found.len(), checked), (1, 1), "the first is known, the second convicts");
    let again = Intake::default().offer(&table.engines[0], Message::Vote(prepare(known, 1, 0, "third")));
    assert_eq!(again, [], "who is accused is not checked for more");
}
