//! Multiproofs against the recursive definition, and what is refused.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use std::{cell::RefCell, collections::BTreeSet};

use auditmesh_merkle::{Error, MAX_PROOF_LEAVES, MultiProof, Sha256, verify_multi};
use auditmesh_types::{Digest, Hasher, Index, Size};
use proptest::prelude::*;
use reference::{Why, changes, leaves, mth, multipath, other_numbers, root_from_multipath, why};

/// Writes down how many nodes each call brings.
#[derive(Debug, Default)]
struct Counting(RefCell<Vec<usize>>);

impl Hasher for Counting {
    fn leaf(&self, entry: &[u8]) -> Digest {
        Sha256.leaf(entry)
    }
    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        self.0.borrow_mut().push(1);
        Sha256.node(left, right)
    }
    fn nodes(&self, children: &[Digest], out: &mut [Digest]) {
        self.0.borrow_mut().push(children.len() / 2);
        Sha256.nodes(children, out);
    }
}

/// Everything that a verifier is given.
#[derive(Debug, Clone)]
struct Claim {
    leaves: Vec<(Index, Digest)>,
    size: u64,
    path: Vec<Digest>,
    root: Digest,
}

impl Claim {
    fn of(indices: &[u64], all: &[Digest]) -> Self {
        let leaves = indices.iter().map(|index| (Index(*index), all[*index as usize])).collect();
        Self { leaves, size: all.len() as u64, path: multipath(indices, all), root: mth(all) }
    }

    /// The verdict of both verifiers, which is one, after no hash when the form is wrong.
    fn verdict(&self) -> Result<(), Error> {
        let hasher = Counting::default();
        let verdict = verify_multi(&hasher, &self.leaves, Size(self.size), &self.path, &self.root);
        let (indices, hashes): (Vec<_>, Vec<_>) = self.leaves.iter().copied().unzip();
        let proof = MultiProof { indices, size: Size(self.size), path: self.path.clone() };
        assert_eq!(proof.verify(&Sha256, &hashes, &self.root), verdict);
        let calls = hasher.0.into_inner();
        match verdict {
            Ok(()) | Err(Error::PeerRootMismatch { .. }) => {
                // Every call brings what one level needs; every hash but the root is used once.
                assert!(calls.len() <= 64);
                assert_eq!(calls.iter().sum::<usize>(), self.leaves.len() + self.path.len() - 1);
            }
            _ => assert_eq!(calls, []),
        }
        verdict
    }
}

/// Every set of leaves of the trees of up to 9 leaves.
fn small_sets() -> impl Iterator<Item = (u64, Vec<u64>)> {
    let sets = |size: u64| (1u64..1 << size).map(move |set| (size, set));
    (1..=9)
        .flat_map(sets)
        .map(|(size, set)| (size, (0..size).filter(|index| set >> index & 1 == 1).collect()))
}

/// Some sets of leaves of every size up to 40, always the same.
fn larger_sets() -> impl Iterator<Item = (u64, Vec<u64>)> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    (10..=40).flat_map(|size| (0..24).map(move |density| (size, density % 8))).filter_map(
        move |(size, density)| {
            let mut kept = |_: &u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state % 8 <= density
            };
            let set: Vec<u64> = (0..size).filter(&mut kept).collect();
            (!set.is_empty()).then_some((size, set))
        },
    )
}

#[test]
fn every_path_is_that_of_the_definition() {
    let (all, tree) = (leaves(40), reference::tree(40));
    for (size, set) in small_sets().chain(larger_sets()) {
        let claim = Claim::of(&set, &all[..size as usize]);
        let indices: Vec<Index> = set.iter().copied().map(Index).collect();
        let proof = tree.multiproof(&indices, Size(size)).unwrap();
        assert_eq!(proof, MultiProof { indices, size: Size(size), path: claim.path.clone() });
        assert_eq!(claim.verdict(), Ok(()), "{set:?} of {size}");
        let one_by_one: usize =
            set.iter().map(|index| tree.inclusion(Index(*index), Size(size)).unwrap().path.len()).sum();
        assert!(proof.path.len() <= one_by_one);
    }
}

#[test]
fn a_level_is_hashed_in_one_call() {
    let (all, hasher) = (leaves(1000), Counting::default());
    let claim = Claim::of(&(0..1000).collect::<Vec<_>>(), &all);
    assert_eq!(claim.path, []);
    assert_eq!(verify_multi(&hasher, &claim.leaves, Size(1000), &[], &claim.root), Ok(()));
    assert_eq!(hasher.0.into_inner(), [500, 250, 125, 62, 31, 16, 8, 4, 2, 1]);
}

