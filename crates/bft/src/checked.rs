use crate::{Error, Threshold};

/// A threshold that is safe and live for a known number of members; made by [`Threshold::checked_for`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedThreshold {
    threshold: Threshold,
    members: u64,
    quorum: u64,
    faults: u64,
}

impl CheckedThreshold {
    /// Checks `threshold` for `members` equal parts, at least one.
    pub(crate) fn new(threshold: Threshold, members: u64) -> Result<Self, Error> {
        let (quorum, faults) = (threshold.quorum(members), Threshold::faults(members));
        // 2q - n, written so that it neither wraps nor goes below zero.
        let overlap = quorum.saturating_sub(members - quorum.min(members));
        if overlap <= faults {
            return Err(Error::MisuseUnsafe { threshold, members, quorum, faults, overlap });
        }
        let available = members - faults;
        if quorum > available {
            return Err(Error::MisuseNotLive { threshold, members, quorum, faults, available });
        }
        Ok(Self { threshold, members, quorum, faults })
    }

    /// The threshold.
    #[must_use]
    pub const fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The number of members it was checked for; units of weight where weights differ.
    #[must_use]
    pub const fn members(&self) -> u64 {
        self.members
    }

    /// The smallest count that meets it.
    #[must_use]
    pub const fn quorum(&self) -> u64 {
        self.quorum
    }

    /// How many faulty ones it survives.
    #[must_use]
    pub const fn faults(&self) -> u64 {
        self.faults
    }
}
