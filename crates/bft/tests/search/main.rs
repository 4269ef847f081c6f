//! Every state that three honest members of four can come to, whatever the fourth sends and whenever messages arrive and timers
//! run out: one height, two values, the real engine. `docs/verification.md` says what is left out, why nothing is lost by it, and how
//! long it takes; `cargo xtask ci` runs all but three views.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "tests")]
#![allow(clippy::disallowed_types, reason = "maps that are looked up and never walked")]

mod book;
#[path = "../cast/mod.rs"]
mod cast;
mod explore;
mod fair;
mod fault;
mod intern;
mod liar;
mod member;
mod moves;
#[cfg(feature = "mutants")]
mod mutants;
mod walk;

use std::time::Instant;

use auditmesh_bft::View;

use crate::{
    cast::MEMBERS,
    explore::{Bound, Search, Seen},
    member::Disk,
    moves::Delivery,
};

/// Member `liar` lies, and nobody votes after view `last`.
fn bound(liar: usize, last: u64) -> Bound {
    Bound {
        liar,
        last: View(last),
        disk: Disk::Quick,
        delivery: Delivery::Joined,
        thorough: false,
        without: None,
        states: usize::MAX,
        alone: Some(16),
    }
}

/// Searches, and prints what there was.
#[allow(clippy::disallowed_methods, reason = "the duration is printed and decides nothing")]
fn search(bound: Bound) -> (Search, Seen) {
    let begin = Instant::now();
    let mut search = Search::new(bound);
    let seen = search.run().unwrap_or_else(|fault| panic!("{fault}"));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("").trim();
    let Bound { liar, last, disk, thorough, .. } = bound;
    eprintln!(
        "liar {liar}, last view {last}, {disk:?}, thorough {thorough}: {seen:?}, {:.1?}, peak {peak}",
        begin.elapsed()
    );
    assert!(seen.decided > 0 && seen.last > 0, "{seen:?}");
    (search, seen)
}

#[test]
fn view_0() {
    for liar in 0..MEMBERS {
        let (_, seen) = search(Bound { alone: Some(1), ..bound(liar, 0) });
        assert!(seen.complete && seen.left_alone == seen.states, "{seen:?}");
    }
}

/// Every message by itself, in every order: this visits far more states, but no member that shows something else.
#[test]
fn view_0_message_by_message() {
    for liar in 0..MEMBERS {
        let (joined, _) = search(bound(liar, 0));
        assert!(walk::compare(&joined, bound(liar, 0), 500).unwrap() > 2_000);
    }
}

/// Each honest member crashes once at any moment, between any write and signature, and begins again from its records or from a
/// snapshot in their place.
#[test]
fn view_0_with_crashes() {
    let (_, seen) = search(Bound { disk: Disk::Slow { crashes: 1 }, alone: Some(256), ..bound(1, 0) });
    assert!(seen.complete, "{seen:?}");
}

#[test]
#[ignore = "for an optimised build: cargo xtask ci"]
fn views_0_and_1() {
    for liar in 0..MEMBERS {
        let (joined, seen) = search(bound(liar, 1));
        assert!(seen.complete, "{seen:?}");
        let compared =
            walk::compare(&joined, bound(liar, 1), 10_000).unwrap_or_else(|fault| panic!("{fault}"));
        eprintln!("liar {liar}: {compared} states of random walks, message by message, were all seen");
    }
}

#[test]
#[ignore = "for an optimised build: cargo xtask ci"]
fn views_0_and_1_with_every_justification() {
    for liar in 0..MEMBERS {
        let (_, seen) = search(Bound { thorough: true, alone: None, ..bound(liar, 1) });
        assert!(seen.complete, "{seen:?}");
    }
}

#[test]
#[ignore = "for an optimised build: cargo xtask ci"]
fn view_0_with_crashes_of_any_member() {
    for liar in 0..MEMBERS {
        let (_, seen) = search(Bound { disk: Disk::Slow { crashes: 1 }, alone: Some(64), ..bound(liar, 0) });
        assert!(seen.complete, "{seen:?}");
    }
}

#[test]
#[ignore = "gigabytes: cargo xtask long search"]
fn long_three_views() {
    for liar in 0..MEMBERS {
        search(Bound { alone: None, states: 4_000_000, ..bound(liar, 2) });
    }
}
