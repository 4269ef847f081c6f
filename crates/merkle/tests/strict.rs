//! What a verifier refuses, and why.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use auditmesh_merkle::{
    Error, Inclusion, Prefix, Sha256, TreeAuthority, empty_root, root_from_inclusion, verify_consistency,
    verify_inclusion,
};
use auditmesh_types::{Authority, Digest, Index, Size, TreeHead};
use proptest::prelude::*;
use reference::{Why, changes, leaves, mth, other_numbers, path, why};

fn refuses_every_changed_hash(index: usize, size: usize, masks: impl Iterator<Item = u8> + Clone) {
    let all = leaves(size);
    let (leaf, path, root) = (all[index], path(index, &all), mth(&all));
    let verify = |leaf: &Digest, path: &[Digest], root: &Digest| {
        verify_inclusion(&Sha256, leaf, Index(index as u64), Size(size as u64), path, root)
    };
    assert_eq!(verify(&leaf, &path, &root), Ok(()));
    for changed in changes(leaf, masks.clone()) {
        assert_eq!(why(&verify(&changed, &path, &root).unwrap_err()), Why::Root);
    }
    for changed in changes(root, masks.clone()) {
        let refused = Err(Error::PeerRootMismatch { got: root, want: changed });
        assert_eq!(verify(&leaf, &path, &changed), refused);
    }
    for step in 0..path.len() {
        for changed in changes(path[step], masks.clone()) {
            let mut path = path.clone();
            path[step] = changed;
            assert_eq!(why(&verify(&leaf, &path, &root).unwrap_err()), Why::Root);
        }
    }
}

#[test]
fn a_changed_byte_of_leaf_path_or_root_is_refused() {
    for size in 1..=17 {
        for index in 0..size {
            refuses_every_changed_hash(index, size, [1, 0x80].into_iter());
        }
    }
    refuses_every_changed_hash(9, 13, 1..=255);
}

#[test]
fn another_index_is_refused() {
    for size in 1..=17 {
        let all = leaves(size);
        let root = mth(&all);
        for index in 0..size {
            let path = path(index, &all);
            for other in other_numbers(index as u64) {
                let verify =
                    verify_inclusion(&Sha256, &all[index], Index(other), Size(size as u64), &path, &root);
                let want = reference::verify_inclusion(&all[index], other, size as u64, &path, &root);
                assert_eq!(verify.map_err(|e| why(&e)), want);
                assert!(want.is_err(), "leaf {index} of {size} passes as {other}");
            }
        }
    }
}

/// The root does not hold the size. Sizes for which the path climbs the same way are the only others that pass.
#[test]
fn another_size_is_refused_where_the_path_climbs_another_way() {
    let (mut refused, mut passed) = (Vec::new(), Vec::new());
    for size in 1..=17 {
        let all = leaves(size);
        let root = mth(&all);
        for index in 0..size {
            let path = path(index, &all);
            for other in other_numbers(size as u64) {
                let verify =
                    verify_inclusion(&Sha256, &all[index], Index(index as u64), Size(other), &path, &root);
                let want = reference::verify_inclusion(&all[index], index as u64, other, &path, &root);
                assert_eq!(verify.clone().map_err(|e| why(&e)), want);
                match verify {
                    Ok(()) => passed.push((index, size, other)),
                    Err(error) => refused.push(error),
                }
            }
        }
    }
    assert!(refused.contains(&Error::PeerIndexBeyondSize { index: Index(7), size: Size(0) }));
    assert!(refused.contains(&Error::PeerPathLength { got: 3, want: 4 }));
    assert!(passed.contains(&(0, 8, 5)), "the reason why size and root are signed together");
    assert!(passed.iter().all(|(index, size, other)| {
        let last = *size as u64 - 1;
        (*index as u64 ^ last).leading_zeros() == (*index as u64 ^ (other - 1)).leading_zeros()
    }));
}

