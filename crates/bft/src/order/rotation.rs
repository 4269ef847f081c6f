use core::fmt;

use super::{Height, ValidatorIndex, ValidatorSet, View};
use crate::threshold::wide_len;

/// Whose turn it is to propose. Every member of a federation must use the same.
///
/// It is a pure function of what it is given: the same in every process, at every call. Where it names nobody of the set the view
/// passes without a proposal. Heights are decided as long as each validator's turn comes within a bounded number of views, and soon
/// if the proposers of few views in a row weigh more than may be faulty.
pub trait Rotation: fmt::Debug + Send + Sync {
    /// What it is called. Settings are compared by it, so rotations that differ, in a parameter for instance, need different names.
    #[must_use]
    fn name(&self) -> &str;

    /// Who proposes in `view` of `height`, which `set` decides.
    #[must_use]
    fn proposer(&self, set: &ValidatorSet, height: Height, view: View) -> ValidatorIndex;
}

/// One after the other, by height and view.
///
/// # Cost
/// O(1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RoundRobin;

impl Rotation for RoundRobin {
    fn name(&self) -> &str {
        "round-robin"
    }

    fn proposer(&self, set: &ValidatorSet, height: Height, view: View) -> ValidatorIndex {
        place(u128::from(height.0) + u128::from(view.0), set)
    }
}

/// In proportion to weight: each validator has as many turns in a row, of the total weight, as it weighs.
///
/// A view moves on by a whole validator, so that f + 1 views never stay with one.
///
/// # Cost
/// O(validators).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ByWeight;

impl Rotation for ByWeight {
    fn name(&self) -> &str {
        "by-weight"
    }

    fn proposer(&self, set: &ValidatorSet, height: Height, view: View) -> ValidatorIndex {
        let mut left = u128::from(height.0) % u128::from(set.total());
        let first = set.iter().position(|(_, validator)| {
            let here = left < u128::from(validator.weight);
            left = left.saturating_sub(u128::from(validator.weight));
            here
        });
        place(first.map_or(0, |place| wide_len(place).into()) + u128::from(view.0), set)
    }
}

/// The validator at `turn`, counted round the set.
fn place(turn: u128, set: &ValidatorSet) -> ValidatorIndex {
    ValidatorIndex(u16::try_from(turn % u128::from(wide_len(set.len()))).unwrap_or(0))
}
