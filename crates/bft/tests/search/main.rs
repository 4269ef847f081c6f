//! Every state that three honest members of four can come to, whatever the fourth sends and whenever messages arrive and timers
//! run out: one height, two values, the real engine. `docs/verification.md` says what is left out, why nothing is lost by it, and how
//! long it takes; `cargo xtask ci` runs all but three views.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "tests")]
#![allow(clippy::disallowed_types, reason = "maps that are looked up and never walked")]

mod book;
#[path = "../cast/mod.rs"]
mod cast;
mod event;
mod explore;
mod fair;
mod fault;
mod intern;
mod liar;
mod member;
mod members;
mod moves;
#[cfg(feature = "mutants")]
mod mutants;
mod offer;
mod states;
mod walk;

use std::time::Instant;

use auditmesh_bft::View;

use crate::{
    cast::MEMBERS,
    explore::{Alone, Bound, Search, Seen},
    member::Disk,
    members::Keep,
    moves::Delivery,
};

/// Member `liar` lies, and nobody votes after view `last`.
fn bound(liar: usize, last: u64) -> Bound {
    Bound {
        liar,
        last: View(last),
        disk: Disk::Quick,
        delivery: Delivery::Joined,
        keep: Keep::Whole,
        thorough: false,
        without: None,
        alone: alone(16, 1),
    }
}

/// How much memory a search may have before it stops, in KB. Tables that grow take some more.
const MEMORY: u64 = 16_000_000;

fn alone(every: usize, last: usize) -> Option<Alone> {
    Some(Alone { every, last })
}

/// Searches until there are no more states or memory is used up, and prints what there was.
#[allow(clippy::disallowed_methods, reason = "the duration is printed and decides nothing")]
fn search(bound: Bound) -> (Search, Seen) {
    let begin = Instant::now();
    let mut search = Search::new(bound);
    let goes_on = |search: &Search, depth: Option<usize>| {
        let memory = resident("VmRSS:");
        if let (Keep::Print, Some(depth)) = (bound.keep, depth) {
            let (sizes, seconds) = (search.sizes(), begin.elapsed().as_secs());
            eprintln!("liar {}, depth {depth}: {sizes}, {seconds} s, {} MB", bound.liar, memory / 1_000);
        }
        memory < MEMORY
    };
    let seen = search.run(goes_on).unwrap_or_else(|fault| panic!("{fault}"));
    let peak = resident("VmHWM:") / 1_000;
    let Bound { liar, last, disk, thorough, .. } = bound;
    eprintln!(
        "liar {liar}, last view {last}, {disk:?}, thorough {thorough}: {seen:?}, {:.1?}, peak {peak} MB",
        begin.elapsed()
    );
    assert!(seen.decided > 0 && seen.last > 0, "{seen:?}");
    (search, seen)
}

/// How much memory this process has, or had at most, in KB; 0 where that is not told.
fn resident(which: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}

#[test]
fn view_0() {
    for liar in 0..MEMBERS {
        let (_, seen) = search(Bound { alone: alone(1, 1), ..bound(liar, 0) });
        assert!(seen.complete && seen.left_alone == seen.states, "{seen:?}");
    }
}

/// Every message by itself, in every order: this visits far more states, but no member that shows something else.
#[test]
fn view_0_message_by_message() {
    for liar in 0..MEMBERS {
        let (mut joined, _) = search(bound(liar, 0));
        assert!(walk::compare(&mut joined, bound(liar, 0), 500).unwrap() > 2_000);
    }
}

/// Each honest member crashes once at any moment, between any write and signature, and begins again from its records or from a
/// snapshot in their place.
#[test]
fn view_0_with_crashes() {
    let (_, seen) = search(Bound { disk: Disk::Slow { crashes: 1 }, alone: alone(256, 1), ..bound(1, 0) });
    assert!(seen.complete, "{seen:?}");
}

#[test]
#[ignore = "for an optimised build: cargo xtask ci"]
fn views_0_and_1() {
    for liar in 0..MEMBERS {
        let (mut joined, seen) = search(bound(liar, 1));
        assert!(seen.complete, "{seen:?}");
        let compared =
            walk::compare(&mut joined, bound(liar, 1), 10_000).unwrap_or_else(|fault| panic!("{fault}"));
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
        let (_, seen) =
            search(Bound { disk: Disk::Slow { crashes: 1 }, alone: alone(64, 1), ..bound(liar, 0) });
        assert!(seen.complete, "{seen:?}");
    }
}

/// What comes of states is the same whether members are kept whole or by print.
#[test]
#[ignore = "for an optimised build: cargo xtask ci"]
fn views_0_and_1_by_print() {
    for liar in 0..MEMBERS {
        let bound = Bound { alone: alone(1024, 256), ..bound(liar, 1) };
        let (_, whole) = search(bound);
        let (_, prints) = search(Bound { keep: Keep::Print, ..bound });
        assert_eq!(whole, prints);
    }
}

/// Three views, with members kept by print, as far as memory goes.
fn three_views(liar: usize) {
    search(Bound { alone: alone(1024, 256), keep: Keep::Print, ..bound(liar, 2) });
}

#[test]
#[ignore = "gigabytes, an hour and more: cargo xtask long search"]
fn long_three_views_liar_0() {
    three_views(0);
}

#[test]
#[ignore = "gigabytes, hours: cargo xtask long search"]
fn long_three_views_liar_1() {
    three_views(1);
}

#[test]
#[ignore = "gigabytes, hours: cargo xtask long search"]
fn long_three_views_liar_2() {
    three_views(2);
}

#[test]
#[ignore = "gigabytes, an hour and more: cargo xtask long search"]
fn long_three_views_liar_3() {
    three_views(3);
}
