use std::sync::Arc;

use auditmesh_bft::{
    Effect, Engine, Error, Height, Input, Message, Phase, Record, RecordId, Says, Signature, Signed, Spread,
    Statement, ValidatorIndex, Value, View,
};
use auditmesh_conformance::Trusting;
use auditmesh_types::{Authority, Millis};

use crate::table::{Table, set, settings};

const NOW: Millis = Millis(0);

fn engine(n: usize, applied: Height) -> Engine {
    Engine::new(settings(n, Spread::AllToAll), applied, set(4), set(4))
}

fn signature() -> Signature {
    Signature(Arc::from([0u8; 64]))
}

/// What an engine is asked to sign.
fn signs(effects: &[Effect]) -> Vec<Statement> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Sign(_, statement) => Some(*statement),
            _ => None,
        })
        .collect()
}

fn records(effects: &[Effect]) -> Vec<(RecordId, Record)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Persist(id, record) => Some((*id, record.clone())),
            _ => None,
        })
        .collect()
}

fn sent(effects: &[Effect]) -> Vec<&Message> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send { message, .. } => Some(message),
            _ => None,
        })
        .collect()
}

fn vote(by: u16, phase: Phase, view: u64, value: &Value) -> Signed {
    let statement = Statement { height: Height(1), view: View(view), says: Says::Vote(phase, value.id()) };
    Signed { by: ValidatorIndex(by), statement, signature: signature() }
}

fn hear(engine: &mut Engine, message: Message) -> Vec<Effect> {
    engine.step(NOW, Input::Message(Trusting.verify(message).unwrap()))
}

/// The proposer of height 1, having proposed: its records so far, and what it signs.
fn proposer() -> (Engine, Value, Vec<Record>) {
    let mut engine = engine(1, Height(0));
    let mut kept: Vec<Record> =
        records(&engine.step(NOW, Input::Start)).into_iter().map(|(_, it)| it).collect();
    let value = Value::new(*b"a").unwrap();
    let proposed = Input::Proposed { height: Height(1), view: View(0), value: value.clone() };
    let effects = engine.step(NOW, proposed);
    kept.extend(records(&effects).into_iter().map(|(_, it)| it));
    assert_eq!(signs(&effects), [vote(1, Phase::Prepare, 0, &value).statement]);
    (engine, value, kept)
}

#[test]
fn nothing_is_said_before_it_is_on_disk_and_signed() {
    for disk_first in [false, true] {
        let (mut engine, _, _) = proposer();
        let (disk, key) = (Input::Persisted(RecordId(1)), Input::Signed(RecordId(1), signature()));
        let (first, second) = if disk_first { (disk, key) } else { (key, disk) };
        assert!(sent(&engine.step(NOW, first)).is_empty());
        let effects = engine.step(NOW, second);
        let [Effect::Send { message: Message::Proposal(_), after, .. }, ..] = effects.as_slice() else {
            panic!("{effects:?}");
        };
        assert_eq!(*after, Some(RecordId(1)));
    }
}

#[test]
fn a_restarted_proposer_says_the_same_again_and_nothing_else() {
    let (_, value, kept) = proposer();
    let mut again = engine(1, Height(0));
    again.restore(&kept).unwrap();
    assert_eq!(again.snapshot(), kept);
    let effects = again.step(NOW, Input::Start);
    assert_eq!(signs(&effects), [vote(1, Phase::Prepare, 0, &value).statement]);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Propose { .. })), "{effects:?}");
    let other = Value::new(*b"b").unwrap();
    assert_eq!(again.step(NOW, Input::Proposed { height: Height(1), view: View(0), value: other }), []);
    let id = records(&effects).last().map(|(id, _)| id.0).unwrap();
    assert_eq!(id, 2, "records are numbered on");
    let effects = again.step(NOW, Input::Signed(RecordId(1), signature()));
    assert!(matches!(sent(&effects)[..], [Message::Proposal(_)]));
}

