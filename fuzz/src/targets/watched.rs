//! An ordering engine between a disk and a network that follow a script, and what must hold of it whatever they do.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use auditmesh_bft::{
    Effect, Engine, Error, Height, Input, Intake, Message, Phase, Record, RecordId, Says, SetAuthority,
    Settings, Signed, Statement, Timer, TimerKind, Validator, ValidatorIndex, ValidatorSet, ValueId, View,
};
use auditmesh_conformance::Trusting;
use auditmesh_types::{Authority, MemberId, Millis, Scheme, Verified};

use super::{
    order::{Any, origin},
    own_word::OwnWord,
    script::signature,
};

mod effects;

pub(super) use effects::place;

/// How many answers may wait.
const WAITING: usize = 256;

/// Validators `M-0` to `M-3`; `M-1` to `M-5` of different weights; `M-1` alone.
pub(super) fn set(choice: u8) -> Arc<ValidatorSet> {
    let (members, weights): (_, &[u64]) = match choice % 3 {
        0 => (0..4, &[1; 4]),
        1 => (1..6, &[2, 1, 1, 1, 1]),
        _ => (1..2, &[1]),
    };
    let validator = |(n, weight): (u8, &u64)| Validator { name: name(n), key: vec![n], weight: *weight };
    ValidatorSet::new(Scheme::Ed25519, members.zip(weights).map(validator).collect()).expect("a set")
}

pub(super) fn name(n: u8) -> MemberId {
    MemberId::new(format!("M-{n}")).expect("a name")
}

/// An engine, the answers it waits for, its disk, and all that it said.
pub(super) struct Watched {
    pub(super) engine: Engine,
    intake: Intake,
    /// Messages are not checked; else all but their signatures is.
    trusting: bool,
    pub(super) now: Millis,
    pub(super) pending: VecDeque<Effect>,
    pub(super) timers: BTreeMap<TimerKind, Timer>,
    disk: Vec<Record>,
    unwritten: Vec<(RecordId, Record)>,
    next_record: u64,
    word: OwnWord,
    /// What we put forward, or found fit.
    fit: BTreeSet<(Height, ValueId)>,
    accused: BTreeSet<(Height, ValidatorIndex)>,
    silent: BTreeSet<Height>,
    decided: Option<Height>,
    started: bool,
}

impl Watched {
    /// An engine that starts with nothing applied.
    pub(super) fn new(settings: Settings, sets: [Arc<ValidatorSet>; 2], trusting: bool) -> Self {
        let [set, next_set] = sets;
        Self {
            engine: Engine::new(settings, Height(0), set, next_set),
            intake: Intake::default(),
            trusting,
            now: Millis(0),
            pending: VecDeque::new(),
            timers: BTreeMap::new(),
            disk: Vec::new(),
            unwritten: Vec::new(),
            next_record: 0,
            word: OwnWord::default(),
            fit: BTreeSet::new(),
            accused: BTreeSet::new(),
            silent: BTreeSet::new(),
            decided: None,
            started: false,
        }
    }

    /// One input; what comes of it is watched.
    pub(super) fn step(&mut self, input: Input) {
        self.learn(&input);
        for effect in self.engine.step(self.now, input) {
            self.watch(&effect);
            match effect {
                Effect::SetTimer(timer, _) => drop(self.timers.insert(timer.kind, timer)),
                Effect::CancelTimer(kind) => drop(self.timers.remove(&kind)),
                Effect::Send { .. } | Effect::Accuse(_) | Effect::Fetch(_) | Effect::Amnesia(_) => {}
                _ => self.pending.push_back(effect),
            }
        }
        self.pending.truncate(WAITING);
        self.intake.forget(&self.engine);
        let members = [self.engine.height(), self.engine.height().next()];
        let members = members.map(|height| self.engine.set_of(height).map_or(0, |set| set.len()));
        let past =
            self.engine.height().0.checked_sub(1).and_then(|height| self.engine.set_of(Height(height)));
        let bound = 2 * 9 * (members[0] + past.map_or(0, |set| set.len()));
        assert!(self.intake.len() <= bound, "{} votes are set aside, at most {bound}", self.intake.len());
    }

    /// A message past the intake, or by way of it.
    pub(super) fn hear(&mut self, message: Message, offered: bool) {
        let messages =
            if offered { self.intake.offer(&self.engine, message.clone()) } else { vec![message.clone()] };
        assert!(messages.last().is_none_or(|last| *last == message), "another message comes last");
        for message in messages {
            let height = message.height();
            if let Some(verified) = self.verified(height, message) {
                let own = self.unknown_vote(&verified);
                self.step(Input::Message(verified));
                assert!(!own || self.silent.contains(&height), "it heard what it does not know it said");
            }
        }
    }

