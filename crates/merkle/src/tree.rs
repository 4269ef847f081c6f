use alloc::vec::Vec;
use core::{fmt, mem, ops::Range};

use auditmesh_types::{Digest, Hasher, Index, Nodes, Size, TreeHead};

use crate::{
    Error, Frontier, Sha256, empty_root, levels::Levels, six_levels::RUNS_A_JOB, tree_growth,
    tree_pruned::first_kept,
};

/// The most leaves a tree may have. Where an address has 32 bits, a [`Tree`] has at most 2³⁰.
pub const MAX_LEAVES: u64 = 1 << 48;

/// The most leaves that a tree in this machine's memory may have: twice as many are still a number of its own.
pub(crate) const MOST_HERE: u64 = if usize::BITS >= 64 { MAX_LEAVES } else { 1 << (usize::BITS - 2) };

/// The most bytes an entry may have: what its length prefix in an entry bundle can say.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// The most hashes a proof of ours has; a tree of 2⁴⁸ leaves needs no more than 49. Verifiers read other logs' proofs too: a consistency
/// proof beyond 2⁶³ leaves has 65.
pub const MAX_PATH: usize = 64;

/// An append-only RFC 6962 tree in memory.
///
/// It holds the hash of every complete subtree: about 64 bytes a leaf, however it grew. The right edge, what is not
/// complete, is hashed anew after every append, so that the root and the proofs of the tree as it is take no hash at
/// all. What lies below an index can be dropped: [`Tree::prune`].
#[derive(Clone)]
pub struct Tree<H = Sha256> {
    pub(crate) hasher: H,
    /// `size >> level` nodes on every level, without those that were dropped.
    pub(crate) levels: Levels,
    pub(crate) size: usize,
    /// Proofs are made from this leaf on.
    pub(crate) pruned: usize,
    /// Where bit l of the size is 1, `edge[l + 1]` is the hash of the last `size % 2ˡ⁺¹` leaves.
    edge: Vec<Digest>,
}

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
        Self { hasher, levels: Levels::default(), size: 0, pruned: 0, edge: Vec::new() }
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
    /// Two hashes an entry and O(log size), on as many threads as the hasher has, and an allocation for every 1,024 entries. For the time
    /// of the call half a byte an entry is allocated, and at most 112 KiB for each thread.
    pub fn append_batch(&mut self, entries: &[&[u8]]) -> Result<Index, Error> {
        if let Some(long) = entries.iter().find(|entry| entry.len() > MAX_ENTRY_BYTES) {
            return Err(Error::MisuseEntryTooLong { got: long.len(), max: MAX_ENTRY_BYTES });
        }
        let first = self.room_for(entries.len())?;
        match entries {
            [entry] => self.push(self.hasher.leaf(entry)),
            _ => self.extend(entries, tree_growth::hashed, 1),
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
    /// One hash a leaf and O(log size), on as many threads as the hasher has, and an allocation for every 1,024 leaves. For the time
    /// of the call half a byte a leaf is allocated, and at most 48 KiB for each thread.
    pub fn append_leaf_hashes(&mut self, leaves: &[Digest]) -> Result<Index, Error> {
        let first = self.room_for(leaves.len())?;
        match leaves {
            [leaf] => self.push(*leaf),
            _ => self.extend(leaves, tree_growth::as_they_are, RUNS_A_JOB),
        }
        self.close();
        Ok(Index(first as u64))
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> Size {
        Size(self.size as u64)
    }

    /// The root.
    ///
    /// # Cost
    /// No hash.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.aligned_root(0, self.size)
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
    /// [`Error::MisuseSizeBeyondTree`], [`Error::MisuseSizePruned`].
    /// # Cost
    /// At most O(log size) hashes.
    pub fn root_at(&self, size: Size) -> Result<Digest, Error> {
        Ok(self.aligned_root(0, self.kept_size(size)?))
    }

    /// The hash of leaf `index`, if there is one that was not dropped.
    #[must_use]
    pub fn leaf(&self, index: Index) -> Option<Digest> {
        self.node(0, index.0)
    }

    /// The Merkle tree hash of the leaves from `start` up to but not including `end`, as if they were a tree of their
    /// own.
    ///
    /// # Errors
    /// [`Error::MisuseRange`], [`Error::MisuseSizeBeyondTree`], [`Error::MisusePruned`], [`Error::MisuseSizePruned`]
    /// (`start` is 0).
    /// # Cost
    /// With 2ᵃ the highest power of two that divides `start`: (end − start) / 2ᵃ + O(log size) hashes, since complete
    /// subtrees of 2ᵃ leaves are at hand. The hasher is called once a level; three allocations.
    pub fn subtree_root(&self, start: Size, end: Size) -> Result<Digest, Error> {
        let (start, end) = self.kept_range(start, end)?;
        // The highest level at which the range still begins with a whole subtree.
        let level = start.trailing_zeros().min(usize::BITS - 1);
        let whole = start >> level..end >> level;
        if whole.is_empty() {
            return Ok(self.aligned_root(start, end));
        }
        let covered = whole.end << level;
        let tail = (covered < end).then(|| self.aligned_root(covered, end));
        let mut hashes = Vec::with_capacity(whole.len());
        hashes.extend(self.levels.slices(level as usize, whole).flatten().copied().map(Digest));
        Ok(self.fold(&hashes, tail))
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
        let complete = peaks(self.size).map(|level| self.levels.at(level, (self.size >> level) - 1));
        Frontier::of_parts(self.hasher.clone(), self.size(), complete)
    }

    /// The bytes that are allocated for hashes: 64 a leaf, and more for tables, for blocks that are not full and for some in
    /// reserve. With one leaf they are about 4,400. Up to 20,000 leaves it is at most an eighth more and 40,000 bytes; in any
    /// tree at most 0.05 more a leaf and 66,000 for every six levels or part of six.
    #[must_use]
    pub fn allocated_bytes(&self) -> usize {
        self.levels.allocated() + self.edge.capacity() * size_of::<Digest>()
    }

    /// Forgets the leaves from `size` on, none of which was dropped. Only for leaves that were never shown as final.
    pub(crate) fn truncate(&mut self, size: usize) {
        self.size = size.min(self.size);
        self.levels.truncate(self.size);
        self.close();
    }

    /// The hashes of the leaves in `range`, none of which was dropped.
    pub(crate) fn leaves(&self, range: Range<usize>) -> impl Iterator<Item = Digest> {
        self.levels.slices(0, range).flatten().copied().map(Digest)
    }

    /// The size now, if `adding` more leaves may come.
    fn room_for(&self, adding: usize) -> Result<usize, Error> {
        let (size, adding) = (self.size(), adding as u64);
        if adding > MOST_HERE.saturating_sub(size.0) {
            return Err(Error::MisuseTreeFull { size, adding, max: MOST_HERE });
        }
        Ok(self.size)
    }

    /// `size`, if the tree has had it.
    pub(crate) fn reached(&self, size: Size) -> Result<usize, Error> {
        usize::try_from(size.0)
            .ok()
            .filter(|size| *size <= self.size)
            .ok_or(Error::MisuseSizeBeyondTree { got: size, max: self.size() })
    }

    /// Hashes the right edge.
    pub(crate) fn close(&mut self) {
        let mut rest = self.size;
        self.edge.resize((usize::BITS - rest.leading_zeros()) as usize + 1, Digest::default());
        let mut behind: Option<Digest> = None;
        while rest != 0 {
            let level = rest.trailing_zeros() as usize;
            let left = self.levels.at(level, (self.size >> level) - 1);
            let joined = behind.map_or(left, |right| self.hasher.node(&left, &right));
            self.edge[level + 1] = joined;
            behind = Some(joined);
            rest &= rest - 1;
        }
    }

    /// The hash of the leaves from `start` to `end`, where `start` is a multiple of a power of two that is not below
    /// `end - start`: the complete subtrees of the range, joined from the right.
    pub(crate) fn aligned_root(&self, start: usize, end: usize) -> Digest {
        let count = end - start;
        if count == 0 {
            return empty_root();
        }
        if end == self.size && !count.is_power_of_two() {
            // The smallest power of two above `count` divides `start`, so these are the leaves behind it.
            return self.edge[(usize::BITS - count.leading_zeros()) as usize];
        }
        let mut level = count.trailing_zeros() as usize;
        let mut root = self.levels.at(level, (end >> level) - 1);
        let mut rest = count & (count - 1);
        while rest != 0 {
            level = rest.trailing_zeros() as usize;
            root = self.hasher.node(&self.levels.at(level, (end >> level) - 1), &root);
            rest &= rest - 1;
        }
        root
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

/// The levels on which a tree of `size` leaves ends with a complete subtree, from the highest.
pub(crate) fn peaks(size: usize) -> impl Iterator<Item = usize> {
    (0..usize::BITS as usize).rev().filter(move |level| size >> level & 1 == 1)
}

impl<H: Hasher> Nodes for Tree<H> {
    fn size(&self) -> Size {
        Self::size(self)
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        let (level, index) = (usize::from(level), usize::try_from(index).ok()?);
        let nodes = self.size.checked_shr(level.try_into().ok()?)?;
        (first_kept(self.pruned, level)..nodes).contains(&index).then(|| self.levels.at(level, index))
    }
}

impl<H> fmt::Debug for Tree<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tree = f.debug_struct("Tree");
        tree.field("size", &self.size).field("pruned_below", &self.pruned).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_leaves_and_no_more() {
        let mut tree = Tree::new();
        tree.append(b"one").unwrap();
        let most = usize::try_from(MOST_HERE).unwrap();
        assert_eq!(tree.room_for(most - 1), Ok(1));
        let refused = Error::MisuseTreeFull { size: Size(1), adding: MOST_HERE, max: MOST_HERE };
        assert_eq!(tree.room_for(most), Err(refused));
    }

    #[test]
    fn what_is_truncated_can_be_appended_again() {
        let leaves: Vec<Digest> = (0..140).map(|n| Sha256.leaf(&[n])).collect();
        let all = |tree: &Tree| -> Vec<_> {
            (0..9)
                .flat_map(|level| (0..141).map(move |index| (level, index)))
                .map(|(l, i)| tree.node(l, i))
                .collect()
        };
        for kept in 0..=140 {
            let mut tree = Tree::new();
            tree.append_leaf_hashes(&leaves).unwrap();
            let (whole, nodes) = (tree.head(), all(&tree));
            tree.truncate(kept);
            let mut short = Tree::new();
            short.append_leaf_hashes(&leaves[..kept]).unwrap();
            assert_eq!((tree.head(), all(&tree)), (short.head(), all(&short)));
            tree.append_leaf_hashes(&leaves[kept..]).unwrap();
            assert_eq!((tree.head(), all(&tree)), (whole, nodes));
        }
    }
}
