//! Which thresholds are safe and live, over every member count, against enumeration.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may panic")]

use auditmesh_bft::{Electorate, Error, Tally, Threshold, TieBreak};
use auditmesh_types::{MemberId, Ratio};
use proptest::prelude::*;

const ALL: std::ops::RangeInclusive<u64> = 1..=1000;

fn unsafe_counts(threshold: Threshold) -> Vec<u64> {
    ALL.filter(|n| matches!(threshold.checked_for(*n), Err(Error::MisuseUnsafe { .. }))).collect()
}

fn dead_counts(threshold: Threshold) -> Vec<u64> {
    ALL.filter(|n| matches!(threshold.checked_for(*n), Err(Error::MisuseNotLive { .. }))).collect()
}

#[test]
fn quorums_of_three_to_ten() {
    let table = [
        (Threshold::at_least_0_66(), [2, 3, 4, 4, 5, 6, 6, 7]),
        (Threshold::at_least_0_67(), [3, 3, 4, 5, 5, 6, 7, 7]),
        (Threshold::at_least_two_thirds(), [2, 3, 4, 4, 5, 6, 6, 7]),
        (Threshold::more_than_two_thirds(), [3, 3, 4, 5, 5, 6, 7, 7]),
        (Threshold::all_but_faults(), [3, 3, 4, 5, 5, 6, 7, 7]),
    ];
    for (threshold, quorums) in table {
        assert_eq!((3..=10).map(|n| threshold.quorum(n)).collect::<Vec<_>>(), quorums, "{threshold}");
    }
}

#[test]
fn two_decimals_of_two_thirds_fail_in_large_federations() {
    let unsafe_at = unsafe_counts(Threshold::at_least_0_66());
    assert_eq!((unsafe_at[0], unsafe_at.len()), (50, 902));
    assert_eq!(dead_counts(Threshold::at_least_0_66()), []);
    assert_eq!(
        Threshold::at_least_0_66().checked_for(50),
        Err(Error::MisuseUnsafe {
            threshold: Threshold::at_least_0_66(),
            members: 50,
            quorum: 33,
            faults: 16,
            overlap: 16
        })
    );

    let dead_at = dead_counts(Threshold::at_least_0_67());
    assert_eq!((dead_at[0], dead_at.len()), (103, 799));
    assert_eq!(unsafe_counts(Threshold::at_least_0_67()), []);
    assert_eq!(
        Threshold::at_least_0_67().checked_for(103),
        Err(Error::MisuseNotLive {
            threshold: Threshold::at_least_0_67(),
            members: 103,
            quorum: 70,
            faults: 34,
            available: 69
        })
    );
}

#[test]
fn exact_two_thirds_and_all_but_faults_hold_everywhere() {
    for threshold in
        [Threshold::at_least_two_thirds(), Threshold::more_than_two_thirds(), Threshold::all_but_faults()]
    {
        for n in ALL {
            let checked = threshold.checked_for(n).unwrap();
            assert_eq!((checked.threshold(), checked.members()), (threshold, n));
            assert_eq!((checked.quorum(), checked.faults()), (threshold.quorum(n), (n - 1) / 3));
        }
    }
    // Counted in whole members, "all but the faulty" and "more than two thirds" are one rule.
    for n in 0..=1000 {
        assert_eq!(Threshold::all_but_faults().quorum(n), Threshold::more_than_two_thirds().quorum(n));
    }
}

#[test]
fn two_f_plus_one_is_a_quorum_only_where_n_is_three_f_plus_one() {
    for n in ALL {
        let f = (n - 1) / 3;
        let checked = Threshold::at_least(Ratio::share(2 * f + 1, n)).checked_for(n);
        if n == 3 * f + 1 {
            assert_eq!(checked.unwrap().quorum(), 2 * f + 1);
        } else {
            assert!(matches!(checked, Err(Error::MisuseUnsafe { quorum, .. }) if quorum == 2 * f + 1), "{n}");
        }
    }
}

#[test]
fn refuses_member_counts_outside_the_range() {
    for n in [0, 1001, u64::MAX] {
        let error = Error::MisuseMemberCount { got: n, min: 1, max: 1000 };
        assert_eq!(Threshold::all_but_faults().checked_for(n), Err(error));
    }
}

