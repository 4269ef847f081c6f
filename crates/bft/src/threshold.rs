use alloc::format;
use core::{fmt, str::FromStr};

use auditmesh_types::Ratio;

use crate::{CheckedThreshold, Electorate, Error};

/// How much of the electorate must name the same head: an exact fraction with its strictness, or `N-f`.
///
/// Written `0.67`, `>=2/3`, `>2/3` or `N-f`; a bare fraction or decimal means *at least*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold(Rule);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    AtLeast(Ratio),
    MoreThan(Ratio),
    AllButFaults,
}

impl Threshold {
    /// The most bytes the text of a threshold may have.
    pub const MAX_BYTES: usize = 64;

    /// Met by `share` and by anything above.
    #[must_use]
    pub const fn at_least(share: Ratio) -> Self {
        Self(Rule::AtLeast(share))
    }

    /// Met only by what is above `share`.
    #[must_use]
    pub const fn more_than(share: Ratio) -> Self {
        Self(Rule::MoreThan(share))
    }

    /// At least 66/100. Safe below 50 members; see [`Threshold::checked_for`].
    #[must_use]
    pub const fn at_least_0_66() -> Self {
        Self::at_least(Ratio::share(66, 100))
    }

    /// At least 67/100. Live below 103 members; see [`Threshold::checked_for`].
    #[must_use]
    pub const fn at_least_0_67() -> Self {
        Self::at_least(Ratio::share(67, 100))
    }

    /// At least 2/3.
    #[must_use]
    pub const fn at_least_two_thirds() -> Self {
        Self::at_least(Ratio::share(2, 3))
    }

    /// More than 2/3.
    #[must_use]
    pub const fn more_than_two_thirds() -> Self {
        Self::more_than(Ratio::share(2, 3))
    }

    /// All but the members that may be faulty: `N - f`, `f = floor((N - 1) / 3)`.
    ///
    /// `N` is what is counted: members where all weigh the same, units of weight otherwise. In whole numbers this is the
    /// same as *more than 2/3*.
    #[must_use]
    pub const fn all_but_faults() -> Self {
        Self(Rule::AllButFaults)
    }

    /// How many of `n` may be faulty: `floor((n - 1) / 3)`, none of none.
    #[must_use]
    pub const fn faults(n: u64) -> u64 {
        n.saturating_sub(1) / 3
    }

    /// Whether `weight` of `total` meets it. Nothing of nothing meets no threshold.
    ///
    /// # Cost
    /// Two multiplications in 128 bits; exact for every input.
    #[must_use]
    pub fn met_by(self, weight: u64, total: u64) -> bool {
        let sides = |share: Ratio| (wide(weight) * wide(share.den()), wide(share.num()) * wide(total));
        total > 0
            && match self.0 {
                Rule::AtLeast(share) => matches!(sides(share), (got, want) if got >= want),
                Rule::MoreThan(share) => matches!(sides(share), (got, want) if got > want),
                Rule::AllButFaults => weight >= total - Self::faults(total),
            }
    }

    /// The smallest count of `n` equal members that meets it, or `n + 1` (at most `u64::MAX`) when even all of
    /// them do not.
    ///
    /// # Cost
    /// One division in 128 bits; exact for every input.
    #[must_use]
    pub fn quorum(self, n: u64) -> u64 {
        let least = match self.0 {
            _ if n == 0 => 1,
            Rule::AtLeast(share) => (wide(share.num()) * wide(n)).div_ceil(wide(share.den())),
            Rule::MoreThan(share) => wide(share.num()) * wide(n) / wide(share.den()) + 1,
            Rule::AllButFaults => wide(n - Self::faults(n)),
        };
        u64::try_from(least).unwrap_or(u64::MAX).min(n.saturating_add(1))
    }

    /// Checks that this threshold is safe and live for `n` equal members of whom `f = floor((n - 1) / 3)` may be faulty.
    ///
    /// Safe: any two quorums of `q` members share more than `f`, that is `2q - n > f`. Live: a quorum remains when `f`
    /// are silent, that is `q <= n - f`.
    ///
    /// # Errors
    /// [`Error::MisuseMemberCount`] outside `1..=1000`, [`Error::MisuseUnsafe`], [`Error::MisuseNotLive`].
    /// # Source
    /// Malkhi and Reiter, "Byzantine Quorum Systems", masking of `f` faults by intersection.
    pub fn checked_for(self, n: u64) -> Result<CheckedThreshold, Error> {
        let max = wide_len(Electorate::MAX_MEMBERS);
        if !(1..=max).contains(&n) {
            return Err(Error::MisuseMemberCount { got: n, min: 1, max });
        }
        CheckedThreshold::new(self, n)
    }
}

const fn wide(number: u64) -> u128 {
    number as u128
}

/// A length as a number that does not depend on the machine.
pub(crate) const fn wide_len(length: usize) -> u64 {
    length as u64
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Rule::AllButFaults => f.pad("N-f"),
            Rule::MoreThan(share) => f.pad(&format!(">{share}")),
            Rule::AtLeast(share) => match decimal_places(share.den()) {
                Some(places) => {
                    let (whole, part) = (share.num() / share.den(), share.num() % share.den());
                    f.pad(&format!("{whole}.{part:0places$}"))
                }
                None => f.pad(&format!(">={share}")),
            },
        }
    }
}

