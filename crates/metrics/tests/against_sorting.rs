//! Percentile, histogram and rate against plain recomputation from all samples.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use auditmesh_metrics::{BOUNDS_US, RoundMetrics};
use auditmesh_types::{Observer, Ratio, Round, Sample};
use proptest::prelude::*;

/// The smallest latency that at least 95 of 100 of `all` do not exceed.
fn nearest_rank(all: &[u64]) -> Option<u64> {
    let mut sorted = all.to_vec();
    sorted.sort_unstable();
    sorted
        .iter()
        .copied()
        .find(|value| all.iter().filter(|took| **took <= *value).count() * 100 >= all.len() * 95)
}

fn latency() -> impl Strategy<Value = Option<u64>> {
    let edges: Vec<u64> = BOUNDS_US.into_iter().flat_map(|bound| [bound - 1, bound, bound + 1]).collect();
    prop_oneof![
        1 => Just(None),
        4 => (0..50u64).prop_map(Some),
        4 => prop::sample::select(edges).prop_map(Some),
        1 => any::<u64>().prop_map(|took| Some(took >> 8)),
    ]
}

proptest! {
    #[test]
    fn agrees_with_sorting_and_summing(
        drawn in prop::collection::vec((latency(), 0..1000u64, 0..4u64), 0..200), window in 1..130usize,
    ) {
        let mut metrics = RoundMetrics::new().with_window(window).unwrap();
        let mut all = Vec::new();
        let mut measured_proofs = 0u128;
        for (took_us, proofs, dissent) in &drawn {
            let (took_us, proofs, dissent) = (*took_us, *proofs, *dissent);
            metrics.observe(&Sample { round: Round(1), proofs, took_us, agree: Ratio::ONE, dissent, queue_depth: 0 });
            if let Some(took) = took_us {
                all.push(took);
                measured_proofs += u128::from(proofs);
            }
            prop_assert_eq!(metrics.p95_us(), nearest_rank(&all[all.len().saturating_sub(window)..]));
        }
        for (bound, within) in metrics.latency().buckets() {
            prop_assert_eq!(within, all.iter().filter(|took| **took <= bound).count() as u64);
        }
        let sum: u128 = all.iter().map(|took| u128::from(*took)).sum();
        prop_assert_eq!(u128::from(metrics.latency().sum_us()), sum);
        prop_assert_eq!(metrics.latency().count(), all.len() as u64);
        prop_assert_eq!(metrics.rounds(), drawn.len() as u64);
        prop_assert_eq!(metrics.unmeasured_rounds(), (drawn.len() - all.len()) as u64);
        prop_assert_eq!(metrics.proofs(), drawn.iter().map(|(_, proofs, _)| proofs).sum::<u64>());
        prop_assert_eq!(metrics.dissents(), drawn.iter().map(|(_, _, dissent)| dissent).sum::<u64>());
        // The rate is the largest number of thousandths that does not exceed proofs over time.
        match metrics.proof_rate_milli() {
            None => prop_assert_eq!(sum, 0),
            Some(rate) => {
                let rate = u128::from(rate);
                prop_assert!(rate * sum <= measured_proofs * 1_000_000_000);
                prop_assert!((rate + 1) * sum > measured_proofs * 1_000_000_000);
            }
        }
    }
}

#[test]
fn ranks_at_small_sizes() {
    // ceil(95 n / 100): the largest up to 19, and from 20 on the second largest.
    for (count, expected) in
        [(1, 1), (2, 2), (19, 19), (20, 19), (21, 20), (39, 38), (40, 38), (100, 95), (101, 96)]
    {
        let mut metrics = RoundMetrics::new();
        for took in (1..=count).rev() {
            let sample = Sample {
                round: Round(1),
                proofs: 0,
                took_us: Some(took),
                agree: Ratio::ONE,
                dissent: 0,
                queue_depth: 0,
            };
            metrics.observe(&sample);
        }
        assert_eq!(metrics.p95_us(), Some(expected), "of {count}");
    }
}

#[test]
fn sums_stay_at_the_largest_number() {
    let most = Sample {
        round: Round(u64::MAX),
        proofs: u64::MAX,
        took_us: Some(u64::MAX),
        agree: Ratio::ZERO,
        dissent: u64::MAX,
        queue_depth: u64::MAX,
    };
    let mut metrics = RoundMetrics::new();
    metrics.observe(&most);
    metrics.observe(&most);
    assert_eq!(
        (metrics.proofs(), metrics.dissents(), metrics.latency().sum_us()),
        (u64::MAX, u64::MAX, u64::MAX)
    );
    assert_eq!((metrics.rounds(), metrics.p95_us()), (2, Some(u64::MAX)));
    assert_eq!(metrics.proof_rate_milli(), Some(1_000_000_000));
    let mut instant = RoundMetrics::new();
    instant.observe(&Sample { took_us: Some(0), ..most.clone() });
    assert_eq!(instant.proof_rate_milli(), None);
    instant.observe(&Sample { took_us: Some(1), ..most });
    assert_eq!(instant.proof_rate_milli(), Some(u64::MAX));
}
