use alloc::{collections::BTreeMap, vec::Vec};

use super::{Engine, Evidence, Height, Message, Phase, Signed, ValidatorIndex, View};

/// Chooses which messages are worth a signature check. It stands before the check: what comes out goes to the authority, then to
/// [`Engine::step`].
///
/// A vote beyond the quorum is set aside unchecked; it is checked when something contradicts it, set aside or held by the engine,
/// or when its sender says it again and so still waits for a decision. It holds at most one vote for each phase, view and
/// validator that the engine counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intake {
    aside: BTreeMap<Place, Signed>,
}

/// Where a vote stands: each validator has one there.
type Place = (Height, ValidatorIndex, View, Phase);

/// What to do with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Check it: the engine can use it.
    Check,
    /// The engine can do without it, unless it contradicts something: a vote is set aside.
    Aside,
    /// Known, or outside of what the engine keeps.
    Drop,
}

impl Intake {
    /// Takes a message in, and gives back what is to be checked now, in order: none, it, or it behind votes set aside that it
    /// contradicts.
    ///
    /// # Cost
    /// O(log n) in what is set aside for each statement in the message; no signature.
    pub fn offer(&mut self, engine: &Engine, message: Message) -> Vec<Message> {
        let need = engine.need(&message);
        if need == Need::Drop {
            return Vec::new();
        }
        let mut checked = self.contradicted(&message);
        let known = vote_of(&message).and_then(|(place, vote)| Some(self.aside.remove(&place)? == *vote));
        if need == Need::Aside && checked.is_empty() && known.is_none() {
            if let Some((place, vote)) = vote_of(&message) {
                self.aside.insert(place, vote.clone());
            }
            return checked;
        }
        checked.push(message);
        checked
    }

    /// Takes out the votes that a message contradicts.
    fn contradicted(&mut self, message: &Message) -> Vec<Message> {
        let mut out = Vec::new();
        message.statements(|signed| {
            let (height, by) = (signed.statement.height, signed.by);
            let all = (height, by, View(0), Phase::Prepare)..=(height, by, View(u64::MAX), Phase::Commit);
            let votes = self.aside.range(all);
            let against = votes.filter(|(_, vote)| Evidence::of(vote, signed).is_some());
            let places: Vec<Place> = against.map(|(place, _)| *place).collect();
            out.extend(places.iter().filter_map(|place| self.aside.remove(place)).map(Message::Vote));
        });
        out
    }

    /// Forgets what the engine counts no longer. Call it after each step that may have led to another view or height.
    pub fn forget(&mut self, engine: &Engine) {
        self.aside.retain(|(height, _, view, _), _| {
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
    Some(((vote.statement.height, vote.by, vote.statement.view, phase), vote))
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
        if height > self.height || self.convicts(message) {
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
                match known {
                    true => Need::Drop,
                    false if self.state.decided => Need::Aside,
                    false => Need::Check,
                }
            }
            Message::Certificate(certificate) => {
                let state = self.state.views.get(&certificate.view);
                let leader = state.and_then(|state| state.of(certificate.phase).leader(self.quorum()));
                if leader == Some(certificate.value) { Need::Drop } else { Need::Check }
            }
        }
    }

    fn need_vote(&self, vote: &Signed) -> Need {
        let Some((phase, _)) = vote.statement.vote() else { return Need::Drop };
        let Some(state) = self.state.views.get(&vote.statement.view) else { return Need::Check };
        let count = state.of(phase);
        if count.of(vote.by).is_some() {
            return Need::Drop;
        }
        // Our own vote counts as soon as it is on its way.
        let ours = |said: &super::Statement| said.vote().is_some_and(|(kind, _)| kind == phase);
        let known = self.me.is_some_and(|me| count.of(me).is_some());
        let coming = self.state.said(vote.statement.view, ours);
        let coming = coming.filter(|own| !own.said && !known && !self.state.silent);
        let coming = coming.and_then(|own| Some((own.statement.vote()?.1, self.set.weight(self.me?))));
        if self.state.decided || count.reaches(self.quorum(), coming) { Need::Aside } else { Need::Check }
    }

    /// What a message of the height before is worth, when it convicts nobody by itself.
    fn need_late(&self, message: &Message) -> Need {
        let Some(past) = &self.past else { return Need::Drop };
        let Some(((_, by, view, phase), _)) = vote_of(message) else { return Need::Aside };
        let counted = past.state.views.get(&view).is_some_and(|state| state.of(phase).of(by).is_some());
        if counted || !past.state.counts(view) { Need::Drop } else { Need::Aside }
    }

    /// Whether somebody who is not accused yet contradicts itself by a statement in the message, if its signatures are good.
    fn convicts(&self, message: &Message) -> bool {
        let mut found = false;
        message.statements(|signed| {
            found = found || (!self.accused(signed) && self.proof(signed).is_some());
        });
        found
    }
}
