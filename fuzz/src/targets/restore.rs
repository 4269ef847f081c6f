//! `bft::Engine::restore`: any list of records.

use std::sync::Arc;

use auditmesh_bft::{
    Effect, Engine, Error, Height, Input, Phase, Record, RecordId, Says, Settings, Statement, Timer,
    ValidatorSet, Value,
};
use auditmesh_conformance::Trusting;
use auditmesh_types::{Authority, Millis};

use super::{
    engine::{kind, settings},
    own_word::{OwnWord, contradict},
    script::{Script, signature},
    watched::{place, set},
};

/// `bft::Engine::{restore, snapshot}`: records are taken or refused for a reason that is so; an engine from a snapshot is like the one that
/// gave it, and begins alike; whatever it hears then does no harm. Input: whose engine, settings as of `bft_engine`, the height applied, how
/// many records, the records, then messages, decisions and answers.
pub(super) fn bft_restore(bytes: &[u8]) -> bool {
    let mut script = Script::new(bytes);
    let Some((settings, how)) = settings(&mut script) else { return false };
    let (Some(applied), Some(count)) = (script.byte(), script.byte()) else { return false };
    let Some(records) = (0..count % 32).map(|_| script.record()).collect::<Option<Vec<Record>>>() else {
        return false;
    };
    let height = Height(u64::from(applied % 4) + 1);
    let fresh = Fresh { settings, height, sets: [set(how >> 3), set(how >> 5)] };
    let mut first = fresh.engine();
    match first.restore(&records) {
        Ok(()) => {}
        Err(why) => {
            is_so(&why, &records, height);
            return false;
        }
    }
    assert!(records.iter().all(|record| record.height() <= height), "a record of a height to come is taken");
    let said = statements(&records, height);
    assert_eq!(contradicting(&said).next(), None, "they are taken: {said:?}");
    let snapshot = first.snapshot();
    let mut second = fresh.engine();
    assert_eq!(second.restore(&snapshot), Ok(()), "its own snapshot is refused");
    let own = is_own(&records, &first);
    assert!(!own || second.snapshot() == snapshot, "{:?} instead of {snapshot:?}", second.snapshot());
    let mut engines = [first, second];
    let begun = engines.each_mut().map(|engine| engine.step(Millis(0), Input::Start));
    let [one, two] = begun.each_ref().map(|effects| unnumbered(effects.clone()));
    assert!(!own || one == two, "an engine from a snapshot begins otherwise: {one:?} {two:?}");
    go_on(&mut engines, begun, own, &mut script);
    true
}

/// Who starts where.
struct Fresh {
    settings: Settings,
    height: Height,
    sets: [Arc<ValidatorSet>; 2],
}

impl Fresh {
    fn engine(&self) -> Engine {
        let [set, next_set] = self.sets.each_ref().map(Arc::clone);
        Engine::new(self.settings.clone(), Height(self.height.0 - 1), set, next_set)
    }
}

/// Whether the records are as a refusal says.
fn is_so(why: &Error, records: &[Record], height: Height) {
    match why {
        Error::LocalRecordAhead { got, height: at } => {
            assert_eq!((Some(*got), *at), (records.iter().map(Record::height).max(), height));
            assert!(*got > height);
        }
        Error::LocalRecordTwice { height: of, view } => {
            let said = statements(records, height);
            let first = contradicting(&said).next().map(|found| (found.height, found.view));
            assert_eq!(first, Some((*of, *view)), "{why}: {said:?}");
        }
        _ => panic!("{why:?}"),
    }
}

/// What the records of a height say, in order.
fn statements(records: &[Record], height: Height) -> Vec<Statement> {
    let said = records.iter().filter_map(|record| match record {
        Record::Said { statement, .. } => Some(*statement),
        Record::Height(_) | Record::Silent(_) => None,
    });
    said.filter(|statement| statement.height == height).collect()
}

/// Those that contradict one before them.
fn contradicting(said: &[Statement]) -> impl Iterator<Item = &Statement> {
    let earlier = |at: usize| said.iter().take(at);
    said.iter()
        .enumerate()
        .filter(move |(at, one)| earlier(*at).any(|before| contradict(before, one)))
        .map(|(_, one)| one)
}

