use alloc::{vec, vec::Vec};

use super::{Certificate, Phase, Signed, Statement, ValidatorIndex, ValidatorSet, ValueId};

/// The votes of one phase of one view: at most one of each validator.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Count {
    votes: Vec<Option<Signed>>,
    /// For each value, what its votes weigh: at most as many values as votes.
    weights: Vec<(ValueId, u64)>,
}

impl Count {
    pub(crate) fn new(set: &ValidatorSet) -> Self {
        Self { votes: vec![None; set.len()], weights: Vec::new() }
    }

    /// Counts a vote, if it is the first of its validator.
    pub(crate) fn add(&mut self, set: &ValidatorSet, vote: &Signed) {
        let (Some(slot @ None), Some((_, value))) =
            (self.votes.get_mut(vote.by.place()), vote.statement.vote())
        else {
            return;
        };
        *slot = Some(vote.clone());
        let weight = set.weight(vote.by);
        match self.weights.iter_mut().find(|(known, _)| *known == value) {
            Some((_, sum)) => *sum = sum.saturating_add(weight),
            None => self.weights.push((value, weight)),
        }
    }

    /// The vote of a validator.
    pub(crate) fn of(&self, index: ValidatorIndex) -> Option<&Signed> {
        self.votes.get(index.place())?.as_ref()
    }

    /// The value that a quorum names.
    pub(crate) fn leader(&self, quorum: u64) -> Option<ValueId> {
        self.weights.iter().find(|(_, weight)| *weight >= quorum).map(|(value, _)| *value)
    }

    /// Whether some value has the weight of `quorum`, with one more vote that is on its way.
    pub(crate) fn reaches(&self, quorum: u64, coming: Option<(ValueId, u64)>) -> bool {
        let more = |value| coming.map_or(0, |(other, weight)| if other == value { weight } else { 0 });
        self.weights.iter().any(|(value, weight)| weight.saturating_add(more(*value)) >= quorum)
    }

    /// The votes for a value, joined.
    pub(crate) fn certificate(&self, statement: &Statement, phase: Phase, value: ValueId) -> Certificate {
        let mine = |vote: &&Signed| vote.statement.vote() == Some((phase, value));
        let signatures =
            self.votes.iter().flatten().filter(mine).map(|vote| (vote.by, vote.signature.clone())).collect();
        Certificate { height: statement.height, view: statement.view, phase, value, signatures }
    }
}
