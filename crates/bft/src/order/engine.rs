use alloc::{sync::Arc, vec::Vec};

use auditmesh_types::Millis;

use super::{
    Decided, Effect, Height, Input, Message, Mutant, Record, RecordId, Settings, Timer, TimerKind,
    ValidatorIndex, ValidatorSet, Value, View, early::Early, height_state::HeightState, mutant::Mutation,
};

/// One member's part in agreeing on an order: a pure state machine. What happens comes in as an [`Input`], what is to be done goes
/// out as a list of [`Effect`]s; it reads no clock and does nothing by itself.
///
/// It holds at most, for the current height and `N` validators: the votes and one value of each of nine views, one request with its value of
/// each validator; of the height before the votes of nine views and one request of each validator; of the next height four messages of each validator, two of them with
/// values; and a decision that waits for the disk. That is `3N + 11` values with their lineages: an application that caps its values
/// caps this.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Engine {
    pub(super) settings: Arc<Settings>,
    pub(super) height: Height,
    /// Who decides this height, and who the next.
    pub(super) set: Arc<ValidatorSet>,
    pub(super) next_set: Arc<ValidatorSet>,
    pub(super) me: Option<ValidatorIndex>,
    pub(super) state: HeightState,
    pub(super) past: Option<Past>,
    pub(super) early: Early,
    pub(super) next_record: RecordId,
    pub(super) started: bool,
    pub(super) mutation: Mutation,
}

/// What is kept of the height before: its statements, for contradictions that come late.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Past {
    pub(crate) set: Arc<ValidatorSet>,
    pub(crate) state: HeightState,
}

impl Engine {
    /// An engine for the height after `applied`, which the application holds, decided by `set`; the height after that by `next_set`.
    #[must_use]
    pub fn new(
        settings: Settings,
        applied: Height,
        set: Arc<ValidatorSet>,
        next_set: Arc<ValidatorSet>,
    ) -> Self {
        let me = set.position(&settings.name);
        let state = HeightState::new(&set);
        Self {
            settings: Arc::new(settings),
            height: applied.next(),
            set,
            next_set,
            me,
            state,
            past: None,
            early: Early::default(),
            next_record: RecordId(0),
            started: false,
            mutation: Mutation::default(),
        }
    }

    /// An engine without one of its rules, for a test that must notice.
    #[cfg(feature = "mutants")]
    #[must_use]
    pub fn without(mut self, rule: Mutant) -> Self {
        self.mutation = Mutation(Some(rule));
        self
    }

    /// Takes an input in; the effects are to be carried out in order. Inputs that are late, or early beyond the bounds, change
    /// nothing.
    ///
    /// # Cost
    /// O(validators) for a vote that makes a quorum, O(1) for others; O(validators × lineage) for proposals and view changes. No
    /// signature is checked.
    pub fn step(&mut self, now: Millis, input: Input) -> Vec<Effect> {
        let mut out = Vec::new();
        if !self.started && !matches!(input, Input::Start) {
            return out;
        }
        match input {
            Input::Start => self.start(now, &mut out),
            Input::Message(message) => self.message(now, message.into_inner(), &mut out),
            Input::Timer(timer) => self.timer(now, timer, &mut out),
            Input::Proposed { height, view, value } => self.proposed(height, view, value, &mut out),
            Input::Judged { height, value, accepted } => self.judged(height, value, accepted, &mut out),
            Input::Persisted(id) => self.persisted(now, id, &mut out),
            Input::Signed(id, signature) => self.signed(now, id, signature, &mut out),
            Input::SignFailed(_) => {}
            Input::Synced(decided) => self.synced(decided.into_inner(), &mut out),
            Input::Applied { height, set } => self.applied(now, height, set, &mut out),
        }
        out
    }

