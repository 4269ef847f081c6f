//! Twins: one member runs twice, with one key, and the network is split anew in each of four rounds. Every way to split it is
//! played, with the twins in each of the four places of the rotation.
//!
//! After Bano et al., "Twins: BFT Systems Made Robust" (arXiv 2004.10617). There leaders are chosen for each round. Here they come by
//! rotation: each member leads one of the four rounds, and the twins the first, second, third or last. Chosen leaders are
//! played too, all of two rounds and a sample of four: the views between are passed over, nothing said in them arrives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "tests")]
#![allow(clippy::disallowed_types, reason = "maps that are looked up and added up")]

#[path = "../cast/mod.rs"]
mod cast;
#[path = "../search/intern.rs"]
#[allow(dead_code, reason = "the search uses the rest")]
mod intern;
mod round;
mod scenarios;

use std::time::Instant;

use crate::{
    cast::MEMBERS,
    scenarios::{ROUNDS, Round, by_choice, by_rotation, play, sample},
};

/// Plays all, with the twins in each place, and prints what there was.
#[allow(clippy::disallowed_methods, reason = "the duration is printed and decides nothing")]
fn all(rounds: usize, choices: &[Round]) -> u64 {
    let mut scenarios = 0;
    for twin in 0..MEMBERS {
        let begin = Instant::now();
        let seen = play(twin, rounds, choices, None).unwrap_or_else(|broken| panic!("{broken:?}"));
        eprintln!("twins of {twin}: {seen:?}, {:.1?}", begin.elapsed());
        assert!(seen.decided > 0 && seen.accused > 0 && seen.decided < seen.scenarios, "{seen:?}");
        assert!(seen.healing <= 2, "f + 2 views after healing: {seen:?}");
        scenarios += seen.scenarios;
    }
    scenarios
}

#[test]
fn two_rounds_by_rotation() {
    assert_eq!(all(2, &by_rotation()), 4 * 52 * 52);
}

#[test]
#[ignore = "for an optimised build: cargo xtask ci"]
fn four_rounds_by_rotation() {
    assert_eq!(all(ROUNDS, &by_rotation()), 4 * 52u64.pow(4));
}

#[test]
#[ignore = "for an optimised build: cargo xtask ci"]
fn two_rounds_with_chosen_leaders() {
    assert_eq!(all(2, &by_choice()), 4 * (4 * 52) * (4 * 52));
}

#[test]
fn four_rounds_with_chosen_leaders_sampled() {
    let seen = sample(ROUNDS, &by_choice(), 1, 200, None).unwrap_or_else(|broken| panic!("{broken:?}"));
    assert!(seen.scenarios == 200 && seen.decided > 0 && seen.accused > 0, "{seen:?}");
}

#[test]
#[ignore = "minutes: cargo xtask long twins"]
fn long_four_rounds_with_chosen_leaders_sampled() {
    let seen = sample(ROUNDS, &by_choice(), 2, 1_000_000, None).unwrap_or_else(|broken| panic!("{broken:?}"));
    eprintln!("chosen leaders, sampled: {seen:?}");
}

/// Of engines that lack a rule a broken one is found.
#[test]
#[cfg(feature = "mutants")]
fn engines_that_lack_a_rule_are_found() {
    let found = |rule| play(1, 2, &by_rotation(), Some(rule)).expect_err("nothing was found").0;
    // Both twins propose, and nobody says so.
    assert_eq!(found(cast::Mutant::EvidenceDropped), "who contradicts itself is accused");
    // Half the members decide by themselves.
    assert_eq!(found(cast::Mutant::QuorumOneShort), "certificates check");
}
