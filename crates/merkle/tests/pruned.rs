//! A pruned tree against the whole one: the same bytes from the index on, and a reason below it.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use auditmesh_merkle::{BatchLog, Error, LeafIndex, Sha256, Tree, tiles::freeze};
use auditmesh_types::{Batch, Digest, EventId, Hasher, Index, Log, MemberId, Millis, Nodes, Record, Size};
use proptest::prelude::*;
use reference::leaves;

fn pruned(tree: &Tree, min: u64) -> Tree {
    let mut pruned = tree.clone();
    pruned.prune(Index(min)).unwrap();
    pruned
}

/// The same answer above, a refusal with the right numbers below.
fn same<T: PartialEq + core::fmt::Debug>(
    got: Result<T, Error>,
    want: Result<T, Error>,
    refused: Option<Error>,
) {
    match refused {
        Some(refused) => assert_eq!(got.err(), Some(refused)),
        None => assert_eq!(got, want),
    }
}

#[test]
fn every_question_of_small_trees() {
    let most = 35;
    let whole = reference::tree(most as usize);
    for min in 0..=most {
        let tree = pruned(&whole, min);
        let pruned_below = Index(min);
        let leaf = |at: u64| (at < min).then_some(Error::MisusePruned { index: Index(at), pruned_below });
        let size_below = |at: u64| {
            let size = Size(at);
            (0 < at && at < min).then_some(Error::MisuseSizePruned { size, pruned_below })
        };
        assert_eq!((tree.head(), tree.frontier()), (whole.head(), whole.frontier()));
        for size in 0..=most {
            let of = Size(size);
            same(tree.root_at(of), whole.root_at(of), size_below(size));
            for at in 0..size {
                same(tree.inclusion(Index(at), of), whole.inclusion(Index(at), of), leaf(at));
            }
            for start in 0..=size {
                let from = Size(start);
                same(tree.consistency(from, of), whole.consistency(from, of), size_below(start));
                let below = if start == 0 { size_below(size) } else { leaf(start) };
                same(tree.subtree_root(from, of), whole.subtree_root(from, of), below.clone());
                same(tree.compact_range(from, of), whole.compact_range(from, of), below);
                for end in start + 1..=size {
                    let (got, want) =
                        (tree.range_proof(from, Size(end), of), whole.range_proof(from, Size(end), of));
                    same(got, want, leaf(start));
                }
            }
        }
    }
}

#[test]
fn subtrees_of_small_trees() {
    let most = 33;
    let whole = reference::tree(most as usize);
    for min in 0..=most {
        let (tree, pruned_below) = (pruned(&whole, min), Index(min));
        let leaf = |at: u64| (at < min).then_some(Error::MisusePruned { index: Index(at), pruned_below });
        for end in 0..=most {
            for start in (0..=end).filter(|start| start % (end - start).next_power_of_two() == 0) {
                let (from, to) = (Size(start), Size(end));
                for at in start..end {
                    let got = tree.subtree_inclusion(Index(at), from, to);
                    same(got, whole.subtree_inclusion(Index(at), from, to), leaf(at));
                }
                let below = match (start, end) {
                    _ if start == end => None,
                    (0, _) if end < min => Some(Error::MisuseSizePruned { size: to, pruned_below }),
                    (0, _) => None,
                    _ => leaf(end - 1),
                };
                for size in end..=most {
                    let got = tree.subtree_consistency(from, to, Size(size));
                    same(got, whole.subtree_consistency(from, to, Size(size)), below.clone());
                }
            }
        }
    }
}

#[test]
fn pruning_is_monotone_idempotent_and_has_a_limit() {
    let whole = reference::tree(300);
    let mut tree = whole.clone();
    let refused = Error::MisusePruneBeyond { got: Index(301), max: Size(300) };
    assert_eq!(tree.prune(Index(301)), Err(refused.clone()));
    assert_eq!((tree.pruned_below(), tree.leaf(Index(0))), (Index(0), whole.leaf(Index(0))));
    assert_eq!(
        refused.to_string(),
        "pruning below leaf 301 was asked for, 300 leaves are final: prune no more than those"
    );
    for (min, now) in [(0, 0), (100, 100), (100, 100), (40, 100), (299, 299), (300, 300), (0, 300)] {
        tree.prune(Index(min)).unwrap();
        assert_eq!(tree.pruned_below(), Index(now));
        assert_eq!(tree.head(), whole.head());
        assert_eq!(tree.inclusion(Index(now), Size(300)).is_ok(), now < 300);
    }
    // The last tile is kept, for whoever fills it; nothing before it.
    assert_eq!((tree.leaf(Index(255)), tree.leaf(Index(256))), (None, whole.leaf(Index(256))));
}

