//! Engines around one table: every effect is carried out at once, messages travel in the order they were sent, nobody fails.

use std::{collections::VecDeque, sync::Arc};

use auditmesh_bft::{
    Decided, Effect, Engine, Height, Input, Intake, Message, Phase, Recipients, RoundRobin, Settings,
    Signature, Spread, Timeouts, Timer, Validator, ValidatorSet, Value,
};
use auditmesh_conformance::Trusting;
use auditmesh_types::{Authority, MemberId, Millis, Origin, Scheme};

/// A set of `count` members of equal weight.
pub(crate) fn set(count: usize) -> Arc<ValidatorSet> {
    let validators =
        (0..count).map(|n| Validator { name: name(n), key: vec![u8::try_from(n).unwrap()], weight: 1 });
    ValidatorSet::new(Scheme::Ed25519, validators.collect()).unwrap()
}

/// The name of member `n`.
pub(crate) fn name(n: usize) -> MemberId {
    MemberId::new(format!("M-{n:03}")).unwrap()
}

pub(crate) fn settings(n: usize, spread: Spread) -> Settings {
    Settings {
        federation: Origin::new("example/order").unwrap(),
        name: name(n),
        spread,
        rotation: Arc::new(RoundRobin),
        timeouts: Timeouts::default(),
    }
}

/// The engines, what is on its way, and what they decided.
pub(crate) struct Table {
    pub(crate) engines: Vec<Engine>,
    pub(crate) wire: VecDeque<(usize, Message)>,
    pub(crate) sent: usize,
    pub(crate) intakes: Vec<Intake>,
    pub(crate) checked: usize,
    pub(crate) decided: Vec<Vec<Decided>>,
    pub(crate) timers: Vec<Vec<Timer>>,
    pub(crate) heights: u64,
    /// Which PREPAREs were delivered to whom, one by one.
    prepared: Vec<(usize, u16)>,
}

impl Table {
    /// `count` engines that decide `heights` heights and then stop.
    pub(crate) fn new(count: usize, spread: Spread, heights: u64) -> Self {
        let set = set(count);
        let engine = |n| Engine::new(settings(n, spread), Height(0), Arc::clone(&set), Arc::clone(&set));
        let engines: Vec<Engine> = (0..count).map(engine).collect();
        let intakes = vec![Intake::default(); count];
        let (decided, timers) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        let mut table = Self {
            engines,
            wire: VecDeque::new(),
            sent: 0,
            intakes,
            checked: 0,
            decided,
            timers,
            heights,
            prepared: Vec::new(),
        };
        (0..count).for_each(|n| table.step(n, Input::Start));
        table
    }

    pub(crate) fn step(&mut self, n: usize, input: Input) {
        let effects = self.engines[n].step(Millis(0), input);
        effects.into_iter().for_each(|effect| self.carry_out(n, effect));
    }

    fn carry_out(&mut self, n: usize, effect: Effect) {
        match effect {
            Effect::Persist(id, _) => self.step(n, Input::Persisted(id)),
            Effect::Sign(id, _) => self.step(n, Input::Signed(id, Signature(Arc::from([0u8; 64])))),
            Effect::Send { to, message, .. } => self.send(n, to, &message),
            Effect::SetTimer(timer, _) => self.timers[n].push(timer),
            Effect::Propose { height, view } => {
                let value = Value::new(format!("{height}/{view} by {n}")).unwrap();
                self.step(n, Input::Proposed { height, view, value });
            }
            Effect::Judge { height, value } => {
                self.step(n, Input::Judged { height, value: value.id(), accepted: true });
            }
            Effect::Decide(decided) => {
                let height = decided.height();
                self.decided[n].push(decided);
                if height.0 < self.heights {
                    let set = set(self.engines.len());
                    self.step(n, Input::Applied { height, set });
                }
            }
            Effect::CancelTimer(_) => {}
            other => panic!("unexpected {other:?}"),
        }
    }

    fn send(&mut self, n: usize, to: Recipients, message: &Message) {
        for other in (0..self.engines.len()).filter(|other| *other != n) {
            if to == Recipients::Others || matches!(to, Recipients::One(one) if one.place() == other) {
                self.sent += 1;
                self.wire.push_back((other, message.clone()));
            }
        }
    }

    /// Delivers until nothing is on its way.
    pub(crate) fn run(&mut self) {
        while let Some((to, message)) = self.wire.pop_front() {
            for message in self.intakes[to].offer(&self.engines[to], message) {
                self.checked += match &message {
                    Message::Certificate(certificate) => certificate.signatures.len(),
                    _ => 1,
                };
                let verified = Trusting.verify(message).unwrap();
                self.step(to, Input::Message(verified));
            }
            self.intakes[to].forget(&self.engines[to]);
        }
    }

    /// Delivers the message that was sent first.
    pub(crate) fn deliver_one(&mut self) {
        let (to, message) = self.wire.pop_front().expect("a message is on its way");
        self.prepared.extend(prepare_of(&message).map(|by| (to, by)));
        let verified = Trusting.verify(message).unwrap();
        self.step(to, Input::Message(verified));
    }

    /// The value of the first proposal on its way.
    pub(crate) fn proposed(&self) -> Value {
        let value = self.wire.iter().find_map(|(_, message)| match message {
            Message::Proposal(proposal) => Some(proposal.candidate.value.clone()),
            _ => None,
        });
        value.expect("a proposal is on its way")
    }

    /// Whether a PREPARE of `by` has come to `n` through [`Self::deliver_one`], or is its own.
    pub(crate) fn vote_of(&self, n: usize, by: u16) -> Option<()> {
        (usize::from(by) == n || self.prepared.contains(&(n, by))).then_some(())
    }

    /// How many PREPAREs `n` has, its own included.
    pub(crate) fn prepares(&self, n: usize) -> usize {
        (0..7).filter(|by| self.vote_of(n, *by).is_some()).count()
    }
}

/// Who prepares by `message`.
fn prepare_of(message: &Message) -> Option<u16> {
    match message {
        Message::Proposal(proposal) => Some(proposal.prepare.by.0),
        Message::Vote(vote) => {
            matches!(vote.statement.vote(), Some((Phase::Prepare, _))).then_some(vote.by.0)
        }
        _ => None,
    }
}
