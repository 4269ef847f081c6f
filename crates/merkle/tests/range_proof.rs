//! Range proofs against multiproofs and the recursive definition, and what is refused.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use auditmesh_merkle::{Error, MAX_PROOF_LEAVES, RangeProof, Sha256, Tree, verify_multi, verify_range};
use auditmesh_types::{Digest, Hasher, Index, Size};
use proptest::prelude::*;
use reference::{Why, changes, leaves, mth, multipath, other_numbers, root_from_multipath, why};

/// Everything that a verifier is given.
#[derive(Debug, Clone)]
struct Claim {
    start: u64,
    leaves: Vec<Digest>,
    size: u64,
    path: Vec<Digest>,
    root: Digest,
}

/// Hashes nothing.
#[derive(Debug)]
struct Refusing;

impl Hasher for Refusing {
    fn leaf(&self, _: &[u8]) -> Digest {
        unreachable!("a leaf was hashed")
    }
    fn node(&self, _: &Digest, _: &Digest) -> Digest {
        unreachable!("a node was hashed")
    }
}

impl Claim {
    fn of(start: usize, end: usize, all: &[Digest]) -> Self {
        let indices: Vec<u64> = (start as u64..end as u64).collect();
        Self {
            start: start as u64,
            leaves: all[start..end].to_vec(),
            size: all.len() as u64,
            path: multipath(&indices, all),
            root: mth(all),
        }
    }

    /// The verdict, after no hash when the form is wrong.
    fn verdict(&self) -> Result<(), Error> {
        let (start, size) = (Size(self.start), Size(self.size));
        let verdict = verify_range(&Sha256, start, &self.leaves, size, &self.path, &self.root);
        if !matches!(verdict, Ok(()) | Err(Error::PeerRootMismatch { .. })) {
            let unhashed = verify_range(&Refusing, start, &self.leaves, size, &self.path, &self.root);
            assert_eq!(unhashed, verdict);
        }
        verdict
    }

    /// What the verifier of multiproofs says.
    fn verdict_on_many(&self) -> Result<(), Why> {
        let indices = (0..).map(|n| Index(self.start.saturating_add(n)));
        let leaves: Vec<_> = indices.zip(self.leaves.iter().copied()).collect();
        // Its first complaint about an index is of the first, not the last; at the highest there is no ascent.
        if self.start.checked_add(self.leaves.len() as u64 - 1).is_none() {
            return Err(Why::Index);
        }
        verify_multi(&Sha256, &leaves, Size(self.size), &self.path, &self.root).map_err(|error| why(&error))
    }
}

#[test]
fn every_path_is_that_of_the_definition() {
    let (all, tree) = (leaves(40), reference::tree(40));
    for size in 1..=40 {
        for end in 1..=size {
            for start in 0..end {
                let claim = Claim::of(start, end, &all[..size]);
                let (start, end, size) = (Size(start as u64), Size(end as u64), Size(size as u64));
                let proof = tree.range_proof(start, end, size).unwrap();
                assert_eq!(proof, RangeProof { start, end, size, path: claim.path.clone() });
                assert_eq!(claim.verdict(), Ok(()), "{start} to {end} of {size}");
                assert_eq!(proof.verify(&Sha256, &claim.leaves, &claim.root), Ok(()));
            }
        }
    }
}

