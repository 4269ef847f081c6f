use alloc::{vec, vec::Vec};
use core::{fmt, mem};

use auditmesh_types::{Digest, Hasher, Index, Nodes, Size, TreeHead};

use crate::{Error, Frontier, Sha256, empty_root};

/// The most leaves a tree may have.
pub const MAX_LEAVES: u64 = 1 << 48;

/// The most bytes an entry may have: what its length prefix in an entry bundle can say.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// The most hashes a proof of ours has; a tree of 2⁴⁸ leaves needs no more than 49. Verifiers read other logs' proofs too: a consistency
/// proof beyond 2⁶³ leaves has 65.
pub const MAX_PATH: usize = 64;

/// An append-only RFC 6962 tree in memory.
///
/// Level 0 holds the leaf hashes, level l the hashes of the complete subtrees of 2ˡ leaves, in order: about 64 bytes a
/// leaf. The right edge, what is not complete, is hashed anew after every append, so that the root and the proofs of the
/// tree as it is take no hash at all.
#[derive(Clone)]
pub struct Tree<H = Sha256> {
    hasher: H,
    /// `levels[l].len() == size >> l`; level 0 always stands.
    pub(crate) levels: Vec<Vec<Digest>>,
    /// `edge[l]` is the hash of the leaves behind the last complete subtree of 2ˡ leaves, where there are any.
    edge: Vec<Digest>,
}

/// How many leaves are taken at once: all of their subtrees are hashed while they are in the cache.
const STRIDE: usize = 1 << 16;

impl Tree {
    /// The empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(Sha256)
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl<H: Hasher> Tree<H> {
    /// The empty tree that hashes with `hasher`.
    #[must_use]
    pub fn with_hasher(hasher: H) -> Self {
        Self { hasher, levels: vec![Vec::new()], edge: Vec::new() }
    }

    /// What it hashes with.
    #[must_use]
    pub const fn hasher(&self) -> &H {
        &self.hasher
    }

    /// Appends one entry; the index of its leaf.
    ///
    /// # Errors
    /// [`Error::MisuseEntryTooLong`], [`Error::MisuseTreeFull`]. Nothing is appended then.
    /// # Cost
    /// O(log size) hashes.
    pub fn append(&mut self, entry: &[u8]) -> Result<Index, Error> {
        self.append_batch(&[entry])
    }

    /// Appends entries in order; the index of the first one's leaf.
    ///
    /// # Errors
    /// [`Error::MisuseEntryTooLong`], [`Error::MisuseTreeFull`]. Nothing is appended then.
    /// # Cost
    /// Two hashes an entry and O(log size), a few calls to the hasher and at most one allocation a level.
    pub fn append_batch(&mut self, entries: &[&[u8]]) -> Result<Index, Error> {
        if let Some(long) = entries.iter().find(|entry| entry.len() > MAX_ENTRY_BYTES) {
            return Err(Error::MisuseEntryTooLong { got: long.len(), max: MAX_ENTRY_BYTES });
        }
        let first = self.room_for(entries.len())?;
        self.reserve(entries.len());
        for entries in entries.chunks(STRIDE) {
            let leaves = &mut self.levels[0];
            let before = leaves.len();
            leaves.resize(before + entries.len(), Digest::default());
            self.hasher.leaves(entries, &mut leaves[before..]);
            self.grow();
        }
        self.close();
        Ok(Index(first as u64))
    }

    /// Appends leaf hashes in order; the index of the first. Whoever gives them answers for their being hashes of
    /// entries.
    ///
    /// # Errors
    /// [`Error::MisuseTreeFull`]. Nothing is appended then.
    /// # Cost
    /// One hash a leaf and O(log size), a few calls to the hasher and at most one allocation a level.
    pub fn append_leaf_hashes(&mut self, leaves: &[Digest]) -> Result<Index, Error> {
        let first = self.room_for(leaves.len())?;
        self.reserve(leaves.len());
        for leaves in leaves.chunks(STRIDE) {
            self.levels[0].extend_from_slice(leaves);
            self.grow();
        }
        self.close();
        Ok(Index(first as u64))
    }

    /// The number of leaves.
    #[must_use]
    pub fn size(&self) -> Size {
        Size(self.len() as u64)
    }

    /// The root.
    ///
    /// # Cost
    /// No hash.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.aligned_root(0, self.len())
    }

