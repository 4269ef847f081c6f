//! Governance weight: credit over an agreed maximum.

use crate::Error;

/// One, in parts per million.
pub const ONE_PPM: u32 = 1_000_000;

/// The credit that gives full weight unless a federation agrees on another: 5,000, in millionths.
pub const DEFAULT_MAX_CREDIT_MICRO: u128 = 5_000_000_000;

/// The largest maximum for which the weight is exact in 128 bits.
pub const LARGEST_MAX_CREDIT_MICRO: u128 = u128::MAX / ONE_PPM as u128;

/// `min(credit / max, 1)` in parts per million, rounded down.
///
/// It never replaces the count of a Byzantine quorum.
///
/// # Errors
/// [`Error::MisuseMaxCredit`] when `max_micro` is 0 or above [`LARGEST_MAX_CREDIT_MICRO`].
pub fn governance_weight_ppm(credit_micro: u128, max_micro: u128) -> Result<u32, Error> {
    check_max(max_micro)?;
    let ppm = credit_micro.min(max_micro) * u128::from(ONE_PPM) / max_micro;
    Ok(u32::try_from(ppm).map_or(ONE_PPM, |ppm| ppm.min(ONE_PPM)))
}

pub(crate) const fn check_max(max_micro: u128) -> Result<(), Error> {
    match max_micro {
        1..=LARGEST_MAX_CREDIT_MICRO => Ok(()),
        got => Err(Error::MisuseMaxCredit { got, max: LARGEST_MAX_CREDIT_MICRO }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_is_capped_and_rounded_down() {
        let of = |credit| governance_weight_ppm(credit, DEFAULT_MAX_CREDIT_MICRO);
        assert_eq!((of(0), of(4_999), of(5_000)), (Ok(0), Ok(0), Ok(1)));
        assert_eq!(
            (of(4_999_999_999), of(5_000_000_000), of(u128::MAX)),
            (Ok(999_999), Ok(1_000_000), Ok(1_000_000))
        );
        let large = LARGEST_MAX_CREDIT_MICRO;
        assert_eq!(governance_weight_ppm(large - 1, large), Ok(999_999));
    }

    #[test]
    fn refuses_maxima_without_meaning() {
        for got in [0, LARGEST_MAX_CREDIT_MICRO + 1, u128::MAX] {
            let error = Error::MisuseMaxCredit { got, max: LARGEST_MAX_CREDIT_MICRO };
            assert_eq!(governance_weight_ppm(1, got), Err(error));
        }
    }
}
