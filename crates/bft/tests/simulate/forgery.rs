//! What a Byzantine member can put together with one key and everything it has heard.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use auditmesh_bft::{
    Candidate, Certificate, Decided, Height, Justification, Message, Phase, Prepared, Proposal, Says,
    Signature, Signed, Statement, ValidatorIndex, Value, ValueId, View, ViewChange,
};
use auditmesh_sim::Random;
use auditmesh_types::Digest;

use crate::{federation::Federation, keys::Key, member::Wire};

/// How much of what it hears a liar remembers.
const MEMORY: usize = 96;

/// A key, what was heard, and what can be made of it.
#[derive(Debug)]
pub(crate) struct Forgery {
    n: usize,
    key: Key,
    pub(crate) federation: Rc<Federation>,
    heard: Vec<Rc<Wire>>,
    next: usize,
    values: BTreeMap<ValueId, Value>,
    /// By height and view, the requests heard.
    asks: BTreeMap<(Height, View), Vec<ViewChange>>,
}

impl Forgery {
    pub(crate) fn new(n: usize, federation: &Rc<Federation>) -> Self {
        let key = federation.key(n);
        let (heard, values, asks) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self { n, key, federation: Rc::clone(federation), heard, next: 0, values, asks }
    }

    /// Remembers a message.
    pub(crate) fn remember(&mut self, wire: &Rc<Wire>) {
        match &**wire {
            Wire::Order(Message::Proposal(proposal)) => self.learn(&proposal.candidate.value),
            Wire::Order(Message::ViewChange(change)) => {
                if let Some(prepared) = &change.prepared {
                    self.learn(&prepared.candidate.value);
                }
                let Statement { height, view, .. } = change.ask.statement;
                let known = self.asks.entry((height, view)).or_default();
                if known.len() < 32 && known.iter().all(|old| old.ask.by != change.ask.by) {
                    known.push(change.clone());
                    known.sort_by_key(|change| change.ask.by);
                }
            }
            Wire::Fetch(_) => return,
            _ => {}
        }
        if self.heard.len() < MEMORY {
            self.heard.push(Rc::clone(wire));
        } else {
            self.heard[self.next] = Rc::clone(wire);
            self.next = (self.next + 1) % MEMORY;
        }
    }

    fn learn(&mut self, value: &Value) {
        if self.values.len() < 64 {
            self.values.insert(value.id(), value.clone());
        }
    }

    pub(crate) fn heard(&self, random: &mut Random) -> Option<Rc<Wire>> {
        random.pick(&self.heard).cloned()
    }

    fn sign(&self, statement: Statement) -> Option<Signed> {
        let by = self.federation.index(self.n, statement.height)?;
        let signature = self.key.sign(&statement, self.federation.set(statement.height));
        Some(Signed { by, statement, signature })
    }

    /// A value as fit as `value`, and the same for all liars.
    fn other_value(value: &Value) -> Value {
        let mut bytes = value.bytes().to_vec();
        if let Some(last) = bytes.last_mut() {
            *last ^= 1;
        }
        Value::new(bytes).unwrap()
    }

    fn other_id(&self, id: ValueId) -> ValueId {
        self.values.get(&id).map_or(id, |value| Self::other_value(value).id())
    }

    /// A vote of its own.
    pub(crate) fn vote(&self, height: Height, view: View, phase: Phase, value: ValueId) -> Option<Wire> {
        let signed = self.sign(Statement { height, view, says: Says::Vote(phase, value) })?;
        Some(Wire::Order(Message::Vote(signed)))
    }

    /// A request of its own that hides what it prepared.
    pub(crate) fn bare_ask(&self, height: Height, view: View) -> Option<Wire> {
        let ask = self.sign(Statement { height, view, says: Says::ViewChange { prepared: None } })?;
        Some(Wire::Order(Message::ViewChange(ViewChange { ask, prepared: None })))
    }