#[test]
fn a_restarted_member_keeps_its_commit_and_its_request() {
    let mut member = engine(2, Height(0));
    let (_, value, proposed) = proposer();
    let mut kept = records(&member.step(NOW, Input::Start));
    let candidate = proposed.iter().find_map(|record| match record {
        Record::Said { candidate, .. } => candidate.clone(),
        Record::Height(_) | Record::Silent(_) => None,
    });
    let prepare = vote(1, Phase::Prepare, 0, &value);
    let proposal = auditmesh_bft::Proposal { candidate: candidate.unwrap(), prepare };
    hear(&mut member, Message::Proposal(proposal));
    let judged = Input::Judged { height: Height(1), value: value.id(), accepted: true };
    kept.extend(records(&member.step(NOW, judged)));
    for id in [1, 2] {
        member.step(NOW, Input::Signed(RecordId(id), signature()));
        kept.extend(records(&member.step(NOW, Input::Persisted(RecordId(id)))));
        kept.extend(records(&hear(&mut member, Message::Vote(vote(3, Phase::Prepare, 0, &value)))));
    }
    let timer =
        auditmesh_bft::Timer { kind: auditmesh_bft::TimerKind::View, height: Height(1), view: View(0) };
    let asked = member.step(NOW, Input::Timer(timer));
    kept.extend(records(&asked));
    let prepared = Some((View(0), value.id()));
    let says = Says::ViewChange { prepared };
    assert_eq!(signs(&asked), [Statement { height: Height(1), view: View(1), says }]);

    let mut again = engine(2, Height(0));
    let kept: Vec<Record> = kept.into_iter().map(|(_, record)| record).collect();
    again.restore(&kept).unwrap();
    let mut twice = engine(2, Height(0));
    twice.restore(&again.snapshot()).unwrap();
    for engine in [&mut again, &mut twice] {
        let signs = signs(&engine.step(NOW, Input::Start));
        assert_eq!(signs.last(), Some(&Statement { height: Height(1), view: View(1), says }));
        assert_eq!(signs.len(), 3, "its PREPARE, COMMIT and request: {signs:?}");
        let late = hear(engine, Message::Vote(vote(0, Phase::Prepare, 0, &value)));
        assert!(records(&late).is_empty(), "a view it left gets no more votes");
    }
}

#[test]
fn a_lost_tail_keeps_a_member_silent_for_a_height() {
    let mut behind = engine(1, Height(4));
    behind.restore(&[Record::Height(Height(3))]).unwrap();
    let effects = behind.step(NOW, Input::Start);
    assert!(signs(&effects).is_empty());
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Propose { .. })));
    let mut current = engine(1, Height(4));
    current.restore(&[Record::Height(Height(4))]).unwrap();
    // Height 5 is proposed by member 5 mod 4 = 1.
    let effects = current.step(NOW, Input::Start);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Propose { .. })));
}

/// Whoever catches up while its disk is slow would otherwise come back with records that end below what its application holds, and fall
/// silent for a tail that it never had.
#[test]
fn nothing_is_decided_before_it_is_on_disk_that_the_height_began() {
    let mut others = Table::new(4, Spread::AllToAll, 1);
    others.run();
    let decided = others.decided[0].remove(0);
    let mut behind = engine(1, Height(0));
    let began = records(&behind.step(NOW, Input::Start));
    let synced = Input::Synced(Trusting.verify(decided.clone()).unwrap());
    let hands_over = |effects: &[Effect]| effects.contains(&Effect::Decide(decided.clone()));
    assert!(!hands_over(&behind.step(NOW, synced.clone())));
    assert!(!hands_over(&behind.step(NOW, synced.clone())), "a second copy changes nothing");
    let [(id, Record::Height(Height(1)))] = began.as_slice() else { panic!("{began:?}") };
    assert!(hands_over(&behind.step(NOW, Input::Persisted(*id))));
    assert!(!hands_over(&behind.step(NOW, Input::Persisted(*id))), "once");

    let mut quick = engine(1, Height(0));
    quick.step(NOW, Input::Start);
    quick.step(NOW, Input::Persisted(*id));
    assert!(hands_over(&quick.step(NOW, synced)));
}

