use auditmesh_types::{MemberId, Observation, Round, Scorer, Standing};

use crate::orders;
use crate::rule::{accepted, refused};

/// The members; the best of the suite has the last name.
const NAMES: [&str; 4] = ["APAC-1", "EU-1", "LATAM-1", "US-1"];

/// The contract of [`Scorer`]. `make` gives a scorer over these members with nothing observed yet.
///
/// Rules: `scorer/scores`, `scorer/everyone`, `scorer/places`, `scorer/best-first`, `scorer/equals-by-name`,
/// `scorer/limits`, `scorer/same-again`, `scorer/order`, `scorer/unknown-member`, `scorer/unknown-changes-nothing`,
/// `scorer/overflow-changes-nothing`, `scorer/credit-follows-proofs`.
pub fn scorer<S: Scorer>(make: impl Fn(&[MemberId]) -> S) {
    let members: Vec<MemberId> = NAMES.iter().map(|name| member(name)).collect();
    let mut turned = members.clone();
    turned.reverse();
    equals(&make, &members);
    merit(&make, &members);
    let history: Vec<_> = (0..5).map(|round| observed(&members, round)).collect();
    let reference = replay(&mut make(&members), &history);
    same!(
        "scorer/same-again",
        replay(&mut make(&members), &history),
        reference,
        "the same rounds, another scorer"
    );
    same!(
        "scorer/order",
        replay(&mut make(&turned), &history),
        reference,
        "the members given in reverse order"
    );
    reordered(&make, &members, &history, &reference);
    unknown(&make, &members, &history, &reference);
    for big in 0..=members.len() {
        overflow(&make, &members, big);
    }
}

fn member(name: &str) -> MemberId {
    MemberId::new(name).expect("a member name")
}

/// Rounds in which members do differently well; the third member stays away in odd rounds, the first dissents in round 3.
fn observed(members: &[MemberId], round: u64) -> Vec<Observation> {
    let one = |(n, member): (u64, &MemberId)| {
        let took_part = n != 2 || round.is_multiple_of(2);
        let agreed = took_part && (n != 0 || round != 3);
        let proofs = if agreed { 10 * (n + 1) + round } else { 0 };
        Observation { member: member.clone(), proofs, stored_bytes: 300 * proofs, took_part, agreed }
    };
    (0..).zip(members).map(one).collect()
}

fn score(scorer: &mut impl Scorer, round: u64, observed: &[Observation]) -> Vec<Standing> {
    let standings =
        accepted("scorer/scores", scorer.score(Round(round), observed), format_args!("round {round}"));
    let mut names: Vec<&str> = standings.iter().map(|standing| standing.member.as_str()).collect();
    names.sort_unstable();
    same!("scorer/everyone", names, NAMES, "round {round}: every member's standing, once");
    let ranks: Vec<u32> = standings.iter().map(|standing| standing.rank).collect();
    same!("scorer/places", ranks, [1, 2, 3, 4], "round {round}: places from 1, best first");
    for pair in standings.windows(2) {
        let figures = |standing: &Standing| (standing.credit_micro, standing.weight_ppm, standing.trust);
        let ordered = figures(&pair[0]) != figures(&pair[1]) || pair[0].member < pair[1].member;
        rule!(
            "scorer/equals-by-name",
            ordered,
            "round {round}: {} before {}",
            pair[0].member,
            pair[1].member
        );
    }
    for standing in &standings {
        let (who, weight, trust) = (&standing.member, standing.weight_ppm, standing.trust);
        rule!("scorer/limits", weight <= 1_000_000, "round {round}: {who} has {weight} parts per million");
        rule!("scorer/limits", trust <= 100, "round {round}: {who} has trust {trust} of 100");
    }
    standings
}

fn replay(scorer: &mut impl Scorer, history: &[Vec<Observation>]) -> Vec<Vec<Standing>> {
    (1..).zip(history).map(|(round, observed)| score(scorer, round, observed)).collect()
}

fn equals<S: Scorer>(make: impl Fn(&[MemberId]) -> S, members: &[MemberId]) {
    let alike = |member: &MemberId| Observation {
        member: member.clone(),
        proofs: 5,
        stored_bytes: 900,
        took_part: true,
        agreed: true,
    };
    let mut turned = members.to_vec();
    turned.reverse();
    for given in [members, &turned] {
        let mut scorer = make(given);
        for round in 1..4 {
            let standings = score(&mut scorer, round, &given.iter().map(alike).collect::<Vec<_>>());
            let names: Vec<&str> = standings.iter().map(|standing| standing.member.as_str()).collect();
            same!("scorer/equals-by-name", names, NAMES, "round {round}: all did the same");
        }
    }
}

