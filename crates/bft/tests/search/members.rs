//! The states of members, by number.

use std::{
    hash::{Hash as _, Hasher},
    sync::Arc,
};

use sha2::{Digest as _, Sha256};

use crate::{
    book::{EventNumber, MemberNumber},
    fault::Fault,
    intern::{Intern, Map},
    member::Member,
};

/// How the states of members are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Whole, and compared in full: 6 to 7 KB each.
    Whole,
    /// By the first 128 bits of a SHA-256 of what is compared, with the way they came about, by which they are worked out again: 60
    /// bytes each. Two different states are taken for one with odds of n² : 2¹²⁹.
    Print,
}

/// How many whole states are at hand where prints are kept; a power of two.
const AT_HAND: usize = 1 << 15;

/// Each state once.
pub(crate) struct Members {
    keep: Keep,
    /// All of them, or the first ones, which nothing led to.
    whole: Intern<Member>,
    prints: Map<u128, MemberNumber>,
    /// What led to those of whom there are prints.
    origins: Vec<(MemberNumber, EventNumber)>,
    at_hand: Vec<Option<(MemberNumber, Arc<Member>)>>,
}

impl Members {
    pub(crate) fn new(keep: Keep) -> Self {
        let at_hand = if keep == Keep::Print { vec![None; AT_HAND] } else { Vec::new() };
        let (whole, prints, origins) = (Intern::default(), Map::default(), Vec::new());
        Self { keep, whole, prints, origins, at_hand }
    }

    /// The number of the state that a member starts in; these come before all others.
    pub(crate) fn first(&mut self, member: Member) -> MemberNumber {
        let print = (self.keep == Keep::Print).then(|| print(&member));
        let number = self.whole.number(member);
        self.prints.extend(print.map(|print| (print, number)));
        number
    }

    /// The number of `member`, which `event` made of another.
    pub(crate) fn number(&mut self, member: Member, from: MemberNumber, event: EventNumber) -> MemberNumber {
        if self.keep == Keep::Whole {
            return self.whole.number(member);
        }
        let new = u32::try_from(self.len()).unwrap();
        let number = *self.prints.entry(print(&member)).or_insert(new);
        if number == new {
            self.origins.push((from, event));
            self.take(number, Arc::new(member));
        }
        number
    }

    /// The state with a number; `after` works out what an event makes of a state.
    pub(crate) fn member(
        &mut self,
        number: MemberNumber,
        after: &impl Fn(&Member, EventNumber) -> Result<Option<Member>, Fault>,
    ) -> Arc<Member> {
        let Some(at) = (number as usize).checked_sub(self.whole.len()) else {
            return Arc::clone(&self.whole[number]);
        };
        if let Some((_, member)) =
            self.at_hand[number as usize % AT_HAND].as_ref().filter(|it| it.0 == number)
        {
            return Arc::clone(member);
        }
        let (from, event) = self.origins[at];
        let from = self.member(from, after);
        let member = Arc::new(after(&from, event).unwrap().unwrap());
        self.take(number, Arc::clone(&member));
        member
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.whole.len() + self.origins.len()
    }

    fn take(&mut self, number: MemberNumber, member: Arc<Member>) {
        self.at_hand[number as usize % AT_HAND] = Some((number, member));
    }
}

/// Hashes what is compared.
struct Print(Sha256);

impl Hasher for Print {
    fn finish(&self) -> u64 {
        unreachable!("a print has more bits")
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

fn print(member: &Member) -> u128 {
    let mut print = Print(Sha256::new());
    member.hash(&mut print);
    let digest: [u8; 32] = print.0.finalize().into();
    u128::from_le_bytes(*digest.first_chunk().unwrap())
}
