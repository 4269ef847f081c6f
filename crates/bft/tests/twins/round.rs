//! Five engines, two of them with one key, and one round after the other, each with a network split in its own way.

use auditmesh_bft::{
    Decided, Effect, Engine, Evidence, Input, Message, Record, Signed, Statement, Timer, TimerKind,
};
use auditmesh_conformance::Trusting;
use auditmesh_types::{Authority, Millis};

use crate::cast::{self, HEIGHT, MEMBERS, Mutant};

/// Engines: one for each member, and the twin of one.
pub(crate) const ENGINES: usize = MEMBERS + 1;

/// Which part of the network each engine is in.
pub(crate) type Split = [u8; ENGINES];

/// The five engines after some rounds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    /// Whose key the last engine shares.
    twin: usize,
    nodes: [Node; ENGINES],
}

/// An engine, and what came out of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Node {
    engine: Engine,
    /// What it sent in this round, requests for the next left out.
    sent: Vec<Message>,
    asks: Vec<Message>,
    own: Vec<Statement>,
    decided: Option<Decided>,
    accused: Vec<Evidence>,
    /// The votes it heard from the twins.
    heard: Vec<Signed>,
}

/// A rule that a world breaks.
pub(crate) type Fault = &'static str;

impl Node {
    /// Whether it heard two votes that contradict each other, and accused nobody.
    fn overlooks(&self) -> bool {
        let contradicts = |one: &Signed| self.heard.iter().any(|other| Evidence::of(one, other).is_some());
        self.accused.is_empty() && self.heard.iter().any(contradicts)
    }
}

impl World {
    /// Five engines that have just started; the last is the twin of member `twin`.
    pub(crate) fn new(twin: usize, without: Option<Mutant>) -> Self {
        let node = |at: usize| Node {
            engine: cast::engine(if at == MEMBERS { twin } else { at }, without),
            sent: Vec::new(),
            asks: Vec::new(),
            own: Vec::new(),
            decided: None,
            accused: Vec::new(),
            heard: Vec::new(),
        };
        let mut world = Self { twin, nodes: core::array::from_fn(node) };
        (0..ENGINES).for_each(|at| world.step(at, Input::Start));
        world
    }

    /// Plays one round in a network of parts. First the requests for its view reach everybody, those of one's own part first;
    /// then proposals and votes stay within the parts. Then the time of all who have not decided runs out.
    ///
    /// # Errors
    /// The rule that is broken then.
    pub(crate) fn round(&mut self, split: &Split) -> Result<(), Fault> {
        self.change_view(split);
        self.deliver(split);
        self.time_out();
        self.check()
    }

    /// Plays a round, with `leader` in the next view that is its turn: what is said in the views before that is lost.
    ///
    /// # Errors
    /// As [`Self::round`].
    pub(crate) fn turn(&mut self, leader: Option<usize>, split: &Split) -> Result<(), Fault> {
        for _ in 1..MEMBERS {
            self.change_view(split);
            let view = self.nodes.iter().map(|node| node.engine.view()).max();
            if leader.is_none() || view.map(cast::proposer) == leader {
                break;
            }
            self.time_out();
        }
        self.round(split)
    }

    /// What was said in this round is lost, and the time of all who have not decided runs out.
    fn time_out(&mut self) {
        for at in 0..ENGINES {
            self.nodes[at].sent.clear();
            if self.nodes[at].decided.is_none() {
                let view = self.nodes[at].engine.view();
                self.step(at, Input::Timer(Timer { kind: TimerKind::View, height: HEIGHT, view }));
            }
        }
    }

    /// Plays rounds in a network of one part, in which decisions are handed on, until everybody but the twins has decided.
    ///
    /// # Errors
    /// When that takes more rounds than each member proposing twice, or a rule is broken.
    pub(crate) fn heal(&mut self) -> Result<usize, Fault> {
        for rounds in 0..2 * MEMBERS {
            self.sync();
            if self.decided() == MEMBERS - 1 {
                return self.check().map(|()| rounds);
            }
            self.round(&[0; ENGINES])?;
        }
        Err("a healed network decides")
    }

    /// What was proven against anybody.
    pub(crate) fn accused(&self) -> impl Iterator<Item = &Evidence> {
        self.nodes.iter().flat_map(|node| &node.accused)
    }

    /// How many honest members have decided.
    pub(crate) fn decided(&self) -> usize {
        self.honest().filter(|at| self.nodes[*at].decided.is_some()).count()
    }

