//! The scorebook: its rules, that refusals change nothing, and a recount of the whole history.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may panic")]

use auditmesh_credit::{
    AllocationChain, Error, Scorebook, Trust, TrustChange, weight::DEFAULT_MAX_CREDIT_MICRO,
};
use auditmesh_types::{MemberId, Observation, Round, Scorer, Standing};
use proptest::prelude::*;

fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

fn book(names: &[&str]) -> Scorebook {
    Scorebook::new(names.iter().map(|name| member(name)), DEFAULT_MAX_CREDIT_MICRO).unwrap()
}

fn saw(name: &str, proofs: u64, stored_bytes: u64, took_part: bool, agreed: bool) -> Observation {
    Observation { member: member(name), proofs, stored_bytes, took_part, agreed }
}

#[test]
fn two_rounds_by_hand() {
    let mut book = book(&["c", "a", "b"]);
    let first = [saw("a", 100, 2_500_000, true, true), saw("b", 0, 999_999, true, false)];
    let standings = book.score(Round(1), &first).unwrap();
    let row = |rank, name, credit_micro, weight_ppm, trust| Standing {
        rank,
        member: member(name),
        credit_micro,
        weight_ppm,
        trust,
    };
    // a: 40 + 300 + 2 thousandths of a GB at 0.2 + 100. b: took part only. c: silent.
    assert_eq!(
        standings,
        [row(1, "a", 440_000_400, 88_000, 52), row(2, "b", 100_000_000, 20_000, 45), row(3, "c", 0, 0, 47)]
    );

    let second = [saw("b", 50, 1, true, true), saw("c", 0, 0, false, false)];
    let standings = book.score(Round(5), &second).unwrap();
    // a: participation 1/2. b: 20 + 150 + 1,000,000 bytes + 100. c: nothing yet.
    assert_eq!(
        standings,
        [row(1, "a", 390_000_400, 78_000, 49), row(2, "b", 270_000_200, 54_000, 47), row(3, "c", 0, 0, 44)]
    );
    assert_eq!(book.standings().unwrap(), standings);
    assert_eq!((book.rounds(), book.contribution(&member("a")).unwrap().participation_ppm), (2, 500_000));
    assert_eq!((book.trust(&member("c")), book.trust(&member("x"))), (Some(Trust::new(44).unwrap()), None));
}

#[test]
fn every_round_is_allocated_by_name() {
    let mut book = book(&["b", "a"]);
    book.score(Round(3), &[saw("b", 9, 0, true, true)]).unwrap();
    let first = book.receipts().to_vec();
    let standings = book.score(Round(4), &[saw("a", 9, 0, true, true)]).unwrap();
    let rows: Vec<_> =
        book.chain().allocations().iter().map(|row| (row.round.0, row.member.as_str().to_owned())).collect();
    assert_eq!(rows, [(3, "a".into()), (3, "b".into()), (4, "a".into()), (4, "b".into())]);
    for standing in &standings {
        let row = book.chain().allocations().iter().rfind(|row| row.member == standing.member).unwrap();
        assert_eq!((row.credit_micro, row.weight_ppm), (standing.credit_micro, standing.weight_ppm));
    }
    let receipts: Vec<_> = book.chain().receipts().collect();
    assert_eq!(receipts, [first.as_slice(), book.receipts()].concat());
    let (bytes, head) = (book.chain().encode(), book.chain().head());
    assert_eq!(AllocationChain::decode(AllocationChain::GENESIS, &bytes, head).as_ref(), Ok(book.chain()));

    assert_eq!(book.release().len(), 4);
    book.score(Round(6), &[]).unwrap();
    assert_eq!((book.chain().base(), book.chain().allocations().len()), (head, 2));
}

#[test]
fn a_refusal_changes_nothing_and_says_why() {
    let mut book = book(&["a", "b"]);
    book.score(Round(7), &[saw("a", u64::MAX - 5, 1, true, true), saw("b", 1, u64::MAX, true, true)])
        .unwrap();
    let before = book.clone();
    let repeated = |got| Error::MisuseRoundRepeated { got: Round(got), last: Round(7) };
    let overflow = |what, name, have, add| Error::LocalOverflow { what, member: member(name), have, add };
    let good = saw("a", 5, 0, true, true);
    let cases = [
        (7, vec![good.clone()], repeated(7)),
        (6, vec![good.clone()], repeated(6)),
        (
            8,
            vec![good.clone(), saw("x", 0, 0, true, true)],
            Error::MisuseUnknownMember { member: member("x") },
        ),
        (8, vec![good.clone(), good.clone()], Error::MisuseObservedTwice { member: member("a") }),
        (
            8,
            vec![good.clone(), saw("b", 0, 0, false, true)],
            Error::MisuseAgreedUnheard { member: member("b") },
        ),
        (8, vec![saw("a", 6, 0, true, true)], overflow("count of proofs", "a", u64::MAX - 5, 6)),
        (
            8,
            vec![good.clone(), saw("b", 0, 1, true, true)],
            overflow("count of stored bytes", "b", u64::MAX, 1),
        ),
    ];
    for (round, observed, error) in cases {
        assert_eq!(book.score(Round(round), &observed), Err(error));
        assert_eq!(book, before);
    }
    assert!(book.score(Round(8), &[good]).is_ok(), "the last proofs that fit");
}

