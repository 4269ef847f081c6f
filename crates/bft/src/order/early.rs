use alloc::{collections::BTreeMap, vec::Vec};

use super::{Message, Phase, ValidatorIndex, ValidatorSet};

/// What came of the next height before its time: of each validator one message of each kind, the one of the latest view.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Early(BTreeMap<(Option<ValidatorIndex>, u8), Message>);

impl Early {
    /// Keeps `message`, if it is of a validator of `set`.
    pub(crate) fn keep(&mut self, set: &ValidatorSet, message: Message) {
        let by = message.by();
        if by.is_some_and(|by| set.at(by).is_none()) {
            return;
        }
        let kind = match &message {
            Message::Proposal(_) => 0,
            Message::Vote(vote) => match vote.statement.vote() {
                Some((Phase::Prepare, _)) => 1,
                Some((Phase::Commit, _)) => 2,
                None => return,
            },
            Message::ViewChange(_) => 3,
            Message::Certificate(certificate) => match certificate.phase {
                Phase::Prepare => 4,
                Phase::Commit => 5,
            },
        };
        let slot = (by, kind);
        if self.0.get(&slot).is_none_or(|old| old.view() < message.view()) {
            self.0.insert(slot, message);
        }
    }

    /// The weight of those who have come as far as a COMMIT or a request there: they do not wait for this height any more.
    pub(crate) fn weight(&self, set: &ValidatorSet) -> u64 {
        let far = |(by, kind): &(Option<ValidatorIndex>, u8)| by.filter(|_| matches!(kind, 2 | 3));
        let mut heard: Vec<ValidatorIndex> = self.0.keys().filter_map(far).collect();
        heard.dedup();
        heard.into_iter().map(|by| set.weight(by)).sum()
    }

    /// Gives everything back, in the order of validators.
    pub(crate) fn take(&mut self) -> Vec<Message> {
        core::mem::take(&mut self.0).into_values().collect()
    }
}
