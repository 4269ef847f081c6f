//! One honest member as the search sees it: its engine, its disk, and what it has said.

use auditmesh_bft::{
    Decided, Effect, Engine, Evidence, Input, Message, Phase, Record, RecordId, Says, Signed, Statement,
    Timer, TimerKind, Value, ValueId, View,
};
use auditmesh_conformance::Trusting;
use auditmesh_types::{Authority, Millis};

use crate::{
    cast::{self, HEIGHT, Mutant},
    fault::Fault,
};

/// What is done with `Persist` and `Sign`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Disk {
    /// Both are answered at once.
    Quick,
    /// Each is answered at some time or never, and the member may crash as often as this.
    Slow {
        /// How often.
        crashes: u8,
    },
}

/// An honest member between two inputs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Member {
    n: usize,
    liar: usize,
    without: Option<Mutant>,
    disk: Disk,
    engine: Engine,
    /// The messages it sent, in that order.
    sent: Vec<Message>,
    /// Its first decision.
    decided: Option<Decided>,
    /// The view for which it was asked what to propose, and has not answered.
    owes: Option<View>,
    written: Vec<Record>,
    unwritten: Vec<(RecordId, Record)>,
    unsigned: Vec<(RecordId, Statement)>,
}

impl Member {
    /// Member `n` before it starts.
    pub(crate) fn new(n: usize, liar: usize, without: Option<Mutant>, disk: Disk) -> Self {
        Self {
            n,
            liar,
            without,
            disk,
            engine: cast::engine(n, without),
            sent: Vec::new(),
            decided: None,
            owes: None,
            written: Vec::new(),
            unwritten: Vec::new(),
            unsigned: Vec::new(),
        }
    }

    pub(crate) fn n(&self) -> usize {
        self.n
    }

    pub(crate) fn sent(&self) -> &[Message] {
        &self.sent
    }

    pub(crate) fn decided(&self) -> Option<&Decided> {
        self.decided.as_ref()
    }

    pub(crate) fn view(&self) -> View {
        self.engine.view()
    }

    pub(crate) fn owes(&self) -> Option<View> {
        self.owes.filter(|view| *view == self.view())
    }

    /// As [`Self::shown`], whether or not it has decided.
    pub(crate) fn said(&self) -> Shown {
        Shown { decided: None, ..self.shown() }
    }

    /// What others can tell of it, and which view it is in.
    pub(crate) fn shown(&self) -> Shown {
        Shown {
            n: self.n,
            said: self.sent.iter().filter_map(said).collect(),
            view: self.view(),
            owes: self.owes,
            waits: (self.written.len(), self.unwritten.len(), self.unsigned.len()),
            decided: self.decided.as_ref().map(|decided| decided.value().id()),
        }
    }

    /// Whether others can or will tell the two apart, or it went to another view.
    pub(crate) fn shows(&self, before: &Self) -> bool {
        let open = |it: &Self| (it.view(), it.owes, it.sent.len(), it.unwritten.len(), it.unsigned.len());
        open(self) != open(before) || self.decided.is_some() != before.decided.is_some()
    }

    /// Begins.
    pub(crate) fn start(&mut self) -> Result<(), Fault> {
        self.step(Input::Start)
    }

    /// Receives a message.
    pub(crate) fn receive(&mut self, message: &Message) -> Result<(), Fault> {
        let Ok(message) = Trusting.verify(message.clone());
        self.step(Input::Message(message))
    }

    /// Is brought a decision.
    pub(crate) fn sync(&mut self, decided: &Decided) -> Result<(), Fault> {
        let Ok(decided) = Trusting.verify(decided.clone());
        self.step(Input::Synced(decided))
    }

    /// Its time in this view runs out.
    pub(crate) fn time_out(&mut self) -> Result<(), Fault> {
        let timer = Timer { kind: TimerKind::View, height: HEIGHT, view: self.view() };
        self.step(Input::Timer(timer))
    }

    /// Answers that `value` is to be proposed.
    pub(crate) fn propose(&mut self, value: Value) -> Result<(), Fault> {
        let Some(view) = self.owes.take() else { return Ok(()) };
        self.step(Input::Proposed { height: HEIGHT, view, value })
    }

    /// The first record that waits is on disk; `false` when none waits.
    pub(crate) fn write(&mut self) -> Result<bool, Fault> {
        if self.unwritten.is_empty() {
            return Ok(false);
        }
        let (id, record) = self.unwritten.remove(0);
        self.written.push(record);
        self.step(Input::Persisted(id)).map(|()| true)
    }

    /// The first statement that waits is signed; `false` when none waits.
    pub(crate) fn sign(&mut self) -> Result<bool, Fault> {
        if self.unsigned.is_empty() {
            return Ok(false);
        }
        let (id, _) = self.unsigned.remove(0);
        self.step(Input::Signed(id, cast::signature())).map(|()| true)
    }

