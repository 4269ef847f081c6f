use alloc::vec::Vec;
use core::mem;

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{Error, MAX_PROOF_LEAVES, multi_proof::compare, shape::low_bits};

/// Says that leaves without a gap stand from one index of a tree of a size on.
///
/// The path is that of a [`MultiProof`](crate::MultiProof) for the same leaves: from the leaves up, at every level the
/// sibling to the left of the range and then the one to its right, where they are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeProof {
    /// How many leaves stand before the range.
    pub start: Size,
    /// The same and those of the range.
    pub end: Size,
    /// The tree's leaves.
    pub size: Size,
    /// The siblings on both sides.
    pub path: Vec<Digest>,
}

impl RangeProof {
    /// Verifies that `leaves` are those of the range in the tree with `root`.
    ///
    /// `size` is the proof's own: whoever trusts a signed head compares the two.
    ///
    /// # Errors
    /// [`Error::PeerRange`], [`Error::PeerLeafCount`], and as [`verify_range`].
    /// # Cost
    /// As [`verify_range`].
    pub fn verify<H: Hasher + ?Sized>(
        &self,
        hasher: &H,
        leaves: &[Digest],
        root: &Digest,
    ) -> Result<(), Error> {
        let (start, end) = (self.start, self.end);
        let Some(want) = end.0.checked_sub(start.0) else { return Err(Error::PeerRange { start, end }) };
        let got = leaves.len() as u64;
        if got != want {
            return Err(Error::PeerLeafCount { got, want });
        }
        verify_range(hasher, start, leaves, self.size, &self.path, root)
    }
}

/// Verifies that `leaves` are the hashes of the entries from `start` on of the tree of `size` leaves with `root`.
///
/// `leaves`: at least one, at most [`MAX_PROOF_LEAVES`]. `path`: as [`RangeProof`] orders it.
///
/// # Errors
/// In this order: [`Error::PeerNoLeaf`], [`Error::PeerTooManyLeaves`], [`Error::PeerIndexBeyondSize`] (of the last
/// leaf), [`Error::PeerPathLength`], [`Error::PeerRootMismatch`].
/// # Cost
/// One hash a leaf and O(log size) more, one call to the hasher a level; two allocations. All but a wrong root is
/// refused unhashed, in constant time and without allocation.
pub fn verify_range<H: Hasher + ?Sized>(
    hasher: &H,
    start: Size,
    leaves: &[Digest],
    size: Size,
    path: &[Digest],
    root: &Digest,
) -> Result<(), Error> {
    if leaves.is_empty() {
        return Err(Error::PeerNoLeaf);
    }
    if leaves.len() > MAX_PROOF_LEAVES {
        return Err(Error::PeerTooManyLeaves { got: leaves.len(), max: MAX_PROOF_LEAVES });
    }
    // Where the sum does not fit, no size is above it.
    let right = start.0.saturating_add(leaves.len() as u64 - 1);
    if right >= size.0 {
        return Err(Error::PeerIndexBeyondSize { index: Index(right), size });
    }
    let last = size.0 - 1;
    // To the left, one sibling for every level at which the range begins with a right child. To the right, one for
    // every level at which it ends with a left child, up to where it ends with the tree.
    let inner = u64::BITS - (right ^ last).leading_zeros();
    let want = (start.0.count_ones() + (!right & low_bits(inner)).count_ones()) as usize;
    if path.len() != want {
        return Err(Error::PeerPathLength { got: path.len(), want });
    }
    compare(climb(hasher, (start.0, right, last), leaves, path), root)
}

/// The root over leaves and a path of the right length; the indices are those of the first and last leaf of the range
/// and of the last leaf of the tree.
fn climb<H: Hasher + ?Sized>(
    hasher: &H,
    (mut left, mut right, mut last): (u64, u64, u64),
    leaves: &[Digest],
    path: &[Digest],
) -> Digest {
    let mut path = path.iter().copied();
    // The first place is kept for a sibling to the left; there is room for one to the right.
    let mut below = Vec::with_capacity(leaves.len() + 2);
    below.push(Digest::default());
    below.extend_from_slice(leaves);
    let mut above = Vec::with_capacity(leaves.len() / 2 + 3);
    while last > 0 {
        let from = match left & 1 {
            0 => 1,
            _ => {
                below[0] = path.next().unwrap_or_default();
                0
            }
        };
        if right & 1 == 0 && right < last {
            below.extend(path.next());
        }
        let children = &below[from..];
        above.clear();
        above.resize(1 + children.len() / 2, Digest::default());
        hasher.nodes(children, &mut above[1..]);
        above.extend(children.last().filter(|_| children.len() % 2 == 1));
        mem::swap(&mut below, &mut above);
        (left, right, last) = (left >> 1, right >> 1, last >> 1);
    }
    below[1]
}
