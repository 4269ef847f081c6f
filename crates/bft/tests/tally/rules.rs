//! Each rule of the count, alone.

use std::collections::BTreeMap;

use auditmesh_bft::{Electorate, Error, Tally, Threshold, TieBreak};
use auditmesh_types::{Ballot, Digest, Equivocation, Outcome, Ratio, Round, Size, TreeHead};

use crate::ballots::{SIZE, agreeing, forged, head, member, received, statement, tally, vote};

const FOUR: [&str; 4] = ["a", "b", "c", "d"];

#[test]
fn one_head_by_one_member_counts_once() {
    let tally = tally(&FOUR, "N-f", TieBreak::default());
    let ballots = [vote("a", 1, 9), vote("a", 1, 5), vote("a", 1, 7), vote("b", 1, 9)];
    let decision = tally.count(Round(1), SIZE, &ballots);
    assert_eq!((decision.outcome, decision.ratio), (Outcome::NoQuorum, Ratio::share(2, 4)));
    let times: Vec<_> = decision.agreeing.iter().map(|statement| statement.at.0).collect();
    assert_eq!(times, [5, 9], "the earliest statement is kept");
}

#[test]
fn of_equally_early_statements_the_lowest_bytes_are_kept() {
    let tally = tally(&["a"], "N-f", TieBreak::default());
    let remarked = |remark: &[u8]| {
        let mut statement = statement("a", head(1), 4);
        statement.signed.extend(remark);
        received(statement)
    };
    let (low, high) = (remarked(b"1"), remarked(b"2"));
    for ballots in [[low.clone(), high.clone()], [high, low]] {
        let kept = tally.count(Round(1), SIZE, &ballots).agreeing;
        assert_eq!((kept.len(), kept[0].signed.last()), (1, Some(&b'1')));
    }
}

#[test]
fn two_heads_convict_and_count_for_none() {
    let tally = tally(&FOUR, "N-f", TieBreak::default());
    let ballots = [
        vote("a", 1, 1),
        vote("b", 1, 2),
        vote("c", 3, 3),
        vote("c", 2, 4),
        vote("c", 1, 6),
        vote("c", 1, 5),
    ];
    let decision = tally.count(Round(1), SIZE, &ballots);
    let evidence = [statement("c", head(1), 5), statement("c", head(2), 4)];
    assert_eq!(decision.equivocators, [Equivocation { member: member("c"), evidence }]);
    assert_eq!(decision.ratio, Ratio::share(2, 4));
    assert_eq!(decision.absent, [member("d")], "who spoke twice is not absent");
    assert!(decision.dissenting.is_empty());
    // Three members spoke, which is a quorum of four; two votes count.
    assert_eq!((decision.outcome, decision.head), (Outcome::Dissent, Some(head(1))));
}

#[test]
fn statements_of_another_size_change_nothing_and_convict_nobody() {
    let tally = tally(&FOUR, "N-f", TieBreak::default());
    let fresh = [vote("a", 1, 1), vote("b", 1, 1), vote("c", 1, 1)];
    let smaller = TreeHead { size: Size(39), root: Digest([9; 32]) };
    let old = ["a", "b", "c", "d"].map(|name| received(statement(name, smaller, 1)));
    let both = tally.count(Round(1), SIZE, &[&old[..], &fresh].concat());
    assert_eq!(both, tally.count(Round(1), SIZE, &fresh));
    assert_eq!((both.outcome, both.equivocators.len(), both.absent.len()), (Outcome::Agreed, 0, 1));
    let only_old = tally.count(Round(1), SIZE, &old);
    assert_eq!((only_old.outcome, only_old.head, only_old.absent.len()), (Outcome::NoQuorum, None, 4));
}

#[test]
fn nobody_counts_when_all_equivocate() {
    let tally = tally(&["a"], "N-f", TieBreak::default());
    let decision = tally.count(Round(1), SIZE, &[vote("a", 1, 1), vote("a", 2, 1)]);
    assert_eq!((decision.outcome, decision.head, decision.ratio), (Outcome::Dissent, None, Ratio::ZERO));
    assert_eq!((decision.agreeing.len(), decision.absent.len(), decision.equivocators.len()), (0, 0, 1));
}

#[test]
fn a_refused_ballot_takes_nothing_from_a_valid_vote() {
    let tally = tally(&["a", "b", "c"], "N-f", TieBreak::default());
    let ballots = [forged("a", 2), vote("a", 1, 1), vote("b", 1, 1), vote("c", 1, 1), forged("a", 1)];
    let decision = tally.count(Round(1), SIZE, &ballots);
    assert_eq!((decision.outcome, decision.ratio), (Outcome::Agreed, Ratio::ONE));
    assert_eq!((decision.bad_signatures.as_slice(), decision.absent.len()), (&[member("a")][..], 0));
}

#[test]
fn strangers_count_for_none() {
    let tally = tally(&["a", "b", "c"], "N-f", TieBreak::default());
    let ballots = [vote("y", 1, 1), forged("x", 1), vote("a", 1, 1), vote("b", 1, 1), vote("y", 2, 1)];
    let decision = tally.count(Round(1), SIZE, &ballots);
    assert_eq!((decision.outcome, decision.ratio), (Outcome::NoQuorum, Ratio::share(2, 3)));
    assert_eq!(decision.unknown, [member("x"), member("y")]);
    assert!(decision.bad_signatures.is_empty() && decision.equivocators.is_empty());
}