#[test]
fn memory_is_given_back() {
    let mut tree = reference::tree(200_000);
    let before = tree.allocated_bytes();
    assert!((64 * 200_000..66 * 200_000).contains(&before), "{before}");
    tree.prune(Index(190_000)).unwrap();
    let after = tree.allocated_bytes();
    assert!(after < 64 * 10_000 + 500_000, "{after}");
    tree.prune(Index(200_000)).unwrap();
    assert!(tree.allocated_bytes() < 500_000, "{}", tree.allocated_bytes());
}

#[test]
fn a_tree_grown_one_by_one_is_not_larger() {
    let all = leaves(20_000);
    for step in [1, 7, 64, 1_000] {
        let mut tree = Tree::new();
        for (some, size) in all.chunks(step).zip((step..).step_by(step)) {
            tree.append_leaf_hashes(some).unwrap();
            let (got, size) = (tree.allocated_bytes(), size.min(all.len()));
            assert!(got <= 64 * size * 9 / 8 + 40_000, "{got} bytes for {size} leaves, {step} at a time");
        }
    }
}

/// What `Tree::allocated_bytes` says of itself.
#[test]
fn a_tree_of_any_size_takes_no_more_than_is_said() {
    let mut tree = Tree::new();
    tree.append_leaf_hashes(&leaves(1)).unwrap();
    assert!((4_200..4_500).contains(&tree.allocated_bytes()), "{}", tree.allocated_bytes());
    let some = leaves(1_000);
    let mut tree = Tree::new();
    for size in (1_000..=500_000usize).step_by(1_000) {
        tree.append_leaf_hashes(&some).unwrap();
        let (got, levels) = (tree.allocated_bytes(), size.ilog2() as usize + 1);
        let most = 64 * size + size / 20 + 66_000 * levels.div_ceil(6);
        assert!((64 * size..=most).contains(&got), "{got} bytes for {size} leaves");
    }
}

#[test]
fn a_log_prunes_what_is_committed() {
    let batch = |from: u64| {
        let record = |n: u64| Record {
            id: EventId::new(format!("e{n}")).unwrap(),
            member: MemberId::new("EU-1").unwrap(),
            entry: n.to_be_bytes().to_vec(),
        };
        Batch { records: (from..from + 10).map(record).collect(), newest: Millis(0) }
    };
    let (mut log, mut whole) = (BatchLog::new(), BatchLog::new());
    for from in [0, 10] {
        for log in [&mut log, &mut whole] {
            log.stage(&batch(from)).unwrap();
            log.commit().unwrap();
        }
    }
    log.stage(&batch(20)).unwrap();
    let refused = Error::MisusePruneBeyond { got: Index(21), max: Size(20) };
    assert_eq!(log.prune(Index(21)), Err(refused));
    log.prune(Index(20)).unwrap();
    log.discard();
    assert_eq!(log.head(), whole.head());
    assert_eq!(log.stage(&batch(20)).unwrap(), whole.stage(&batch(20)).unwrap());
    assert_eq!(log.commit(), whole.commit());
    assert_eq!(log.prove(Index(20), Size(30)), whole.prove(Index(20), Size(30)));
    let refused = Error::MisusePruned { index: Index(19), pruned_below: Index(20) };
    assert_eq!(log.prove(Index(19), Size(30)), Err(refused));
    let refused = Error::MisuseSizePruned { size: Size(10), pruned_below: Index(20) };
    assert_eq!(log.consistency(Size(10), Size(30)), Err(refused));
    let (mut index, refused) =
        (LeafIndex::new(), Error::MisusePruned { index: Index(0), pruned_below: Index(20) });
    assert_eq!(index.follow(log.tree(), Size(30)), Err(refused));
    assert_eq!((index.size(), index.follow(log.tree(), Size(0))), (Size(0), Ok(())));
}

#[test]
fn what_is_resumed_has_the_hashes_its_size_demands() {
    let edge = |level: usize, count: usize| {
        let mut edge = vec![vec![Digest([1; 32]); 112], vec![Digest([2; 32]); 17], vec![Digest([3; 32])]];
        edge.resize(edge.len().max(level + 1), Vec::new());
        edge[level].resize(count, Digest([4; 32]));
        Tree::resume(Sha256, Size(70_000), &edge).map(|tree| tree.size())
    };
    assert_eq!(edge(0, 112), Ok(Size(70_000)));
    for (level, want) in [(0, 112usize), (1, 17), (2, 1), (3, 0)] {
        for got in [want + 1, want.saturating_sub(1)].into_iter().filter(|got| *got != want) {
            let refused = Error::PeerEdgeLength { level: level as u8, size: Size(70_000), got, want };
            assert_eq!(edge(level, got), Err(refused));
        }
    }
    let none: [&[Digest]; 0] = [];
    let refused = Error::PeerEdgeLength { level: 0, size: Size(1), got: 0, want: 1 };
    assert_eq!(Tree::resume(Sha256, Size(1), &none).err(), Some(refused));
    assert_eq!(Tree::resume(Sha256, Size(0), &none).unwrap().head(), Tree::new().head());
}