/// Whether an engine may have written these records of its height: each statement after those before it, a PREPARE with its value,
/// a COMMIT with its reason, and with its value where that was not prepared.
fn is_own(records: &[Record], engine: &Engine) -> bool {
    let height = engine.height();
    let set = engine.set_of(height).expect("the current one");
    let mut word = OwnWord::default();
    records.iter().filter(|record| record.height() == height).all(|record| {
        let Record::Said { statement, candidate, certificate } = record else { return true };
        let Statement { view, says, .. } = *statement;
        let named = |value| candidate.as_ref().is_none_or(|it| it.value.id() == value);
        let prepared =
            |value| word.find(&Statement { says: Says::Vote(Phase::Prepare, value), ..*statement });
        let whole = match says {
            Says::Vote(Phase::Prepare, value) => candidate.is_some() && named(value) && certificate.is_none(),
            Says::Vote(Phase::Commit, value) => certificate.as_ref().is_some_and(|it| {
                let of = (it.phase, it.height, it.view, it.value) == (Phase::Prepare, height, view, value);
                of && it.check(set).is_ok()
                    && named(value)
                    && candidate.is_none() == prepared(value).is_some()
            }),
            Says::ViewChange { .. } => candidate.is_none() && certificate.is_none(),
        };
        let fits = whole && word.fault(statement).is_none();
        if fits {
            word.add(*statement);
        }
        fits
    })
}

/// Effects without the numbers of records, which are counted anew.
fn unnumbered(effects: Vec<Effect>) -> Vec<Effect> {
    let none = RecordId(0);
    let unnumbered = |effect| match effect {
        Effect::Persist(_, record) => Effect::Persist(none, record),
        Effect::Sign(_, statement) => Effect::Sign(none, statement),
        Effect::Send { to, message, after } => Effect::Send { to, message, after: after.map(|_| none) },
        other => other,
    };
    effects.into_iter().map(unnumbered).collect()
}

/// Lets both hear the same, and gives each the answers to what it asks.
fn go_on(engines: &mut [Engine; 2], begun: [Vec<Effect>; 2], alike: bool, script: &mut Script<'_>) {
    let mut pending = begun;
    for _ in 0..200 {
        script.here = place(&engines[0]);
        let Some(what) = script.byte() else { return };
        let heard = match what % 4 {
            0 => script.message().and_then(|message| Trusting.verify(message).ok()).map(Input::Message),
            1 => script.decided().and_then(|decided| Trusting.verify(decided).ok()).map(Input::Synced),
            2 => (|| {
                Some(Input::Timer(Timer {
                    kind: kind(script.byte()?),
                    height: script.height()?,
                    view: script.view()?,
                }))
            })(),
            _ => None,
        };
        let mut all = Vec::new();
        for (engine, pending) in engines.iter_mut().zip(&mut pending) {
            let inputs = match &heard {
                Some(heard) => vec![heard.clone()],
                None => core::mem::take(pending).into_iter().filter_map(answer).collect(),
            };
            let effects: Vec<Effect> =
                inputs.into_iter().flat_map(|input| engine.step(Millis(0), input)).collect();
            pending.extend(effects.iter().cloned());
            all.push(unnumbered(effects));
        }
        assert!(!alike || all[0] == all[1], "an engine from a snapshot goes on otherwise: {all:?}");
    }
}

fn answer(effect: Effect) -> Option<Input> {
    Some(match effect {
        Effect::Persist(id, _) => Input::Persisted(id),
        Effect::Sign(id, _) => Input::Signed(id, signature(0)),
        Effect::Judge { height, value } => Input::Judged { height, value: value.id(), accepted: true },
        Effect::Propose { height, view } => {
            Input::Proposed { height, view, value: Value::new(b"a".as_slice()).ok()? }
        }
        Effect::Decide(decided) => Input::Applied { height: decided.height(), set: set(0) },
        _ => return None,
    })
}
