//! Byzantine members: a machine that keeps to the protocol, and a habit between it and the network.

use std::rc::Rc;

use auditmesh_bft::{Height, Message, View};
use auditmesh_sim::{Letter, Random, Scene, Strategy};

use crate::{
    federation::Federation,
    forgery::Forgery,
    member::{Member, Wire},
};

/// How a Byzantine member behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Habit {
    /// Says nothing.
    Silent,
    /// Speaks to some, and not always.
    Withholds,
    /// Says one thing to some and another to others.
    Equivocates,
    /// Votes for everything, in both phases.
    Promiscuous,
    /// Hides what it prepared.
    Hides,
    /// Repeats what was said long ago.
    Replays,
    /// Passes others' words off as said of another view.
    Relabels,
    /// Makes certificates and decisions up.
    Forges,
    /// Proposes a new value in a later view, whatever was prepared.
    Usurps,
    /// Asks for views that nobody needs.
    Rushes,
    /// Is late.
    Delays,
    /// Sends nonsense.
    Garbage,
    /// Runs twice, each talking to another half.
    Twins,
    /// Keeps to the protocol with a disk that loses what it said was durable.
    Forgetful,
    /// All of it.
    Mixed,
    /// Sends votes without end, for many views and values. Drawn only by the test of memory.
    Floods,
}

impl Habit {
    pub(crate) const ALL: [Self; 15] = [
        Self::Silent,
        Self::Withholds,
        Self::Equivocates,
        Self::Promiscuous,
        Self::Hides,
        Self::Replays,
        Self::Relabels,
        Self::Forges,
        Self::Usurps,
        Self::Rushes,
        Self::Delays,
        Self::Garbage,
        Self::Twins,
        Self::Forgetful,
        Self::Mixed,
    ];

    pub(crate) fn draw(random: &mut Random) -> Self {
        if random.chance(250) { Self::Mixed } else { *random.pick(&Self::ALL).unwrap_or(&Self::Mixed) }
    }

    /// One for this message.
    fn now(self, random: &mut Random) -> Self {
        if self == Self::Mixed { *random.pick(&Self::ALL[..12]).unwrap_or(&Self::Silent) } else { self }
    }
}

/// The habit of one seat.
#[derive(Debug)]
pub(crate) struct Liar {
    habit: Habit,
    /// One bit for each member: those it favours.
    friends: u64,
    members: usize,
    forgery: Forgery,
    /// How many messages of members it has heard.
    hearings: usize,
}

/// So many messages a liar answers: two that answer each other would go on for ever.
const PATIENCE: usize = 1_000;

/// So many messages a flood answers, each with a thousand.
const FLOOD: usize = 20;

impl Liar {
    pub(crate) fn new(n: usize, habit: Habit, friends: u64, federation: &Rc<Federation>) -> Self {
        Self {
            habit,
            friends,
            members: federation.members,
            forgery: Forgery::new(n, federation),
            hearings: 0,
        }
    }

    fn favours(&self, member: usize) -> bool {
        self.friends >> (member % 64) & 1 == 1
    }

    fn to_some(&self, scene: &mut Scene<'_, Rc<Wire>>, wire: Option<Wire>) {
        let Some(wire) = wire.map(Rc::new) else { return };
        for to in 0..self.members {
            if scene.random.chance(600) {
                scene.send(to, Rc::clone(&wire));
            }
        }
    }

    /// Something of its own accord, when it hears of `height`.
    fn acts(&self, scene: &mut Scene<'_, Rc<Wire>>, message: &Message) {
        let height = message.height();
        match self.habit.now(scene.random) {
            Habit::Promiscuous | Habit::Equivocates => {
                if let Message::Proposal(proposal) = message {
                    for wire in self.forgery.all_votes(proposal) {
                        self.to_some(scene, Some(wire));
                    }
                }
            }
            Habit::Replays if scene.random.chance(300) => {
                let to = scene.random.place(self.members);
                if let Some(wire) = self.forgery.heard(scene.random) {
                    scene.send(to, wire);
                }
            }
            Habit::Relabels if scene.random.chance(500) => {
                let wire = Forgery::relabelled(message, scene.random);
                self.to_some(scene, wire);
            }
            Habit::Forges if scene.random.chance(300) => {
                let wire = self.forgery.forged(message, scene.random);
                self.to_some(scene, wire);
            }
            Habit::Usurps if scene.random.chance(200) => {
                let wire = self.forgery.usurped(height, scene.random);
                self.to_some(scene, wire);
            }
            Habit::Rushes if scene.random.chance(200) => {
                let view = View(scene.random.between(1, 7));
                self.to_some(scene, self.forgery.bare_ask(height, view));
            }
            Habit::Floods if self.hearings < FLOOD => {
                for wire in self.forgery.flood(height, scene.random).into_iter().map(Rc::new) {
                    (0..self.members).for_each(|to| scene.send(to, Rc::clone(&wire)));
                }
            }
            Habit::Garbage if scene.random.chance(400) => {
                let wire = self.forgery.garbage(height, scene.random);
                self.to_some(scene, wire);
            }
            _ => {}
        }
    }
}

impl Strategy<Member> for Liar {
    fn sends(&mut self, scene: &mut Scene<'_, Rc<Wire>>, to: usize, wire: Rc<Wire>) {
        self.forgery.remember(&wire);
        let other = |this: &Self| match &*wire {
            Wire::Order(message) => this.forgery.contradiction(message).map(Rc::new),
            Wire::Fetch(_) | Wire::Have(_) => None,
        };
        match self.habit.now(scene.random) {
            Habit::Silent => {}
            Habit::Withholds if !self.favours(to) || scene.random.chance(200) => {}
            Habit::Twins if !self.favours(to) => {}
            Habit::Equivocates if !self.favours(to) => {
                let message = other(self).unwrap_or(wire);
                scene.send(to, message);
            }
            Habit::Hides => {
                let hidden = match &*wire {
                    Wire::Order(Message::ViewChange(_)) => other(self),
                    _ => None,
                };
                scene.send(to, hidden.unwrap_or(wire));
            }
            Habit::Delays => {
                let held_ms = scene.random.below(1_500);
                scene.letters.push(Letter { to, message: wire, held_ms });
            }
            _ => scene.send(to, wire),
        }
    }

    fn receives(&mut self, scene: &mut Scene<'_, Rc<Wire>>, from: usize, wire: &Rc<Wire>) -> bool {
        self.forgery.remember(wire);
        self.hearings += 1;
        match &**wire {
            Wire::Order(message) if message.height() < Height(1 << 32) && self.hearings <= PATIENCE => {
                self.acts(scene, message);
            }
            Wire::Fetch(height) if self.habit == Habit::Forges => {
                let heard = self.forgery.heard(scene.random);
                if let Some(Wire::Order(message)) = heard.as_deref().filter(|_| height.0 > 0) {
                    let wire = self.forgery.forged(message, scene.random);
                    self.to_some(scene, wire);
                }
            }
            _ => {}
        }
        self.habit != Habit::Twins || self.favours(from)
    }
}
