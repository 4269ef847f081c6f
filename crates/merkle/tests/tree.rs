//! The tree and the frontier against the recursive definitions.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use std::cell::{Cell, RefCell};

use auditmesh_merkle::{Error, Frontier, MAX_LEAVES, MAX_PATH, Sha256, Tree, empty_root};
use auditmesh_types::{Digest, Hasher, Index, Nodes, Size, TreeHead};
use proptest::prelude::*;
use reference::{entries, leaves, mth, path, proof};

/// Writes down how many messages each call brings, and how many nodes are hashed alone.
#[derive(Debug, Default)]
struct Counting {
    leaves: RefCell<Vec<usize>>,
    nodes: RefCell<Vec<usize>>,
    alone: Cell<usize>,
}

impl Hasher for &Counting {
    fn leaf(&self, entry: &[u8]) -> Digest {
        Sha256.leaf(entry)
    }
    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        self.alone.set(self.alone.get() + 1);
        Sha256.node(left, right)
    }
    fn leaves(&self, entries: &[&[u8]], out: &mut [Digest]) {
        self.leaves.borrow_mut().push(entries.len());
        Sha256.leaves(entries, out);
    }
    fn nodes(&self, children: &[Digest], out: &mut [Digest]) {
        self.nodes.borrow_mut().push(children.len() / 2);
        Sha256.nodes(children, out);
    }
}

/// Does the last job first.
#[derive(Debug)]
struct Backwards;

impl Hasher for Backwards {
    fn leaf(&self, entry: &[u8]) -> Digest {
        Sha256.leaf(entry)
    }
    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        Sha256.node(left, right)
    }
    fn share<J: Send, S>(
        &self,
        jobs: impl ExactSizeIterator<Item = J> + Send,
        scratch: impl Fn() -> S + Sync,
        work: impl Fn(&Self, &mut S, J) + Sync,
    ) {
        jobs.collect::<Vec<_>>().into_iter().rev().for_each(|job| work(self, &mut scratch(), job));
    }
}

/// Writes down how many jobs are shared.
#[derive(Debug)]
struct Sharing(RefCell<Vec<usize>>);

impl Hasher for Sharing {
    fn leaf(&self, entry: &[u8]) -> Digest {
        Sha256.leaf(entry)
    }
    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        Sha256.node(left, right)
    }
    fn share<J: Send, S>(
        &self,
        jobs: impl ExactSizeIterator<Item = J> + Send,
        scratch: impl Fn() -> S + Sync,
        work: impl Fn(&Self, &mut S, J) + Sync,
    ) {
        self.0.borrow_mut().push(jobs.len());
        let mut scratch = scratch();
        jobs.for_each(|job| work(self, &mut scratch, job));
    }
}

/// All nodes.
fn nodes<H: Hasher>(tree: &Tree<H>) -> Vec<Option<Digest>> {
    let size = tree.size().0;
    let levels = 0..=u8::try_from(size.checked_ilog2().unwrap_or(0)).unwrap();
    levels
        .flat_map(|level| (0..size >> level).map(move |index| (level, index)))
        .map(|(l, i)| tree.node(l, i))
        .collect()
}

