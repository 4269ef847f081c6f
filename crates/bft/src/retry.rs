use auditmesh_types::Millis;

use crate::Error;

/// How long to wait before each time an undecided round is asked again: geometric back-off, as data.
///
/// It holds no clock and starts nothing; who drives the round waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPlan {
    attempts: u8,
    base: Millis,
    factor: u32,
    cap: Millis,
}

impl RetryPlan {
    /// The most attempts of a plan.
    pub const MAX_ATTEMPTS: u8 = 3;

    /// A plan of `attempts` (1 to 3), the first after `base`, each later one after `factor` times the delay before it, none
    /// after more than `cap`.
    ///
    /// # Errors
    /// [`Error::MisuseAttempts`], [`Error::MisuseZeroDelay`], [`Error::MisuseZeroFactor`],
    /// [`Error::MisuseCapBelowBase`].
    pub const fn new(attempts: u8, base: Millis, factor: u32, cap: Millis) -> Result<Self, Error> {
        if attempts == 0 || attempts > Self::MAX_ATTEMPTS {
            return Err(Error::MisuseAttempts { got: attempts, max: Self::MAX_ATTEMPTS });
        }
        if base.0 == 0 {
            return Err(Error::MisuseZeroDelay);
        }
        if factor == 0 {
            return Err(Error::MisuseZeroFactor);
        }
        if cap.0 < base.0 {
            return Err(Error::MisuseCapBelowBase { base, cap });
        }
        Ok(Self { attempts, base, factor, cap })
    }

    /// How often a round is asked again.
    #[must_use]
    pub const fn attempts(&self) -> u8 {
        self.attempts
    }

    /// The delay before each attempt, first to last.
    ///
    /// # Cost
    /// Exact in 128 bits: with three attempts no product exceeds 2^128, so nothing saturates but at the cap.
    pub fn delays(&self) -> impl Iterator<Item = Millis> + use<> {
        let Self { attempts, base, factor, cap } = *self;
        (0..u32::from(attempts)).map(move |attempt| {
            let exact = u128::from(base.0) * u128::from(factor).pow(attempt);
            Millis(u64::try_from(exact).map_or(cap.0, |delay| delay.min(cap.0)))
        })
    }
}

impl Default for RetryPlan {
    /// Three attempts: after 30, 60 and 120 seconds.
    fn default() -> Self {
        Self { attempts: 3, base: Millis(30_000), factor: 2, cap: Millis(120_000) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};

    fn delays(plan: RetryPlan) -> Vec<u64> {
        plan.delays().map(|delay| delay.0).collect()
    }

    #[test]
    fn backs_off_up_to_the_cap() {
        assert_eq!(delays(RetryPlan::default()), [30_000, 60_000, 120_000]);
        let of = |attempts, base, factor, cap| {
            delays(RetryPlan::new(attempts, Millis(base), factor, Millis(cap)).unwrap())
        };
        assert_eq!(of(3, 30_000, 2, 120_000), [30_000, 60_000, 120_000]);
        assert_eq!(of(3, 10, 3, 50), [10, 30, 50]);
        assert_eq!(of(2, 10, 1, 10), [10, 10]);
        assert_eq!(of(1, 7, 9, 8), [7]);
        assert_eq!(of(3, u64::MAX, u32::MAX, u64::MAX), vec![u64::MAX; 3]);
        assert_eq!(of(3, 1 << 40, 1 << 20, u64::MAX), [1 << 40, 1 << 60, u64::MAX]);
    }

    #[test]
    fn refuses_what_does_not_back_off() {
        let of = |attempts, base, factor, cap| RetryPlan::new(attempts, Millis(base), factor, Millis(cap));
        assert_eq!(of(4, 1, 2, 9), Err(Error::MisuseAttempts { got: 4, max: 3 }));
        assert_eq!(of(0, 1, 2, 9), Err(Error::MisuseAttempts { got: 0, max: 3 }));
        assert_eq!(of(3, 0, 2, 9), Err(Error::MisuseZeroDelay));
        assert_eq!(of(3, 1, 0, 9), Err(Error::MisuseZeroFactor));
        assert_eq!(of(3, 10, 2, 9), Err(Error::MisuseCapBelowBase { base: Millis(10), cap: Millis(9) }));
    }
}
