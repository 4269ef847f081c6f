//! An engine with what surrounds it: records, keys and a toy application.

use std::{rc::Rc, sync::Arc};

use auditmesh_bft::{
    Decided, Effect, Engine, Evidence, Height, Input, Intake, Message, Recipients, Record, RecordId,
    Recovered, Statement, Timer, TimerKind, Value, ValueId, View,
};
use auditmesh_sim::{Action, Disk, Input as Happens, Node, Place, Random, tear};
use auditmesh_types::Millis;

use crate::{
    app::{self, App},
    federation::Federation,
    keys::{Key, Keyring},
    records::Records,
};

/// What travels.
#[derive(Debug)]
pub(crate) enum Wire {
    Order(Message),
    /// "What was decided at this height?"
    Fetch(Height),
    Have(Decided),
}

/// What is on disk: the file of the engine's records in the first store, the application's decisions in the second.
#[derive(Debug, Clone)]
pub(crate) enum Kept {
    /// The beginning of the file.
    Header(Vec<u8>),
    /// A record: the bytes are read back, the record itself is there for the watch.
    Frame(Vec<u8>, Record),
    /// What a crash left of a frame.
    Torn(Vec<u8>),
    /// A decision is there at once or not at all: how an application writes is its own affair.
    Decided(Decided),
}

impl Kept {
    /// The bytes in the file of records.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Header(bytes) | Self::Frame(bytes, _) | Self::Torn(bytes) => bytes,
            Self::Decided(_) => &[],
        }
    }

    /// The record, where it is whole.
    pub(crate) fn record(&self) -> Option<&Record> {
        match self {
            Self::Frame(_, record) => Some(record),
            Self::Header(_) | Self::Torn(_) | Self::Decided(_) => None,
        }
    }
}

/// Questions to the outside.
#[derive(Debug)]
pub(crate) enum Task {
    Sign(RecordId, Statement),
    Propose(Height, View),
    Judge(Height, Value),
    Resume,
}

/// What the watch is told.
#[derive(Debug)]
pub(crate) enum Note {
    /// A message passed the authority.
    Heard(Rc<Wire>),
    Proposed(ValueId),
    Decided(Decided),
    Accused(Evidence),
    Amnesia(Statement),
}

pub(crate) const RECORDS: usize = 0;
pub(crate) const DECISIONS: usize = 1;

/// A member.
#[derive(Debug)]
pub(crate) struct Member {
    n: usize,
    pub(crate) engine: Engine,
    /// What stands before the authority, in runs that have it.
    pub(crate) intake: Option<Intake>,
    pub(crate) app: App,
    federation: Rc<Federation>,
    key: Key,
    keyring: Keyring,
    /// Records below this were read from disk.
    restored: u64,
    records: Records,
    /// What was read from the file of records.
    pub(crate) recovered: Recovered,
    /// Decided, and not yet applied.
    deciding: Option<Decided>,
    random: Random,
}

type Out = Vec<Action<Member>>;

impl Node for Member {
    type Config = Rc<Federation>;
    type Message = Rc<Wire>;
    type Record = Kept;
    type Timer = Timer;
    type Task = Task;
    type Note = Note;

    const STORES: usize = 2;

    fn boot(
        federation: &Rc<Federation>,
        place: Place,
        now: Millis,
        disk: &Disk<Kept>,
        out: &mut Out,
    ) -> Result<Self, String> {
        let mut app = App::default();
        for kept in disk.records(DECISIONS) {
            let Kept::Decided(decided) = kept else { continue };
            app.add(decided.clone());
        }
        let (applied, n) = (app.height(), place.address);
        let mut random = Random::stream(federation.seed ^ now.0, u64::try_from(place.seat).unwrap());
        let (records, recovered) = Records::open(federation, n, disk.records(RECORDS), &mut random, out)?;
        let sets = [applied.next(), applied.next().next()].map(|height| Arc::clone(federation.set(height)));
        let [set, next] = sets;
        let engine = Engine::new(federation.settings(n), applied, set, next);
        let mut engine = federation.mutation.apply(engine);
        let known = federation.mutation.remembers(&recovered.records);
        engine.restore(known).map_err(|why| why.to_string())?;
        let mut member = Self {
            n,
            engine,
            intake: federation.intake.then(Intake::default),
            app,
            federation: Rc::clone(federation),
            key: federation.key(n),
            keyring: federation.keyring(),
            restored: u64::try_from(known.len()).unwrap(),
            records,
            recovered,
            deciding: None,
            random,
        };
        member.feed(now, Input::Start, out);
        Ok(member)
    }

    fn torn(record: &Kept, random: &mut Random) -> Option<Kept> {
        match record {
            Kept::Frame(bytes, _) => tear(bytes, random).map(Kept::Torn),
            Kept::Header(_) | Kept::Torn(_) | Kept::Decided(_) => None,
        }
    }

    fn step(&mut self, now: Millis, input: Happens<Self>, out: &mut Out) {
        match input {
            Happens::Message { from, message } => self.message(now, from, message, out),
            Happens::Timer(timer) => self.feed(now, Input::Timer(timer), out),
            Happens::Persisted { store: RECORDS, ticket } => {
                self.feed(now, Input::Persisted(RecordId(ticket)), out);
            }
            Happens::Persisted { .. } => self.applied(now, out),
            Happens::Task(task) => self.task(now, task, out),
        }
        if let Some(intake) = &mut self.intake {
            intake.forget(&self.engine);
        }
    }
}

impl Member {
    /// The height it still has to decide.
    pub(crate) fn open(&self) -> Height {
        let height = self.engine.height();
        if self.deciding.is_some() { height.next() } else { height }
    }