/// The one that does everything is placed before the one that does nothing, whatever their names.
fn merit<S: Scorer>(make: impl Fn(&[MemberId]) -> S, members: &[MemberId]) {
    for best in 0..members.len() {
        let mut scorer = make(members);
        for round in 1..6 {
            let one = |(n, member): (usize, &MemberId)| {
                let good = n == best;
                let proofs = if good { 50 } else { 0 };
                let member = member.clone();
                Observation { member, proofs, stored_bytes: 300 * proofs, took_part: good, agreed: good }
            };
            let all: Vec<_> = members.iter().enumerate().map(one).collect();
            let standings = score(&mut scorer, round, &all);
            let first = &standings[0];
            same!(
                "scorer/best-first",
                first.member,
                members[best],
                "round {round}: the only one that took part"
            );
            for other in &standings[1..] {
                let more = first.credit_micro > other.credit_micro;
                rule!(
                    "scorer/credit-follows-proofs",
                    more,
                    "round {round}: {first:?} has no more than {other:?}"
                );
                let trusted = first.trust >= other.trust && first.weight_ppm >= other.weight_ppm;
                rule!(
                    "scorer/best-first",
                    trusted,
                    "round {round}: {other:?} has more trust or weight than {first:?}"
                );
            }
        }
    }
}

fn reordered<S: Scorer>(
    make: impl Fn(&[MemberId]) -> S,
    members: &[MemberId],
    history: &[Vec<Observation>],
    reference: &[Vec<Standing>],
) {
    for order in orders(&[0, 1, 2, 3]) {
        let turn = |round: &Vec<Observation>| order.iter().map(|n| round[*n].clone()).collect::<Vec<_>>();
        let turned: Vec<_> = history.iter().map(turn).collect();
        let got = replay(&mut make(members), &turned);
        same!("scorer/order", got, reference, "observations in the order {order:?}");
    }
}

fn unknown<S: Scorer>(
    make: impl Fn(&[MemberId]) -> S,
    members: &[MemberId],
    history: &[Vec<Observation>],
    reference: &[Vec<Standing>],
) {
    let stranger = Observation {
        member: member("stranger-9"),
        proofs: 1,
        stored_bytes: 1,
        took_part: true,
        agreed: true,
    };
    for place in 0..=members.len() {
        let mut scorer = make(members);
        for ((round, observed), want) in (1..).zip(history).zip(reference) {
            let mut more = observed.clone();
            more.insert(place, stranger.clone());
            refused(
                "scorer/unknown-member",
                scorer.score(Round(round), &more),
                format_args!("at place {place}"),
            );
            let got = score(&mut scorer, round, observed);
            same!(
                "scorer/unknown-changes-nothing",
                got,
                *want,
                "round {round} after a stranger at place {place}"
            );
        }
    }
}

/// The largest numbers are either counted or refused without a trace, and never wrap around. `big`: which member has
/// them; one that does not exist stands for all.
fn overflow<S: Scorer>(make: impl Fn(&[MemberId]) -> S, members: &[MemberId], big: usize) {
    let all = |proofs, stored_bytes| -> Vec<Observation> {
        let one = |(n, member): (usize, &MemberId)| {
            let (proofs, stored_bytes) =
                if big == n || big == members.len() { (proofs, stored_bytes) } else { (1, 1) };
            Observation { member: member.clone(), proofs, stored_bytes, took_part: true, agreed: true }
        };
        members.iter().enumerate().map(one).collect()
    };
    let (mut hit, mut spared) = (make(members), make(members));
    let mut last = 0;
    for round in 1..6 {
        if let Ok(standings) = hit.score(Round(round), &all(u64::MAX, u64::MAX)) {
            let least = standings.iter().map(|standing| standing.credit_micro).min().unwrap_or(0);
            rule!(
                "scorer/overflow-changes-nothing",
                least >= last,
                "round {round}: credit fell from {last} to {least}"
            );
            last = least;
            let same =
                accepted("scorer/scores", spared.score(Round(round), &all(u64::MAX, u64::MAX)), "the same");
            same!("scorer/same-again", same, standings, "round {round} with the largest numbers");
        }
    }
    let (got, want) = (hit.score(Round(9), &all(0, 0)).ok(), spared.score(Round(9), &all(0, 0)).ok());
    same!("scorer/overflow-changes-nothing", got, want, "a round after those that overflowed");
}