#[test]
#[cfg(target_pointer_width = "64")]
fn the_largest_tree_is_resumed_and_takes_no_more() {
    let none: [&[Digest]; 0] = [];
    let refused = Error::PeerTreeTooLarge { got: Size((1 << 48) + 1), max: 1 << 48 };
    assert_eq!(Tree::resume(Sha256, Size((1 << 48) + 1), &none).err(), Some(refused));
    let most: Vec<Vec<Digest>> = [vec![Vec::new(); 6], vec![vec![Digest([7; 32])]]].concat();
    let mut full = Tree::resume(Sha256, Size(1 << 48), &most).unwrap();
    assert_eq!(full.root(), Digest([7; 32]));
    let refused = Error::MisuseTreeFull { size: Size(1 << 48), adding: 1, max: 1 << 48 };
    assert_eq!(full.append(b"one more"), Err(refused));
}

proptest! {
    #[test]
    fn larger_trees_go_on_as_the_whole_one(
        (size, min, more) in (1usize..3_000, any::<u64>(), 0usize..3_000),
        at in any::<u64>(),
        some in prop::collection::btree_set(any::<u64>(), 1..20),
    ) {
        let all = leaves(size + more);
        let min = min % (size as u64 + 1);
        let mut whole = reference::tree(size);
        let mut tree = pruned(&whole, min);
        for tree in [&mut tree, &mut whole] {
            tree.append_leaf_hashes(&all[size..]).unwrap();
        }
        prop_assert_eq!(tree.head(), whole.head());
        let total = (size + more) as u64;
        prop_assume!(min < total);
        let from = min + at % (total - min);
        let (index, of) = (Index(from), Size(from + 1 + at % (total - from)));
        prop_assert_eq!(tree.inclusion(index, of), whole.inclusion(index, of));
        prop_assert_eq!(tree.consistency(Size(from), of), whole.consistency(Size(from), of));
        prop_assert_eq!(tree.subtree_root(Size(from), of), whole.subtree_root(Size(from), of));
        let mut indices: Vec<Index> = some.iter().map(|at| Index(min + at % (total - min))).collect();
        indices.sort_unstable();
        indices.dedup();
        prop_assert_eq!(tree.multiproof(&indices, Size(total)), whole.multiproof(&indices, Size(total)));
        if min > 0 {
            indices.insert(0, Index(min - 1));
            let refused = Error::MisusePruned { index: Index(min - 1), pruned_below: Index(min) };
            prop_assert_eq!(tree.multiproof(&indices, Size(total)), Err(refused));
        }
        // The tiles that come after the size at which it was pruned.
        let frozen: Result<Vec<_>, Error> = freeze(&tree, Size(min), Size(total)).unwrap().collect();
        let want: Result<Vec<_>, Error> = freeze(&whole, Size(min), Size(total)).unwrap().collect();
        prop_assert_eq!(frozen, want);
        if min >= 512 {
            prop_assert_eq!(tree.node(0, 0), None);
            let refused = Error::MisuseTileBeyondTree { level: 0, index: 0, size: Size(total) };
            let first = freeze(&tree, Size(0), Size(total));
            prop_assert_eq!(first.unwrap().next(), Some(Err(refused)));
        }
    }

    #[test]
    fn a_tree_of_tiles_goes_on(size in 1usize..70_000, more in 0usize..2_000) {
        let node = |level: u8, index: u64| Sha256.leaf(&[&[level][..], &index.to_be_bytes()].concat());
        let tile = |level: u8| {
            let end = size as u64 >> (8 * level);
            (end & !255..end).map(|index| node(level, index)).collect::<Vec<_>>()
        };
        let edge = [tile(0), tile(1), tile(2)];
        let mut tree = Tree::resume(Sha256, Size(size as u64), &edge).unwrap();
        // The same by folding, from the highest hash to the lowest.
        let mut hashes = Vec::new();
        for tile in edge.iter().rev() {
            let mut rest = tile.as_slice();
            for step in (0..8).rev().filter(|step| tile.len() >> step & 1 == 1) {
                let (subtree, after) = rest.split_at(1 << step);
                hashes.push(reference::mth(subtree));
                rest = after;
            }
        }
        let mut frontier = auditmesh_merkle::Frontier::from_hashes(Size(size as u64), hashes).unwrap();
        prop_assert_eq!((tree.head(), tree.frontier()), (frontier.head(), frontier.clone()));
        let all = leaves(more);
        tree.append_leaf_hashes(&all).unwrap();
        frontier.append_leaf_hashes(&all).unwrap();
        prop_assert_eq!((tree.head(), tree.frontier()), (frontier.head(), frontier));
    }
}