    /// A proposal of its own.
    fn proposal(&self, height: Height, view: View, candidate: Candidate) -> Option<Wire> {
        let says = Says::Vote(Phase::Prepare, candidate.value.id());
        let prepare = self.sign(Statement { height, view, says })?;
        Some(Wire::Order(Message::Proposal(Proposal { candidate: Arc::new(candidate), prepare })))
    }

    /// The same in other words: another value, or a request that hides something.
    pub(crate) fn contradiction(&self, message: &Message) -> Option<Wire> {
        match message {
            Message::Proposal(Proposal { candidate, prepare }) => {
                let (height, view) = (prepare.statement.height, prepare.statement.view);
                let value = Self::other_value(&candidate.value);
                self.proposal(height, view, Candidate { value, lineage: candidate.lineage.clone() })
            }
            Message::Vote(vote) => {
                let (phase, value) = vote.statement.vote()?;
                self.vote(vote.statement.height, vote.statement.view, phase, self.other_id(value))
            }
            Message::ViewChange(change) => {
                self.bare_ask(change.ask.statement.height, change.ask.statement.view)
            }
            Message::Certificate(_) => None,
        }
    }

    /// Every vote that the proposal could get, and its opposite.
    pub(crate) fn all_votes(&self, proposal: &Proposal) -> Vec<Wire> {
        let Statement { height, view, .. } = proposal.prepare.statement;
        let values = [proposal.candidate.value.id(), Self::other_value(&proposal.candidate.value).id()];
        let phases = [Phase::Prepare, Phase::Commit];
        let all =
            values.into_iter().flat_map(|value| phases.map(|phase| self.vote(height, view, phase, value)));
        all.flatten().collect()
    }

    /// A new value in a view of its own, by whatever requests it holds: all, those that hide nothing aside, too few, or none.
    pub(crate) fn usurped(&self, height: Height, random: &mut Random) -> Option<Wire> {
        let set = self.federation.set(height);
        let me = self.federation.index(self.n, height)?;
        let mine =
            (1..6).map(View).filter(|view| self.federation.rotation.proposer(set, height, *view) == me);
        let view = *random.pick(&mine.collect::<Vec<_>>())?;
        let known: Vec<&Value> =
            self.values.values().filter(|value| value.bytes()[1..9] == height.0.to_be_bytes()).collect();
        let value = Self::other_value(random.pick(&known)?);
        let heard = self.asks.get(&(height, view)).cloned().unwrap_or_default();
        let mut asks: Vec<ViewChange> = heard.into_iter().filter(|change| change.ask.by != me).collect();
        if let Some(Wire::Order(Message::ViewChange(own))) = self.bare_ask(height, view) {
            asks.push(own);
        }
        if random.chance(700) {
            asks.retain(|change| change.prepared.is_none());
        }
        if random.chance(300) {
            asks.truncate(random.place(asks.len() + 1));
        }
        asks.sort_by_key(|change| change.ask.by);
        let highest = asks.iter().filter_map(|change| change.prepared.as_ref());
        let highest =
            highest.max_by_key(|prepared| prepared.certificate.view).map(|it| it.certificate.clone());
        let asks = asks.into_iter().map(|change| change.ask).collect();
        let justification = Arc::new(Justification { view, asks, highest });
        let lineage = if random.chance(800) { vec![justification] } else { Vec::new() };
        self.proposal(height, view, Candidate { value, lineage })
    }

    /// Somebody else's words, said of another view.
    pub(crate) fn relabelled(message: &Message, random: &mut Random) -> Option<Wire> {
        let moved = |view: View, random: &mut Random| {
            if random.chance(500) {
                View(view.0.saturating_add(1 + random.below(2)))
            } else {
                View(view.0.saturating_sub(1))
            }
        };
        let mut message = message.clone();
        match &mut message {
            Message::Vote(vote) => vote.statement.view = moved(vote.statement.view, random),
            Message::ViewChange(change) => {
                change.ask.statement.view = moved(change.ask.statement.view, random);
            }
            Message::Certificate(certificate) => certificate.view = moved(certificate.view, random),
            Message::Proposal(proposal) => {
                proposal.prepare.statement.view = moved(proposal.prepare.statement.view, random);
            }
        }
        Some(Wire::Order(message))
    }

