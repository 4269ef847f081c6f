use core::{cmp::Ordering, fmt, str::FromStr};

/// An exact fraction `num / den`, compared by cross multiplication. Never a float.
///
/// Two fractions are equal when their values are: `1/2 == 2/4`.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    num: u64,
    den: u64,
}

impl Ratio {
    /// `0/1`.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// `1/1`.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// The fraction `num / den`.
    ///
    /// # Errors
    /// [`RatioError::MisuseZeroDenominator`].
    pub const fn new(num: u64, den: u64) -> Result<Self, RatioError> {
        if den == 0 { Err(RatioError::MisuseZeroDenominator { num }) } else { Ok(Self { num, den }) }
    }

    /// The fraction `num / den`, or zero when `den` is: the share of nothing is nothing.
    #[must_use]
    pub const fn share(num: u64, den: u64) -> Self {
        if den == 0 { Self::ZERO } else { Self { num, den } }
    }

    /// The upper number, as given.
    #[must_use]
    pub const fn num(self) -> u64 {
        self.num
    }

    /// The lower number, as given; never zero.
    #[must_use]
    pub const fn den(self) -> u64 {
        self.den
    }

    /// Parts in a million, rounded down, at most `u64::MAX`.
    #[must_use]
    pub fn ppm(self) -> u64 {
        u64::try_from(u128::from(self.num) * 1_000_000 / u128::from(self.den)).unwrap_or(u64::MAX)
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = u128::from(self.num) * u128::from(other.den);
        left.cmp(&(u128::from(other.num) * u128::from(self.den)))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

/// Reads `2/3` or an exact decimal such as `0.67` (at most 18 digits after the point).
impl FromStr for Ratio {
    type Err = RatioError;

    fn from_str(text: &str) -> Result<Self, RatioError> {
        let number = |digits: &str| match digits.bytes().all(|b| b.is_ascii_digit()) {
            true => digits.parse::<u64>().map_err(|_| RatioError::MisuseNumber),
            false => Err(RatioError::MisuseNumber),
        };
        if let Some((num, den)) = text.split_once('/') {
            return Self::new(number(num)?, number(den)?);
        }
        let Some((whole, part)) = text.split_once('.') else { return Self::new(number(text)?, 1) };
        let scale =
            u32::try_from(part.len()).ok().filter(|places| *places <= 18).ok_or(RatioError::MisuseNumber)?;
        let den = 10u64.pow(scale);
        let num = number(whole)?.checked_mul(den).and_then(|whole| whole.checked_add(number(part).ok()?));
        Self::new(num.ok_or(RatioError::MisuseNumber)?, den)
    }
}

/// Why something is not a fraction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RatioError {
    /// The lower number is zero.
    MisuseZeroDenominator {
        /// The upper number.
        num: u64,
    },
    /// Not `a/b` and not a decimal with at most 18 places, or too large.
    MisuseNumber,
}

impl fmt::Display for RatioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MisuseZeroDenominator { num } => write!(f, "the fraction {num}/0 has no value"),
            Self::MisuseNumber => f.write_str("a fraction is written 2/3 or 0.67"),
        }
    }
}

impl core::error::Error for RatioError {}

#[cfg(feature = "serde")]
impl serde::Serialize for Ratio {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_by_value() {
        let ratio = |text: &str| text.parse::<Ratio>().unwrap();
        assert_eq!(ratio("1/2"), ratio("2/4"));
        assert!(ratio("2/3") < ratio("0.67"));
        assert!(ratio("2/3") > ratio("0.66"));
        assert_eq!(ratio("0.67"), ratio("67/100"));
        assert_eq!(ratio("1"), Ratio::ONE);
        let (big, less) = (Ratio::new(u64::MAX, u64::MAX - 1), Ratio::new(u64::MAX - 1, u64::MAX));
        assert!(big.unwrap() > less.unwrap());
    }

    #[test]
    fn refuses_what_is_no_fraction() {
        for bad in
            ["", ".", "x", "-1", "1/", "/2", "1.2.3", "+1", "0.1234567890123456789", "99999999999999999999"]
        {
            assert_eq!(bad.parse::<Ratio>(), Err(RatioError::MisuseNumber), "{bad:?}");
        }
        assert_eq!("3/0".parse::<Ratio>(), Err(RatioError::MisuseZeroDenominator { num: 3 }));
    }

    #[test]
    fn ppm_rounds_down_and_does_not_overflow() {
        assert_eq!(Ratio::new(2, 3).unwrap().ppm(), 666_666);
        assert_eq!(Ratio::new(u64::MAX, 1).unwrap().ppm(), u64::MAX);
    }
}