    /// Whether it is a vote of our own, of the current height, that was not recorded.
    fn unknown_vote(&self, message: &Message) -> bool {
        let Message::Vote(Signed { by, statement, .. }) = message else { return false };
        let me =
            self.engine.set_of(statement.height).and_then(|set| set.position(&self.engine.settings().name));
        let now = self.started && statement.height == self.engine.height() && statement.vote().is_some();
        now && Some(*by) == me && self.word.find(statement).is_none()
    }

    /// Everybody's votes for a value in the nine views around the current one, and those of some who are not there.
    pub(super) fn flood(&mut self, height: Height, value: ValueId) {
        let first = self.engine.view().0.saturating_sub(4);
        for place in 0..9 * 2 * 7 {
            let (view, phase) = (View(first.saturating_add(place / 14)), [Phase::Prepare, Phase::Commit]);
            let statement =
                Statement { height, view, says: Says::Vote(phase[usize::from(place % 2 > 0)], value) };
            let by = ValidatorIndex(u16::try_from(place / 2 % 7).expect("below 7"));
            self.hear(Message::Vote(Signed { by, statement, signature: signature(2) }), true);
        }
    }

    /// As [`Driver`](auditmesh_bft::Driver) does, under the set that the engine names.
    pub(super) fn verified<T>(&self, height: Height, what: T) -> Option<Verified<T>>
    where
        for<'a> SetAuthority<'a, Any>: Authority<T, Error = Error>,
    {
        if self.trusting {
            return Trusting.verify(what).ok();
        }
        let (origin, set) = (origin(), self.engine.set_of(height)?);
        SetAuthority::new(&origin, set, &Any).ok()?.verify(what).ok()
    }

    /// Gives the answer to an effect that waits, the way it should be.
    pub(super) fn answer(&mut self, which: usize, next_set: Arc<ValidatorSet>) {
        let which = which.checked_rem(self.pending.len()).and_then(|at| self.pending.remove(at));
        let input = match which {
            Some(Effect::Persist(id, _)) => Input::Persisted(id),
            Some(Effect::Sign(id, _)) => Input::Signed(id, signature(0)),
            Some(Effect::Propose { height, view }) => {
                let value = auditmesh_bft::Value::new(b"a".as_slice()).expect("a short value");
                Input::Proposed { height, view, value }
            }
            Some(Effect::Judge { height, value }) => {
                Input::Judged { height, value: value.id(), accepted: true }
            }
            Some(Effect::Decide(decided)) => Input::Applied { height: decided.height(), set: next_set },
            _ => return,
        };
        self.step(input);
    }

    /// The member ends, and begins again from its disk; `snapshot` takes the place of the records.
    pub(super) fn restart(&mut self, snapshot: bool) {
        let height = self.engine.height();
        let sets = [height, height.next()]
            .map(|height| Arc::clone(self.engine.set_of(height).expect("it knows both")));
        let [set, next_set] = sets;
        let applied = Height(height.0 - 1);
        let mut engine = Engine::new(self.engine.settings().clone(), applied, set, next_set);
        assert_eq!(engine.restore(&self.disk), Ok(()), "its own records are refused");
        self.word.crash();
        let said = |record: &Record| match record {
            Record::Said { statement, .. } => Some(*statement),
            Record::Height(_) | Record::Silent(_) => None,
        };
        let kept: Vec<_> = engine.snapshot().iter().filter_map(said).collect();
        assert_eq!(kept, self.word.of(height).collect::<Vec<_>>(), "it forgets, or says what it did not");
        if snapshot {
            self.disk = engine.snapshot();
            let mut again = Engine::new(
                engine.settings().clone(),
                applied,
                Arc::clone(engine.set_of(height).expect("its own")),
                Arc::clone(engine.set_of(height.next()).expect("the next")),
            );
            assert_eq!(again.restore(&self.disk), Ok(()), "its own snapshot is refused");
            engine = again;
        }
        self.next_record = self.disk.len() as u64;
        self.silent.retain(|height| self.disk.contains(&Record::Silent(*height)));
        (self.engine, self.intake, self.decided) = (engine, Intake::default(), None);
        self.started = false;
        self.accused.clear();
        self.unwritten.clear();
        self.pending.clear();
        self.timers.clear();
    }

    /// What an input tells us of disk and application.
    fn learn(&mut self, input: &Input) {
        match input {
            Input::Persisted(id) => {
                let (written, left): (Vec<_>, Vec<_>) =
                    core::mem::take(&mut self.unwritten).into_iter().partition(|(it, _)| it <= id);
                self.unwritten = left;
                for (_, record) in written {
                    if let Record::Said { statement, .. } = &record {
                        self.word.write(statement);
                    }
                    self.disk.push(record);
                }
            }
            Input::Judged { height, value, accepted: true } => drop(self.fit.insert((*height, *value))),
            Input::Proposed { height, value, .. } => drop(self.fit.insert((*height, value.id()))),
            Input::Start => self.started = true,
            _ => {}
        }
    }
}