    /// A certificate or decision with too few voters, one voter many times, or voters of nowhere.
    pub(crate) fn forged(&self, message: &Message, random: &mut Random) -> Option<Wire> {
        let (height, view) = (message.height(), message.view());
        let value = match message {
            Message::Proposal(proposal) => proposal.candidate.value.id(),
            Message::Vote(vote) => vote.statement.vote()?.1,
            Message::Certificate(certificate) => certificate.value,
            Message::ViewChange(change) => change.prepared.as_ref()?.certificate.value,
        };
        let value = if random.chance(500) { self.other_id(value) } else { value };
        let phase = if random.chance(500) { Phase::Prepare } else { Phase::Commit };
        let own = self.sign(Statement { height, view, says: Says::Vote(phase, value) })?;
        let all = self.federation.set(height).len();
        let index = |n: usize| ValidatorIndex(u16::try_from(n).unwrap());
        let signatures = match random.below(4) {
            0 => vec![(own.by, own.signature.clone())],
            1 => vec![(own.by, own.signature.clone()); all],
            2 => (0..all).map(|n| (index(n), own.signature.clone())).collect(),
            _ => (all..all * 2).map(|n| (index(n), own.signature.clone())).collect(),
        };
        let certificate = Certificate { height, view, phase, value, signatures };
        if random.chance(500) {
            return Some(Wire::Order(Message::Certificate(certificate)));
        }
        let known = self.values.get(&value).cloned();
        let candidate = Arc::new(Candidate { value: known?, lineage: Vec::new() });
        if phase == Phase::Commit {
            return Some(Wire::Have(Decided { certificate, candidate }));
        }
        let says = Says::ViewChange { prepared: Some((view, value)) };
        let ask = self.sign(Statement { height, view: view.next(), says })?;
        let prepared = Some(Prepared { certificate, candidate });
        Some(Wire::Order(Message::ViewChange(ViewChange { ask, prepared })))
    }

    /// Its own votes, requests and proposals of many views and values.
    pub(crate) fn flood(&self, height: Height, random: &mut Random) -> Vec<Wire> {
        let prepared = self.gathered(height);
        let any = |_| {
            let (view, id) =
                (View(random.below(40)), ValueId(Digest([u8::try_from(random.below(250)).unwrap(); 32])));
            let phase = if random.chance(500) { Phase::Prepare } else { Phase::Commit };
            let height = if random.chance(500) { height } else { height.next() };
            match random.below(10) {
                0 => self.usurped(height, random),
                1 => self.novelty(height, random),
                2 => self.full_ask(height, view.next(), prepared.as_ref(), random),
                3 => self.bare_ask(height, view.next()),
                _ => self.vote(height, view, phase, id),
            }
        };
        (0..1_000).filter_map(any).collect()
    }

    fn fresh(random: &mut Random) -> Value {
        Value::new([random.bits(); 4].map(u64::to_be_bytes).concat()).unwrap()
    }

    /// A value that nobody has seen, in a view of its own, without a reason.
    fn novelty(&self, height: Height, random: &mut Random) -> Option<Wire> {
        let (set, me) = (self.federation.set(height), self.federation.index(self.n, height)?);
        let mine = |view: &View| self.federation.rotation.proposer(set, height, *view) == me;
        let view = *random.pick(&(0..12).map(View).filter(mine).collect::<Vec<_>>())?;
        self.proposal(height, view, Candidate { value: Self::fresh(random), lineage: Vec::new() })
    }

