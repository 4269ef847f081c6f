use alloc::vec::Vec;

use auditmesh_types::{Digest, Hasher, Index, Size, TreeHead};

use crate::{Error, MAX_LEAVES, Sha256, empty_root};

/// Subtrees of this many leaves are hashed at once when whole ones come.
const CHUNK_LEVEL: u32 = 8;
const CHUNK: usize = 1 << CHUNK_LEVEL;

/// The right edge of a tree: enough to append and to give roots, in O(log size) memory; it proves nothing.
///
/// It holds the hash of one complete subtree for every 1 bit of the size, the largest first, and gives the same roots
/// as [`Tree`](crate::Tree).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier<H = Sha256> {
    hasher: H,
    size: u64,
    hashes: Vec<Digest>,
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
        Self { hasher, size: 0, hashes: Vec::new() }
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
        Ok(Self { hasher, size: size.0, hashes })
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> Size {
        Size(self.size)
    }

    /// The hashes of the complete subtrees, the largest first: what [`Frontier::from_hashes`] takes.
    #[must_use]
    pub fn hashes(&self) -> &[Digest] {
        &self.hashes
    }

    /// The caller has the hashes from a tree of that size.
    pub(crate) fn of_parts(hasher: H, size: Size, hashes: impl Iterator<Item = Digest>) -> Self {
        Self { hasher, size: size.0, hashes: hashes.collect() }
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
        self.append_leaf_hashes(core::slice::from_ref(leaf))
    }

    /// Appends leaf hashes in order; the index of the first.
    ///
    /// # Errors
    /// [`Error::MisuseTreeFull`]. Nothing is appended then.
    /// # Cost
    /// One hash a leaf, whole subtrees of 256 leaves level by level; no allocation beyond the O(log size) that is kept.
    pub fn append_leaf_hashes(&mut self, leaves: &[Digest]) -> Result<Index, Error> {
        let (first, adding) = (self.size, leaves.len() as u64);
        if adding > MAX_LEAVES - first {
            return Err(Error::MisuseTreeFull { size: Size(first), adding, max: MAX_LEAVES });
        }
        let unaligned = (first.wrapping_neg() % CHUNK as u64).min(adding);
        let (before, rest) = leaves.split_at(usize::try_from(unaligned).unwrap_or(leaves.len()));
        before.iter().for_each(|leaf| self.push(*leaf, 0));
        let chunks = rest.chunks_exact(CHUNK);
        let after = chunks.remainder();
        for chunk in chunks {
            let root = self.chunk_root(chunk);
            self.push(root, CHUNK_LEVEL);
        }
        after.iter().for_each(|leaf| self.push(*leaf, 0));
        Ok(Index(first))
    }

    /// The root.
    ///
    /// # Cost
    /// At most O(log size) hashes.
    #[must_use]
    pub fn root(&self) -> Digest {
        let join = |right: Digest, left: &Digest| self.hasher.node(left, &right);
        match self.hashes.split_last() {
            Some((last, larger)) => larger.iter().rev().fold(*last, join),
            None => empty_root(),
        }
    }

    /// Size and root.
    ///
    /// # Cost
    /// As [`Frontier::root`].
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size(), root: self.root() }
    }

    /// Appends a complete subtree of 2^`level` leaves; the size is a multiple of that.
    fn push(&mut self, subtree: Digest, level: u32) {
        let mut right = subtree;
        let mut beside = self.size >> level;
        while beside & 1 == 1
            && let Some(left) = self.hashes.pop()
        {
            right = self.hasher.node(&left, &right);
            beside >>= 1;
        }
        self.hashes.push(right);
        self.size += 1 << level;
    }

    /// The root over exactly `CHUNK` leaves.
    fn chunk_root(&self, leaves: &[Digest]) -> Digest {
        let (mut below, mut above) = ([Digest::default(); CHUNK / 2], [Digest::default(); CHUNK / 2]);
        self.hasher.nodes(leaves, &mut below);
        let mut width = CHUNK / 2;
        while width > 1 {
            self.hasher.nodes(&below[..width], &mut above[..width / 2]);
            core::mem::swap(&mut below, &mut above);
            width /= 2;
        }
        below[0]
    }
}
