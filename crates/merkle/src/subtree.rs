//! Proofs about *subtrees*: stretches of leaves whose own tree is also found, whole or in pieces, in the tree that they
//! are part of. Such a stretch begins at a multiple of its length, the length rounded up to a power of two. One without
//! leaves is a subtree too, wherever it stands.

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{
    Error, empty_root,
    shape::{Shape, low_bits},
    verify_inclusion,
};

/// Verifies that `leaf` is the hash of entry `index` of the tree, in the subtree with `root` over the leaves from `start`
/// up to but not including `end`.
///
/// # Errors
/// [`Error::PeerSubtree`], [`Error::PeerIndexOutsideSubtree`], [`Error::PeerPathLength`],
/// [`Error::PeerRootMismatch`].
/// # Cost
/// As [`verify_inclusion`] in a tree of `end` − `start` leaves.
/// # Source
/// draft-ietf-plants-merkle-tree-certs, subtree inclusion proofs.
pub fn verify_subtree_inclusion<H: Hasher + ?Sized>(
    hasher: &H,
    leaf: &Digest,
    index: Index,
    (start, end): (Size, Size),
    path: &[Digest],
    root: &Digest,
) -> Result<(), Error> {
    if !is_subtree(start.0, end.0) {
        return Err(Error::PeerSubtree { start, end });
    }
    match index.0.checked_sub(start.0) {
        Some(within) if index.0 < end.0 => {
            verify_inclusion(hasher, leaf, Index(within), Size(end.0 - start.0), path, root)
        }
        _ => Err(Error::PeerIndexOutsideSubtree { index, start, end }),
    }
}

/// Verifies that the subtree with `subtree_root` over the leaves from `start` up to but not including `end` is part of the
/// tree of `size` leaves with `root`.
///
/// From leaf 0 on, the path is that of [`verify_consistency`](crate::verify_consistency). For a subtree without leaves it is
/// empty, and the subtree's root is the hash of nothing. It is part of every tree, so `root` is then compared with nothing,
/// and success says nothing about it, unless the tree has no leaves either: then it is the hash of nothing as well.
///
/// # Errors
/// [`Error::PeerSubtree`], [`Error::PeerSubtreeBeyondSize`], [`Error::PeerEmptyRoot`], [`Error::PeerPathLength`],
/// [`Error::PeerSubtreeRootMismatch`], [`Error::PeerRootMismatch`].
/// # Cost
/// At most two hashes a digest of the path, O(log size); no allocation. A path of another length is refused unhashed.
/// # Source
/// draft-ietf-plants-merkle-tree-certs, subtree consistency proofs.
pub fn verify_subtree_consistency<H: Hasher + ?Sized>(
    hasher: &H,
    (start, end): (Size, Size),
    subtree_root: &Digest,
    size: Size,
    path: &[Digest],
    root: &Digest,
) -> Result<(), Error> {
    if !is_subtree(start.0, end.0) {
        return Err(Error::PeerSubtree { start, end });
    }
    if end > size {
        return Err(Error::PeerSubtreeBeyondSize { end, size });
    }
    if start == end {
        if size.0 == 0 && *root != empty_root() {
            return Err(Error::PeerEmptyRoot { got: *root, want: empty_root() });
        }
        return match path.len() {
            0 if *subtree_root == empty_root() => Ok(()),
            0 => Err(Error::PeerSubtreeRootMismatch { got: empty_root(), want: *subtree_root }),
            got => Err(Error::PeerPathLength { got, want: 0 }),
        };
    }
    let (level, given) = subtree_seed(start.0, end.0, size.0);
    // A subtree of more than 2⁶³ leaves may be node 0 of level 64.
    let above = |leaf: u64| leaf.checked_shr(level).unwrap_or(0);
    let (first, index, last) = (above(start.0), above(end.0 - 1), above(size.0 - 1));
    let shape = Shape::of(index, last);
    let want = shape.len() + usize::from(!given);
    let (seed, path) = match path.split_first() {
        _ if path.len() != want => return Err(Error::PeerPathLength { got: path.len(), want }),
        Some((seed, rest)) if !given => (*seed, rest),
        _ => (*subtree_root, path),
    };
    // The siblings to the left complete the subtree first, then what is before it.
    let mut missing = (index - first).count_ones();
    let (mut part, mut whole) = (seed, seed);
    for (step, sibling) in path.iter().enumerate() {
        if step < shape.inner && index >> step & 1 == 0 {
            whole = hasher.node(&whole, sibling);
            continue;
        }
        if missing > 0 {
            part = hasher.node(sibling, &part);
            missing -= 1;
        }
        whole = hasher.node(sibling, &whole);
    }
    if part != *subtree_root {
        return Err(Error::PeerSubtreeRootMismatch { got: part, want: *subtree_root });
    }
    if whole != *root {
        return Err(Error::PeerRootMismatch { got: whole, want: *root });
    }
    Ok(())
}

/// Two subtrees, side by side, that together have the leaves from `start` up to but not including `end`, and before them fewer than
/// half of the leaves of the first: where each begins and where it ends. The second, or both, may have no leaf.
///
/// # Errors
/// [`Error::MisuseRange`].
/// # Source
/// draft-ietf-plants-merkle-tree-certs, selecting two subtrees.
pub fn covering_subtrees(start: Size, end: Size) -> Result<[(Size, Size); 2], Error> {
    let count = end.0.checked_sub(start.0).ok_or(Error::MisuseRange { start, end })?;
    if count <= 1 {
        return Ok([(start, end), (end, end)]);
    }
    let last = end.0 - 1;
    // On this level the paths of the first and the last leaf are side by side; they meet on the next.
    let meet = (start.0 ^ last).ilog2();
    let middle = Size(last >> meet << meet);
    let zeroes = !start.0 & low_bits(meet);
    let width = u64::BITS - zeroes.leading_zeros();
    Ok([(Size(start.0 >> width << width), middle), (middle, end)])
}

/// Whether the leaves from `start` up to but not including `end` are a subtree of every tree that has them.
pub(crate) fn is_subtree(start: u64, end: u64) -> bool {
    match end.checked_sub(start).map(u64::checked_next_power_of_two) {
        Some(Some(rounded)) => start.is_multiple_of(rounded),
        // A length above 2⁶³: only from 0 on.
        Some(None) => start == 0,
        None => false,
    }
}

/// The level of the subtree's last node from which a consistency proof climbs, and whether that node is the whole
/// subtree: it is when it has 2ᵏ leaves, or ends with the tree.
pub(crate) fn subtree_seed(start: u64, end: u64, size: u64) -> (u32, bool) {
    let length = end - start;
    if length.is_power_of_two() || end == size {
        (u64::BITS - (length - 1).leading_zeros(), true)
    } else {
        (end.trailing_zeros(), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_begins_at_a_multiple_of_its_rounded_length() {
        for (start, end) in
            [(0, 1), (0, 7), (5, 6), (4, 7), (8, 13), (0, u64::MAX), (1 << 63, u64::MAX), (4, 4)]
        {
            assert!(is_subtree(start, end), "{start} to {end}");
        }
        for (start, end) in [(7, 4), (1, 3), (2, 5), (4, 9), (1, u64::MAX)] {
            assert!(!is_subtree(start, end), "{start} to {end}");
        }
    }
}
