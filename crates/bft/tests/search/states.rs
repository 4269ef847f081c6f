//! The states that were visited, in that order: 16 bytes each, and a table of their numbers.

use std::hash::Hasher as _;

use crate::{book::MemberNumber, cast::MEMBERS, intern::Mix};

/// The honest members, by number.
pub(crate) type State = [MemberNumber; MEMBERS - 1];

/// No state has this number.
const NONE: u32 = u32::MAX;

/// Each state once.
#[derive(Default)]
pub(crate) struct States {
    list: Vec<State>,
    parents: Vec<u32>,
    /// Numbers of states, each at the first free place from its hash on; at least a quarter of the places are free.
    places: Vec<u32>,
}

impl States {
    /// Adds `state` if it is new; `parent` is the number of the one before.
    pub(crate) fn visit(&mut self, state: State, parent: usize) {
        if self.list.len() * 4 >= self.places.len() * 3 {
            self.grow();
        }
        let place = self.place(state);
        if self.places[place] == NONE {
            self.places[place] = u32::try_from(self.list.len()).unwrap();
            self.list.push(state);
            self.parents.push(u32::try_from(parent).unwrap());
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The state with a number.
    pub(crate) fn at(&self, number: usize) -> State {
        self.list[number]
    }

    /// The number of the state from which this one was come to first.
    pub(crate) fn parent(&self, number: usize) -> usize {
        self.parents[number] as usize
    }

    /// All, in the order of visits.
    pub(crate) fn iter(&self) -> impl Iterator<Item = State> + '_ {
        self.list.iter().copied()
    }

    /// Where `state` stands, or is to stand.
    fn place(&self, state: State) -> usize {
        let mut hash = Mix::default();
        state.iter().for_each(|member| hash.write_u32(*member));
        let last = self.places.len() - 1;
        let mut place = usize::try_from(hash.finish() & last as u64).unwrap();
        while self.places[place] != NONE && self.list[self.places[place] as usize] != state {
            place = (place + 1) & last;
        }
        place
    }

    /// Twice as many places.
    fn grow(&mut self) {
        let places = (self.places.len() * 2).max(1 << 10);
        // The old ones go first: there is not always room for both.
        self.places = Vec::new();
        self.places = vec![NONE; places];
        for number in 0..self.list.len() {
            let place = self.place(self.list[number]);
            self.places[place] = u32::try_from(number).unwrap();
        }
    }
}