fn refuses_every_changed_hash(claim: &Claim, masks: impl Iterator<Item = u8> + Clone) {
    for changed in changes(claim.root, masks.clone()) {
        let refused = Err(Error::PeerRootMismatch { got: claim.root, want: changed });
        assert_eq!(Claim { root: changed, ..claim.clone() }.verdict(), refused);
    }
    let mut wrong = claim.clone();
    for at in 0..claim.leaves.len() {
        for changed in changes(claim.leaves[at].1, masks.clone()) {
            wrong.leaves[at].1 = changed;
            assert_eq!(why(&wrong.verdict().unwrap_err()), Why::Root);
        }
        wrong.leaves[at] = claim.leaves[at];
    }
    for at in 0..claim.path.len() {
        for changed in changes(claim.path[at], masks.clone()) {
            wrong.path[at] = changed;
            assert_eq!(why(&wrong.verdict().unwrap_err()), Why::Root);
        }
        wrong.path[at] = claim.path[at];
    }
    assert_eq!(wrong.verdict(), Ok(()));
}

#[test]
fn a_changed_byte_of_leaf_path_or_root_is_refused() {
    let all = leaves(40);
    for (size, set) in larger_sets().step_by(24) {
        refuses_every_changed_hash(&Claim::of(&set, &all[..size as usize]), [1, 0x80].into_iter());
    }
    refuses_every_changed_hash(&Claim::of(&[1, 4, 5, 12], &all[..13]), 1..=255);
}

/// What the definition says of a claim with ascending indices.
fn verdict_of_the_definition(claim: &Claim) -> Result<(), Why> {
    let leaves: Vec<_> = claim.leaves.iter().map(|(index, leaf)| (index.0, *leaf)).collect();
    if leaves.iter().any(|(index, _)| *index >= claim.size) {
        return Err(Why::Index);
    }
    match root_from_multipath(&leaves, claim.size, &claim.path) {
        None => Err(Why::Length),
        Some(root) if root != claim.root => Err(Why::Root),
        Some(_) => Ok(()),
    }
}

#[test]
fn another_index_is_refused() {
    let all = leaves(17);
    for (size, set) in [(1, vec![0]), (7, vec![1, 2]), (13, vec![0, 4, 5, 12]), (17, vec![3, 9, 16])] {
        let claim = Claim::of(&set, &all[..size]);
        for (at, right) in set.iter().enumerate() {
            for other in other_numbers(*right) {
                let mut wrong = claim.clone();
                wrong.leaves[at].0 = Index(other);
                let ascending = wrong.leaves.windows(2).all(|pair| pair[0].0 < pair[1].0);
                match wrong.verdict().unwrap_err() {
                    Error::PeerIndexOrder { before, index } => assert!(!ascending && index <= before),
                    Error::PeerIndexBeyondSize { index, .. } => assert_eq!(index, Index(other)),
                    error => assert_eq!(Err(why(&error)), verdict_of_the_definition(&wrong)),
                }
            }
        }
    }
}

/// The root does not hold the size: what climbs the same way in a tree of another size passes there.
#[test]
fn another_size_gets_the_verdict_of_the_definition() {
    let (all, mut seen) = (leaves(17), Vec::new());
    for (size, set) in [(1, vec![0]), (8, vec![0, 1]), (13, vec![0, 4, 5, 12]), (17, vec![3, 9, 16])] {
        for other in other_numbers(size as u64) {
            let wrong = Claim { size: other, ..Claim::of(&set, &all[..size]) };
            let verdict = wrong.verdict().map_err(|error| why(&error));
            assert_eq!(verdict, verdict_of_the_definition(&wrong));
            seen.push(verdict);
        }
    }
    for verdict in [Err(Why::Index), Err(Why::Length), Ok(())] {
        assert!(seen.contains(&verdict), "{verdict:?}");
    }
}

#[test]
fn missing_extra_reordered_and_duplicated_hashes_are_refused() {
    let all = leaves(40);
    for (size, set) in small_sets().step_by(7).chain(larger_sets().step_by(5)) {
        let claim = Claim::of(&set, &all[..size as usize]);
        let want = claim.path.len();
        let with = |path: Vec<Digest>| Claim { path, ..claim.clone() }.verdict();
        for at in 0..=want {
            let mut longer = claim.path.clone();
            longer.insert(at, claim.path.get(at).copied().unwrap_or(Digest([5; 32])));
            assert_eq!(with(longer), Err(Error::PeerPathLength { got: want + 1, want }));
        }
        for at in 0..want {
            let mut shorter = claim.path.clone();
            shorter.remove(at);
            assert_eq!(with(shorter), Err(Error::PeerPathLength { got: want - 1, want }));
            for other in 0..at {
                let (mut swapped, mut copied) = (claim.path.clone(), claim.path.clone());
                swapped.swap(at, other);
                copied[at] = copied[other];
                assert_eq!(why(&with(swapped).unwrap_err()), Why::Root);
                assert_eq!(why(&with(copied).unwrap_err()), Why::Root);
            }
        }
    }
}