#[test]
fn errors_say_what_to_do() {
    let text = Threshold::at_least_0_66().checked_for(50).unwrap_err().to_string();
    assert_eq!(
        text,
        "threshold 0.66 is unsafe for 50 members: two quorums of 33 may share only 16, and 16 may be faulty; use N-f"
    );
    let text = Threshold::more_than(Ratio::ONE).checked_for(4).unwrap_err().to_string();
    assert_eq!(
        text,
        "threshold >1/1 is not live for 4 members: it needs 5, and only 3 remain when 1 are silent; use N-f"
    );
}

/// The slow reference: looks at every set of members, and at every pair of sets that meet the threshold.
struct Sets {
    weights: Vec<u64>,
    quorums: Vec<u32>,
}

impl Sets {
    fn new(threshold: Threshold, weights: &[u64]) -> Self {
        let mut sets = Self { weights: weights.to_vec(), quorums: Vec::new() };
        let total = sets.weight(u32::MAX);
        sets.quorums =
            (0..1 << weights.len()).filter(|set| threshold.met_by(sets.weight(*set), total)).collect();
        sets
    }

    fn weight(&self, set: u32) -> u64 {
        self.weights.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, weight)| weight).sum()
    }

    /// The most that may be faulty: the largest `f` with `3f < total`.
    fn faults(&self) -> u64 {
        (0..).take_while(|f| 3 * f < self.weight(u32::MAX)).last().unwrap()
    }

    fn safe(&self) -> bool {
        self.quorums.iter().all(|a| self.quorums.iter().all(|b| self.weight(a & b) > self.faults()))
    }

    fn live(&self) -> bool {
        let everybody = (1 << self.weights.len()) - 1;
        let may_fail = (0..=everybody).filter(|set| self.weight(*set) <= self.faults());
        may_fail.into_iter().all(|silent| self.quorums.contains(&(everybody & !silent)))
    }
}

proptest! {
    #[test]
    fn equal_members_match_enumeration(n in 1usize..=7, num in 0u64..=24, den in 1u64..=21, strict: bool) {
        let share = Ratio::new(num, den).unwrap();
        let threshold = if strict { Threshold::more_than(share) } else { Threshold::at_least(share) };
        let sets = Sets::new(threshold, &vec![1; n]);
        match threshold.checked_for(n as u64) {
            Ok(checked) => {
                prop_assert!(sets.safe() && sets.live());
                prop_assert_eq!(Some(checked.quorum()), sets.quorums.iter().map(|set| sets.weight(*set)).min());
            }
            Err(Error::MisuseUnsafe { .. }) => prop_assert!(!sets.safe()),
            Err(Error::MisuseNotLive { .. }) => prop_assert!(!sets.live()),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn a_weighted_tally_is_safe_and_live(
        weights in prop::collection::vec(1u64..=9, 1..=6), num in 0u64..=24, den in 1u64..=21, rule in 0..3,
    ) {
        let share = Ratio::new(num, den).unwrap();
        let threshold = match rule {
            0 => Threshold::more_than(share),
            1 => Threshold::at_least(share),
            _ => Threshold::all_but_faults(),
        };
        let named = |(i, weight): (usize, &u64)| (MemberId::new(format!("m{i}")).unwrap(), *weight);
        let electorate = Electorate::new(weights.iter().enumerate().map(named)).unwrap();
        let made = Tally::new(electorate, threshold, TieBreak::Manual);
        prop_assert!(rule < 2 || made.is_ok());
        if made.is_ok() {
            let divisor = (1..=9).rev().find(|d| weights.iter().all(|weight| weight % d == 0)).unwrap();
            let sets = Sets::new(threshold, &weights.iter().map(|weight| weight / divisor).collect::<Vec<_>>());
            prop_assert!(sets.safe() && sets.live());
        }
    }

    #[test]
    fn quorum_is_the_first_count_that_meets(n in 0u64..300, num in 0u64..400, den in 1u64..300, strict: bool) {
        let threshold = match Ratio::new(num, den).unwrap() {
            share if strict => Threshold::more_than(share),
            share => Threshold::at_least(share),
        };
        for threshold in [threshold, Threshold::all_but_faults()] {
            let first = (0..=n).find(|count| threshold.met_by(*count, n)).unwrap_or(n + 1);
            prop_assert_eq!(threshold.quorum(n), first);
            prop_assert_eq!(threshold.to_string().parse::<Threshold>(), Ok(threshold));
        }
    }

    #[test]
    fn text_never_panics(text in "[ N f0-9./>=-]{0,70}") {
        if let Ok(threshold) = text.parse::<Threshold>() {
            prop_assert_eq!(threshold.to_string().parse::<Threshold>(), Ok(threshold));
        }
    }
}