    /// Size and root.
    ///
    /// # Cost
    /// As [`Tree::root`].
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size(), root: self.root() }
    }

    /// The root the tree had when it had `size` leaves.
    ///
    /// # Errors
    /// [`Error::MisuseSizeBeyondTree`].
    /// # Cost
    /// At most O(log size) hashes.
    pub fn root_at(&self, size: Size) -> Result<Digest, Error> {
        Ok(self.aligned_root(0, self.reached(size)?))
    }

    /// The hash of leaf `index`, if there is one.
    #[must_use]
    pub fn leaf(&self, index: Index) -> Option<Digest> {
        self.node(0, index.0)
    }

    /// The Merkle tree hash of the leaves from `start` up to but not including `end`, as if they were a tree of their
    /// own.
    ///
    /// # Errors
    /// [`Error::MisuseRange`], [`Error::MisuseSizeBeyondTree`].
    /// # Cost
    /// With 2ᵃ the highest power of two that divides `start`: (end − start) / 2ᵃ + O(log size) hashes, since complete
    /// subtrees of 2ᵃ leaves are at hand. The hasher is called once a level; two allocations.
    pub fn subtree_root(&self, start: Size, end: Size) -> Result<Digest, Error> {
        if start > end {
            return Err(Error::MisuseRange { start, end });
        }
        let (start, end) = (self.reached(start)?, self.reached(end)?);
        // The highest level at which the range still begins with a whole subtree.
        let level = start.trailing_zeros().min(usize::BITS - 1) as usize;
        let whole =
            self.levels.get(level).and_then(|level_hashes| level_hashes.get(start >> level..end >> level));
        let Some(whole) = whole.filter(|whole| !whole.is_empty()) else {
            return Ok(self.aligned_root(start, end));
        };
        let covered = end >> level << level;
        let tail = (covered < end).then(|| self.aligned_root(covered, end));
        Ok(self.fold(whole, tail))
    }

    /// What is needed to go on with roots alone.
    ///
    /// # Cost
    /// O(log size) copies.
    #[must_use]
    pub fn frontier(&self) -> Frontier<H>
    where
        H: Clone,
    {
        let complete = self.levels.iter().rev().filter(|level| level.len() & 1 == 1);
        Frontier::of_parts(
            self.hasher.clone(),
            self.size(),
            complete.filter_map(|level| level.last().copied()),
        )
    }

    /// Forgets the leaves from `size` on. Only for leaves that were never shown as final.
    pub(crate) fn truncate(&mut self, size: usize) {
        for (level, hashes) in self.levels.iter_mut().enumerate() {
            hashes.truncate(size >> level);
        }
        self.close();
    }

    /// The hashes of the leaves from `start` on.
    pub(crate) fn leaves_from(&self, start: usize) -> &[Digest] {
        self.levels[0].get(start..).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.levels[0].len()
    }

    /// The size now, if `adding` more leaves may come.
    fn room_for(&self, adding: usize) -> Result<usize, Error> {
        let (size, adding) = (self.size(), adding as u64);
        if adding > MAX_LEAVES.saturating_sub(size.0) {
            return Err(Error::MisuseTreeFull { size, adding, max: MAX_LEAVES });
        }
        Ok(self.len())
    }

    /// `size`, if the tree has had it.
    pub(crate) fn reached(&self, size: Size) -> Result<usize, Error> {
        usize::try_from(size.0)
            .ok()
            .filter(|size| *size <= self.len())
            .ok_or(Error::MisuseSizeBeyondTree { got: size, max: self.size() })
    }

    /// Makes room on every level at once.
    fn reserve(&mut self, adding: usize) {
        for (level, hashes) in self.levels.iter_mut().enumerate() {
            hashes.reserve(adding >> level);
        }
        let size = self.len() + adding;
        while self.levels.len() < (usize::BITS - size.leading_zeros()) as usize {
            self.levels.push(Vec::with_capacity(size >> self.levels.len()));
        }
    }

    /// Hashes the right edge.
    fn close(&mut self) {
        let size = self.len();
        let mut behind: Option<Digest> = None;
        self.edge.clear();
        for (level, hashes) in self.levels.iter().enumerate() {
            self.edge.push(behind.unwrap_or_default());
            if size >> level & 1 == 1
                && let Some(left) = hashes.last()
            {
                behind = Some(behind.map_or(*left, |right| self.hasher.node(left, &right)));
            }
        }
        self.edge.push(behind.unwrap_or_default());
    }

    /// Hashes the subtrees that the leaves at the end of level 0 have completed, one level after the other.
    fn grow(&mut self) {
        let mut level = 0;
        loop {
            if self.levels.len() == level + 1 && self.levels[level].len() > 1 {
                self.levels.push(Vec::new());
            }
            let (below, above) = self.levels.split_at_mut(level + 1);
            let (Some(children), Some(parents)) = (below.last(), above.first_mut()) else { return };
            let (have, want) = (parents.len(), children.len() / 2);
            if have == want {
                return;
            }
            parents.resize(want, Digest::default());
            self.hasher.nodes(&children[2 * have..2 * want], &mut parents[have..]);
            level += 1;
        }
    }

    /// The hash of the leaves from `start` to `end`, where `start` is a multiple of a power of two that is not below
    /// `end - start`: the complete subtrees of the range, joined from the right.
    pub(crate) fn aligned_root(&self, start: usize, end: usize) -> Digest {
        let count = end - start;
        if end == self.len() && !count.is_power_of_two() && count > 0 {
            // The smallest power of two above `count` divides `start`, so these are the leaves behind it.
            return self.edge[(usize::BITS - count.leading_zeros()) as usize];
        }
        let complete = self.levels.iter().enumerate().filter(|(level, _)| count >> level & 1 == 1);
        complete
            .map(|(level, hashes)| &hashes[(end >> level) - 1])
            .fold(None, |right, left| Some(right.map_or(*left, |right| self.hasher.node(left, &right))))
            .unwrap_or(empty_root())
    }
    /// The root over `whole` and then `tail`, all taken as leaves, the last odd one of a level passed up as it is.
    fn fold(&self, whole: &[Digest], tail: Option<Digest>) -> Digest {
        let (mut above, mut spare) = (Vec::new(), Vec::new());
        self.fold_once(whole, tail, &mut above);
        while above.len() > 1 {
            self.fold_once(&above, None, &mut spare);
            mem::swap(&mut above, &mut spare);
        }
        above.first().copied().unwrap_or(empty_root())
    }

    fn fold_once(&self, whole: &[Digest], tail: Option<Digest>, above: &mut Vec<Digest>) {
        above.clear();
        above.reserve_exact(whole.len() / 2 + 1);
        above.resize(whole.len() / 2, Digest::default());
        self.hasher.nodes(whole, above);
        let odd = whole.last().filter(|_| whole.len() % 2 == 1);
        above.extend(match (odd, &tail) {
            (Some(left), Some(right)) => Some(self.hasher.node(left, right)),
            (odd, tail) => odd.or(tail.as_ref()).copied(),
        });
    }
}

