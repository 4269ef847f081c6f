use alloc::vec::Vec;

use auditmesh_types::{Digest, Hasher, Size, TreeHead};

use crate::{Error, empty_root, shape::Shape};

/// Says that a tree's first leaves are all the leaves of an older tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The older tree's leaves.
    pub old: Size,
    /// The newer tree's leaves.
    pub new: Size,
    /// The hashes, in the order of RFC 9162.
    pub path: Vec<Digest>,
}

impl ConsistencyProof {
    /// Verifies that the tree with `old_root` is a prefix of the tree with `new_root`, at the proof's sizes.
    ///
    /// # Errors
    /// As [`verify_consistency`].
    /// # Cost
    /// As [`verify_consistency`].
    pub fn verify<H: Hasher + ?Sized>(
        &self,
        hasher: &H,
        old_root: &Digest,
        new_root: &Digest,
    ) -> Result<(), Error> {
        let old = TreeHead { size: self.old, root: *old_root };
        verify_consistency(hasher, &old, &TreeHead { size: self.new, root: *new_root }, &self.path)
    }
}

/// Verifies that `new` continues `old`: the first `old.size` leaves are the same, in the same order.
///
/// `path`: at most 64 digests, 65 beyond 2⁶³ leaves. It is empty when the sizes are equal, and when the older tree has no leaves: every tree
/// continues the empty one, whose root is then checked.
///
/// # Errors
/// [`Error::PeerOldBeyondNew`], [`Error::PeerEmptyRoot`], [`Error::PeerPathLength`],
/// [`Error::PeerOldRootMismatch`], [`Error::PeerNewRootMismatch`] (also for two roots of one size).
/// # Cost
/// At most two hashes a digest of the path, O(log size); no allocation. A path of another length is refused unhashed.
/// # Source
/// RFC 9162 §2.1.4.2.
pub fn verify_consistency<H: Hasher + ?Sized>(
    hasher: &H,
    old: &TreeHead,
    new: &TreeHead,
    path: &[Digest],
) -> Result<(), Error> {
    if old.size > new.size {
        return Err(Error::PeerOldBeyondNew { old: old.size, new: new.size });
    }
    for head in [old, new] {
        if head.size.0 == 0 && head.root != empty_root() {
            return Err(Error::PeerEmptyRoot { got: head.root, want: empty_root() });
        }
    }
    if old.size.0 == 0 || old.size == new.size {
        if !path.is_empty() {
            return Err(Error::PeerPathLength { got: path.len(), want: 0 });
        }
        return if old.size.0 == 0 || old.root == new.root {
            Ok(())
        } else {
            Err(Error::PeerNewRootMismatch { got: old.root, want: new.root })
        };
    }
    climb(hasher, old, new, path)
}

/// Rebuilds both roots from the last complete subtree of the older tree; `0 < old.size < new.size`.
fn climb<H: Hasher + ?Sized>(
    hasher: &H,
    old: &TreeHead,
    new: &TreeHead,
    path: &[Digest],
) -> Result<(), Error> {
    let level = old.size.0.trailing_zeros();
    let (index, last) = ((old.size.0 - 1) >> level, (new.size.0 - 1) >> level);
    let shape = Shape::of(index, last);
    // The older tree of 2^k leaves is itself the subtree from which the climb begins.
    let given = old.size.0.is_power_of_two();
    let want = shape.len() + usize::from(!given);
    let (seed, path) = match path.split_first() {
        _ if path.len() != want => return Err(Error::PeerPathLength { got: path.len(), want }),
        Some((seed, rest)) if !given => (*seed, rest),
        _ => (old.root, path),
    };
    let (inner, border) = path.split_at(shape.inner);
    let (mut older, mut newer) = (seed, seed);
    for (step, sibling) in inner.iter().enumerate() {
        if index >> step & 1 == 0 {
            newer = hasher.node(&newer, sibling);
        } else {
            older = hasher.node(sibling, &older);
            newer = hasher.node(sibling, &newer);
        }
    }
    for sibling in border {
        older = hasher.node(sibling, &older);
        newer = hasher.node(sibling, &newer);
    }
    if older != old.root {
        return Err(Error::PeerOldRootMismatch { got: older, want: old.root });
    }
    if newer != new.root {
        return Err(Error::PeerNewRootMismatch { got: newer, want: new.root });
    }
    Ok(())
}