/// One by one, some, and runs of 1,024, of which eight are a job; from sizes that are whole runs and from others.
#[test]
fn how_many_leaves_come_at_once_and_which_job_is_first_changes_nothing() {
    let (all, bytes) = (leaves(21_000), entries(21_000));
    let slices: Vec<&[u8]> = bytes.iter().map(Vec::as_slice).collect();
    for sizes in [
        [0, 1, 2, 7, 64, 200, 1_100],
        [0, 2_000, 2_048, 3_072, 3_073, 5_120, 21_000],
        [63, 64, 128, 1_023, 2_047, 20_500, 21_000],
        [1, 2, 3, 4, 5, 6, 19_457],
    ] {
        let [mut by_entry, mut by_leaf] = [(); 2].map(|()| Tree::with_hasher(Backwards));
        let (mut frontier, mut one_by_one) = (Frontier::with_hasher(Backwards), Tree::new());
        for end in sizes {
            let start = by_leaf.size().0 as usize;
            assert_eq!(by_entry.append_batch(&slices[start..end]), Ok(Index(start as u64)));
            assert_eq!(by_leaf.append_leaf_hashes(&all[start..end]), Ok(Index(start as u64)));
            assert_eq!(frontier.append_leaf_hashes(&all[start..end]), Ok(Index(start as u64)));
            for leaf in &all[start..end] {
                one_by_one.append_leaf_hashes(&[*leaf]).unwrap();
            }
            let head = TreeHead { size: Size(end as u64), root: mth(&all[..end]) };
            assert_eq!([by_entry.head(), by_leaf.head(), frontier.head()], [head; 3], "{start} to {end}");
            let want = nodes(&one_by_one);
            assert!(want.iter().all(Option::is_some));
            assert!(nodes(&by_entry) == want && nodes(&by_leaf) == want, "{start} to {end}");
        }
    }
}

/// What lies before was dropped, and the first chunk of what is kept is not full.
#[test]
fn runs_are_appended_to_a_pruned_tree() {
    let all = leaves(12_000);
    let mut tree = Tree::with_hasher(Backwards);
    tree.append_leaf_hashes(&all[..5_000]).unwrap();
    tree.prune(Index(4_500)).unwrap();
    tree.append_leaf_hashes(&all[5_000..]).unwrap();
    let mut whole = Tree::new();
    whole.append_leaf_hashes(&all).unwrap();
    assert_eq!(tree.head(), TreeHead { size: Size(12_000), root: mth(&all) });
    for index in (4_500..12_000).step_by(7) {
        let proofs =
            (tree.inclusion(Index(index), Size(12_000)), whole.inclusion(Index(index), Size(12_000)));
        assert!(proofs.0.is_ok() && proofs.0 == proofs.1, "{index}");
    }
}

/// Eight runs of leaf hashes are worth a thread, and one of entries.
#[test]
fn runs_are_shared() {
    let (all, bytes) = (leaves(21_000), entries(21_000));
    let slices: Vec<&[u8]> = bytes.iter().map(Vec::as_slice).collect();
    let hasher = || Sharing(RefCell::default());
    let (mut by_entry, mut by_leaf) = (Tree::with_hasher(hasher()), Tree::with_hasher(hasher()));
    by_entry.append_batch(&slices).unwrap();
    by_leaf.append_leaf_hashes(&all).unwrap();
    by_leaf.append_leaf_hashes(&all[..1_000]).unwrap();
    assert_eq!((by_entry.hasher().0.take(), by_leaf.hasher().0.take()), (vec![20], vec![3]));
}

/// As many as there are complete subtrees; those of a run wide enough for every lane.
#[test]
fn every_node_is_hashed_once() {
    let (all, counting) = (leaves(9_000), Counting::default());
    let (complete, run) = (9_000 - 9_000_u32.count_ones() as usize, [512, 256, 128, 64, 32, 16, 512]);
    let mut frontier = Frontier::with_hasher(&counting);
    frontier.append_leaf_hashes(&all).unwrap();
    let calls = counting.nodes.take();
    assert_eq!((&calls[..7], calls.iter().sum::<usize>() + counting.alone.take()), (&run[..], complete));
    let mut tree = Tree::with_hasher(&counting);
    tree.append_leaf_hashes(&all).unwrap();
    let calls = counting.nodes.take();
    // And the right edge, which is not complete.
    let edge = 9_000_u32.count_ones() as usize - 1;
    assert_eq!(
        (&calls[..7], calls.iter().sum::<usize>() + counting.alone.take()),
        (&run[..], complete + edge)
    );
}