#[test]
fn leaves_come_once_in_order_and_below_the_size() {
    let all = leaves(13);
    let claim = Claim::of(&[1, 4, 5, 12], &all);
    let order = |before, index| Err(Error::PeerIndexOrder { before: Index(before), index: Index(index) });
    let with = |leaves: Vec<(Index, Digest)>| Claim { leaves, ..claim.clone() }.verdict();
    let mut twice = claim.leaves.clone();
    twice.insert(2, twice[1]);
    assert_eq!(with(twice), order(4, 4));
    let mut swapped = claim.leaves.clone();
    swapped.swap(2, 3);
    assert_eq!(with(swapped), order(12, 5));
    let mut exchanged = claim.leaves.clone();
    (exchanged[0].1, exchanged[1].1) = (exchanged[1].1, exchanged[0].1);
    assert_eq!(why(&with(exchanged).unwrap_err()), Why::Root);
    let mut beyond = claim.leaves.clone();
    beyond[3].0 = Index(13);
    let refused = Err(Error::PeerIndexBeyondSize { index: Index(13), size: Size(13) });
    assert_eq!(with(beyond), refused);
    assert_eq!(with(Vec::new()), Err(Error::PeerNoLeaf));
    let nothing = Claim { leaves: Vec::new(), size: 0, path: Vec::new(), root: mth(&[]) };
    assert_eq!(nothing.verdict(), Err(Error::PeerNoLeaf));
    let refused = Err(Error::PeerIndexBeyondSize { index: Index(1), size: Size(0) });
    assert_eq!(Claim { size: 0, ..claim.clone() }.verdict(), refused);
    let proof = MultiProof { indices: vec![Index(1), Index(4)], size: Size(13), path: claim.path };
    let refused = Err(Error::PeerLeafCount { got: 1, want: 2 });
    assert_eq!(proof.verify(&Sha256, &all[1..2], &claim.root), refused);
}

#[test]
fn so_many_leaves_and_no_more() {
    let (got, max) = (MAX_PROOF_LEAVES + 1, MAX_PROOF_LEAVES);
    let mut tree = auditmesh_merkle::Tree::new();
    tree.append_leaf_hashes(&vec![Digest([7; 32]); got]).unwrap();
    let indices: Vec<Index> = (0..got as u64).map(Index).collect();
    let leaves: Vec<_> = indices.iter().map(|index| (*index, Digest([7; 32]))).collect();
    let (size, root) = (tree.size(), tree.root());
    assert_eq!(tree.multiproof(&indices, size), Err(Error::MisuseTooManyLeaves { got, max }));
    let path = tree.multiproof(&indices[..max], size).unwrap().path;
    assert_eq!(path, [Digest([7; 32])]);
    assert_eq!(verify_multi(&Sha256, &leaves[..max], size, &path, &root), Ok(()));
    let refused = Err(Error::PeerTooManyLeaves { got, max });
    assert_eq!(verify_multi(&Sha256, &leaves, size, &[], &root), refused);
}

#[test]
fn a_tree_proves_only_what_it_has() {
    let tree = reference::tree(13);
    let made = |indices: &[u64], size| {
        tree.multiproof(&indices.iter().copied().map(Index).collect::<Vec<_>>(), Size(size)).unwrap_err()
    };
    assert_eq!(made(&[], 13), Error::MisuseNoLeaf);
    assert_eq!(made(&[1, 1], 13), Error::MisuseIndexOrder { before: Index(1), index: Index(1) });
    assert_eq!(made(&[1, 5, 4], 13), Error::MisuseIndexOrder { before: Index(5), index: Index(4) });
    assert_eq!(made(&[1, 8], 8), Error::MisuseIndexBeyondSize { index: Index(8), size: Size(8) });
    assert_eq!(made(&[0], 0), Error::MisuseIndexBeyondSize { index: Index(0), size: Size(0) });
    assert_eq!(made(&[1], 14), Error::MisuseSizeBeyondTree { got: Size(14), max: Size(13) });
}

proptest! {
    /// Sizes far beyond what can be built: the recursion is the judge.
    #[test]
    fn any_size_gets_the_verdict_of_the_definition(
        size in any::<u64>(),
        shift in 0u32..64,
        picks in prop::collection::vec((any::<u64>(), 0u32..64), 1..12),
        salt in any::<[u8; 32]>(),
    ) {
        let size = (size >> shift).max(1);
        let near = picks.iter().map(|(pick, shift)| (pick >> shift) % size);
        let indices: BTreeSet<u64> = near.collect();
        let indices: Vec<u64> = indices.into_iter().collect();
        let hash = |n: usize| Sha256.leaf(&[&salt[..], &n.to_be_bytes()].concat());
        let leaves: Vec<(Index, Digest)> = indices.iter().enumerate().map(|(n, index)| (Index(*index), hash(n))).collect();
        let want = reference::needed(&indices, size).len();
        let path: Vec<Digest> = (0..=want).map(|n| hash(100 + n)).collect();
        let known: Vec<_> = leaves.iter().map(|(index, leaf)| (index.0, *leaf)).collect();
        let root = root_from_multipath(&known, size, &path[..want]).unwrap();
        let claim = Claim { leaves, size, path: path[..want].to_vec(), root };
        prop_assert_eq!(claim.verdict(), Ok(()));
        let longer = Claim { path: path.clone(), ..claim.clone() };
        prop_assert_eq!(longer.verdict(), Err(Error::PeerPathLength { got: want + 1, want }));
        if want > 0 {
            let shorter = Claim { path: path[1..want].to_vec(), ..claim };
            prop_assert_eq!(shorter.verdict(), Err(Error::PeerPathLength { got: want - 1, want }));
        }
    }
}