/// The places after the point when `den` is a power of ten from 10 to 10^18.
fn decimal_places(den: u64) -> Option<usize> {
    let places = den.checked_ilog10().filter(|places| (1..=18).contains(places))?;
    (10u64.pow(places) == den).then_some(usize::try_from(places).ok()?)
}

impl FromStr for Threshold {
    type Err = Error;

    /// Reads `N-f`, or a fraction `a/b` or decimal behind `>=`, `>` or nothing (*at least*). Spaces may stand around
    /// each part.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.len() > Self::MAX_BYTES {
            return Err(Error::MisuseThresholdTooLong { got: text.len(), max: Self::MAX_BYTES });
        }
        let spaces = |part: &str| -> alloc::string::String { part.trim_matches(' ').into() };
        if text.split('-').map(spaces).eq(["N", "f"]) {
            return Ok(Self::all_but_faults());
        }
        let trimmed = text.trim_matches(' ');
        let (rule, fraction): (fn(Ratio) -> Self, &str) = match trimmed.strip_prefix('>') {
            Some(rest) => match rest.strip_prefix('=') {
                Some(rest) => (Self::at_least, rest),
                None => (Self::more_than, rest),
            },
            None => (Self::at_least, trimmed),
        };
        let fraction = match fraction.split_once('/') {
            Some((num, den)) => format!("{}/{}", spaces(num), spaces(den)),
            None => spaces(fraction),
        };
        fraction.parse().map(rule).map_err(|source| Error::MisuseThresholdText { source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use auditmesh_types::RatioError;

    #[test]
    fn text_round_trips() {
        let known = [
            ("0.66", Threshold::at_least_0_66()),
            ("0.67", Threshold::at_least_0_67()),
            (">=2/3", Threshold::at_least_two_thirds()),
            (">2/3", Threshold::more_than_two_thirds()),
            ("N-f", Threshold::all_but_faults()),
        ];
        for (text, threshold) in known {
            assert_eq!(text.parse(), Ok(threshold));
            assert_eq!(threshold.to_string(), text);
        }
        let odd = Threshold::at_least(Ratio::share(1_000_000_007, 1_000_000_000));
        assert_eq!((odd.to_string().as_str(), odd.to_string().parse()), ("1.000000007", Ok(odd)));
        assert_eq!(
            format!("{:>6}|{:<6}|", Threshold::all_but_faults(), Threshold::at_least_0_67()),
            "   N-f|0.67  |"
        );
    }

    #[test]
    fn spaces_and_other_spellings_are_read() {
        for text in [" >= 2 / 3 ", "2/3", ">=4/6", "  2 /3"] {
            assert_eq!(text.parse(), Ok(Threshold::at_least_two_thirds()), "{text:?}");
        }
        assert_eq!(" N - f ".parse(), Ok(Threshold::all_but_faults()));
        assert_eq!("> 0.5".parse(), Ok(Threshold::more_than(Ratio::share(1, 2))));
        assert_eq!("1".parse(), Ok(Threshold::at_least(Ratio::ONE)));
    }

    #[test]
    fn refuses_what_is_no_threshold() {
        for bad in [
            "",
            " ",
            "N",
            "n-f",
            "N-f-1",
            "<2/3",
            "=2/3",
            ">>1/2",
            "2//3",
            "2\u{2003}/3",
            "0 .67",
            "67%",
            "-1",
        ] {
            let error = Error::MisuseThresholdText { source: RatioError::MisuseNumber };
            assert_eq!(bad.parse::<Threshold>(), Err(error), "{bad:?}");
        }
        let error = Error::MisuseThresholdText { source: RatioError::MisuseZeroDenominator { num: 2 } };
        assert_eq!(">2/0".parse::<Threshold>(), Err(error));
        let error = Error::MisuseThresholdTooLong { got: 65, max: 64 };
        assert_eq!("0".repeat(65).parse::<Threshold>(), Err(error));
    }

    #[test]
    fn extremes_stay_exact() {
        let (all, huge) = (Threshold::at_least(Ratio::ONE), Threshold::at_least(Ratio::share(u64::MAX, 1)));
        assert_eq!((all.quorum(u64::MAX), huge.quorum(u64::MAX), huge.quorum(5)), (u64::MAX, u64::MAX, 6));
        assert!(all.met_by(u64::MAX, u64::MAX) && !all.met_by(u64::MAX - 1, u64::MAX));
        assert_eq!(Threshold::more_than(Ratio::ONE).quorum(7), 8);
        assert_eq!(
            (Threshold::at_least(Ratio::ZERO).quorum(7), Threshold::at_least(Ratio::ZERO).quorum(0)),
            (0, 1)
        );
        assert!(!Threshold::at_least(Ratio::ZERO).met_by(0, 0));
        assert!(!Threshold::all_but_faults().met_by(0, 0));
    }
}