#[test]
fn a_missing_or_extra_hash_is_refused() {
    for size in 1..=40u64 {
        let all = leaves(size as usize);
        for index in 0..size {
            let path = path(index as usize, &all);
            let verify = |path: &[Digest]| {
                verify_inclusion(&Sha256, &all[index as usize], Index(index), Size(size), path, &mth(&all))
            };
            let want = path.len();
            for at in 0..=want {
                let mut longer = path.clone();
                longer.insert(at, Digest([5; 32]));
                assert_eq!(verify(&longer), Err(Error::PeerPathLength { got: want + 1, want }));
            }
            for at in 0..want {
                let mut shorter = path.clone();
                shorter.remove(at);
                assert_eq!(verify(&shorter), Err(Error::PeerPathLength { got: want - 1, want }));
            }
        }
    }
}

#[test]
fn a_tree_without_leaves_has_none() {
    let refused = Err(Error::PeerIndexBeyondSize { index: Index(0), size: Size(0) });
    for root in [empty_root(), Digest([1; 32])] {
        assert_eq!(verify_inclusion(&Sha256, &root, Index(0), Size(0), &[], &root), refused);
    }
    let head = |size, root| TreeHead { size: Size(size), root };
    let (empty, wrong) = (head(0, empty_root()), head(0, Digest([1; 32])));
    let new = head(3, mth(&leaves(3)));
    let verify =
        |old: &TreeHead, new: &TreeHead, path: &[Digest]| verify_consistency(&Sha256, old, new, path);
    let refused = Err(Error::PeerEmptyRoot { got: wrong.root, want: empty_root() });
    assert_eq!(verify(&empty, &new, &[]), Ok(()));
    assert_eq!(verify(&empty, &empty, &[]), Ok(()));
    assert_eq!(verify(&wrong, &new, &[]), refused);
    assert_eq!(verify(&empty, &wrong, &[]), refused);
    assert_eq!(verify(&wrong, &wrong, &[]), refused);
    assert_eq!(verify(&empty, &new, &[new.root]), Err(Error::PeerPathLength { got: 1, want: 0 }));
}

#[test]
fn a_log_neither_shrinks_nor_forks() {
    let all = leaves(8);
    let head = |size: usize| TreeHead { size: Size(size as u64), root: mth(&all[..size]) };
    let path = reference::proof(3, &all);
    let refused = Err(Error::PeerOldBeyondNew { old: Size(8), new: Size(3) });
    assert_eq!(verify_consistency(&Sha256, &head(8), &head(3), &path), refused);
    let fork = TreeHead { size: Size(8), root: Digest([1; 32]) };
    let refused = Err(Error::PeerNewRootMismatch { got: head(8).root, want: fork.root });
    assert_eq!(verify_consistency(&Sha256, &head(8), &fork, &[]), refused);
    let refused = Err(Error::PeerPathLength { got: 4, want: 0 });
    assert_eq!(verify_consistency(&Sha256, &head(8), &head(8), &path), refused);
    assert_eq!(verify_consistency(&Sha256, &head(8), &head(8), &[]), Ok(()));
}

/// Holds the verdict and its reason against the procedure of the RFC; gives the verdict.
fn compare(old: &TreeHead, new: &TreeHead, path: &[Digest]) -> Result<(), Why> {
    let verdict = verify_consistency(&Sha256, old, new, path).map_err(|error| why(&error));
    assert_eq!(verdict, reference::verify_consistency(old, new, path), "{old} {new}");
    verdict
}

#[test]
fn a_changed_byte_of_a_consistency_proof_is_refused() {
    for new in 1..=17 {
        let all = leaves(new);
        for old in 1..=new {
            let path = reference::proof(old, &all);
            let head = |size: usize| TreeHead { size: Size(size as u64), root: mth(&all[..size]) };
            let (old, new) = (head(old), head(new));
            assert_eq!(compare(&old, &new, &path), Ok(()));
            for root in changes(old.root, [1, 0x80].into_iter()) {
                assert!(compare(&TreeHead { root, ..old }, &new, &path).is_err());
            }
            for root in changes(new.root, [1, 0x80].into_iter()) {
                assert_eq!(compare(&old, &TreeHead { root, ..new }, &path), Err(Why::NewRoot));
            }
            for at in 0..path.len() {
                for changed in changes(path[at], [1, 0x80].into_iter()) {
                    let mut path = path.clone();
                    path[at] = changed;
                    assert!(compare(&old, &new, &path).is_err());
                }
            }
        }
    }
}

