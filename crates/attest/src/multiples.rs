use alloc::vec::Vec;

use curve25519_dalek::{edwards::EdwardsPoint, scalar::Scalar};

/// The multiples of a point by which it is multiplied without doubling: one addition for each `BITS` bits of a scalar. In time that depends
/// on the scalar, so for what is public.
///
/// A scalar is read as digits of `-2^(BITS-1)+1 ..= 2^(BITS-1)`, lowest first, and row *i* holds the multiples of `2^(i·BITS)` times the
/// point from one to the highest digit; a negative digit subtracts.
///
/// # Cost
/// `160 · ROWS · 2^(BITS-1)` bytes, and as many additions to make as there are multiples.
///
/// # Source
/// Fixed-base windows with signed digits, all doublings made beforehand (Brickell, Gordon, McCurley and Wilson, EUROCRYPT '92).
pub(crate) struct Multiples<const BITS: usize>(Vec<EdwardsPoint>);

impl<const BITS: usize> Multiples<BITS> {
    /// The highest digit, and so the multiples in a row.
    const HIGHEST: usize = {
        assert!(BITS >= 1 && BITS <= 8, "a digit is read from two bytes");
        1 << (BITS - 1)
    };
    /// Enough for what is below the group's order, 2^252 and a little, and a carry.
    const ROWS: usize = 254usize.div_ceil(BITS);

    pub(crate) fn of(point: EdwardsPoint) -> Self {
        let mut all = Vec::with_capacity(Self::ROWS * Self::HIGHEST);
        let mut base = point;
        for _ in 0..Self::ROWS {
            let mut multiple = base;
            for _ in 1..Self::HIGHEST {
                all.push(multiple);
                multiple += base;
            }
            all.push(multiple);
            base = multiple + multiple;
        }
        Self(all)
    }

    /// `sum` and the point, `scalar` times; `scalar` is below the group's order.
    pub(crate) fn add_to(&self, sum: EdwardsPoint, scalar: &Scalar) -> EdwardsPoint {
        let mut carry = 0;
        let rows = self.0.chunks_exact(Self::HIGHEST).enumerate();
        let sum = rows.fold(sum, |sum, (at, row)| {
            let digit = carry + bits(scalar.as_bytes(), at * BITS, BITS);
            carry = usize::from(digit > Self::HIGHEST);
            let below = if carry == 0 { 0 } else { (2 * Self::HIGHEST) - digit };
            match (row.get(digit.wrapping_sub(1)), row.get(below.wrapping_sub(1))) {
                (Some(multiple), _) => sum + multiple,
                (None, Some(multiple)) => sum - multiple,
                (None, None) => sum,
            }
        });
        debug_assert_eq!(carry, 0, "the scalar is not below the group's order");
        sum
    }
}

/// The `count` bits of a little-endian number from bit `from` on, at most eight, zeros behind its end.
fn bits(number: &[u8; 32], from: usize, count: usize) -> usize {
    let byte = |at: usize| usize::from(number.get(at).copied().unwrap_or(0));
    let window = byte(from / 8) | byte(from / 8 + 1) << 8;
    (window >> (from % 8)) & ((1 << count) - 1)
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::{
        constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION},
        traits::Identity,
    };
    use proptest::prelude::*;

    use super::*;

    /// What every table must give, by the library below.
    fn agree(scalar: &Scalar) {
        let sum = ED25519_BASEPOINT_POINT + EIGHT_TORSION[3];
        for point in [ED25519_BASEPOINT_POINT, sum, EIGHT_TORSION[1], EdwardsPoint::identity()] {
            let expected = sum + point * scalar;
            assert_eq!(Multiples::<5>::of(point).add_to(sum, scalar), expected, "{scalar:?}");
            assert_eq!(Multiples::<7>::of(point).add_to(sum, scalar), expected, "{scalar:?}");
        }
    }

    #[test]
    fn scalars_at_the_edges() {
        let highest = -Scalar::ONE;
        for scalar in [Scalar::ZERO, Scalar::ONE, highest, highest - Scalar::ONE] {
            agree(&scalar);
        }
        // Each power of two and its neighbours: digits at the highest, just above it, and carries that run through.
        let (five, seven) =
            (Multiples::<5>::of(ED25519_BASEPOINT_POINT), Multiples::<7>::of(ED25519_BASEPOINT_POINT));
        let mut power = Scalar::ONE;
        for _ in 0..253 {
            for scalar in [power - Scalar::ONE, power, power + Scalar::ONE, -power] {
                let expected = EdwardsPoint::mul_base(&scalar);
                assert_eq!(five.add_to(EdwardsPoint::identity(), &scalar), expected, "{scalar:?}");
                assert_eq!(seven.add_to(EdwardsPoint::identity(), &scalar), expected, "{scalar:?}");
            }
            power += power;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn any_scalar(bytes in any::<[u8; 32]>()) {
            agree(&Scalar::from_bytes_mod_order(bytes));
        }
    }
}