    fn honest(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        let twin = self.twin;
        (0..MEMBERS).filter(move |at| *at != twin)
    }

    fn member(&self, at: usize) -> usize {
        if at == MEMBERS { self.twin } else { at }
    }

    /// Delivers proposals and votes within each part until nothing new is said.
    fn deliver(&mut self, split: &Split) {
        let mut heard = [0; ENGINES];
        while let Some(from) = (0..ENGINES).find(|from| heard[*from] < self.nodes[*from].sent.len()) {
            let message = self.nodes[from].sent[heard[from]].clone();
            heard[from] += 1;
            for to in (0..ENGINES).filter(|to| *to != from && split[*to] == split[from]) {
                self.hear(to, message.clone());
            }
        }
    }

    /// Delivers the requests that were made, those of one's own part first; what others ask because of them is one of them.
    fn change_view(&mut self, split: &Split) {
        for near in [true, false] {
            let mut heard = [0; ENGINES];
            while let Some(from) = (0..ENGINES).find(|from| heard[*from] < self.nodes[*from].asks.len()) {
                let ask = self.nodes[from].asks[heard[from]].clone();
                heard[from] += 1;
                for to in (0..ENGINES).filter(|to| *to != from && (split[*to] == split[from]) == near) {
                    self.hear(to, ask.clone());
                }
            }
        }
        for node in &mut self.nodes {
            node.asks.clear();
        }
    }

    /// Who has decided tells the others.
    fn sync(&mut self) {
        let decided = self.honest().find_map(|at| self.nodes[at].decided.clone());
        let Some(Ok(decided)) = decided.map(|decided| Trusting.verify(decided)) else { return };
        for at in self.honest() {
            self.step(at, Input::Synced(decided.clone()));
        }
    }

    /// A twin is kept from what the other one said: its engine would notice, and say nothing more.
    fn hear(&mut self, at: usize, message: Message) {
        let me = cast::index(self.member(at));
        let foreign = |signed: &Signed| signed.by == me && !self.nodes[at].own.contains(&signed.statement);
        if me == cast::index(self.twin) && cast::statements(&message).iter().any(foreign) {
            return;
        }
        let own = cast::statements(&message).into_iter().next();
        let vote = own.filter(|it| it.by == cast::index(self.twin) && it.statement.vote().is_some());
        self.nodes[at].heard.extend(vote);
        let Ok(message) = Trusting.verify(message);
        self.step(at, Input::Message(message));
    }

    fn step(&mut self, at: usize, input: Input) {
        for effect in self.nodes[at].engine.step(Millis(0), input) {
            self.carry_out(at, effect);
        }
    }

    fn carry_out(&mut self, at: usize, effect: Effect) {
        let node = &mut self.nodes[at];
        match effect {
            Effect::Persist(id, record) => {
                if let Record::Said { statement, .. } = record {
                    node.own.push(statement);
                }
                self.step(at, Input::Persisted(id));
            }
            Effect::Sign(id, _) => self.step(at, Input::Signed(id, cast::signature())),
            Effect::Send { message: ask @ Message::ViewChange(_), .. } => node.asks.push(ask),
            Effect::Send { message, .. } => node.sent.push(message),
            Effect::Propose { height, view } => {
                // The twins propose different values.
                let which = if at == self.twin { 0 } else { usize::from(at == MEMBERS || at % 2 == 1) };
                let value = cast::values()[which].clone();
                self.step(at, Input::Proposed { height, view, value });
            }
            Effect::Judge { height, value } => {
                self.step(at, Input::Judged { height, value: value.id(), accepted: true });
            }
            Effect::Decide(decided) => node.decided = Some(decided),
            Effect::Accuse(evidence) => node.accused.push(evidence),
            _ => {}
        }
    }

    fn check(&self) -> Result<(), Fault> {
        let mut decided = self.honest().filter_map(|at| self.nodes[at].decided.as_ref());
        let all_check = decided.clone().all(|it| it.certificate.check(&cast::set()).is_ok());
        let first = decided.next();
        if decided.any(|other| Some(other.value()) != first.map(Decided::value)) {
            Err("agreement")
        } else if !all_check {
            Err("certificates check")
        } else if self.accused().any(|evidence| evidence.culprit() != cast::index(self.twin)) {
            Err("evidence accuses no honest member")
        } else if self.honest().any(|at| self.nodes[at].overlooks()) {
            Err("who contradicts itself is accused")
        } else {
            Ok(())
        }
    }
}
