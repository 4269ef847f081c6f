//! What may happen to a member next.

use auditmesh_bft::{ValueId, View};

use crate::{
    book::{Book, EventNumber, MemberNumber},
    event::{Deed, Event},
    fault::Fault,
};

/// How much is delivered at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// One message after the other, in every order.
    Single,
    /// Together what makes a difference that others see, or with which a view is entered, and nothing else; a decision is checked
    /// and goes no further, since a member that waits with it can do all that one can that has decided.
    Joined,
}

/// The next states of a member.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// Each with what led there.
    pub(crate) found: Vec<(MemberNumber, EventNumber)>,
    /// The value that it has decided, or can.
    pub(crate) decides: Option<ValueId>,
    /// By number what it showed in each of these, and in those in which it decided and said nothing.
    shown: Vec<u32>,
}

impl Moves {
    /// Those of member `number`, who votes in no view after `last`, when what is in `offered` can be delivered.
    ///
    /// # Errors
    /// The first rule that one of them breaks.
    pub(crate) fn all(
        book: &mut Book,
        number: MemberNumber,
        offered: &[EventNumber],
        last: View,
        delivery: Delivery,
    ) -> Result<Self, Fault> {
        let member = book.member(number);
        let decides = member.decided().map(|decided| decided.value().id());
        let mut moves = Self { decides, ..Self::default() };
        let said = member.shown().statements();
        let mut deeds = vec![Deed::Write, Deed::Sign, Deed::Crash, Deed::WriteSnapshotAndCrash];
        if decides.is_none() && member.view() < last {
            deeds.push(Deed::TimeOut);
        }
        if member.owes().is_some() {
            deeds.push(Deed::ProposeX);
        }
        // Which of two values that nobody has seen is proposed first makes no difference.
        if member.owes().is_some_and(|view| view > View(0)) {
            deeds.push(Deed::ProposeY);
        }
        let deeds = deeds.into_iter().map(|deed| book.events.number(Event::Own(deed))).collect::<Vec<_>>();
        let offered = if decides.is_some() { &[] } else { offered };
        for (event, own) in deeds.iter().map(|it| (it, true)).chain(offered.iter().map(|it| (it, false))) {
            let joined = delivery == Delivery::Joined;
            moves.reach(book, (number, *event), said, (joined, joined && !own)).map_err(|mut fault| {
                fault.trace.push(book.events[*event].told(&member, &book.messages));
                fault
            })?;
        }
        Ok(moves)
    }

    /// Takes up what an event makes of a member who made `said` statements: unless it goes no further, and where `once`, unless it shows
    /// nothing new.
    fn reach(
        &mut self,
        book: &mut Book,
        (number, event): (MemberNumber, EventNumber),
        said: usize,
        (joined, once): (bool, bool),
    ) -> Result<(), Fault> {
        let Some(outcome) = book.outcome(number, event)? else { return Ok(()) };
        if once && self.shown.contains(&outcome.shown) {
            return Ok(());
        }
        let (says, value) = book.shown(outcome.shown);
        if value.is_some() && self.decides.is_some() && value != self.decides {
            return Err(Fault::new("agreement", "one member can decide both values"));
        }
        self.decides = value.or(self.decides);
        self.shown.push(outcome.shown);
        // One that says more as it decides goes on, for what it says.
        if !joined || value.is_none() || says > said {
            self.found.push((book.enter(number, event)?, event));
        }
        Ok(())
    }
}