#[test]
fn silence_outlives_a_restart() {
    let mut behind = engine(1, Height(4));
    behind.restore(&[Record::Height(Height(3))]).unwrap();
    let kept =
        |effects: &[Effect]| records(effects).into_iter().map(|(_, record)| record).collect::<Vec<_>>();
    let began = kept(&behind.step(NOW, Input::Start));
    let mut forgetful = engine(1, Height(4));
    let mut shown = kept(&forgetful.step(NOW, Input::Start));
    let mut forgotten = vote(1, Phase::Commit, 0, &Value::new(*b"a").unwrap());
    forgotten.statement.height = Height(5);
    shown.extend(kept(&hear(&mut forgetful, Message::Vote(forgotten))));
    for kept in [behind.snapshot(), began, forgetful.snapshot(), shown] {
        assert!(kept.contains(&Record::Silent(Height(5))), "{kept:?}");
        for record in &kept {
            assert_eq!(Record::decode(&record.encode()).as_ref(), Ok(record));
        }
        let mut again = engine(1, Height(4));
        again.restore(&kept).unwrap();
        let mut twice = engine(1, Height(4));
        twice.restore(&again.snapshot()).unwrap();
        for engine in [&mut again, &mut twice] {
            // Height 5 is proposed by member 5 mod 4 = 1.
            let effects = engine.step(NOW, Input::Start);
            assert!(
                !effects.iter().any(|effect| matches!(effect, Effect::Propose { .. } | Effect::Sign(..)))
            );
        }
    }
}

#[test]
fn records_of_another_are_refused() {
    let ahead = engine(1, Height(4)).restore(&[Record::Height(Height(6))]);
    assert_eq!(ahead, Err(Error::LocalRecordAhead { got: Height(6), height: Height(5) }));
    let said = |statement| Record::Said { statement, candidate: None, certificate: None };
    let voted = |phase, bytes: &[u8]| said(vote(1, phase, 0, &Value::new(bytes).unwrap()).statement);
    let asked = |view| said(Statement { height: Height(1), view, says: Says::ViewChange { prepared: None } });
    for (first, second, view) in [
        (voted(Phase::Prepare, b"a"), voted(Phase::Prepare, b"b"), View(0)),
        (voted(Phase::Prepare, b"a"), voted(Phase::Commit, b"b"), View(0)),
        (voted(Phase::Commit, b"a"), asked(View(1)), View(1)),
    ] {
        let twice = engine(1, Height(0)).restore(&[first.clone(), second.clone()]);
        assert_eq!(twice, Err(Error::LocalRecordTwice { height: Height(1), view }), "{first:?} {second:?}");
        let back = engine(1, Height(0)).restore(&[second.clone(), first.clone()]);
        assert!(matches!(back, Err(Error::LocalRecordTwice { .. })), "{second:?} {first:?}: {back:?}");
    }
    let fit = [voted(Phase::Prepare, b"a"), voted(Phase::Commit, b"a"), voted(Phase::Prepare, b"a")];
    assert_eq!(engine(1, Height(0)).restore(&fit), Ok(()));
}

#[test]
fn ones_own_forgotten_vote_ends_ones_voting() {
    let mut member = engine(2, Height(0));
    member.step(NOW, Input::Start);
    let value = Value::new(*b"a").unwrap();
    let forgotten = vote(2, Phase::Commit, 0, &value);
    let effects = hear(&mut member, Message::Vote(forgotten.clone()));
    let [Effect::Persist(_, Record::Silent(Height(1))), Effect::Amnesia(seen)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(*seen, forgotten.statement);
    let timer =
        auditmesh_bft::Timer { kind: auditmesh_bft::TimerKind::View, height: Height(1), view: View(0) };
    assert_eq!(signs(&member.step(NOW, Input::Timer(timer))), []);
    assert_eq!(hear(&mut member, Message::Vote(forgotten)), [], "it is said once");
}