fn refuses_every_changed_hash(claim: &Claim, masks: impl Iterator<Item = u8> + Clone) {
    for changed in changes(claim.root, masks.clone()) {
        let refused = Err(Error::PeerRootMismatch { got: claim.root, want: changed });
        assert_eq!(Claim { root: changed, ..claim.clone() }.verdict(), refused);
    }
    let mut wrong = claim.clone();
    for at in 0..claim.leaves.len() {
        for changed in changes(claim.leaves[at], masks.clone()) {
            wrong.leaves[at] = changed;
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
    let all = leaves(13);
    for end in 1..=11 {
        for start in 0..end {
            refuses_every_changed_hash(&Claim::of(start, end, &all[..11]), [1].into_iter());
        }
    }
    refuses_every_changed_hash(&Claim::of(3, 8, &all), 1..=255);
}

#[test]
fn another_start_is_refused_and_another_size_judged_as_a_multiproof() {
    let (all, mut seen) = (leaves(17), Vec::new());
    for (start, end, size) in [(0, 1, 1), (0, 2, 8), (3, 8, 13), (5, 13, 13), (3, 16, 17), (0, 17, 17)] {
        let claim = Claim::of(start, end, &all[..size]);
        for other in other_numbers(start as u64) {
            let wrong = Claim { start: other, ..claim.clone() };
            let verdict = wrong.verdict().map_err(|error| why(&error));
            assert_eq!(verdict, wrong.verdict_on_many());
            assert!(verdict.is_err(), "{start} to {end} of {size} passes from {other} on");
            seen.push(verdict);
        }
        for other in other_numbers(size as u64) {
            let wrong = Claim { size: other, ..claim.clone() };
            let verdict = wrong.verdict().map_err(|error| why(&error));
            assert_eq!(verdict, wrong.verdict_on_many());
            seen.push(verdict);
        }
    }
    for reason in [Why::Index, Why::Length, Why::Root] {
        assert!(seen.contains(&Err(reason)), "{reason:?}");
    }
}

#[test]
fn missing_extra_reordered_and_duplicated_hashes_are_refused() {
    let all = leaves(23);
    for end in 1..=23 {
        for start in 0..end {
            let claim = Claim::of(start, end, &all);
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
}

#[test]
fn other_leaves_are_refused() {
    let all = leaves(13);
    let claim = Claim::of(3, 8, &all);
    let with = |leaves: Vec<Digest>| Claim { leaves, ..claim.clone() }.verdict();
    let mut swapped = claim.leaves.clone();
    swapped.swap(1, 2);
    assert_eq!(why(&with(swapped).unwrap_err()), Why::Root);
    assert_eq!(with(Vec::new()), Err(Error::PeerNoLeaf));
    assert_eq!(with(all[3..7].to_vec()), Err(Error::PeerPathLength { got: 3, want: 4 }));
    let refused = Err(Error::PeerIndexBeyondSize { index: Index(13), size: Size(13) });
    assert_eq!(with(vec![all[3]; 11]), refused);
    let refused = Err(Error::PeerIndexBeyondSize { index: Index(u64::MAX), size: Size(u64::MAX) });
    let far = Claim { start: u64::MAX, size: u64::MAX, ..claim.clone() };
    assert_eq!(far.verdict(), refused);

    let proof = RangeProof { start: Size(3), end: Size(8), size: Size(13), path: claim.path };
    let refused = Err(Error::PeerLeafCount { got: 4, want: 5 });
    assert_eq!(proof.verify(&Sha256, &all[3..7], &claim.root), refused);
    let turned = RangeProof { start: Size(8), end: Size(3), ..proof };
    let refused = Err(Error::PeerRange { start: Size(8), end: Size(3) });
    assert_eq!(turned.verify(&Sha256, &[], &claim.root), refused);
}

#[test]
fn so_many_leaves_and_no_more() {
    let (got, max) = (MAX_PROOF_LEAVES + 1, MAX_PROOF_LEAVES);
    let leaves = vec![Digest([7; 32]); got];
    let mut tree = Tree::new();
    tree.append_leaf_hashes(&leaves).unwrap();
    let (size, root) = (tree.size(), tree.root());
    let refused = Err(Error::MisuseTooManyLeaves { got, max });
    assert_eq!(tree.range_proof(Size(0), size, size), refused);
    let proof = tree.range_proof(Size(1), size, size).unwrap();
    assert_eq!(proof.verify(&Sha256, &leaves[1..], &root), Ok(()));
    let refused = Err(Error::PeerTooManyLeaves { got, max });
    assert_eq!(verify_range(&Refusing, Size(0), &leaves, size, &[], &root), refused);
}

#[test]
fn a_tree_proves_only_what_it_has() {
    let tree = reference::tree(13);
    let made = |start, end, size| tree.range_proof(Size(start), Size(end), Size(size)).unwrap_err();
    assert_eq!(made(4, 4, 13), Error::MisuseNoLeaf);
    assert_eq!(made(5, 4, 13), Error::MisuseRange { start: Size(5), end: Size(4) });
    assert_eq!(made(5, 9, 8), Error::MisuseIndexBeyondSize { index: Index(8), size: Size(8) });
    assert_eq!(made(0, 14, 14), Error::MisuseSizeBeyondTree { got: Size(14), max: Size(13) });
}

proptest! {
    /// Sizes far beyond what can be built: the recursion is the judge.
    #[test]
    fn any_size_gets_the_verdict_of_the_definition(
        size in any::<u64>(),
        start in any::<u64>(),
        (shift, back) in (0u32..64, 0u32..64),
        length in 1u64..20,
        salt in any::<[u8; 32]>(),
    ) {
        let size = (size >> shift).max(1);
        let start = (start >> back) % size;
        let length = length.min(size - start);
        let hash = |n: u64| Sha256.leaf(&[&salt[..], &n.to_be_bytes()].concat());
        let known: Vec<(u64, Digest)> = (start..start + length).map(|index| (index, hash(index))).collect();
        let indices: Vec<u64> = known.iter().map(|(index, _)| *index).collect();
        let want = reference::needed(&indices, size).len();
        let path: Vec<Digest> = (0..=want).map(|n| hash(!(n as u64))).collect();
        let root = root_from_multipath(&known, size, &path[..want]).unwrap();
        let leaves = known.iter().map(|(_, leaf)| *leaf).collect();
        let claim = Claim { start, leaves, size, path: path[..want].to_vec(), root };
        prop_assert_eq!(claim.verdict(), Ok(()));
        let longer = Claim { path: path.clone(), ..claim.clone() };
        prop_assert_eq!(longer.verdict(), Err(Error::PeerPathLength { got: want + 1, want }));
        if want > 0 {
            let shorter = Claim { path: path[1..want].to_vec(), ..claim };
            prop_assert_eq!(shorter.verdict(), Err(Error::PeerPathLength { got: want - 1, want }));
        }
    }
}