impl<H: Hasher> Nodes for Tree<H> {
    fn size(&self) -> Size {
        Self::size(self)
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        self.levels.get(usize::from(level))?.get(usize::try_from(index).ok()?).copied()
    }
}

impl<H> fmt::Debug for Tree<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").field("size", &self.levels[0].len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_leaves_and_no_more() {
        let mut tree = Tree::new();
        tree.append(b"one").unwrap();
        let most = usize::try_from(MAX_LEAVES).unwrap();
        assert_eq!(tree.room_for(most - 1), Ok(1));
        let refused = Error::MisuseTreeFull { size: Size(1), adding: MAX_LEAVES, max: MAX_LEAVES };
        assert_eq!(tree.room_for(most), Err(refused));
    }

    #[test]
    fn what_is_truncated_can_be_appended_again() {
        let leaves: Vec<Digest> = (0..40).map(|n| Sha256.leaf(&[n])).collect();
        for kept in 0..=40 {
            let mut tree = Tree::new();
            tree.append_leaf_hashes(&leaves).unwrap();
            let (whole, levels) = (tree.head(), tree.levels.clone());
            tree.truncate(kept);
            let mut short = Tree::new();
            short.append_leaf_hashes(&leaves[..kept]).unwrap();
            assert_eq!(tree.head(), short.head());
            tree.append_leaf_hashes(&leaves[kept..]).unwrap();
            assert_eq!((tree.head(), tree.levels), (whole, levels));
        }
    }
}
