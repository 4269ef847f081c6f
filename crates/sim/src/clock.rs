use auditmesh_types::Millis;

/// A member's clock: off by a constant, and fast or slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clock {
    /// What it shows when the run begins.
    pub offset_ms: u64,
    /// How many milliseconds it gains in a million; below a million both ways.
    pub gain_ppm: i32,
}

const MILLION: u64 = 1_000_000;

impl Clock {
    fn rate(self) -> u128 {
        u128::from(MILLION.saturating_add_signed(self.gain_ppm.into()).max(1))
    }

    /// What it shows at the world's time `now`.
    #[must_use]
    pub fn shows(self, now: Millis) -> Millis {
        let ran = u128::from(now.0) * self.rate() / u128::from(MILLION);
        Millis(u64::try_from(ran).unwrap_or(u64::MAX).saturating_add(self.offset_ms))
    }

    /// The first moment of the world at which it shows `shown` or later.
    #[must_use]
    pub fn reaches(self, shown: Millis) -> Millis {
        let ran = u128::from(shown.0.saturating_sub(self.offset_ms)) * u128::from(MILLION);
        Millis(u64::try_from(ran.div_ceil(self.rate())).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_reaches_what_it_shows_and_not_before() {
        for gain_ppm in [-100_000, -7, 0, 7, 100_000] {
            let clock = Clock { offset_ms: 3_600_000, gain_ppm };
            for shown in (3_600_000..3_603_000).step_by(7).map(Millis) {
                let at = clock.reaches(shown);
                assert!(clock.shows(at) >= shown);
                assert!(at.0 == 0 || clock.shows(Millis(at.0 - 1)) < shown, "{gain_ppm} {shown}");
            }
            assert_eq!(clock.reaches(Millis(5)), Millis(0));
        }
    }
}
