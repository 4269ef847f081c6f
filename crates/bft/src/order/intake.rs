use alloc::{collections::BTreeMap, vec::Vec};

use super::{Engine, Height, Message, Phase, Signed, ValidatorIndex, View};

/// Chooses which messages are worth a signature check. It stands before the check: what comes out goes to the authority, then to
/// [`Engine::step`].
///
/// A vote beyond the quorum is set aside unchecked; it is checked when something contradicts it, or when its sender says it again
/// and so still waits for a decision. It holds at most one vote for each phase, view and validator that the engine counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intake {
    aside: BTreeMap<Place, Signed>,
}

/// Where a vote stands: each validator has one there.
type Place = (Height, View, Phase, ValidatorIndex);

/// What to do with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Check it: the engine can use it.
    Check,
    /// Set it aside: it is a vote the engine can do without.
    Aside,
    /// Known, or outside of what the engine keeps.
    Drop,
}

impl Intake {
    /// Takes a message in, and gives back what is to be checked now, in order: none, it, or it behind one that was set aside.
    ///
    /// # Cost
    /// O(log n) in what is set aside; no signature.
    pub fn offer(&mut self, engine: &Engine, message: Message) -> Vec<Message> {
        let need = engine.need(&message);
        let Some((slot, vote)) = vote_of(&message) else {
            return if need == Need::Drop { Vec::new() } else { [message].into() };
        };
        match need {
            Need::Drop => Vec::new(),
            Need::Check => self.aside.remove(&slot).map(Message::Vote).into_iter().chain([message]).collect(),
            Need::Aside => match self.aside.remove(&slot) {
                Some(first) if first == *vote => [message].into(),
                Some(first) => [Message::Vote(first), message].into(),
                None => {
                    self.aside.insert(slot, vote.clone());
                    Vec::new()
                }
            },
        }
    }

    /// Forgets what the engine counts no longer. Call it after a decision was applied.
    pub fn forget(&mut self, engine: &Engine) {
        self.aside.retain(|(height, view, _, _), _| {
            height.next() == engine.height() || (*height == engine.height() && engine.counts(*view))
        });
    }

    /// How many votes are set aside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.aside.len()
    }

    /// Whether nothing is set aside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.aside.is_empty()
    }
}

/// The vote in a message, and its place.
fn vote_of(message: &Message) -> Option<(Place, &Signed)> {
    let vote = match message {
        Message::Vote(vote) => vote,
        Message::Proposal(proposal) => &proposal.prepare,
        Message::ViewChange(_) | Message::Certificate(_) => return None,
    };
    let (phase, _) = vote.statement.vote()?;
    Some(((vote.statement.height, vote.statement.view, phase, vote.by), vote))
}

impl Engine {
    /// Whether votes of `view` of the current height are counted.
    pub(super) const fn counts(&self, view: View) -> bool {
        self.state.counts(view)
    }

    /// What a message that nobody has checked is worth.
    pub(super) fn need(&self, message: &Message) -> Need {
        let height = message.height();
        let Some(set) = self.set_of(height) else { return Need::Drop };
        if message.by().is_some_and(|by| set.at(by).is_none()) {
            return Need::Drop;
        }
        if height > self.height {
            return Need::Check;
        }
        if height < self.height {
            return self.need_late(message);
        }
        if !self.state.counts(message.view()) && matches!(message, Message::Vote(_) | Message::Certificate(_))
        {
            return Need::Drop;
        }
        match message {
            Message::Vote(vote) => self.need_vote(vote),
            Message::Proposal(proposal) => {
                let view = message.view();
                let known = self.state.views.get(&view).and_then(|state| state.candidate.as_ref());
                match known {
                    _ if proposal.prepare.by != self.proposer(view) || view < self.state.view => Need::Drop,
                    Some(_) => self.need_vote(&proposal.prepare),
                    None => Need::Check,
                }
            }
            Message::ViewChange(change) => {
                let known = self.state.asks.get(change.ask.by.place()).and_then(Option::as_ref);
                let (old, new) = (known.map(|old| old.ask.statement), change.ask.statement);
                let known = old.is_some_and(|old| old == new || old.view > new.view);
                if known || self.state.decided { Need::Drop } else { Need::Check }
            }
            Message::Certificate(certificate) => {
                let state = self.state.views.get(&certificate.view);
                let leader = state.and_then(|state| match certificate.phase {
                    Phase::Prepare => state.prepares.leader(self.quorum()),
                    Phase::Commit => state.commits.leader(self.quorum()),
                });
                if leader == Some(certificate.value) { Need::Drop } else { Need::Check }
            }
        }
    }

    fn need_vote(&self, vote: &Signed) -> Need {
        let Some((phase, _)) = vote.statement.vote() else { return Need::Drop };
        let Some(state) = self.state.views.get(&vote.statement.view) else { return Need::Check };
        let count = if phase == Phase::Prepare { &state.prepares } else { &state.commits };
        match count.of(vote.by) {
            Some(known) if known.statement == vote.statement => return Need::Drop,
            Some(_) => return Need::Check,
            None => {}
        }
        // Our own vote counts as soon as it is on its way.
        let ours = |said: &super::Statement| said.vote().is_some_and(|(kind, _)| kind == phase);
        let coming = self.state.said(vote.statement.view, ours).filter(|own| !own.said && !self.state.silent);
        let coming = coming.and_then(|own| Some((own.statement.vote()?.1, self.set.weight(self.me?))));
        if self.state.decided || count.reaches(self.quorum(), coming) { Need::Aside } else { Need::Check }
    }

    fn need_late(&self, message: &Message) -> Need {
        let Some((vote, past)) = vote_of(message).zip(self.past.as_ref()) else { return Need::Drop };
        let ((_, view, phase, by), vote) = vote;
        let Some(state) = past.views.get(&view) else { return Need::Drop };
        let count = if phase == Phase::Prepare { &state.prepares } else { &state.commits };
        match count.of(by) {
            Some(known) if known.statement == vote.statement => Need::Drop,
            Some(_) => Need::Check,
            None => Need::Aside,
        }
    }
}
