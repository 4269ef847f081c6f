use crate::{Error, weight::ONE_PPM};

/// What a member contributed, in integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contribution {
    /// Entries it validated.
    pub proofs: u64,
    /// The share of its statements that were the agreed ones, in parts per million.
    pub accuracy_ppm: u32,
    /// What it stores, in thousandths of a gigabyte (a gigabyte is 10^9 bytes).
    pub storage_milli_gb: u64,
    /// The share of rounds it took part in, in parts per million.
    pub participation_ppm: u32,
}

impl Contribution {
    /// Proof credit in millionths: 0.4 a proof, 0.3 a thousandth of accuracy, 0.2 a gigabyte, 0.1 a thousandth of
    /// participation.
    ///
    /// In integers: `400_000·proofs + 300·accuracy_ppm + 200·storage_milli_gb + 100·participation_ppm`. Each term is below
    /// 2^83, so the sum is exact in 128 bits.
    ///
    /// # Errors
    /// [`Error::MisusePpm`] when accuracy or participation is above one.
    pub fn proof_credit(&self) -> Result<u128, Error> {
        check_ppm("accuracy", self.accuracy_ppm)?;
        check_ppm("participation", self.participation_ppm)?;
        Ok(400_000 * u128::from(self.proofs)
            + 300 * u128::from(self.accuracy_ppm)
            + 200 * u128::from(self.storage_milli_gb)
            + 100 * u128::from(self.participation_ppm))
    }
}

pub(crate) const fn check_ppm(what: &'static str, got: u32) -> Result<(), Error> {
    if got > ONE_PPM { Err(Error::MisusePpm { what, got, max: ONE_PPM }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_shares_above_one() {
        let accurate = Contribution { accuracy_ppm: 1_000_001, ..Contribution::default() };
        let error = Error::MisusePpm { what: "accuracy", got: 1_000_001, max: 1_000_000 };
        assert_eq!(accurate.proof_credit(), Err(error));
        let present = Contribution { participation_ppm: u32::MAX, ..Contribution::default() };
        let error = Error::MisusePpm { what: "participation", got: u32::MAX, max: 1_000_000 };
        assert_eq!(present.proof_credit(), Err(error));
    }

    #[test]
    fn the_largest_contribution_is_exact() {
        let largest = Contribution {
            proofs: u64::MAX,
            accuracy_ppm: 1_000_000,
            storage_milli_gb: u64::MAX,
            participation_ppm: 1_000_000,
        };
        assert_eq!(largest.proof_credit(), Ok(((1u128 << 64) - 1) * 400_200 + 400_000_000));
    }
}
