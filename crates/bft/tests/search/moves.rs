//! What may happen to a member next.

use core::fmt;

use auditmesh_bft::{Message, Phase, ValidatorIndex, ValueId, View};

use crate::{
    book::{Book, MemberNumber, MessageNumber},
    cast,
    fault::Fault,
    liar::{Ballot, Offer},
    member::Member,
};

/// How much is delivered at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// One message after the other, in every order.
    Single,
    /// Together what makes a difference that others see, and nothing else; a decision is checked and goes no further, since
    /// a member that waits with it can do all that one can that has decided.
    Joined,
}

/// What happened.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// Something within.
    Own(&'static str),
    /// These arrived, one after the other.
    Heard(Vec<MessageNumber>),
}

/// The next states of a member.
pub(crate) struct Moves<'a> {
    book: &'a mut Book,
    number: MemberNumber,
    last: View,
    /// Each with what led there.
    pub(crate) found: Vec<(MemberNumber, Event)>,
    /// The value that it has decided, or can.
    pub(crate) decides: Option<ValueId>,
}

impl<'a> Moves<'a> {
    /// Those of member `number`, who votes in no view after `last`, when `offer` can be delivered.
    ///
    /// # Errors
    /// The first rule that one of them breaks.
    pub(crate) fn all(
        book: &'a mut Book,
        number: MemberNumber,
        offer: &Offer,
        last: View,
        delivery: Delivery,
    ) -> Result<Self, Fault> {
        book.tidy();
        let decides = book.member(number).decided().map(|decided| decided.value().id());
        let mut moves = Self { book, number, last, found: Vec::new(), decides };
        moves.alone()?;
        match delivery {
            _ if decides.is_some() => {}
            Delivery::Single => offer.all().try_for_each(|message| moves.hear(message))?,
            Delivery::Joined => moves.jointly(offer)?,
        }
        Ok(moves)
    }

    /// What needs no message.
    fn alone(&mut self) -> Result<(), Fault> {
        self.own("writes a record", |it| it.write().map(drop))?;
        self.own("signs", |it| it.sign().map(drop))?;
        self.own("crashes", |it| it.crash(false).map(drop))?;
        self.own("writes a snapshot and crashes", |it| it.crash(true).map(drop))?;
        let (view, owes) = (self.member().view(), self.member().owes());
        if self.decides.is_none() && view < self.last {
            self.own("sees its time run out", Member::time_out)?;
        }
        let [x, y] = cast::values();
        if owes.is_some() {
            self.own("proposes x", |it| it.propose(x))?;
        }
        // Which of two values that nobody has seen is proposed first makes no difference.
        if owes.is_some_and(|view| view > View(0)) {
            self.own("proposes y", |it| it.propose(y))?;
        }
        Ok(())
    }

    /// Delivers what makes a difference that others can see, or with which a view is entered.
    fn jointly(&mut self, offer: &Offer) -> Result<(), Fault> {
        for ballot in &offer.ballots {
            self.until_it_shows(ballot.votes.iter().copied())?;
        }
        for (view, value, proposal) in &offer.proposals {
            self.until_it_shows([*proposal])?;
            // A proposal may also come after votes for it: then a COMMIT comes before the PREPARE, or a decision does.
            let of = |phase| {
                let mine = move |it: &&Ballot| (it.view, it.phase, it.value) == (*view, phase, *value);
                offer.ballots.iter().filter(mine).flat_map(|it| it.votes.iter().copied())
            };
            let (prepares, commits) = (|| of(Phase::Prepare), || of(Phase::Commit));
            self.until_it_shows(prepares().chain([*proposal]))?;
            self.until_it_shows(commits().chain([*proposal]))?;
            self.until_it_shows(prepares().chain(commits()).chain([*proposal]))?;
        }
        for certificate in &offer.certificates {
            self.until_it_shows([*certificate])?;
        }
        let asks = self.asks(offer);
        for (at, (first_by, _, first)) in asks.iter().enumerate() {
            self.until_it_shows([*first])?;
            for (_, _, second) in asks.iter().skip(at + 1).filter(|(by, ..)| by != first_by) {
                self.until_it_shows([*first, *second])?;
            }
        }
        Ok(())
    }