#[test]
fn a_frontier_hashes_complete_subtrees_level_by_level() {
    let (all, counting) = (leaves(100), Counting::default());
    let mut frontier = Frontier::with_hasher(&counting);
    // Behind four leaves: subtrees of 4, 8, 16, 32 and 4.
    let larger = vec![2, 1, 4, 2, 1, 8, 4, 2, 1, 16, 8, 4, 2, 1, 2, 1];
    for (adding, calls) in [(1, vec![]), (3, vec![1]), (64, larger)] {
        let start = frontier.size().0 as usize;
        frontier.append_leaf_hashes(&all[start..start + adding]).unwrap();
        assert_eq!(counting.nodes.take(), calls, "{adding} leaves behind {start}");
        assert_eq!(frontier.root(), mth(&all[..start + adding]));
    }
}

#[test]
fn every_size_has_the_root_of_the_definition() {
    let all = leaves(300);
    let whole = reference::tree(300);
    let (mut one_by_one, mut frontier) = (Tree::new(), Frontier::new());
    for size in 0..=300 {
        let head = TreeHead { size: Size(size as u64), root: mth(&all[..size]) };
        assert_eq!(one_by_one.head(), head);
        assert_eq!(frontier.head(), head);
        assert_eq!(one_by_one.frontier(), frontier);
        assert_eq!(whole.root_at(head.size), Ok(head.root));
        if let Some(entry) = entries(300).get(size) {
            assert_eq!(one_by_one.append(entry), Ok(Index(size as u64)));
            assert_eq!(frontier.append(&all[size]), Ok(Index(size as u64)));
        }
    }
}

#[test]
fn every_path_is_that_of_the_definition() {
    let (all, tree) = (leaves(70), reference::tree(70));
    for size in 1..=70 {
        for index in 0..size {
            let proof = tree.inclusion(Index(index as u64), Size(size as u64)).unwrap();
            assert_eq!(proof.path, path(index, &all[..size]), "leaf {index} of {size}");
            assert_eq!(proof.verify(&Sha256, &all[index], &mth(&all[..size])), Ok(()));
        }
    }
}

#[test]
fn every_consistency_proof_is_that_of_the_definition() {
    let (all, tree) = (leaves(70), reference::tree(70));
    for new in 0..=70 {
        for old in 0..=new {
            let made = tree.consistency(Size(old as u64), Size(new as u64)).unwrap();
            let want = if old == 0 { Vec::new() } else { proof(old, &all[..new]) };
            assert_eq!(made.path, want, "{old} to {new}");
            assert_eq!(made.verify(&Sha256, &mth(&all[..old]), &mth(&all[..new])), Ok(()));
        }
    }
}

#[test]
fn every_range_is_a_tree_of_its_own() {
    let (all, tree) = (leaves(70), reference::tree(70));
    for end in 0..=70 {
        for start in 0..=end {
            let root = tree.subtree_root(Size(start as u64), Size(end as u64));
            assert_eq!(root, Ok(mth(&all[start..end])), "{start} to {end}");
        }
    }
}

#[test]
fn every_stored_node_is_a_complete_subtree() {
    let all = leaves(70);
    for size in 0..=70usize {
        let tree = reference::tree(size);
        assert_eq!(Nodes::size(&tree), Size(size as u64));
        for level in 0..9 {
            for index in 0..=size >> level {
                let leaves = all[..size].get(index << level..(index + 1) << level);
                assert_eq!(tree.node(level, index as u64), leaves.map(mth), "{level} {index} of {size}");
            }
        }
        assert_eq!(tree.node(255, 0), None);
        assert_eq!(tree.node(0, u64::MAX), None);
    }
}