#[test]
fn other_sizes_of_a_consistency_proof_get_the_verdict_of_the_rfc() {
    let mut seen = Vec::new();
    for new in 1..=12 {
        let all = leaves(new);
        for old in 1..=new {
            let path = reference::proof(old, &all);
            let head = |size: usize| TreeHead { size: Size(size as u64), root: mth(&all[..size]) };
            let (old, new) = (head(old), head(new));
            for other in other_numbers(old.size.0) {
                let verdict = compare(&TreeHead { size: Size(other), ..old }, &new, &path);
                assert!(verdict.is_err(), "{old} passes with size {other} before {new}");
                seen.push(verdict);
            }
            seen.extend(
                other_numbers(new.size.0)
                    .map(|other| compare(&old, &TreeHead { size: Size(other), ..new }, &path)),
            );
        }
    }
    for reason in [Why::Shrunk, Why::Length, Why::Empty, Why::NewRoot, Why::OldRoot] {
        assert!(seen.contains(&Err(reason)), "{reason:?}");
    }
}

#[test]
fn a_missing_or_extra_hash_of_a_consistency_proof_is_refused() {
    for new in 2..=33 {
        let all = leaves(new);
        for old in 1..new {
            let path = reference::proof(old, &all);
            let head = |size: usize| TreeHead { size: Size(size as u64), root: mth(&all[..size]) };
            let (old, new, want) = (head(old), head(new), path.len());
            for at in 0..=want {
                let mut longer = path.clone();
                longer.insert(at, Digest([5; 32]));
                let refused = Err(Error::PeerPathLength { got: want + 1, want });
                assert_eq!(verify_consistency(&Sha256, &old, &new, &longer), refused);
            }
            for at in 0..want {
                let mut shorter = path.clone();
                shorter.remove(at);
                let refused = Err(Error::PeerPathLength { got: want - 1, want });
                assert_eq!(verify_consistency(&Sha256, &old, &new, &shorter), refused);
            }
        }
    }
}

#[test]
fn only_an_authority_marks_a_value_as_verified() {
    let tree = reference::tree(13);
    let authority = TreeAuthority::new(tree.head());
    assert_eq!(authority.head(), tree.head());
    let leaf = tree.leaf(Index(9)).unwrap();
    let claim = Inclusion { leaf, index: Index(9), path: tree.inclusion(Index(9), Size(13)).unwrap().path };
    assert_eq!(*authority.verify(claim.clone()).unwrap(), claim);
    let elsewhere = Inclusion { index: Index(8), ..claim.clone() };
    assert_eq!(why(&authority.verify(elsewhere).unwrap_err()), Why::Root);
    let beyond = Inclusion { index: Index(13), ..claim };
    let refused = Error::PeerIndexBeyondSize { index: Index(13), size: Size(13) };
    assert_eq!(authority.verify(beyond).unwrap_err(), refused);

    let old = TreeHead { size: Size(6), root: tree.root_at(Size(6)).unwrap() };
    let claim = Prefix { old, path: tree.consistency(Size(6), Size(13)).unwrap().path };
    assert_eq!(*authority.verify(claim.clone()).unwrap(), claim);
    let forked = Prefix { old: TreeHead { root: Digest([1; 32]), ..old }, ..claim };
    assert_eq!(why(&authority.verify(forked).unwrap_err()), Why::OldRoot);
}

proptest! {
    /// Sizes far beyond what can be built: the procedure of the RFC is the judge.
    #[test]
    fn any_size_gets_the_verdict_of_the_rfc(
        index in any::<u64>(),
        size in any::<u64>(),
        shift in 0u32..64,
        hashes in prop::collection::vec(any::<[u8; 32]>(), 66),
    ) {
        let (index, size) = (index >> shift, size >> shift);
        let hashes: Vec<Digest> = hashes.into_iter().map(Digest).collect();
        for length in 0..=65 {
            let path = &hashes[1..=length];
            let root = root_from_inclusion(&Sha256, &hashes[0], Index(index), Size(size), path);
            let want = reference::root_from_path(&hashes[0], index, size, path);
            prop_assert_eq!(root.map_err(|error| why(&error)), want);
            let head = |size, root| TreeHead { size: Size(size), root };
            let (low, high) = (index.min(size), index.max(size));
            let _ = compare(&head(low, hashes[0]), &head(high, hashes[1]), path);
        }
    }
}
