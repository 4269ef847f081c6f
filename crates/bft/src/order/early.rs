use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::{Evidence, Message, Phase, Signed, ValidatorIndex, ValidatorSet};

/// What came of the next height before its time: of each validator one message of each kind, the one of the latest view.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Early {
    messages: BTreeMap<(Option<ValidatorIndex>, u8), Message>,
    pub(crate) accused: BTreeSet<ValidatorIndex>,
}

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
        if self.messages.get(&slot).is_none_or(|old| old.view() < message.view()) {
            self.messages.insert(slot, message);
        }
    }

    /// What `signed` proves together with a statement that its validator, or a certificate, brought.
    pub(crate) fn proof(&self, signed: &Signed) -> Option<Evidence> {
        let own = (Some(signed.by), 0)..=(Some(signed.by), u8::MAX);
        let certificates = (None, 0)..=(None, u8::MAX);
        let mut found = None;
        for (_, message) in self.messages.range(own).chain(self.messages.range(certificates)) {
            message.statements(|held| found = found.take().or_else(|| Evidence::of(held, signed)));
        }
        found
    }

    /// The weight of those who have come as far as a COMMIT or a request there, by a collector's certificate or their own word: they
    /// do not wait for this height any more.
    pub(crate) fn weight(&self, set: &ValidatorSet) -> u64 {
        let mut heard = BTreeSet::new();
        for (slot, message) in &self.messages {
            match (slot, message) {
                ((Some(by), 2 | 3), _) => _ = heard.insert(*by),
                (_, Message::Certificate(certificate)) if certificate.phase == Phase::Commit => {
                    heard.extend(certificate.votes().map(|vote| vote.by));
                }
                _ => {}
            }
        }
        heard.into_iter().map(|by| set.weight(by)).sum()
    }

    /// Gives everything back, in the order of validators.
    pub(crate) fn take(&mut self) -> Vec<Message> {
        core::mem::take(&mut self.messages).into_values().collect()
    }
}