#[test]
fn a_batch_is_hashed_a_level_at_a_time() {
    let counting = Counting::default();
    let mut tree = Tree::with_hasher(&counting);
    let entries = entries(1_005);
    let slices: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    tree.append_batch(&slices[..5]).unwrap();
    tree.append_batch(&slices[5..]).unwrap();
    assert_eq!(*counting.leaves.borrow(), [5, 1_000]);
    assert_eq!(*counting.nodes.borrow(), [2, 1, 499, 250, 125, 62, 31, 15, 7, 3, 1]);
    assert_eq!(tree.root(), mth(&leaves(1_005)));

    counting.nodes.borrow_mut().clear();
    let batch_root = tree.subtree_root(Size(5), Size(1_005)).unwrap();
    assert_eq!(batch_root, mth(&leaves(1_005)[5..]));
    assert_eq!(*counting.nodes.borrow(), [500, 250, 125, 62, 31, 16, 8, 4, 2, 1]);
}

#[test]
fn what_cannot_be_appended_changes_nothing() {
    let mut tree = reference::tree(3);
    let before = tree.head();
    let (long, longest) = (vec![7; 65_536], vec![7; 65_535]);
    let refused = Err(Error::MisuseEntryTooLong { got: 65_536, max: 65_535 });
    assert_eq!(tree.append(&long), refused);
    assert_eq!(tree.append_batch(&[b"good", &long]), refused);
    assert_eq!(tree.head(), before);
    assert_eq!(tree.append_batch(&[]), Ok(Index(3)));
    assert_eq!(tree.append(&longest), Ok(Index(3)));
    assert_eq!(tree.leaf(Index(3)), Some(Sha256.leaf(&longest)));
    assert_eq!(tree.leaf(Index(4)), None);
}

#[test]
fn what_the_tree_has_not_is_not_proved() {
    let tree = reference::tree(5);
    let beyond = Error::MisuseSizeBeyondTree { got: Size(6), max: Size(5) };
    assert_eq!(tree.root_at(Size(6)), Err(beyond.clone()));
    assert_eq!(
        tree.root_at(Size(u64::MAX)).map_err(|e| e.to_string()),
        Err("size 18446744073709551615 was asked for, the tree has 5 leaves: ask for a size it has had"
            .into())
    );
    assert_eq!(tree.inclusion(Index(0), Size(6)), Err(beyond.clone()));
    assert_eq!(tree.consistency(Size(2), Size(6)), Err(beyond.clone()));
    assert_eq!(tree.subtree_root(Size(2), Size(6)), Err(beyond));
    for (index, size) in [(0, 0), (4, 4), (5, 5), (u64::MAX, 5)] {
        let (index, size) = (Index(index), Size(size));
        assert_eq!(tree.inclusion(index, size), Err(Error::MisuseIndexBeyondSize { index, size }));
    }
    let range = Error::MisuseRange { start: Size(3), end: Size(2) };
    assert_eq!(tree.consistency(Size(3), Size(2)), Err(range.clone()));
    assert_eq!(tree.subtree_root(Size(3), Size(2)), Err(range));
}

#[test]
fn the_buffer_beyond_the_path_is_left_alone() {
    let (tree, mark) = (reference::tree(13), Digest([9; 32]));
    let mut buffer = [mark; MAX_PATH];
    let length = tree.write_inclusion(Index(9), Size(13), &mut buffer).unwrap();
    assert_eq!(buffer[..length], path(9, &leaves(13)));
    assert!(buffer[length..].iter().all(|digest| *digest == mark));
    let mut buffer = [mark; MAX_PATH];
    let length = tree.write_consistency(Size(9), Size(13), &mut buffer).unwrap();
    assert_eq!(buffer[..length], proof(9, &leaves(13)));
    assert!(buffer[length..].iter().all(|digest| *digest == mark));
}

#[test]
fn a_frontier_goes_on_from_its_hashes_alone() {
    let all = leaves(100);
    let mut frontier = Frontier::new();
    for leaf in &all {
        let stored = frontier.hashes().to_vec();
        assert_eq!(Frontier::from_hashes(frontier.size(), stored.clone()), Ok(frontier.clone()));
        let (size, want) = (frontier.size(), stored.len());
        let more = [stored.as_slice(), &[*leaf]].concat();
        let refused = Err(Error::PeerFrontierLength { size, got: want + 1, want });
        assert_eq!(Frontier::from_hashes(size, more), refused);
        if want > 0 {
            let refused = Err(Error::PeerFrontierLength { size, got: want - 1, want });
            assert_eq!(Frontier::from_hashes(size, stored[1..].to_vec()), refused);
        }
        frontier = Frontier::from_hashes(size, stored).unwrap();
        frontier.append(leaf).unwrap();
    }
    assert_eq!(frontier.root(), mth(&all));
}

