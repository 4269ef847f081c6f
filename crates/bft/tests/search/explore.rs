//! The search, breadth first. A state is three honest members; the network is all they said, and forgets nothing: a message that
//! is lost is one that is not delivered. What a member can do depends on its own state and on what was said, so it is worked
//! out with the real engine once for each such pair and then looked up.

use std::sync::Arc;

use auditmesh_bft::{ValueId, View};

use crate::{
    book::{Book, EventNumber, MemberNumber},
    cast::{MEMBERS, Mutant},
    fair,
    fault::Fault,
    intern::{Intern, Map},
    liar::Liar,
    member::{Disk, Member},
    members::Keep,
    moves::{Delivery, Moves},
    states::{State, States},
};

/// What is searched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    /// Who lies.
    pub(crate) liar: usize,
    /// The last view in which anybody votes.
    pub(crate) last: View,
    pub(crate) disk: Disk,
    pub(crate) delivery: Delivery,
    pub(crate) keep: Keep,
    /// Whether the liar shows every justification.
    pub(crate) thorough: bool,
    pub(crate) without: Option<Mutant>,
    /// From which states the members are left alone, with timers that run out, to see that they decide. `None` leaves this out.
    pub(crate) alone: Option<Alone>,
}

/// A sample of states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alone {
    /// Every how manieth.
    pub(crate) every: usize,
    /// Every how manieth of those in which nothing more can happen.
    pub(crate) last: usize,
}

/// What a search saw.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) states: usize,
    pub(crate) transitions: usize,
    /// The longest shortest way to a state.
    pub(crate) depth: usize,
    /// States in which nothing more can happen.
    pub(crate) last: usize,
    /// States in which somebody has decided, or can with what was said.
    pub(crate) decided: usize,
    /// States from which the members were left alone.
    pub(crate) left_alone: usize,
    /// Distinct states of one member.
    pub(crate) members: usize,
    /// Whether there are no more states.
    pub(crate) complete: bool,
}

/// What a member can do.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Steps {
    /// The numbers of its next states.
    next: Vec<MemberNumber>,
    /// A value that it can decide.
    decides: Option<ValueId>,
}

/// The number of a list of what can be delivered to one member.
type OfferNumber = u32;

/// How many steps are remembered; then they and the offers are forgotten all at once.
const REMEMBERED: usize = 14_000_000;

/// A search and what it knows.
pub(crate) struct Search {
    bound: Bound,
    pub(crate) book: Book,
    /// What can be delivered to each member, by what all show.
    offers: Map<State, [OfferNumber; MEMBERS - 1]>,
    lists: Intern<Vec<EventNumber>>,
    steps: Map<(MemberNumber, OfferNumber), u32>,
    distinct: Intern<Steps>,
    pub(crate) states: States,
}

impl Search {
    pub(crate) fn new(bound: Bound) -> Self {
        Self {
            bound,
            book: Book::new(bound.keep),
            offers: Map::default(),
            lists: Intern::default(),
            steps: Map::default(),
            distinct: Intern::default(),
            states: States::default(),
        }
    }

    /// Visits every state within the bound. `goes_on` is asked after all states that are equally far from the beginning, which it is told,
    /// and from time to time between.
    ///
    /// # Errors
    /// The first rule that is broken, with a shortest trace.
    pub(crate) fn run(
        &mut self,
        mut goes_on: impl FnMut(&Self, Option<usize>) -> bool,
    ) -> Result<Seen, Fault> {
        let first = self.first()?;
        self.states.visit(first, 0);
        let (mut seen, mut at, mut end) = (Seen::default(), 0, 1);
        while at < self.states.len() {
            let layer = (at == end).then_some(seen.depth);
            if at == end {
                (seen.depth, end) = (seen.depth + 1, self.states.len());
            }
            if (layer.is_some() || at.is_multiple_of(1 << 18)) && !goes_on(self, layer) {
                break;
            }
            self.expand(at, &mut seen).map_err(|fault| self.traced(at, fault))?;
            at += 1;
        }
        seen.states = self.states.len();
        seen.members = self.book.members();
        seen.complete = at == self.states.len();
        Ok(seen)
    }

    /// How many states, states of members, offers and steps there are, in words.
    pub(crate) fn sizes(&self) -> String {
        let (states, members) = (self.states.len(), self.book.members());
        let (offers, steps) = (self.lists.len(), self.steps.len());
        format!("{states} states, {members} members, {offers} offers, {steps} steps")
    }

    /// The state in which all have started.
    pub(crate) fn first(&mut self) -> Result<State, Fault> {
        let mut first = State::default();
        let liar = self.bound.liar;
        let honest = (0..MEMBERS).filter(|n| *n != liar);
        for (n, slot) in honest.zip(&mut first) {
            let mut member = Member::new(n, liar, self.bound.without, self.bound.disk);
            member.start()?;
            *slot = self.book.first(member);
        }
        Ok(first)
    }

