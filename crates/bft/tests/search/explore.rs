//! The search, breadth first. A state is three honest members; the network is all they said, and forgets nothing: a message that
//! is lost is one that is not delivered. What a member can do depends on its own state and on what was said, so it is worked
//! out with the real engine once for each such pair and then looked up.

use std::sync::Arc;

use auditmesh_bft::{ValueId, View};

use crate::{
    book::{Book, MemberNumber},
    cast::{MEMBERS, Mutant},
    fair,
    fault::Fault,
    intern::Map,
    liar::{Liar, Offer},
    member::{Disk, Member},
    moves::{Delivery, Moves},
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
    /// Whether the liar shows every justification.
    pub(crate) thorough: bool,
    pub(crate) without: Option<Mutant>,
    /// How many states are taken up at most.
    pub(crate) states: usize,
    /// From every how manieth state the members are left alone, with timers that run out, to see that they decide; also from
    /// those in which nothing more can happen. `None` leaves this out.
    pub(crate) alone: Option<usize>,
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
    /// Whether there were no more states than allowed.
    pub(crate) complete: bool,
}

/// The honest members, by number.
pub(crate) type State = [MemberNumber; MEMBERS - 1];

/// What a member can do: the numbers of its next states, and the values it can decide.
#[derive(Debug, Clone, Default)]
struct Steps {
    next: Arc<[MemberNumber]>,
    decides: Option<ValueId>,
}

/// A search and what it knows.
pub(crate) struct Search {
    bound: Bound,
    pub(crate) book: Book,
    offers: Map<State, (u32, Arc<Offer>)>,
    steps: Map<(MemberNumber, u32), Steps>,
    pub(crate) states: Vec<State>,
    parents: Vec<u32>,
    numbers: Map<State, u32>,
}

impl Search {
    pub(crate) fn new(bound: Bound) -> Self {
        let (book, offers, steps) = (Book::default(), Map::default(), Map::default());
        Self { bound, book, offers, steps, states: Vec::new(), parents: Vec::new(), numbers: Map::default() }
    }

    /// Visits every state within the bound.
    ///
    /// # Errors
    /// The first rule that is broken, with a shortest trace.
    pub(crate) fn run(&mut self) -> Result<Seen, Fault> {
        let first = self.first()?;
        self.visit(first, 0);
        let (mut seen, mut at, mut end) = (Seen::default(), 0, 1);
        while at < self.states.len() {
            if at == end {
                (seen.depth, end) = (seen.depth + 1, self.states.len());
            }
            self.expand(at, &mut seen).map_err(|fault| self.traced(at, fault))?;
            at += 1;
            if self.states.len() >= self.bound.states {
                break;
            }
        }
        seen.states = self.states.len();
        seen.members = self.book.members();
        seen.complete = at == self.states.len();
        Ok(seen)
    }

    /// The state in which all have started.
    pub(crate) fn first(&mut self) -> Result<State, Fault> {
        let mut first = State::default();
        let liar = self.bound.liar;
        let honest = (0..MEMBERS).filter(|n| *n != liar);
        for (n, slot) in honest.zip(&mut first) {
            let mut member = Member::new(n, liar, self.bound.without, self.bound.disk);
            member.start()?;
            *slot = self.book.enter(member);
        }
        Ok(first)
    }

    /// Takes every step from state `at`.
    fn expand(&mut self, at: usize, seen: &mut Seen) -> Result<(), Fault> {
        let state = self.states[at];
        let (offer_number, offer) = self.offer(state)?;
        let (mut still, mut decided) = (true, None);
        for place in 0..state.len() {
            let steps = self.steps(state[place], offer_number, &offer)?;
            if steps.decides.is_some_and(|value| decided.replace(value).is_some_and(|other| other != value)) {
                return Err(Fault::new("agreement", "honest members decide differently"));
            }
            for next in steps.next.iter() {
                let mut after = state;
                after[place] = *next;
                seen.transitions += 1;
                still = false;
                self.visit(after, at);
            }
        }
        seen.decided += usize::from(decided.is_some());
        seen.last += usize::from(still);
        if self.bound.alone.is_some_and(|every| still || at.is_multiple_of(every)) {
            seen.left_alone += 1;
            fair::decide(&state.map(|number| self.book.member(number).clone()))?;
        }
        Ok(())
    }

    fn visit(&mut self, state: State, parent: usize) {
        if !self.numbers.contains_key(&state) {
            self.numbers.insert(state, u32::try_from(self.states.len()).unwrap());
            self.states.push(state);
            self.parents.push(u32::try_from(parent).unwrap());
        }
    }

    /// What can be delivered in `state`.
    pub(crate) fn offer(&mut self, state: State) -> Result<(u32, Arc<Offer>), Fault> {
        let key = state.map(|number| self.book.outbox(number));
        if let Some(known) = self.offers.get(&key) {
            return Ok(known.clone());
        }
        let liar = Liar { n: self.bound.liar, last: self.bound.last, thorough: self.bound.thorough };
        let offer = Arc::new(liar.offer(key, &mut self.book)?);
        let entry = (u32::try_from(self.offers.len()).unwrap(), offer);
        self.offers.insert(key, entry.clone());
        Ok(entry)
    }

    /// The states that member `place` of `state` can be in next.
    pub(crate) fn next(&mut self, state: State, place: usize) -> Result<Arc<[MemberNumber]>, Fault> {
        let (offer_number, offer) = self.offer(state)?;
        Ok(self.steps(state[place], offer_number, &offer)?.next)
    }

    fn steps(&mut self, number: MemberNumber, offer_number: u32, offer: &Offer) -> Result<Steps, Fault> {
        if let Some(known) = self.steps.get(&(number, offer_number)) {
            return Ok(known.clone());
        }
        let moves = self.moves(number, offer)?;
        let mut next: Vec<MemberNumber> = moves.found.iter().map(|(next, _)| *next).collect();
        let decides = moves.decides;
        if self.bound.delivery == Delivery::Joined {
            // One that says more as it decides goes on, for what it says.
            let before = self.book.member(number).sent().len();
            let quiet = |it: &Member| it.sent().len() == before;
            next.retain(|next| {
                let next = self.book.member(*next);
                next.decided().is_none() || !quiet(next)
            });
        }
        next.sort_unstable();
        next.dedup();
        let steps = Steps { next: next.into(), decides };
        self.steps.insert((number, offer_number), steps.clone());
        Ok(steps)
    }

    fn moves(&mut self, number: MemberNumber, offer: &Offer) -> Result<Moves<'_>, Fault> {
        Moves::all(&mut self.book, number, offer, self.bound.last, self.bound.delivery)
    }

    /// `fault`, with the steps that lead to it.
    fn traced(&mut self, at: usize, mut fault: Fault) -> Fault {
        let (mut way, mut at) = (Vec::new(), at);
        while at > 0 {
            let before = self.parents[at] as usize;
            way.extend(self.step_between(self.states[before], self.states[at]));
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
        let (_, offer) = self.offer(before).ok()?;
        let moves = self.moves(before[place], &offer).ok()?;
        let event = moves.found.iter().find(|(next, _)| *next == after[place])?.1.clone();
        Some(event.told(&self.book, before[place]))
    }
}