    fn feed(&mut self, now: Millis, input: Input, out: &mut Out) {
        for effect in self.engine.step(now, input) {
            self.carry_out(effect, out);
        }
    }

    fn carry_out(&mut self, effect: Effect, out: &mut Out) {
        let action = match effect {
            Effect::Persist(id, record) => {
                Action::Persist { store: RECORDS, ticket: id.0, record: self.records.append(record) }
            }
            Effect::Sign(id, statement) => Action::Task(Task::Sign(id, statement)),
            Effect::Send { to, message, after } => return self.send(to, message, after, out),
            Effect::SetTimer(timer, at) => Action::SetTimer { slot: slot(timer.kind), timer, at },
            Effect::CancelTimer(kind) => Action::CancelTimer { slot: slot(kind) },
            Effect::Propose { height, view } => Action::Task(Task::Propose(height, view)),
            Effect::Judge { height, value } => Action::Task(Task::Judge(height, value)),
            Effect::Decide(decided) => {
                out.push(Action::Note(Note::Decided(decided.clone())));
                self.deciding = Some(decided.clone());
                let ticket = decided.height().0;
                Action::Persist { store: DECISIONS, ticket, record: Kept::Decided(decided) }
            }
            Effect::Accuse(evidence) => Action::Note(Note::Accused(evidence)),
            Effect::Fetch(height) => {
                let question = Rc::new(Wire::Fetch(height));
                let others = (0..self.federation.members).filter(|other| *other != self.n);
                out.extend(others.map(|to| Action::Send { to, message: Rc::clone(&question), after: None }));
                return;
            }
            Effect::Amnesia(statement) => Action::Note(Note::Amnesia(statement)),
        };
        out.push(action);
    }

    fn send(&self, to: Recipients, message: Message, after: Option<RecordId>, out: &mut Out) {
        let set = self.federation.set(message.height());
        let after = after.filter(|id| id.0 >= self.restored).map(|id| (RECORDS, id.0));
        let height = message.height();
        let wire = Rc::new(Wire::Order(message));
        for (index, _) in set.iter() {
            let member = self.federation.member(index, height);
            let meant = to == Recipients::Others || to == Recipients::One(index);
            if let Some(to) = member.filter(|to| meant && *to != self.n) {
                out.push(Action::Send { to, message: Rc::clone(&wire), after });
            }
        }
    }

    fn message(&mut self, now: Millis, from: usize, wire: Rc<Wire>, out: &mut Out) {
        match &*wire {
            Wire::Order(message) => match &mut self.intake {
                None => self.hear(now, wire, out),
                Some(intake) => {
                    for message in intake.offer(&self.engine, message.clone()) {
                        self.hear(now, Rc::new(Wire::Order(message)), out);
                    }
                }
            },
            Wire::Fetch(height) => {
                if let Some(decided) = self.app.at(*height) {
                    let message = Rc::new(Wire::Have(decided.clone()));
                    out.push(Action::Send { to: from, message, after: None });
                }
            }
            Wire::Have(decided) => {
                let Some(set) = self.engine.set_of(decided.height()) else { return };
                if let Some(decided) = self.federation.gate(set, &self.keyring).decided(decided) {
                    self.feed(now, Input::Synced(decided), out);
                }
            }
        }
    }

    /// Checks a message, and hands it to the engine.
    fn hear(&mut self, now: Millis, wire: Rc<Wire>, out: &mut Out) {
        let Wire::Order(message) = &*wire else { return };
        let Some(set) = self.engine.set_of(message.height()) else { return };
        if let Some(message) = self.federation.gate(set, &self.keyring).message(message) {
            out.push(Action::Note(Note::Heard(wire)));
            self.feed(now, Input::Message(message), out);
        }
    }

    /// The decision is durable: the height is applied, unless the run is to pause before the next.
    fn applied(&mut self, now: Millis, out: &mut Out) {
        let Some(decided) = &self.deciding else { return };
        let height = decided.height();
        if self.app.height() < height {
            self.app.add(decided.clone());
        }
        if height >= self.federation.pause && !self.federation.resumed.get() {
            return;
        }
        self.deciding = None;
        let set = Arc::clone(self.federation.set(height.next().next()));
        self.feed(now, Input::Applied { height, set }, out);
        if self.random.chance(300) {
            let records = self.engine.snapshot();
            let records = self.records.replace(&self.federation, self.n, records, &mut self.random);
            out.push(Action::Replace { store: RECORDS, records });
        }
    }

    fn key_fails(&mut self) -> bool {
        !self.federation.resumed.get() && self.random.chance(self.federation.key_fails)
    }

    fn task(&mut self, now: Millis, task: Task, out: &mut Out) {
        let input = match task {
            Task::Sign(id, _) if self.key_fails() => Input::SignFailed(id),
            Task::Sign(id, statement) => {
                let set = self.federation.set(statement.height);
                Input::Signed(id, self.key.sign(&statement, set))
            }
            Task::Propose(height, view) => {
                let value = app::value(height, self.app.last(), true, self.n, self.random.bits());
                out.push(Action::Note(Note::Proposed(value.id())));
                Input::Proposed { height, view, value }
            }
            Task::Judge(height, value) => {
                let accepted = app::is_fit(&value, height, self.app.last());
                Input::Judged { height, value: value.id(), accepted }
            }
            Task::Resume if self.deciding.as_ref().is_some_and(|it| self.app.at(it.height()).is_some()) => {
                return self.applied(now, out);
            }
            Task::Resume => return,
        };
        self.feed(now, input, out);
    }
}

fn slot(kind: TimerKind) -> usize {
    match kind {
        TimerKind::View => 0,
        TimerKind::Resend => 1,
    }
}