    /// Takes every step from state `at`.
    fn expand(&mut self, at: usize, seen: &mut Seen) -> Result<(), Fault> {
        self.tidy();
        let state = self.states.at(at);
        let offers = self.offers(state)?;
        let (mut still, mut decided) = (true, None);
        for place in 0..state.len() {
            let steps = self.steps(state[place], offers[place])?;
            let Steps { next, decides } = &*self.distinct[steps];
            if decides.is_some_and(|value| decided.replace(value).is_some_and(|other| other != value)) {
                return Err(Fault::new("agreement", "honest members decide differently"));
            }
            for next in next {
                let mut after = state;
                after[place] = *next;
                seen.transitions += 1;
                still = false;
                self.states.visit(after, at);
            }
        }
        seen.decided += usize::from(decided.is_some());
        seen.last += usize::from(still);
        let chosen = |it: Alone| at.is_multiple_of(it.every) || still && seen.last.is_multiple_of(it.last);
        if self.bound.alone.is_some_and(chosen) {
            seen.left_alone += 1;
            fair::decide(&state.map(|number| Member::clone(&self.book.member(number))))?;
        }
        Ok(())
    }

    /// Forgets offers and steps when there are many. Their numbers are worth nothing after it.
    fn tidy(&mut self) {
        if self.steps.len() >= REMEMBERED {
            (self.offers, self.lists) = (Map::default(), Intern::default());
            (self.steps, self.distinct) = (Map::default(), Intern::default());
        }
    }

    /// What can be delivered to each member in `state`.
    fn offers(&mut self, state: State) -> Result<[OfferNumber; MEMBERS - 1], Fault> {
        let faces = state.map(|number| self.book.face(number));
        if let Some(known) = self.offers.get(&faces) {
            return Ok(*known);
        }
        let Bound { liar, last, thorough, delivery, .. } = self.bound;
        let offer = Liar { n: liar, last, thorough }.offer(faces, &mut self.book)?;
        let mut numbers = [0; MEMBERS - 1];
        let honest = (0..MEMBERS).filter(|n| *n != liar);
        for ((n, face), number) in honest.zip(faces).zip(&mut numbers) {
            let (_, view) = self.book.sent(face);
            let events = match delivery {
                Delivery::Single => offer.single(n, &mut self.book),
                Delivery::Joined => offer.joined(n, view, &mut self.book),
            };
            *number = self.lists.number(events);
        }
        self.offers.insert(faces, numbers);
        Ok(numbers)
    }

    /// The states that member `place` of `state` can be in next.
    pub(crate) fn next(&mut self, state: State, place: usize) -> Result<Vec<MemberNumber>, Fault> {
        let offer = self.offers(state)?[place];
        let steps = self.steps(state[place], offer)?;
        Ok(self.distinct[steps].next.clone())
    }

    fn steps(&mut self, number: MemberNumber, offer: OfferNumber) -> Result<u32, Fault> {
        if let Some(known) = self.steps.get(&(number, offer)) {
            return Ok(*known);
        }
        let Moves { found, decides, .. } = self.moves(number, offer)?;
        let mut next: Vec<MemberNumber> = found.iter().map(|(next, _)| *next).collect();
        next.sort_unstable();
        next.dedup();
        let steps = self.distinct.number(Steps { next, decides });
        self.steps.insert((number, offer), steps);
        Ok(steps)
    }

    fn moves(&mut self, number: MemberNumber, offer: OfferNumber) -> Result<Moves, Fault> {
        let offered = Arc::clone(&self.lists[offer]);
        Moves::all(&mut self.book, number, &offered, self.bound.last, self.bound.delivery)
    }

    /// `fault`, with the steps that lead to it.
    fn traced(&mut self, at: usize, mut fault: Fault) -> Fault {
        let (mut way, mut at) = (Vec::new(), at);
        while at > 0 {
            let before = self.states.parent(at);
            way.extend(self.step_between(self.states.at(before), self.states.at(at)));
            at = before;
        }
        way.reverse();
        way.append(&mut fault.trace);
        fault.trace = way;
        fault
    }

    /// In words.
    fn step_between(&mut self, before: State, after: State) -> Option<String> {
        let place = (0..before.len()).find(|place| before[*place] != after[*place])?;
        let offer = self.offers(before).ok()?[place];
        let moves = self.moves(before[place], offer).ok()?;
        let (_, event) = *moves.found.iter().find(|(next, _)| *next == after[place])?;
        let member = self.book.member(before[place]);
        Some(self.book.events[event].told(&member, &self.book.messages))
    }
}
