//! Random elections against the naive count, and what holds for every election.

use std::collections::BTreeMap;

use auditmesh_bft::{Electorate, Tally, Threshold, TieBreak};
use auditmesh_types::{Ballot, Decision, MemberId, Outcome, Round};
use proptest::prelude::*;

use crate::{
    ballots::{SIZE, forged, head, member, received, statement},
    naive::{self, heads_of},
};

/// A threshold, and the same rule written down once more.
type Rule = (Threshold, fn(u64, u64) -> bool);

const RULES: [Rule; 3] = [
    (Threshold::at_least_two_thirds(), |weight, total| 3 * weight >= 2 * total),
    (Threshold::more_than_two_thirds(), |weight, total| 3 * weight > 2 * total),
    (Threshold::all_but_faults(), |weight, total| weight + (total - 1) / 3 >= total),
];

/// Ballots of members 0 to 6 and of two names that may be strangers; mostly honest, in two rounds.
fn ballots() -> impl Strategy<Value = Vec<Ballot>> {
    let one = (0..9u8, prop_oneof![5 => Just(1u8), 1 => Just(2), 1 => Just(3)], 0..4u64, 0..8u8).prop_map(
        |(who, root, at, fate)| {
            let name = format!("m{who}");
            let mut statement = statement(&name, head(root), at);
            match fate {
                0 => forged(&name, root),
                1 => {
                    statement.round = Round(2);
                    received(statement)
                }
                _ => {
                    statement.signed.push(b'0' + fate);
                    received(statement)
                }
            }
        },
    );
    prop::collection::vec(one, 0..24)
}

fn weights() -> impl Strategy<Value = Vec<(MemberId, u64)>> {
    let names = |weights: Vec<u64>| {
        weights.into_iter().enumerate().map(|(i, weight)| (member(&format!("m{i}")), weight)).collect()
    };
    prop_oneof![(1..=7usize).prop_map(|n| vec![1; n]), prop::collection::vec(1..=4u64, 1..=7)].prop_map(names)
}

fn tie_break() -> impl Strategy<Value = TieBreak> {
    let trust =
        prop::collection::btree_map((0..8u8).prop_map(|who| member(&format!("m{who}"))), 0..=100u8, 0..8);
    prop_oneof![
        Just(TieBreak::EarliestThenLowest),
        Just(TieBreak::Coordinator(member("m0"))),
        trust.prop_map(TieBreak::ByTrust),
        Just(TieBreak::Manual),
    ]
}

fn decide(
    weights: &[(MemberId, u64)],
    threshold: Threshold,
    tie_break: TieBreak,
    ballots: &[Ballot],
) -> Decision {
    let electorate = Electorate::new(weights.iter().cloned()).unwrap();
    Tally::new(electorate, threshold, tie_break).unwrap().count(Round(1), SIZE, ballots)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn matches_the_naive_count(
        weights in weights(), rule in prop::sample::select(&RULES[..]), tie_break in tie_break(), ballots in ballots(),
    ) {
        let manual = tie_break == TieBreak::Manual;
        let decision = decide(&weights, rule.0, tie_break, &ballots);
        let naive = naive::count(&weights, rule.1, Round(1), &ballots);
        let total: u64 = weights.iter().map(|(_, weight)| weight).sum();

        prop_assert_eq!(decision.outcome, naive.outcome);
        prop_assert_eq!((decision.ratio.num(), decision.ratio.den()), (naive.weight, total));
        prop_assert_eq!(&decision.absent, &naive.absent);
        prop_assert_eq!(&decision.bad_signatures, &naive.bad_signatures);
        prop_assert_eq!(&decision.unknown, &naive.unknown);
        match (decision.head, naive.leaders.as_slice()) {
            (None, leaders) => prop_assert!(leaders.is_empty() || manual && leaders.len() > 1),
            (Some(head), leaders) => prop_assert!(leaders.contains(&head) && (leaders.len() == 1 || !manual)),
        }
        for (name, _) in &weights {
            let heads = heads_of(name, Round(1), &ballots);
            let agrees = decision.agreeing.iter().filter(|statement| statement.member == *name).count();
            let expected = usize::from(heads.len() == 1 && heads.first() == decision.head.as_ref());
            prop_assert_eq!(agrees, expected);
            prop_assert_eq!(decision.dissenting.contains(name), heads.len() == 1 && expected == 0);
        }
        let convicted: Vec<_> = decision.equivocators.iter().map(|found| found.member.clone()).collect();
        prop_assert_eq!(convicted, naive.equivocators);
        for found in &decision.equivocators {
            let heads = heads_of(&found.member, Round(1), &ballots);
            for (evidence, head) in found.evidence.iter().zip(heads) {
                prop_assert_eq!(evidence.head, head);
                let heard = |ballot: &Ballot| matches!(ballot, Ballot::Valid(valid) if **valid == *evidence);
                prop_assert!(ballots.iter().any(heard));
            }
        }
    }

    #[test]
    fn the_order_of_ballots_says_nothing(
        weights in weights(), rule in prop::sample::select(&RULES[..]), tie_break in tie_break(),
        (ballots, shuffled) in ballots().prop_flat_map(|ballots| (Just(ballots.clone()), Just(ballots).prop_shuffle())),
    ) {
        let decision = decide(&weights, rule.0, tie_break.clone(), &ballots);
        prop_assert_eq!(&decide(&weights, rule.0, tie_break.clone(), &shuffled), &decision);
        let twice = [ballots, shuffled].concat();
        prop_assert_eq!(decide(&weights, rule.0, tie_break, &twice), decision);
    }

    #[test]
    fn a_tie_break_changes_no_outcome(
        weights in weights(), rule in prop::sample::select(&RULES[..]), tie_break in tie_break(), ballots in ballots(),
    ) {
        let (chosen, manual) =
            (decide(&weights, rule.0, tie_break, &ballots), decide(&weights, rule.0, TieBreak::Manual, &ballots));
        prop_assert_eq!((chosen.outcome, chosen.ratio), (manual.outcome, manual.ratio));
        prop_assert_eq!(chosen.agreed(), manual.agreed());
        prop_assert!(chosen.outcome != Outcome::Tie || manual.head.is_none());
    }

    /// Whatever at most `f` liars add for each of two observers, both cannot agree on different heads.
    #[test]
    fn two_observers_never_agree_on_two_heads(
        n in 1..=7usize, honest in prop::collection::vec(1..=2u8, 7), rule in prop::sample::select(&RULES[..]),
    ) {
        let liars = (n - 1) / 3;
        let weights: Vec<_> = (0..n).map(|i| (member(&format!("m{i}")), 1)).collect();
        let seen = |lie: u8| {
            let said = |i: usize| if i < liars { lie } else { honest[i] };
            let ballots: Vec<_> =
                (0..n).map(|i| received(statement(&format!("m{i}"), head(said(i)), 0))).collect();
            decide(&weights, rule.0, TieBreak::default(), &ballots).agreed()
        };
        let agreed: BTreeMap<_, ()> = [seen(1), seen(2)].into_iter().flatten().map(|head| (head, ())).collect();
        prop_assert!(agreed.len() <= 1, "{agreed:?}");
    }
}