    /// Loses what is not on disk and begins again from the records there, or from a snapshot that took their place just
    /// before; `false` when it has crashed often enough.
    pub(crate) fn crash(&mut self, compacted: bool) -> Result<bool, Fault> {
        let Disk::Slow { crashes: left @ 1.. } = self.disk else { return Ok(false) };
        self.disk = Disk::Slow { crashes: left - 1 };
        if compacted {
            self.written = self.engine.snapshot();
        }
        self.engine = cast::engine(self.n, self.without);
        let restored = self.engine.restore(&self.written);
        restored.map_err(|error| Fault::new("records are one's own", format!("{}: {error}", self.n)))?;
        self.owes = None;
        (self.unwritten, self.unsigned) = (Vec::new(), Vec::new());
        self.start().map(|()| true)
    }

    fn step(&mut self, input: Input) -> Result<(), Fault> {
        let effects = self.engine.step(Millis(0), input);
        effects.into_iter().try_for_each(|effect| self.carry_out(effect))
    }

    fn carry_out(&mut self, effect: Effect) -> Result<(), Fault> {
        match (effect, self.disk) {
            (Effect::Persist(id, _), Disk::Quick) => self.step(Input::Persisted(id)),
            (Effect::Persist(id, record), Disk::Slow { .. }) => {
                self.unwritten.push((id, record));
                Ok(())
            }
            (Effect::Sign(id, _), Disk::Quick) => self.step(Input::Signed(id, cast::signature())),
            (Effect::Sign(id, statement), Disk::Slow { .. }) => {
                self.unsigned.push((id, statement));
                Ok(())
            }
            (Effect::Send { message, .. }, _) => self.send(message),
            (Effect::Propose { view, .. }, _) => {
                self.owes = Some(view);
                Ok(())
            }
            (Effect::Judge { height, value }, _) => {
                self.step(Input::Judged { height, value: value.id(), accepted: true })
            }
            (Effect::Decide(decided), _) => self.decide(decided),
            (Effect::Accuse(evidence), _) if evidence.culprit() != cast::index(self.liar) => {
                Err(Fault::new("evidence accuses no honest member", format!("{evidence:?}")))
            }
            (Effect::Amnesia(statement), _) => {
                Err(Fault::new("no honest member forgets", format!("{}: {statement}", self.n)))
            }
            (Effect::SetTimer(..) | Effect::CancelTimer(_) | Effect::Fetch(_) | Effect::Accuse(_), _) => {
                Ok(())
            }
        }
    }

    fn send(&mut self, message: Message) -> Result<(), Fault> {
        if self.sent.contains(&message) {
            return Ok(());
        }
        if let Some(new) = own(&message) {
            for old in self.sent.iter().filter_map(own) {
                if new.statement != old.statement && conflict(old, new) {
                    let what = format!("{}: {}, then {}", self.n, old.statement, new.statement);
                    return Err(Fault::new("no honest member contradicts itself", what));
                }
            }
        }
        self.sent.push(message);
        Ok(())
    }

    fn decide(&mut self, decided: Decided) -> Result<(), Fault> {
        let certificate = &decided.certificate;
        let fits = certificate.phase == Phase::Commit && certificate.value == decided.value().id();
        if !fits || certificate.check(&cast::set()).is_err() {
            return Err(Fault::new("certificates check", format!("{}: {certificate:?}", self.n)));
        }
        match &self.decided {
            Some(before) if before.value() != decided.value() => {
                Err(Fault::new("agreement", format!("{} decided twice", self.n)))
            }
            Some(_) => Ok(()),
            None => {
                self.decided = Some(decided);
                Ok(())
            }
        }
    }
}

/// What can be told of a member from outside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Shown {
    n: usize,
    /// What it said, in that order; of a proposal also in which view the value was prepared before.
    said: Vec<(Statement, Option<View>)>,
    view: View,
    owes: Option<View>,
    /// The records on disk and on their way there, and the statements that wait for a signature.
    waits: (usize, usize, usize),
    decided: Option<ValueId>,
}

impl Shown {
    /// How many statements it made.
    pub(crate) fn statements(&self) -> usize {
        self.said.len()
    }

    /// The value it has decided.
    pub(crate) fn decided(&self) -> Option<ValueId> {
        self.decided
    }
}

fn said(message: &Message) -> Option<(Statement, Option<View>)> {
    let before = match message {
        Message::Proposal(it) => it.candidate.lineage.first().and_then(|it| it.highest.as_ref()),
        _ => None,
    };
    Some((own(message)?.statement, before.map(|certificate| certificate.view)))
}

/// What a message of an honest member says for itself.
pub(crate) fn own(message: &Message) -> Option<&Signed> {
    match message {
        Message::Proposal(proposal) => Some(&proposal.prepare),
        Message::Vote(vote) => Some(vote),
        Message::ViewChange(change) => Some(&change.ask),
        Message::Certificate(_) => None,
    }
}

/// Whether no honest member says `new` after `old`: evidence, or a vote below the view it asked for.
fn conflict(old: &Signed, new: &Signed) -> bool {
    let asked = matches!(old.statement.says, Says::ViewChange { .. });
    let goes_back = asked && new.statement.vote().is_some() && new.statement.view < old.statement.view;
    goes_back || Evidence::of(old, new).is_some()
}
