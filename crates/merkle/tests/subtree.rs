//! Proofs about subtrees against the recursive definition, and what is refused.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use auditmesh_merkle::{Error, Sha256, empty_root, verify_subtree_consistency, verify_subtree_inclusion};
use auditmesh_types::{Digest, Hasher, Index, Size};
use proptest::prelude::*;
use reference::{Why, changes, leaves, mth, other_numbers, why};

fn is_subtree(start: u64, end: u64) -> bool {
    // A length above 2⁶³ is rounded up to 2⁶⁴, of which only 0 is a multiple.
    let rounded = |length: u64| length.checked_next_power_of_two();
    start <= end && rounded(end - start).map_or(start == 0, |rounded| start.is_multiple_of(rounded))
}

/// Every subtree of every tree of up to `most` leaves: start, end and size.
fn subtrees(most: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let ends = (0..=most).flat_map(|size| (0..=size).map(move |end| (end, size)));
    ends.flat_map(|(end, size)| (0..=end).map(move |start| (start, end, size)))
        .filter(|(start, end, _)| is_subtree(*start as u64, *end as u64))
}

/// SUBTREE_PROOF of the draft.
fn proof(start: usize, end: usize, leaves: &[Digest], known: bool) -> Vec<Digest> {
    let n = leaves.len();
    if start == end {
        return Vec::new();
    }
    if (start, end) == (0, n) {
        return if known { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = 1 << (n - 1).ilog2();
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = match () {
        () if end <= k => (proof(start, end, left, known), right),
        () if k <= start => (proof(start - k, end - k, right, known), left),
        () => (proof(0, end - k, right, false), left),
    };
    path.push(mth(sibling));
    path
}

/// Rebuilds both roots by the same recursion, hashes taken from the end of the path; `None` for a wrong length.
fn rebuild(
    (start, end): (u64, u64),
    n: u64,
    known: Option<&Digest>,
    path: &mut Vec<Digest>,
) -> Option<(Digest, Digest)> {
    if start == end {
        return Some((empty_root(), Digest::default()));
    }
    if (start, end) == (0, n) {
        let hash = known.copied().or_else(|| path.pop())?;
        return Some((hash, hash));
    }
    let k = 1u64 << (n - 1).ilog2();
    let sibling = path.pop()?;
    Some(if end <= k {
        let (part, whole) = rebuild((start, end), k, known, path)?;
        (part, Sha256.node(&whole, &sibling))
    } else if k <= start {
        let (part, whole) = rebuild((start - k, end - k), n - k, known, path)?;
        (part, Sha256.node(&sibling, &whole))
    } else {
        let (part, whole) = rebuild((0, end - k), n - k, None, path)?;
        (Sha256.node(&sibling, &part), Sha256.node(&sibling, &whole))
    })
}

fn reason(error: &Error) -> Why {
    match error {
        Error::PeerSubtreeRootMismatch { .. } => Why::OldRoot,
        other => why(other),
    }
}

/// The verdict, compared with the recursion's.
fn verdict(
    (start, end, size): (u64, u64, u64),
    part: &Digest,
    path: &[Digest],
    root: &Digest,
) -> Result<(), Why> {
    let sizes = (Size(start), Size(end));
    let verdict =
        verify_subtree_consistency(&Sha256, sizes, part, Size(size), path, root).map_err(|e| reason(&e));
    let mut rest = path.to_vec();
    let want = match rebuild((start, end), size, Some(part), &mut rest) {
        _ if size == 0 && *root != empty_root() => Err(Why::Empty),
        Some(_) if !rest.is_empty() => Err(Why::Length),
        Some((rebuilt, _)) if rebuilt != *part => Err(Why::OldRoot),
        Some((_, rebuilt)) if rebuilt != *root && start < end => Err(Why::Root),
        Some(_) => Ok(()),
        None => Err(Why::Length),
    };
    assert_eq!(verdict, want, "{start} to {end} of {size}");
    verdict
}

#[test]
fn every_consistency_proof_is_that_of_the_definition() {
    let (all, tree) = (leaves(40), reference::tree(40));
    for (start, end, size) in subtrees(40) {
        let (from, to, of) = (start as u64, end as u64, size as u64);
        let path = tree.subtree_consistency(Size(from), Size(to), Size(of)).unwrap();
        assert_eq!(path, proof(start, end, &all[..size], true), "{start} to {end} of {size}");
        let (part, root) = (mth(&all[start..end]), mth(&all[..size]));
        assert_eq!(verdict((from, to, of), &part, &path, &root), Ok(()));
        if start == 0 {
            assert_eq!(path, tree.consistency(Size(to), Size(of)).unwrap().path);
        }
    }
}

#[test]
fn every_inclusion_proof_is_that_of_the_definition() {
    let (all, tree) = (leaves(40), reference::tree(40));
    for (start, end, _) in subtrees(40).filter(|(_, _, size)| *size == 40) {
        let (part, within) = (mth(&all[start..end]), (Size(start as u64), Size(end as u64)));
        for at in start..end {
            let path = tree.subtree_inclusion(Index(at as u64), within.0, within.1).unwrap();
            assert_eq!(path, reference::path(at - start, &all[start..end]));
            let verify =
                |index| verify_subtree_inclusion(&Sha256, &all[at], Index(index), within, &path, &part);
            assert_eq!(verify(at as u64), Ok(()));
            for other in (0..40).filter(|other| *other != at as u64) {
                let error = verify(other).unwrap_err();
                let outside =
                    Error::PeerIndexOutsideSubtree { index: Index(other), start: within.0, end: within.1 };
                match (start as u64..end as u64).contains(&other) {
                    true => assert_ne!(error, outside),
                    false => assert_eq!(error, outside),
                }
            }
        }
    }
}

#[test]
fn a_changed_byte_is_refused() {
    let all = leaves(23);
    for (start, end, size) in [(8, 13, 23), (4, 7, 13), (16, 23, 23), (0, 5, 11), (8, 12, 17), (20, 21, 23)] {
        let (part, root) = (mth(&all[start..end]), mth(&all[..size]));
        let path = proof(start, end, &all[..size], true);
        let sizes = (start as u64, end as u64, size as u64);
        assert_eq!(verdict(sizes, &part, &path, &root), Ok(()));
        for changed in changes(root, [1, 0x80].into_iter()) {
            assert_eq!(verdict(sizes, &part, &path, &changed), Err(Why::Root));
        }
        for changed in changes(part, [1, 0x80].into_iter()) {
            assert!(matches!(verdict(sizes, &changed, &path, &root), Err(Why::OldRoot | Why::Root)));
        }
        for at in 0..path.len() {
            for changed in changes(path[at], 1..=255) {
                let mut path = path.clone();
                path[at] = changed;
                assert!(matches!(verdict(sizes, &part, &path, &root), Err(Why::OldRoot | Why::Root)));
            }
        }
        for at in 0..=path.len() {
            let (mut longer, mut shorter) = (path.clone(), path.clone());
            longer.insert(at, Digest([5; 32]));
            assert_eq!(verdict(sizes, &part, &longer, &root), Err(Why::Length));
            if at < path.len() {
                shorter.remove(at);
                assert_eq!(verdict(sizes, &part, &shorter, &root), Err(Why::Length));
            }
        }
    }
}

#[test]
fn what_is_no_subtree_is_refused() {
    let (all, tree) = (leaves(13), reference::tree(13));
    let (root, nothing) = (mth(&all), Digest::default());
    for (start, end) in [(1, 3), (2, 5), (5, 4), (4, 9)] {
        let (start, end) = (Size(start), Size(end));
        let refused = Err(Error::PeerSubtree { start, end });
        let verify = verify_subtree_consistency(&Sha256, (start, end), &nothing, Size(13), &[], &root);
        assert_eq!(verify, refused);
        let verify = verify_subtree_inclusion(&Sha256, &all[4], Index(4), (start, end), &[], &nothing);
        assert_eq!(verify, refused);
        let refused = Err(Error::MisuseSubtree { start, end });
        assert_eq!(tree.subtree_consistency(start, end, Size(13)), refused);
        assert_eq!(tree.subtree_inclusion(Index(4), start, end), refused);
    }
    let verify = verify_subtree_consistency(&Sha256, (Size(8), Size(14)), &nothing, Size(13), &[], &root);
    assert_eq!(verify, Err(Error::PeerSubtreeBeyondSize { end: Size(14), size: Size(13) }));
    let empty = (Size(5), Size(5));
    let verify = |part: &Digest, path: &[Digest]| {
        verify_subtree_consistency(&Sha256, empty, part, Size(13), path, &root)
    };
    assert_eq!(verify(&empty_root(), &[]), Ok(()));
    // It is part of every tree: the root is not looked at.
    let other = verify_subtree_consistency(&Sha256, empty, &empty_root(), Size(13), &[], &nothing);
    assert_eq!(other, Ok(()));
    let refused = Error::PeerSubtreeRootMismatch { got: empty_root(), want: nothing };
    assert_eq!(verify(&nothing, &[]), Err(refused));
    assert_eq!(verify(&empty_root(), &[nothing]), Err(Error::PeerPathLength { got: 1, want: 0 }));
    assert_eq!(tree.subtree_consistency(Size(5), Size(5), Size(13)), Ok(Vec::new()));
    let outside = Error::MisuseIndexOutsideSubtree { index: Index(5), start: Size(5), end: Size(5) };
    assert_eq!(tree.subtree_inclusion(Index(5), Size(5), Size(5)), Err(outside));
    let beyond = |got, max| Err(Error::MisuseSizeBeyondTree { got: Size(got), max: Size(max) });
    assert_eq!(tree.subtree_consistency(Size(8), Size(11), Size(10)), beyond(11, 10));
    assert_eq!(tree.subtree_consistency(Size(8), Size(11), Size(14)), beyond(14, 13));
    assert_eq!(tree.subtree_inclusion(Index(8), Size(8), Size(14)), beyond(14, 13));
    let outside =
        |index| Error::MisuseIndexOutsideSubtree { index: Index(index), start: Size(8), end: Size(11) };
    for index in [7, 11] {
        assert_eq!(tree.subtree_inclusion(Index(index), Size(8), Size(11)), Err(outside(index)));
    }
}

/// Also where the proof is for nothing: no root but the hash of nothing is that of a tree without leaves.
#[test]
fn a_tree_without_leaves_has_one_root() {
    let (none, others) = ((0, 0, 0), [Digest::default(), Sha256.leaf(b""), mth(&leaves(1))]);
    assert_eq!(verdict(none, &empty_root(), &[], &empty_root()), Ok(()));
    let changed: Vec<Digest> = changes(empty_root(), 1..=255).collect();
    for root in others.into_iter().chain(changed) {
        let refused = Err(Error::PeerEmptyRoot { got: root, want: empty_root() });
        let sizes = (Size(0), Size(0));
        for (part, path) in [(empty_root(), &[][..]), (root, &[]), (empty_root(), &[root])] {
            assert_eq!(verify_subtree_consistency(&Sha256, sizes, &part, Size(0), path, &root), refused);
            assert_eq!(verdict(none, &part, path, &root), Err(Why::Empty));
        }
        // With the right root the rest is judged as for any subtree without leaves.
        assert_eq!(verdict(none, &root, &[], &empty_root()), Err(Why::OldRoot));
        assert_eq!(verdict(none, &empty_root(), &[root], &empty_root()), Err(Why::Length));
        assert_eq!(verdict((0, 0, 1), &empty_root(), &[], &root), Ok(()));
    }
}

/// What still is a subtree by its form is the recursion's to judge. The size is not in the root, and the leaves from 8 to 13 have one
/// path to the same root in every tree of 17 to 32 leaves: for any other size it is refused.
#[test]
fn another_start_end_or_size_is_refused() {
    let all = leaves(23);
    let (start, end, size) = (8u64, 13, 23);
    let (part, root) = (mth(&all[8..13]), mth(&all));
    let path = proof(8, 13, &all, true);
    let mut others: Vec<_> = other_numbers(start).map(|start| (start, end, size)).collect();
    others.extend(other_numbers(end).map(|end| (start, end, size)));
    for (start, end, size) in others {
        let sizes = (Size(start), Size(end));
        let error = verify_subtree_consistency(&Sha256, sizes, &part, Size(size), &path, &root).unwrap_err();
        match error {
            Error::PeerSubtree { .. } => assert!(end < start || !is_subtree(start, end)),
            Error::PeerSubtreeBeyondSize { .. } => assert!(end > size),
            _ => assert!(verdict((start, end, size), &part, &path, &root).is_err()),
        }
    }
    for other in (end..=100).chain(other_numbers(size).filter(|other| *other >= end)) {
        let want = if (17..=32).contains(&other) { Ok(()) } else { Err(Why::Length) };
        assert_eq!(verdict((start, end, other), &part, &path, &root), want, "size {other}");
    }
}

proptest! {
    /// Sizes far beyond what can be built: the recursion is the judge.
    #[test]
    fn any_size_gets_the_verdict_of_the_recursion(
        (size, shift) in (any::<u64>(), 0u32..64),
        (level, length, place) in (0u32..64, any::<u64>(), any::<u64>()),
        hashes in prop::collection::vec(any::<[u8; 32]>(), 67),
    ) {
        let size = (size >> shift).max(1);
        let width = 1u64 << level.min(size.ilog2());
        let start = (place % size) / width * width;
        let end = (start + 1 + length % width).min(size);
        let hashes: Vec<Digest> = hashes.into_iter().map(Digest).collect();
        prop_assume!(start.is_multiple_of((end - start).checked_next_power_of_two().unwrap_or(1)));
        for length in 0..=65 {
            let mut path = hashes[1..=length].to_vec();
            let rebuilt = rebuild((start, end), size, Some(&hashes[0]), &mut path).filter(|_| path.is_empty());
            let (part, whole) = rebuilt.unwrap_or((hashes[0], hashes[66]));
            let verdict = verdict((start, end, size), &part, &hashes[1..=length], &whole);
            prop_assert_eq!(verdict.is_ok(), rebuilt.is_some());
        }
    }
}

#[test]
fn the_largest_sizes_do_not_overflow() {
    let (part, most) = (Digest([1; 32]), u64::MAX);
    assert_eq!(verdict((0, most, most), &part, &[], &part), Ok(()));
    assert_eq!(verdict((0, most - 1, most), &part, &[], &part), Err(Why::Length));
    assert_eq!(verdict((1 << 63, most, most), &part, &[], &part), Err(Why::Length));
}