#[test]
fn statements_of_another_round_are_passed_over() {
    let tally = tally(&["a", "b", "c"], "N-f", TieBreak::default());
    let mut late = statement("a", head(1), 1);
    late.round = Round(2);
    let mut stranger = statement("x", head(1), 1);
    stranger.round = Round(2);
    let ballots = [received(late), received(stranger), vote("b", 1, 1), vote("c", 1, 1)];
    assert!(ballots.iter().all(|ballot| matches!(ballot, Ballot::Valid(_))));
    let decision = tally.count(Round(1), SIZE, &ballots);
    assert_eq!((decision.outcome, decision.ratio), (Outcome::NoQuorum, Ratio::share(2, 3)));
    assert_eq!((decision.absent.as_slice(), decision.unknown.len()), (&[member("a")][..], 0));
}

#[test]
fn silence_is_no_quorum() {
    let decision = tally(&FOUR, "N-f", TieBreak::default()).count(Round(8), SIZE, &[]);
    assert_eq!((decision.round, decision.outcome, decision.head), (Round(8), Outcome::NoQuorum, None));
    assert_eq!((decision.ratio, decision.absent.len()), (Ratio::share(0, 4), 4));
}

#[test]
fn tie_breaks_choose_a_head_and_never_agree() {
    // Two against two. Head 2 has the earliest statement; the signers of head 1 have more trust.
    let ballots = [vote("a", 1, 5), vote("b", 2, 4), vote("c", 2, 9), vote("d", 1, 6)];
    let trust =
        |pairs: &[(&str, u8)]| TieBreak::ByTrust(pairs.iter().map(|(n, t)| (member(n), *t)).collect());
    let cases = [
        (TieBreak::EarliestThenLowest, Some(head(2))),
        (TieBreak::Coordinator(member("d")), Some(head(1))),
        (TieBreak::Coordinator(member("c")), Some(head(2))),
        (trust(&[("a", 60), ("b", 70), ("d", 11)]), Some(head(1))),
        (trust(&[("a", 60), ("b", 70), ("d", 10)]), Some(head(2))),
        (TieBreak::ByTrust(BTreeMap::new()), Some(head(2))),
        (TieBreak::Manual, None),
    ];
    for (tie_break, chosen) in cases {
        let decision = tally(&FOUR, "N-f", tie_break.clone()).count(Round(1), SIZE, &ballots);
        assert_eq!((decision.outcome, decision.agreed()), (Outcome::Tie, None), "{tie_break:?}");
        assert_eq!((decision.head, decision.ratio), (chosen, Ratio::share(2, 4)), "{tie_break:?}");
        let sides = (decision.agreeing.len(), decision.dissenting.len());
        assert_eq!(sides, if chosen.is_some() { (2, 2) } else { (0, 4) }, "{tie_break:?}");
    }
}

#[test]
fn equally_early_heads_are_told_apart_by_the_lowest_root() {
    let ballots = [vote("a", 3, 4), vote("b", 2, 4), vote("c", 2, 9), vote("d", 3, 6)];
    assert_eq!(tally(&FOUR, "N-f", TieBreak::default()).count(Round(1), SIZE, &ballots).head, Some(head(2)));
}

#[test]
fn a_silent_or_trailing_coordinator_gives_way_to_time() {
    let ballots = [vote("a", 1, 5), vote("b", 2, 4)];
    let by_d = tally(&FOUR, "N-f", TieBreak::Coordinator(member("d")));
    assert_eq!(by_d.count(Round(1), SIZE, &ballots).head, Some(head(2)));
    let lone = [vote("a", 1, 5), vote("b", 2, 4), vote("c", 2, 4), vote("d", 3, 1)];
    let decision = by_d.count(Round(1), SIZE, &lone);
    assert_eq!((decision.outcome, decision.head), (Outcome::Dissent, Some(head(2))));
}

#[test]
fn weights_decide_and_not_heads_counted() {
    let weighed = [("a", 5), ("b", 1), ("c", 1)].map(|(name, weight)| (member(name), weight));
    let electorate = Electorate::new(weighed).unwrap();
    let tally = Tally::new(electorate, Threshold::more_than_two_thirds(), TieBreak::default()).unwrap();
    assert_eq!((tally.threshold().quorum(), tally.threshold().faults()), (5, 2));
    let decision = tally.count(Round(1), SIZE, &[vote("a", 1, 3), vote("b", 2, 1), vote("c", 2, 1)]);
    assert_eq!((decision.outcome, decision.agreed()), (Outcome::Agreed, Some(head(1))));
    assert_eq!((decision.ratio, agreeing(&decision)), (Ratio::share(5, 7), vec!["a"]));
}

#[test]
fn no_tally_without_a_safe_and_live_threshold() {
    let make = |n: usize, threshold: Threshold, tie_break| {
        let electorate = Electorate::equal((0..n).map(|i| member(&format!("m{i}")))).unwrap();
        Tally::new(electorate, threshold, tie_break).map(|tally| tally.threshold().quorum())
    };
    assert_eq!(make(49, Threshold::at_least_0_66(), TieBreak::Manual), Ok(33));
    assert!(matches!(
        make(50, Threshold::at_least_0_66(), TieBreak::Manual),
        Err(Error::MisuseUnsafe { members: 50, quorum: 33, faults: 16, .. })
    ));
    assert!(matches!(
        make(103, Threshold::at_least_0_67(), TieBreak::Manual),
        Err(Error::MisuseNotLive { members: 103, quorum: 70, faults: 34, .. })
    ));
    assert_eq!(
        make(4, Threshold::all_but_faults(), TieBreak::Coordinator(member("x"))),
        Err(Error::MisuseUnknownCoordinator { coordinator: member("x") })
    );
}
