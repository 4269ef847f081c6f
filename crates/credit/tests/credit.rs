//! Proof credit, weight and trust: the design's figures, and slow references.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may panic")]

use auditmesh_credit::{Contribution, Trust, TrustChange, weight};
use proptest::prelude::*;

#[test]
fn the_figures_of_the_design() {
    let rows = [
        (10_000, 980_000, 500_000, 950_000, 4489, 897_800),
        (8_000, 960_000, 450_000, 900_000, 3668, 733_600),
        (5_000, 940_000, 300_000, 850_000, 2427, 485_400),
    ];
    for (proofs, accuracy_ppm, storage_milli_gb, participation_ppm, credit, weight_ppm) in rows {
        let contribution = Contribution { proofs, accuracy_ppm, storage_milli_gb, participation_ppm };
        let credit_micro = contribution.proof_credit().unwrap();
        assert_eq!(credit_micro, credit * 1_000_000);
        let got = weight::governance_weight_ppm(credit_micro, weight::DEFAULT_MAX_CREDIT_MICRO);
        assert_eq!(got, Ok(weight_ppm));
    }
}

/// An exact fraction, kept in lowest terms.
#[derive(Clone, Copy)]
struct Fraction(u128, u128);

impl Fraction {
    fn lowest(self) -> Self {
        let (mut a, mut b) = (self.0, self.1);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        Self(self.0 / a, self.1 / a)
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0 * other.1 + other.0 * self.1, self.1 * other.1).lowest()
    }

    fn times(self, other: Self) -> Self {
        Self(self.0 * other.0, self.1 * other.1).lowest()
    }
}

/// The slow reference: the formula as it is written down for people, in whole credits and exact fractions.
fn credit(contribution: &Contribution) -> Fraction {
    let thousandths = |ppm: u32| Fraction(u128::from(ppm), 1_000_000).times(Fraction(1000, 1));
    let gigabytes = Fraction(u128::from(contribution.storage_milli_gb), 1000);
    Fraction(u128::from(contribution.proofs), 1)
        .times(Fraction(4, 10))
        .plus(thousandths(contribution.accuracy_ppm).times(Fraction(3, 10)))
        .plus(gigabytes.times(Fraction(2, 10)))
        .plus(thousandths(contribution.participation_ppm).times(Fraction(1, 10)))
}

fn change() -> impl Strategy<Value = TrustChange> {
    prop_oneof![
        Just(TrustChange::Agreement),
        Just(TrustChange::Disagreement),
        Just(TrustChange::Synced),
        Just(TrustChange::SyncFailed),
        (0..90u32, 0..90u32).prop_map(|(from_days, to_days)| TrustChange::Inactive { from_days, to_days }),
        Just(TrustChange::Boost),
        Just(TrustChange::Penalty),
    ]
}

proptest! {
    #[test]
    fn credit_matches_fractions(
        proofs: u64, accuracy_ppm in 0..=1_000_000u32, storage_milli_gb: u64, participation_ppm in 0..=1_000_000u32,
    ) {
        let contribution = Contribution { proofs, accuracy_ppm, storage_milli_gb, participation_ppm };
        let Fraction(micro, one) = credit(&contribution).times(Fraction(1_000_000, 1));
        prop_assert_eq!(one, 1);
        prop_assert_eq!(contribution.proof_credit(), Ok(micro));
    }

    #[test]
    fn weight_is_the_floor_of_the_share(credit in 0..10_000_000_000u128, max in 1..10_000_000_000u128) {
        let got = u128::from(weight::governance_weight_ppm(credit, max).unwrap());
        if credit >= max {
            prop_assert_eq!(got, 1_000_000);
        } else {
            prop_assert!(got * max <= credit * 1_000_000 && credit * 1_000_000 < (got + 1) * max);
        }
    }

    #[test]
    fn trust_moves_one_point_at_a_time(start in 0..=100u8, changes in prop::collection::vec(change(), 0..60)) {
        let mut trust = Trust::new(start).unwrap();
        let mut slow = start;
        for change in changes {
            trust = trust.apply(change);
            for _ in 0..change.points().abs() {
                slow = if change.points() > 0 { (slow + 1).min(100) } else { slow.max(1) - 1 };
            }
            prop_assert_eq!(trust.score(), slow);
        }
    }

    #[test]
    fn inactivity_costs_the_same_however_often_it_is_judged(mut days in prop::collection::vec(0..120u32, 1..9)) {
        days.sort_unstable();
        let costs: i64 = days
            .windows(2)
            .map(|pair| TrustChange::Inactive { from_days: pair[0], to_days: pair[1] }.points())
            .sum();
        let (first, last) = (days[0], days[days.len() - 1]);
        let counted = (first + 1..=last).filter(|day| *day > 30).count();
        prop_assert_eq!(costs, -i64::try_from(counted).unwrap());
        prop_assert_eq!(costs, TrustChange::Inactive { from_days: first, to_days: last }.points());
    }
}