    /// A request of its own with a value: one that a quorum prepared, or one that it alone did.
    fn full_ask(
        &self,
        height: Height,
        view: View,
        prepared: Option<&Prepared>,
        random: &mut Random,
    ) -> Option<Wire> {
        let alone = |random: &mut Random| {
            let (value, at) = (Self::fresh(random), View(random.below(view.0)));
            let says = Says::Vote(Phase::Prepare, value.id());
            let own = self.sign(Statement { height, view: at, says })?;
            let (value, signatures) = (value.id(), vec![(own.by, own.signature)]);
            let candidate = Arc::new(Candidate { value: Self::fresh(random), lineage: Vec::new() });
            let certificate = Certificate { height, view: at, phase: Phase::Prepare, value, signatures };
            Some(Prepared { certificate, candidate })
        };
        let fits = |it: &&Prepared| it.certificate.height == height && it.certificate.view < view;
        let prepared = prepared.filter(fits).cloned().or_else(|| alone(random))?;
        let says = Says::ViewChange { prepared: Some(prepared.named()) };
        let ask = self.sign(Statement { height, view, says })?;
        Some(Wire::Order(Message::ViewChange(ViewChange { ask, prepared: Some(prepared) })))
    }

    /// What a quorum prepared, by a request heard or by the votes of view 0.
    fn gathered(&self, height: Height) -> Option<Prepared> {
        let asks = self.asks.range((height, View(0))..(height.next(), View(0))).flat_map(|(_, asks)| asks);
        if let Some(prepared) = asks.filter_map(|change| change.prepared.as_ref()).next() {
            return Some(prepared.clone());
        }
        let votes = self.heard.iter().filter_map(|wire| match &**wire {
            Wire::Order(Message::Vote(vote)) => Some(vote),
            Wire::Order(Message::Proposal(proposal)) => Some(&proposal.prepare),
            _ => None,
        });
        let mut certificates = BTreeMap::<ValueId, BTreeMap<ValidatorIndex, Signature>>::new();
        for vote in votes.filter(|vote| (vote.statement.height, vote.statement.view) == (height, View(0))) {
            if let Some((Phase::Prepare, value)) = vote.statement.vote() {
                certificates.entry(value).or_default().insert(vote.by, vote.signature.clone());
            }
        }
        certificates.into_iter().find_map(|(value, votes)| {
            let signatures = votes.into_iter().collect();
            let phase = Phase::Prepare;
            let certificate = Certificate { height, view: View(0), phase, value, signatures };
            certificate.check(self.federation.set(height)).ok()?;
            let value = self.values.get(&value)?.clone();
            Some(Prepared { certificate, candidate: Arc::new(Candidate { value, lineage: Vec::new() }) })
        })
    }

    /// Validly signed nonsense, and nonsense that is not even signed.
    pub(crate) fn garbage(&self, height: Height, random: &mut Random) -> Option<Wire> {
        let number = |random: &mut Random| match random.below(4) {
            0 => u64::MAX,
            1 => random.bits(),
            _ => random.below(8),
        };
        let any = random.pick(&self.values.values().cloned().collect::<Vec<_>>()).cloned();
        let value = any.unwrap_or_else(|| Value::new(vec![9; 33]).unwrap());
        let view = View(number(random));
        let height = match random.below(6) {
            0 => Height(number(random)),
            1 => height.next(),
            _ => height,
        };
        let (phase, id) = (if random.chance(500) { Phase::Prepare } else { Phase::Commit }, value.id());
        let says = match random.below(3) {
            0 => Says::Vote(phase, id),
            1 => Says::ViewChange { prepared: None },
            _ => Says::ViewChange { prepared: Some((View(number(random)), id)) },
        };
        let mut signed = self.sign(Statement { height, view, says })?;
        if random.chance(200) {
            signed.signature = Signature(Arc::from(random.bits().to_be_bytes()));
        }
        if random.chance(200) {
            signed.by = ValidatorIndex(u16::try_from(number(random) & 0xffff).unwrap());
        }
        Some(match random.below(4) {
            0 => Wire::Order(Message::Vote(signed)),
            1 => Wire::Order(Message::ViewChange(ViewChange { ask: signed, prepared: None })),
            2 => {
                let candidate = Arc::new(Candidate { value, lineage: Vec::new() });
                Wire::Order(Message::Proposal(Proposal { candidate, prepare: signed }))
            }
            _ => {
                let signatures = vec![(signed.by, signed.signature)];
                Wire::Order(Message::Certificate(Certificate { height, view, phase, value: id, signatures }))
            }
        })
    }
}