    /// The height that is being decided.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.height
    }

    /// The view it is in.
    #[must_use]
    pub const fn view(&self) -> View {
        self.state.view
    }

    /// Who decides `height`, where the engine takes messages of it: the current height, the one before and the one after.
    #[must_use]
    pub fn set_of(&self, height: Height) -> Option<&Arc<ValidatorSet>> {
        if height == self.height {
            Some(&self.set)
        } else if height == self.height.next() {
            Some(&self.next_set)
        } else {
            self.past.as_ref().filter(|_| height.next() == self.height).map(|past| &past.set)
        }
    }

    /// What it is told once.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who proposes in `view` of the current height, and collects its votes.
    #[must_use]
    pub fn proposer(&self, view: View) -> ValidatorIndex {
        self.settings.rotation.proposer(&self.set, self.height, view)
    }

    pub(super) fn message(&mut self, now: Millis, message: Message, out: &mut Vec<Effect>) {
        let height = message.height();
        message.statements(|signed| self.examine(signed, out));
        if height == self.height.next() {
            let proposer = self.settings.rotation.proposer(&self.next_set, height, message.view());
            if matches!(message, Message::Proposal(_)) && message.by() != Some(proposer) {
                return;
            }
            self.early.keep(&self.next_set, message);
            if self.early.weight(&self.next_set) > self.next_set.faults() && !self.state.decided {
                // One of them is honest, so this height is decided.
                self.fetch(out);
            }
            return;
        }
        if height.next() == self.height {
            return self.late(&message);
        }
        if height != self.height {
            return;
        }
        match message {
            Message::Proposal(proposal) => self.proposal(now, &proposal, out),
            Message::Vote(vote) => self.vote(&vote, out),
            Message::ViewChange(change) => self.view_change(now, change, out),
            Message::Certificate(certificate) => self.certificate(&certificate, out),
        }
    }

    fn start(&mut self, now: Millis, out: &mut Vec<Effect>) {
        if !core::mem::replace(&mut self.started, true) {
            self.begin(now, out);
            if self.height > Height(1) {
                // Others may have gone on while we were away.
                self.fetch(out);
            }
        }
    }

    /// Begins the height, or goes on with it.
    fn begin(&mut self, now: Millis, out: &mut Vec<Effect>) {
        let id = self.record();
        self.state.beginning = Some(id);
        out.push(Effect::Persist(id, Record::Height(self.height)));
        if self.state.silent {
            let id = self.record();
            out.push(Effect::Persist(id, Record::Silent(self.height)));
        }
        self.set_timer(now, TimerKind::Resend, out);
        if self.state.asked <= self.state.view {
            self.set_timer(now, TimerKind::View, out);
        }
        for own in &self.state.own {
            if own.statement.view >= self.state.view && !self.state.silent {
                out.push(Effect::Sign(own.id, own.statement));
            }
        }
        self.lead(out);
        self.state.accused.append(&mut self.early.accused);
        for message in self.early.take() {
            self.message(now, message, out);
        }
    }

    fn timer(&mut self, now: Millis, timer: Timer, out: &mut Vec<Effect>) {
        if timer.height != self.height || self.state.decided {
            return;
        }
        match timer.kind {
            TimerKind::View if timer.view == self.state.view => {
                let next = self.state.view.next().max(self.state.asked);
                self.ask(next, out);
            }
            TimerKind::View => {}
            TimerKind::Resend => {
                self.set_timer(now, TimerKind::Resend, out);
                self.repeat(out);
                self.state.fetched = false;
                self.fetch(out);
            }
        }
    }

    pub(super) fn set_timer(&self, now: Millis, kind: TimerKind, out: &mut Vec<Effect>) {
        let after = match kind {
            TimerKind::View => self.settings.timeouts.of(self.state.view),
            TimerKind::Resend => self.settings.timeouts.resend(),
        };
        let timer = Timer { kind, height: self.height, view: self.state.view };
        out.push(Effect::SetTimer(timer, Millis(now.0.saturating_add(after.0))));
    }

    /// The number of the next record.
    pub(super) const fn record(&mut self) -> RecordId {
        let id = self.next_record;
        self.next_record = RecordId(id.0.saturating_add(1));
        id
    }

    /// Asks for this height's decision, once between two repetitions.
    pub(super) fn fetch(&mut self, out: &mut Vec<Effect>) {
        if !core::mem::replace(&mut self.state.fetched, true) {
            out.push(Effect::Fetch(self.height));
        }
    }

    fn synced(&mut self, decided: Decided, out: &mut Vec<Effect>) {
        decided.certificate.votes().for_each(|vote| self.examine(&vote, out));
        decided.candidate.statements(|signed| self.examine(signed, out));
        if decided.height() == self.height && !self.state.decided {
            self.decide(decided, out);
        }
    }

    pub(super) fn decide(&mut self, decided: Decided, out: &mut Vec<Effect>) {
        self.state.decided = true;
        out.push(Effect::CancelTimer(TimerKind::View));
        out.push(Effect::CancelTimer(TimerKind::Resend));
        self.state.held_back = Some(decided);
        self.hand_over(out);
    }

    /// Hands the decision over once it is on disk that the height began: records that end below what is applied have lost their
    /// tail.
    pub(super) fn hand_over(&mut self, out: &mut Vec<Effect>) {
        if self.state.beginning.is_none() || self.mutation.is(Mutant::DecideBeforePersist) {
            out.extend(self.state.held_back.take().map(Effect::Decide));
        }
    }

    fn applied(&mut self, now: Millis, height: Height, set: Arc<ValidatorSet>, out: &mut Vec<Effect>) {
        if height != self.height || !self.state.decided || self.state.held_back.is_some() {
            return;
        }
        let state = HeightState::new(&self.next_set);
        let done = core::mem::replace(&mut self.state, state);
        let spoke = done.own.iter().any(|own| own.said);
        let current = core::mem::replace(&mut self.next_set, set);
        let past_set = core::mem::replace(&mut self.set, current);
        self.past = Some(Past { set: past_set, state: done.over() });
        self.height = self.height.next();
        self.me = self.set.position(&self.settings.name);
        self.begin(now, out);
        // Whoever is behind asks on without waiting for its timers.
        if self.state.views.is_empty() && !spoke {
            self.fetch(out);
        }
    }

    /// The value's owner is asked only once a view.
    pub(super) fn ask_proposal(&mut self, out: &mut Vec<Effect>) {
        self.state.proposed = Some(self.state.view);
        out.push(Effect::Propose { height: self.height, view: self.state.view });
    }

    fn proposed(&mut self, height: Height, view: View, value: Value, out: &mut Vec<Effect>) {
        let due = (self.height, self.state.view, self.state.proposed) == (height, view, Some(view));
        if due && self.state.asked <= view && !self.state.decided {
            self.propose(value, out);
        }
    }
}
