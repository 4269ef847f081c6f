use alloc::vec::Vec;
use core::slice::Iter;

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{Error, empty_root, shape::Shape};

/// The most leaves that one proof may be for.
pub const MAX_PROOF_LEAVES: usize = 65_536;

/// Says that leaves stand at indices of a tree of a size.
///
/// Every hash that the leaves do not give themselves is in the path once, level by level from the leaves up, from left
/// to right within a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiProof {
    /// Where the leaves stand, strictly ascending.
    pub indices: Vec<Index>,
    /// The tree's leaves.
    pub size: Size,
    /// The siblings that are not known from below.
    pub path: Vec<Digest>,
}

impl MultiProof {
    /// Verifies that `leaves`, in the order of the indices, are where the proof says in the tree with `root`.
    ///
    /// `size` is the proof's own: whoever trusts a signed head compares the two.
    ///
    /// # Errors
    /// [`Error::PeerLeafCount`], and as [`verify_multi`].
    /// # Cost
    /// As [`verify_multi`].
    pub fn verify<H: Hasher + ?Sized>(
        &self,
        hasher: &H,
        leaves: &[Digest],
        root: &Digest,
    ) -> Result<(), Error> {
        let (got, want) = (leaves.len() as u64, self.indices.len() as u64);
        if got != want {
            return Err(Error::PeerLeafCount { got, want });
        }
        check_shape(self.indices.iter().copied(), self.size, self.path.len())?;
        let indices = self.indices.iter().map(|index| index.0).collect();
        compare(climb(hasher, indices, leaves.to_vec(), self.size, &self.path), root)
    }
}

/// Verifies that each of `leaves` is the hash of the entry at its index of the tree of `size` leaves with `root`.
///
/// `leaves`: strictly ascending indices below `size`, at least one, at most [`MAX_PROOF_LEAVES`]. `path`: as
/// [`MultiProof`] orders it.
///
/// # Errors
/// In this order: [`Error::PeerNoLeaf`], [`Error::PeerTooManyLeaves`], the first [`Error::PeerIndexOrder`] or
/// [`Error::PeerIndexBeyondSize`], [`Error::PeerPathLength`], [`Error::PeerRootMismatch`].
/// # Cost
/// With m leaves at most m log size hashes, one call to the hasher a level; three allocations of O(m). All but a
/// wrong root is refused unhashed, in O(m) and without allocation.
pub fn verify_multi<H: Hasher + ?Sized>(
    hasher: &H,
    leaves: &[(Index, Digest)],
    size: Size,
    path: &[Digest],
    root: &Digest,
) -> Result<(), Error> {
    check_shape(leaves.iter().map(|(index, _)| *index), size, path.len())?;
    let indices = leaves.iter().map(|(index, _)| index.0).collect();
    let hashes = leaves.iter().map(|(_, leaf)| *leaf).collect();
    compare(climb(hasher, indices, hashes, size, path), root)
}

/// The verdict on the root that a proof leads to.
pub(crate) fn compare(got: Digest, root: &Digest) -> Result<(), Error> {
    if got == *root { Ok(()) } else { Err(Error::PeerRootMismatch { got, want: *root }) }
}

/// Refuses what cannot be a proof, whatever its hashes are.
fn check_shape(
    mut indices: impl ExactSizeIterator<Item = Index>,
    size: Size,
    got: usize,
) -> Result<(), Error> {
    let count = indices.len();
    if count > MAX_PROOF_LEAVES {
        return Err(Error::PeerTooManyLeaves { got: count, max: MAX_PROOF_LEAVES });
    }
    let Some(first) = indices.next() else { return Err(Error::PeerNoLeaf) };
    let below_size = |index: Index| match index.0 < size.0 {
        true => Ok(size.0 - 1),
        false => Err(Error::PeerIndexBeyondSize { index, size }),
    };
    // Nodes with two children above the leaves. Each is made of two hashes; but for the last they are used again.
    let mut nodes = Shape::of(first.0, below_size(first)?).len();
    let mut before = first;
    for index in indices {
        if index <= before {
            return Err(Error::PeerIndexOrder { before, index });
        }
        // The node at which the climb of this leaf meets that of the leaf before it is counted already.
        let meeting = u64::BITS - (index.0 ^ before.0).leading_zeros();
        nodes += Shape::below(index.0, below_size(index)?, meeting - 1);
        before = index;
    }
    let want = nodes + 1 - count;
    if got == want { Ok(()) } else { Err(Error::PeerPathLength { got, want }) }
}

/// The root over leaves and a path of the right shape.
fn climb<H: Hasher + ?Sized>(
    hasher: &H,
    mut indices: Vec<u64>,
    mut hashes: Vec<Digest>,
    size: Size,
    path: &[Digest],
) -> Digest {
    let mut path = path.iter();
    let mut children = Vec::with_capacity(2 * hashes.len());
    let mut last = size.0 - 1;
    while last > 0 {
        let odd = pair(&indices, &hashes, last, &mut path, &mut children);
        hashes.clear();
        hashes.resize(children.len() / 2, Digest::default());
        hasher.nodes(&children, &mut hashes);
        hashes.extend(odd);
        indices.iter_mut().for_each(|index| *index >>= 1);
        indices.dedup();
        last >>= 1;
    }
    hashes.first().copied().unwrap_or(empty_root())
}

/// Lays what is known of a level, and the siblings from the path, side by side in `children`; the last node of the
/// level, if it has no sibling.
fn pair(
    indices: &[u64],
    hashes: &[Digest],
    last: u64,
    path: &mut Iter<'_, Digest>,
    children: &mut Vec<Digest>,
) -> Option<Digest> {
    children.clear();
    let mut known = indices.iter().zip(hashes).peekable();
    while let Some((index, hash)) = known.next() {
        if index & 1 == 1 {
            children.extend(path.next());
            children.push(*hash);
        } else if let Some((_, right)) = known.next_if(|(next, _)| **next == index + 1) {
            children.extend([*hash, *right]);
        } else if *index == last {
            return Some(*hash);
        } else {
            children.push(*hash);
            children.extend(path.next());
        }
    }
    None
}
