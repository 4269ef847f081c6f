use alloc::vec::Vec;

use auditmesh_types::{Digest, Hasher, Index, Size, TreeHead};

use crate::{CompactRange, Error, MAX_LEAVES, Sha256};

/// The right edge of a tree: enough to append and to give roots, in O(log size) memory; it proves nothing.
///
/// It holds the hash of one complete subtree for every 1 bit of the size, the largest first, and gives the same roots
/// as [`Tree`](crate::Tree). It is the [`CompactRange`] that begins at leaf 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier<H = Sha256> {
    range: CompactRange<H>,
}

impl Frontier {
    /// The frontier of the empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_hasher(Sha256)
    }

    /// Goes on from stored `hashes`: those of the complete subtrees of a tree of `size` leaves, the largest first.
    ///
    /// Their number is all that can be checked; compare [`Frontier::root`] with a root that is trusted.
    ///
    /// # Errors
    /// [`Error::PeerTreeTooLarge`], [`Error::PeerFrontierLength`].
    pub fn from_hashes(size: Size, hashes: Vec<Digest>) -> Result<Self, Error> {
        Self::resume(Sha256, size, hashes)
    }
}

impl Default for Frontier {
    fn default() -> Self {
        Self::new()
    }
}

impl<H> Frontier<H> {
    /// The frontier of the empty tree, hashing with `hasher`.
    #[must_use]
    pub const fn with_hasher(hasher: H) -> Self {
        Self { range: CompactRange::with_hasher(hasher, Size(0)) }
    }

    /// As [`Frontier::from_hashes`], hashing with `hasher`.
    ///
    /// # Errors
    /// As [`Frontier::from_hashes`].
    pub fn resume(hasher: H, size: Size, hashes: Vec<Digest>) -> Result<Self, Error> {
        if size.0 > MAX_LEAVES {
            return Err(Error::PeerTreeTooLarge { got: size, max: MAX_LEAVES });
        }
        let want = size.0.count_ones() as usize;
        if hashes.len() != want {
            return Err(Error::PeerFrontierLength { size, got: hashes.len(), want });
        }
        Ok(Self { range: CompactRange::of_parts(hasher, Size(0), size, hashes) })
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.range.end()
    }

    /// The hashes of the complete subtrees, the largest first: what [`Frontier::from_hashes`] takes.
    #[must_use]
    pub fn hashes(&self) -> &[Digest] {
        self.range.hashes()
    }

    /// The range of all leaves.
    #[must_use]
    pub fn into_range(self) -> CompactRange<H> {
        self.range
    }

    /// The caller has the hashes from a tree of that size.
    pub(crate) fn of_parts(hasher: H, size: Size, hashes: impl Iterator<Item = Digest>) -> Self {
        Self { range: CompactRange::of_parts(hasher, Size(0), size, hashes.collect()) }
    }
}

impl<H: Hasher> Frontier<H> {
    /// Appends the hash of one leaf; its index.
    ///
    /// # Errors
    /// [`Error::MisuseTreeFull`]. Nothing is appended then.
    /// # Cost
    /// One hash on average, at most O(log size).
    pub fn append(&mut self, leaf: &Digest) -> Result<Index, Error> {
        self.range.append(leaf)
    }

    /// Appends leaf hashes in order; the index of the first.
    ///
    /// # Errors
    /// [`Error::MisuseTreeFull`]. Nothing is appended then.
    /// # Cost
    /// As [`CompactRange::append_leaf_hashes`].
    pub fn append_leaf_hashes(&mut self, leaves: &[Digest]) -> Result<Index, Error> {
        self.range.append_leaf_hashes(leaves)
    }

    /// The root.
    ///
    /// # Cost
    /// At most O(log size) hashes.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.range.joined()
    }

    /// Size and root.
    ///
    /// # Cost
    /// As [`Frontier::root`].
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size(), root: self.root() }
    }
}
