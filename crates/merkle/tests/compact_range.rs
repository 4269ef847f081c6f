//! Compact ranges against the leaves that they stand for.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use auditmesh_merkle::{CompactRange, Error, Frontier, MAX_LEAVES, Tree, empty_root};
use auditmesh_types::{Digest, Index, Size};
use proptest::prelude::*;
use reference::{leaves, mth};

/// The largest aligned blocks of 2ᵏ leaves within a range, each hashed by the definition.
fn blocks(start: usize, end: usize, all: &[Digest]) -> Vec<Digest> {
    let (mut at, mut hashes) = (start, Vec::new());
    while at < end {
        let mut width = 1;
        while at.is_multiple_of(2 * width) && at + 2 * width <= end {
            width *= 2;
        }
        hashes.push(mth(&all[at..at + width]));
        at += width;
    }
    hashes
}

fn range(start: usize, end: usize, all: &[Digest]) -> CompactRange {
    let mut range = CompactRange::new(Size(start as u64));
    assert_eq!(range.append_leaf_hashes(&all[start..end]), Ok(Index(start as u64)));
    range
}

#[test]
fn every_range_has_the_hashes_of_the_definition() {
    let (all, tree) = (leaves(70), reference::tree(70));
    for start in 0..=70 {
        let mut grown = CompactRange::new(Size(start as u64));
        for end in start..=70 {
            let (from, to) = (Size(start as u64), Size(end as u64));
            assert_eq!((grown.start(), grown.end()), (from, to));
            assert_eq!(grown.hashes(), blocks(start, end, &all), "{start} to {end}");
            assert_eq!(tree.compact_range(from, to).unwrap(), grown);
            assert_eq!(CompactRange::from_hashes(from, to, grown.hashes().to_vec()).unwrap(), grown);
            let root =
                if start == 0 { Ok(mth(&all[..end])) } else { Err(Error::MisuseNoRoot { start: from }) };
            assert_eq!(grown.root(), root);
            if let Some(leaf) = all.get(end) {
                assert_eq!(grown.append(leaf), Ok(Index(end as u64)));
            }
        }
    }
}

#[test]
fn ranges_that_meet_are_one() {
    let all = leaves(24);
    for start in 0..=24 {
        for middle in start..=24 {
            for end in middle..=24 {
                let mut merged = range(start, middle, &all);
                assert_eq!(merged.merge(&range(middle, end, &all)), Ok(()));
                assert_eq!(merged, range(start, end, &all), "{start} to {middle} to {end}");
            }
        }
    }
}

#[test]
fn ranges_that_do_not_meet_stay_apart() {
    let all = leaves(20);
    let (whole, mut left) = (range(3, 9, &all), range(3, 9, &all));
    for start in [0, 3, 8, 10] {
        let refused = Error::MisuseNotAdjacent { end: Size(9), start: Size(start as u64) };
        assert_eq!(left.merge(&range(start, 12, &all)), Err(refused));
    }
    assert_eq!(left, whole);
}

#[test]
fn a_frontier_is_the_range_from_0() {
    let all = leaves(600);
    for size in [0, 1, 255, 256, 257, 600] {
        let mut frontier = Frontier::new();
        frontier.append_leaf_hashes(&all[..size]).unwrap();
        assert_eq!(frontier.clone().into_range(), range(0, size, &all));
        assert_eq!(frontier.into_range().root(), Ok(mth(&all[..size])));
    }
    assert_eq!(CompactRange::new(Size(0)).root(), Ok(empty_root()));
}

#[test]
fn stored_hashes_are_as_many_as_the_subtrees() {
    let all = leaves(40);
    for end in 0..=40 {
        for start in 0..=end {
            let want = blocks(start, end, &all).len();
            let (start, end) = (Size(start as u64), Size(end as u64));
            for got in (0..want + 3).filter(|got| *got != want) {
                let stored = CompactRange::from_hashes(start, end, vec![Digest([1; 32]); got]);
                assert_eq!(stored, Err(Error::PeerRangeLength { start, end, got, want }));
            }
        }
    }
    let stored = |start, end| CompactRange::from_hashes(Size(start), Size(end), Vec::new()).unwrap_err();
    assert_eq!(stored(4, 3), Error::PeerRange { start: Size(4), end: Size(3) });
    let beyond = Size(MAX_LEAVES + 1);
    assert_eq!(stored(0, beyond.0), Error::PeerTreeTooLarge { got: beyond, max: MAX_LEAVES });
}

#[test]
fn no_range_goes_beyond_what_a_tree_may_have() {
    let leaf = Digest([1; 32]);
    let full = |size, adding| Error::MisuseTreeFull { size: Size(size), adding, max: MAX_LEAVES };
    let mut last = CompactRange::new(Size(MAX_LEAVES - 1));
    assert_eq!(last.append_leaf_hashes(&[leaf; 2]), Err(full(MAX_LEAVES - 1, 2)));
    assert_eq!(last.append(&leaf), Ok(Index(MAX_LEAVES - 1)));
    assert_eq!(last.append(&leaf), Err(full(MAX_LEAVES, 1)));
    assert_eq!(last.hashes(), [leaf]);
    let mut beyond = CompactRange::new(Size(u64::MAX));
    assert_eq!(beyond.append(&leaf), Err(full(u64::MAX, 1)));

    let mut first = CompactRange::from_hashes(Size(0), Size(MAX_LEAVES - 1), vec![leaf; 48]).unwrap();
    assert_eq!(first.merge(&last), Ok(()));
    assert_eq!((first.end(), first.hashes().len()), (Size(MAX_LEAVES), 1));
}

#[test]
fn a_tree_gives_only_ranges_that_it_has() {
    let tree = reference::tree(13);
    let made = |start, end| tree.compact_range(Size(start), Size(end)).unwrap_err();
    assert_eq!(made(5, 4), Error::MisuseRange { start: Size(5), end: Size(4) });
    assert_eq!(made(5, 14), Error::MisuseSizeBeyondTree { got: Size(14), max: Size(13) });
}

proptest! {
    /// Leaves that are hashed in pieces, joined in any order, give the root of the whole.
    #[test]
    fn pieces_join_in_any_order(
        size in 1usize..2000,
        cuts in prop::collection::btree_set(any::<prop::sample::Index>().prop_map(|cut| cut.index(2000)), 0..6),
        joins in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let all = leaves(size);
        let mut edges = vec![0];
        edges.extend(cuts.into_iter().filter(|cut| (1..size).contains(cut)));
        edges.push(size);
        let mut pieces: Vec<_> = edges.windows(2).map(|pair| range(pair[0], pair[1], &all)).collect();
        for join in joins {
            if pieces.len() > 1 {
                let at = join.index(pieces.len() - 1);
                let right = pieces.remove(at + 1);
                prop_assert_eq!(pieces[at].merge(&right), Ok(()));
            }
        }
        let mut tree = Tree::new();
        tree.append_leaf_hashes(&all).unwrap();
        prop_assert_eq!(pieces.len(), 1);
        prop_assert_eq!(pieces[0].root(), Ok(tree.root()));
    }
}
