//! What can be delivered at a moment, and in which portions.

use auditmesh_bft::{Phase, ValidatorIndex, ValueId, View};

use crate::{
    book::{Book, EventNumber, MessageNumber},
    cast,
    event::Event,
    liar::proposer,
};

/// What can be delivered, as numbers of messages.
#[derive(Debug, Default)]
pub(crate) struct Offer {
    /// Proposals, of honest members and of the liar, with view and value.
    pub(crate) proposals: Vec<(View, ValueId, MessageNumber)>,
    pub(crate) ballots: Vec<Ballot>,
    /// A certificate for each value that a quorum voted for in some view and phase.
    pub(crate) certificates: Vec<MessageNumber>,
    /// Requests for views, with who asks for which.
    pub(crate) asks: Vec<(Option<ValidatorIndex>, View, MessageNumber)>,
}

/// The votes for one value in one phase of one view, the liar's first.
#[derive(Debug)]
pub(crate) struct Ballot {
    pub(crate) view: View,
    pub(crate) phase: Phase,
    pub(crate) value: ValueId,
    pub(crate) votes: Vec<MessageNumber>,
}

/// Lists of messages that arrive one after the other, each once.
struct Portions<'a> {
    book: &'a mut Book,
    events: Vec<EventNumber>,
    /// Only for its memory.
    list: Vec<MessageNumber>,
}

impl Portions<'_> {
    /// Adds these, joined, if there are any and they are new.
    fn put(&mut self, parts: [&[MessageNumber]; 3]) {
        let mut list = core::mem::take(&mut self.list);
        list.clear();
        parts.iter().for_each(|part| list.extend_from_slice(part));
        if !list.is_empty() {
            let event = Event::Shows(list);
            let known = self.book.events.find(&event);
            let number = known.unwrap_or_else(|| self.book.events.number(event.clone()));
            if !self.events.contains(&number) {
                self.events.push(number);
            }
            let Event::Shows(back) = event else { return };
            list = back;
        }
        self.list = list;
    }
}

impl Offer {
    /// Every message by itself that is not of member `n`.
    pub(crate) fn single(&self, n: usize, book: &mut Book) -> Vec<EventNumber> {
        let votes = self.ballots.iter().flat_map(|ballot| ballot.votes.iter().copied());
        let proposals = self.proposals.iter().map(|(.., number)| *number);
        let asks = self.asks.iter().map(|(.., number)| *number);
        let all = proposals.chain(votes).chain(self.certificates.iter().copied()).chain(asks);
        let foreign = all.filter(|it| book.messages[*it].by() != Some(cast::index(n)));
        foreign.map(|it| book.events.number(Event::Heard(it))).collect()
    }

    /// What may make a difference to member `n` in `view`, so much at once as that can take.
    pub(crate) fn joined(&self, n: usize, view: View, book: &mut Book) -> Vec<EventNumber> {
        let foreign = |it: &MessageNumber| book.messages[*it].by() != Some(cast::index(n));
        let votes: Vec<Vec<MessageNumber>> =
            self.ballots.iter().map(|it| it.votes.iter().copied().filter(foreign).collect()).collect();
        // A value of its own it has already: nothing comes before that.
        let proposals: Vec<_> = self.proposals.iter().filter(|(.., proposal)| foreign(proposal)).collect();
        let of = |phase, view, value| {
            let at = self.ballots.iter().position(|it| (it.view, it.phase, it.value) == (view, phase, value));
            at.map_or(&[][..], |at| &votes[at])
        };
        let mut portions = Portions { book, events: Vec::new(), list: Vec::new() };
        votes.iter().for_each(|votes| portions.put([votes, &[], &[]]));
        for (view, value, proposal) in proposals {
            // A proposal may also come after votes for it: then a COMMIT comes before the PREPARE, or a decision does.
            let (prepares, commits) = (of(Phase::Prepare, *view, *value), of(Phase::Commit, *view, *value));
            for (prepares, commits) in
                [(&[][..], &[][..]), (prepares, &[]), (&[], commits), (prepares, commits)]
            {
                portions.put([prepares, commits, &[*proposal]]);
            }
        }
        self.certificates.iter().for_each(|certificate| portions.put([&[*certificate], &[], &[]]));
        let asks = self.asks(n, view);
        for (at, (first_by, first)) in asks.iter().enumerate() {
            portions.put([&[*first], &[], &[]]);
            let others = asks.iter().skip(at + 1).filter(|(by, _)| by != first_by);
            others.for_each(|(_, second)| portions.put([&[*first], &[*second], &[]]));
        }
        portions.events
    }

    /// The requests that may move member `n` in `view`: none for a view that it has left behind, and one of each other member for
    /// a view in which somebody else proposes, since what they show as prepared matters to the proposer alone.
    fn asks(&self, n: usize, view: View) -> Vec<(Option<ValidatorIndex>, MessageNumber)> {
        let mut asks: Vec<(Option<ValidatorIndex>, View, MessageNumber)> = Vec::new();
        for (by, to, ask) in self.asks.iter().filter(|(by, to, _)| *to >= view && *by != Some(cast::index(n)))
        {
            if proposer(*to) == n || asks.iter().all(|(other, at, _)| (other, at) != (by, to)) {
                asks.push((*by, *to, *ask));
            }
        }
        asks.into_iter().map(|(by, _, ask)| (by, ask)).collect()
    }
}