#[test]
fn a_full_frontier_takes_no_more() {
    let subtree = Digest([1; 32]);
    let mut full = Frontier::from_hashes(Size(MAX_LEAVES), vec![subtree]).unwrap();
    let refused = Error::MisuseTreeFull { size: Size(MAX_LEAVES), adding: 1, max: MAX_LEAVES };
    assert_eq!(full.append(&subtree), Err(refused));
    assert_eq!(full.head(), TreeHead { size: Size(MAX_LEAVES), root: subtree });
    let mut last = Frontier::from_hashes(Size(MAX_LEAVES - 1), vec![subtree; 48]).unwrap();
    let refused = Error::MisuseTreeFull { size: Size(MAX_LEAVES - 1), adding: 2, max: MAX_LEAVES };
    assert_eq!(last.append_leaf_hashes(&[subtree; 2]), Err(refused));
    assert_eq!(last.append(&subtree), Ok(Index(MAX_LEAVES - 1)));
    assert_eq!(last.hashes().len(), 1);
    let refused = Error::PeerTreeTooLarge { got: Size(MAX_LEAVES + 1), max: MAX_LEAVES };
    assert_eq!(Frontier::from_hashes(Size(MAX_LEAVES + 1), vec![subtree; 2]), Err(refused));
    assert_eq!(Frontier::default().root(), empty_root());
}

proptest! {
    #[test]
    fn how_leaves_are_grouped_does_not_matter(groups in prop::collection::vec(0usize..600, 1..6)) {
        let total = groups.iter().sum();
        let (entries, all) = (entries(total), leaves(total));
        let (mut by_entry, mut by_hash, mut frontier) = (Tree::new(), Tree::new(), Frontier::new());
        let mut start = 0;
        for group in groups {
            let end = start + group;
            let slices: Vec<&[u8]> = entries[start..end].iter().map(Vec::as_slice).collect();
            prop_assert_eq!(by_entry.append_batch(&slices), Ok(Index(start as u64)));
            prop_assert_eq!(by_hash.append_leaf_hashes(&all[start..end]), Ok(Index(start as u64)));
            prop_assert_eq!(frontier.append_leaf_hashes(&all[start..end]), Ok(Index(start as u64)));
            start = end;
            let head = TreeHead { size: Size(end as u64), root: mth(&all[..end]) };
            prop_assert_eq!(by_entry.head(), head);
            prop_assert_eq!(by_hash.head(), head);
            prop_assert_eq!(frontier.head(), head);
            prop_assert_eq!(by_hash.frontier(), frontier.clone());
        }
    }

    #[test]
    fn larger_trees_agree_with_the_definition(size in 1usize..3_000, a in any::<u64>(), b in any::<u64>()) {
        let (all, tree) = (leaves(size), reference::tree(size));
        let (a, b) = (a as usize % (size + 1), b as usize % (size + 1));
        let (low, high) = (a.min(b), a.max(b));
        let (old, new) = (Size(low as u64), Size(high as u64));
        prop_assert_eq!(tree.subtree_root(old, new), Ok(mth(&all[low..high])));
        prop_assert_eq!(tree.root_at(new), Ok(mth(&all[..high])));
        if low > 0 {
            prop_assert_eq!(tree.consistency(old, new).unwrap().path, proof(low, &all[..high]));
        }
        if low < high {
            let made = tree.inclusion(Index(old.0), new).unwrap();
            prop_assert_eq!(made.path, path(low, &all[..high]));
        }
    }
}