    /// The requests that may move this member: none for a view that it has left behind, and one of each other member for a view in
    /// which somebody else proposes, since what they show as prepared matters to the proposer alone.
    fn asks(&self, offer: &Offer) -> Vec<(Option<ValidatorIndex>, View, MessageNumber)> {
        let (n, view) = (self.member().n(), self.member().view());
        let mut asks: Vec<(Option<ValidatorIndex>, View, MessageNumber)> = Vec::new();
        for (by, to, ask) in offer.asks.iter().filter(|(_, to, ask)| *to >= view && !self.is_own(*ask)) {
            if cast::proposer(*to) == n || asks.iter().all(|(other, at, _)| (other, at) != (by, to)) {
                asks.push((*by, *to, *ask));
            }
        }
        asks
    }

    fn own(
        &mut self,
        what: &'static str,
        how: impl FnOnce(&mut Member) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let next = self.book.happen(self.number, what, how);
        let next = next.map_err(|fault| self.traced(fault, &Event::Own(what)))?;
        self.reach(next, Event::Own(what))
    }

    /// Delivers one message.
    fn hear(&mut self, message: MessageNumber) -> Result<(), Fault> {
        let event = Event::Heard(vec![message]);
        if self.is_own(message) {
            return Ok(());
        }
        let next = self.book.hear(self.number, message).map_err(|fault| self.traced(fault, &event))?;
        self.reach(next, event)
    }

    /// Delivers these until the member shows it; where it never does, there is nothing to see.
    fn until_it_shows(&mut self, messages: impl IntoIterator<Item = MessageNumber>) -> Result<(), Fault> {
        let (mut next, mut heard) = (self.number, Vec::new());
        for message in messages {
            if self.is_own(message) {
                continue;
            }
            heard.push(message);
            let before = next;
            next = self
                .book
                .hear(next, message)
                .map_err(|fault| self.traced(fault, &Event::Heard(heard.clone())))?;
            if next != before && self.book.member(next).shows(self.member()) {
                let shown = self.book.member(next).shown();
                if self.found.iter().all(|(found, _)| self.book.member(*found).shown() != shown) {
                    self.reach(next, Event::Heard(heard))?;
                }
                return Ok(());
            }
        }
        Ok(())
    }

    fn reach(&mut self, next: MemberNumber, event: Event) -> Result<(), Fault> {
        let value = self.book.member(next).decided().map(|decided| decided.value().id());
        if value.is_some() && self.decides.is_some() && value != self.decides {
            return Err(self.traced(Fault::new("agreement", "one member can decide both values"), &event));
        }
        self.decides = value.or(self.decides);
        if next != self.number {
            let next = self.book.keep(next);
            self.found.push((next, event));
        }
        Ok(())
    }

    fn member(&self) -> &Member {
        self.book.member(self.number)
    }

    fn is_own(&self, message: MessageNumber) -> bool {
        self.book.messages[message].by() == Some(cast::index(self.member().n()))
    }

    fn traced(&self, mut fault: Fault, event: &Event) -> Fault {
        fault.trace.push(event.told(self.book, self.number));
        fault
    }
}

impl Event {
    /// What happened to `member`, in words.
    pub(crate) fn told(&self, book: &Book, member: MemberNumber) -> String {
        let n = book.member(member).n();
        match self {
            Self::Own(what) => format!("{n} {what}"),
            Self::Heard(messages) => {
                let list: Vec<_> = messages.iter().map(|it| Words(&book.messages[*it]).to_string()).collect();
                format!("{n} hears {}", list.join(", "))
            }
        }
    }
}

/// A message in a few words.
struct Words<'a>(&'a Message);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            Message::Proposal(it) => format!("{}'s proposal, {}", it.prepare.by, it.prepare.statement),
            Message::Vote(vote) => format!("{}'s {}", vote.by, vote.statement),
            Message::ViewChange(it) => format!("{}'s {}", it.ask.by, it.ask.statement),
            Message::Certificate(it) => format!("a certificate, {}", it.statement()),
        };
        let [x, y] = cast::values().map(|value| value.id().0.to_string());
        f.write_str(&text.replace(&x, "x").replace(&y, "y"))
    }
}
