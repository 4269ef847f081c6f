use alloc::sync::Arc;
use core::hash::{Hash, Hasher};

use auditmesh_types::{MemberId, Millis, Origin};

use super::{Rotation, RoundRobin, View};
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

/// What an engine is told once. Two are the same when their parts are, of the rotation its name.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The federation whose order is agreed; it stands in everything that is signed.
    pub federation: Origin,
    /// The member this engine speaks for. One that is in no set follows and says nothing.
    pub name: MemberId,
    /// How votes are spread.
    pub spread: Spread,
    /// Whose turn it is.
    pub rotation: Arc<dyn Rotation>,
    /// How long views last.
    pub timeouts: Timeouts,
}

impl Settings {
    /// All to all, one after the other, with the default timeouts.
    #[must_use]
    pub fn new(federation: Origin, name: MemberId) -> Self {
        let (spread, timeouts) = (Spread::AllToAll, Timeouts::default());
        Self { federation, name, spread, rotation: Arc::new(RoundRobin), timeouts }
    }

    /// What is compared.
    fn parts(&self) -> (&Origin, &MemberId, Spread, &str, Timeouts) {
        let Self { federation, name, spread, rotation, timeouts } = self;
        (federation, name, *spread, rotation.name(), *timeouts)
    }
}

impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Settings {}

impl Hash for Settings {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}
