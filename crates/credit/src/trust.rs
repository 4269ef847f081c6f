use core::fmt;

use crate::{Band, Error};

/// How far a member is trusted: 0 to 100, 50 at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trust(u8);

/// What moves trust, and by how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustChange {
    /// Its statement was the agreed one: +2.
    Agreement,
    /// Its statement was another one: −5.
    Disagreement,
    /// It synchronised: +1.
    Synced,
    /// It did not answer in time: −3.
    SyncFailed,
    /// Nothing came from it for `to_days` whole days, of which `from_days` were judged before: −1 for each of the new days
    /// beyond the thirtieth. Judged daily or once at the end, the same days cost the same.
    Inactive {
        /// The days judged before; 0 for a stretch that was not judged yet.
        from_days: u32,
        /// The days up to now.
        to_days: u32,
    },
    /// A person raises it: +10.
    Boost,
    /// A person lowers it: −20.
    Penalty,
}

impl TrustChange {
    /// The days without activity that cost nothing.
    pub const FREE_DAYS: u32 = 30;

    /// The points it adds, below zero where it takes.
    #[must_use]
    pub const fn points(self) -> i64 {
        match self {
            Self::Agreement => 2,
            Self::Disagreement => -5,
            Self::Synced => 1,
            Self::SyncFailed => -3,
            Self::Inactive { from_days, to_days } => {
                let judged = from_days.saturating_sub(Self::FREE_DAYS);
                -(to_days.saturating_sub(Self::FREE_DAYS).saturating_sub(judged) as i64)
            }
            Self::Boost => 10,
            Self::Penalty => -20,
        }
    }
}

impl Trust {
    /// The highest score.
    pub const MAX: u8 = 100;
    /// Where every member begins.
    pub const START: Self = Self(50);

    /// A known score.
    ///
    /// # Errors
    /// [`Error::MisuseTrust`] above 100.
    pub const fn new(score: u8) -> Result<Self, Error> {
        if score > Self::MAX {
            Err(Error::MisuseTrust { got: score, max: Self::MAX })
        } else {
            Ok(Self(score))
        }
    }

    /// The score, 0 to 100.
    #[must_use]
    pub const fn score(self) -> u8 {
        self.0
    }

    /// What it means.
    #[must_use]
    pub const fn band(self) -> Band {
        Band::of(self.0)
    }

    /// The trust after `change`; it ends at 0 and at 100.
    #[must_use]
    pub fn apply(self, change: TrustChange) -> Self {
        let score = (i64::from(self.0) + change.points()).clamp(0, i64::from(Self::MAX));
        Self(u8::try_from(score).unwrap_or(self.0))
    }
}

impl Default for Trust {
    fn default() -> Self {
        Self::START
    }
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        let after = |change| Trust::START.apply(change).score();
        let inactive = |to_days| after(TrustChange::Inactive { from_days: 0, to_days });
        assert_eq!((after(TrustChange::Agreement), after(TrustChange::Disagreement)), (52, 45));
        assert_eq!((after(TrustChange::Synced), after(TrustChange::SyncFailed)), (51, 47));
        assert_eq!((after(TrustChange::Boost), after(TrustChange::Penalty)), (60, 30));
        assert_eq!(
            (inactive(0), inactive(30), inactive(31), inactive(40), inactive(u32::MAX)),
            (50, 50, 49, 40, 0)
        );
    }

    #[test]
    fn it_ends_at_both_ends() {
        let at = |score| Trust::new(score).unwrap();
        assert_eq!(
            (at(99).apply(TrustChange::Agreement), at(100).apply(TrustChange::Boost)),
            (at(100), at(100))
        );
        assert_eq!(
            (at(2).apply(TrustChange::SyncFailed), at(19).apply(TrustChange::Penalty)),
            (at(0), at(0))
        );
        assert_eq!(Trust::new(101), Err(Error::MisuseTrust { got: 101, max: 100 }));
        assert_eq!((Trust::default().score(), Trust::default().band()), (50, Band::Medium));
    }
}
