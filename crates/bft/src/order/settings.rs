use auditmesh_types::{MemberId, Millis, Origin};

use super::{Height, ValidatorIndex, ValidatorSet, View};
use crate::Error;

/// How votes are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spread {
    /// Everybody tells everybody: three hops, `2N(N - 1)` messages a decision. For small sets.
    AllToAll,
    /// The proposer collects and spreads certificates: five hops, `5(N - 1)` messages a decision. For more than about ten.
    Collector,
}

/// How long views last: `base`, doubled each view, never more than `cap`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timeouts {
    base: Millis,
    cap: Millis,
    resend: Millis,
}

impl Timeouts {
    /// Views of `base`, doubled each time up to `cap`; what may have been lost is said again every `resend`.
    ///
    /// # Errors
    /// [`Error::MisuseZeroDelay`], [`Error::MisuseCapBelowBase`].
    pub fn new(base: Millis, cap: Millis, resend: Millis) -> Result<Self, Error> {
        if base.0 == 0 || resend.0 == 0 {
            return Err(Error::MisuseZeroDelay);
        }
        if cap < base {
            return Err(Error::MisuseCapBelowBase { base, cap });
        }
        Ok(Self { base, cap, resend })
    }

    /// How long `view` lasts.
    #[must_use]
    pub fn of(&self, view: View) -> Millis {
        let doublings = u32::try_from(view.0).unwrap_or(u32::MAX).min(63);
        Millis(self.base.0.saturating_mul(1 << doublings).min(self.cap.0))
    }

    /// The time between repetitions.
    #[must_use]
    pub const fn resend(&self) -> Millis {
        self.resend
    }
}

impl Default for Timeouts {
    /// 30 s, doubled up to 10 minutes; repeated every 10 s.
    fn default() -> Self {
        Self { base: Millis(30_000), cap: Millis(600_000), resend: Millis(10_000) }
    }
}

/// Whose turn it is to propose. Every node of a federation must use the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Rotation {
    /// One after the other, by height and view.
    #[default]
    RoundRobin,
    /// In proportion to weight: each validator has as many turns in a row, of the total weight, as it weighs.
    Weighted,
}

impl Rotation {
    /// Who proposes in `view` of `height`.
    ///
    /// # Cost
    /// O(1); with weights O(validators).
    #[must_use]
    pub fn proposer(self, set: &ValidatorSet, height: Height, view: View) -> ValidatorIndex {
        let turn = u128::from(height.0) + u128::from(view.0);
        let count = u128::from(crate::threshold::wide_len(set.len()));
        let index = |place: u128| ValidatorIndex(u16::try_from(place).unwrap_or(0));
        match self {
            Self::RoundRobin => index(turn % count),
            Self::Weighted => {
                // A view moves on by a whole validator, so that f + 1 views never stay with one.
                let mut left = u128::from(height.0) % u128::from(set.total());
                let first = set.iter().position(|(_, validator)| {
                    let here = left < u128::from(validator.weight);
                    left = left.saturating_sub(u128::from(validator.weight));
                    here
                });
                let first = first.map_or(0, |place| crate::threshold::wide_len(place).into());
                index((first + u128::from(view.0)) % count)
            }
        }
    }
}

/// What an engine is told once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The federation whose order is agreed; it stands in everything that is signed.
    pub federation: Origin,
    /// The member this engine speaks for. One that is in no set follows and says nothing.
    pub name: MemberId,
    /// How votes are spread.
    pub spread: Spread,
    /// Whose turn it is.
    pub rotation: Rotation,
    /// How long views last.
    pub timeouts: Timeouts,
}

impl Settings {
    /// All to all, one after the other, with the default timeouts.
    #[must_use]
    pub fn new(federation: Origin, name: MemberId) -> Self {
        let (spread, rotation, timeouts) = (Spread::AllToAll, Rotation::RoundRobin, Timeouts::default());
        Self { federation, name, spread, rotation, timeouts }
    }
}