#[test]
fn trust_is_adjusted_by_hand() {
    let mut book = book(&["a"]);
    let before = book.clone();
    let unknown = Error::MisuseUnknownMember { member: member("x") };
    assert_eq!(book.adjust(&member("x"), TrustChange::Boost), Err(unknown));
    assert_eq!(book, before);
    assert_eq!(book.adjust(&member("a"), TrustChange::Penalty).map(Trust::score), Ok(30));
    assert_eq!(book.score(Round(1), &[saw("a", 0, 0, true, true)]).unwrap()[0].trust, 32);
}

#[test]
fn refuses_what_is_no_book() {
    let make = |n: usize, max| Scorebook::new((0..n).map(|i| member(&format!("m{i}"))), max).map(|_| ());
    assert_eq!(make(1000, 1), Ok(()));
    assert_eq!(make(1001, 1), Err(Error::MisuseMemberCount { got: 1001, max: 1000 }));
    assert_eq!(make(0, 1), Err(Error::MisuseMemberCount { got: 0, max: 1000 }));
    assert_eq!(make(1, 0), Err(Error::MisuseMaxCredit { got: 0, max: u128::MAX / 1_000_000 }));
    let twice = Scorebook::new([member("a"), member("a")], 1);
    assert_eq!(twice, Err(Error::MisuseDuplicateMember { member: member("a") }));
}

/// The slow reference: goes through the whole history anew for each member.
fn recount(names: &[&str], max: u128, history: &[Vec<Observation>]) -> Vec<Standing> {
    let mut rows = Vec::new();
    for name in names {
        let seen: Vec<_> = history.iter().flatten().filter(|seen| seen.member.as_str() == *name).collect();
        let many = |wanted: fn(&Observation) -> bool| seen.iter().filter(|seen| wanted(seen)).count() as u128;
        let (statements, agreed) = (many(|seen| seen.took_part), many(|seen| seen.agreed));
        // Division as on paper: the whole, then six digits after the point.
        let ppm = |mut part: u128, whole: u128| {
            let mut parts = 0;
            for digit in 0..=6 {
                while whole > 0 && part >= whole {
                    (part, parts) = (part - whole, parts + 10u128.pow(6 - digit));
                }
                part *= 10;
            }
            parts
        };
        let proofs: u128 = seen.iter().map(|seen| u128::from(seen.proofs)).sum();
        let bytes: u128 = seen.iter().map(|seen| u128::from(seen.stored_bytes)).sum();
        // In ten-millionths, from the published weights 0.4, 0.3, 0.2 and 0.1.
        let credit = (4 * proofs * 1_000_000
            + 3 * 1000 * ppm(agreed, statements)
            + 2 * (bytes / 1_000_000) * 1000
            + 1000 * ppm(statements, history.len() as u128))
            / 10;
        let mut trust = 50i16;
        for round in history {
            let told = round.iter().find(|seen| seen.member.as_str() == *name);
            let points = match told.map(|seen| (seen.took_part, seen.agreed)) {
                Some((true, true)) => 2,
                Some((true, false)) => -5,
                _ => -3,
            };
            trust = (trust + points).clamp(0, 100);
        }
        let weight_ppm = if credit >= max { 1_000_000 } else { (credit * 1_000_000 / max) as u32 };
        rows.push(Standing {
            member: member(name),
            rank: 0,
            credit_micro: credit,
            weight_ppm,
            trust: u8::try_from(trust).unwrap(),
        });
    }
    for at in 0..rows.len() {
        let better = |other: &Standing| {
            let by_name = other.member < rows[at].member;
            other.credit_micro > rows[at].credit_micro
                || other.credit_micro == rows[at].credit_micro && by_name
        };
        rows[at].rank = 1 + rows.iter().filter(|other| better(other)).count() as u32;
    }
    rows.sort_by_key(|row| row.rank);
    rows
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

fn history() -> impl Strategy<Value = Vec<Vec<Observation>>> {
    let one = prop::option::weighted(0.85, (0..5_000u64, 0..10_000_000_000u64, 0..6u8));
    let round = prop::collection::vec(one, NAMES.len()).prop_map(|seen| {
        let named = NAMES.iter().zip(seen);
        named
            .filter_map(|(name, seen)| seen.map(|(p, b, fate)| saw(name, p, b, fate > 0, fate > 1)))
            .collect()
    });
    prop::collection::vec(round, 1..40)
}

proptest! {
    #[test]
    fn matches_a_recount(history in history(), max in 1..20_000_000_000u128) {
        let mut book = Scorebook::new(NAMES.map(member), max).unwrap();
        for (at, observed) in history.iter().enumerate() {
            let standings = book.score(Round(at as u64 + 1), observed).unwrap();
            prop_assert_eq!(standings, recount(&NAMES, max, &history[..=at]));
        }
        let (chain, rounds) = (book.chain(), history.len());
        prop_assert_eq!(chain.allocations().len(), rounds * NAMES.len());
        let allocations = chain.allocations().to_vec();
        prop_assert!(AllocationChain::verify(AllocationChain::GENESIS, allocations, chain.head()).is_ok());
    }
}
