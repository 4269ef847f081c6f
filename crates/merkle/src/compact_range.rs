use alloc::{vec, vec::Vec};
use core::{iter, mem};

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{
    Error, MAX_LEAVES, Sha256, empty_root,
    six_levels::{GROUPS, RUNS_A_JOB, SixLevels, WIDTH},
};

/// Leaves without a gap, anywhere in a tree, kept in O(log size) memory: they can be hashed apart and joined later.
///
/// It holds the hashes of the largest complete subtrees of the tree that together have the leaves of the range and no
/// other, from left to right. Ranges that meet are merged; one that begins at leaf 0 has a root. It proves nothing.
///
/// # Source
/// The compact ranges of transparency-dev/merkle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompactRange<H = Sha256> {
    hasher: H,
    start: u64,
    end: u64,
    hashes: Vec<Digest>,
}

impl CompactRange {
    /// The empty range before leaf `start`.
    #[must_use]
    pub const fn new(start: Size) -> Self {
        Self::with_hasher(Sha256, start)
    }

    /// Goes on from stored `hashes`: those of the complete subtrees of the leaves from `start` up to but not including
    /// `end`, from left to right.
    ///
    /// Their number is all that can be checked; compare [`CompactRange::root`] with a root that is trusted.
    ///
    /// # Errors
    /// [`Error::PeerRange`], [`Error::PeerTreeTooLarge`], [`Error::PeerRangeLength`].
    pub fn from_hashes(start: Size, end: Size, hashes: Vec<Digest>) -> Result<Self, Error> {
        Self::resume(Sha256, start, end, hashes)
    }
}

impl<H> CompactRange<H> {
    /// The empty range before leaf `start`, hashing with `hasher`.
    #[must_use]
    pub const fn with_hasher(hasher: H, start: Size) -> Self {
        Self { hasher, start: start.0, end: start.0, hashes: Vec::new() }
    }

    /// As [`CompactRange::from_hashes`], hashing with `hasher`.
    ///
    /// # Errors
    /// As [`CompactRange::from_hashes`].
    pub fn resume(hasher: H, start: Size, end: Size, hashes: Vec<Digest>) -> Result<Self, Error> {
        if start > end {
            return Err(Error::PeerRange { start, end });
        }
        if end.0 > MAX_LEAVES {
            return Err(Error::PeerTreeTooLarge { got: end, max: MAX_LEAVES });
        }
        let (got, want) = (hashes.len(), complete_subtrees(start.0, end.0).count());
        if got != want {
            return Err(Error::PeerRangeLength { start, end, got, want });
        }
        Ok(Self::of_parts(hasher, start, end, hashes))
    }

    /// How many leaves stand before the range.
    #[must_use]
    pub const fn start(&self) -> Size {
        Size(self.start)
    }

    /// The same and those of the range.
    #[must_use]
    pub const fn end(&self) -> Size {
        Size(self.end)
    }

    /// The hashes of the complete subtrees, from left to right: what [`CompactRange::from_hashes`] takes.
    #[must_use]
    pub fn hashes(&self) -> &[Digest] {
        &self.hashes
    }

    /// The caller has the hashes from a tree that has that range.
    pub(crate) const fn of_parts(hasher: H, start: Size, end: Size, hashes: Vec<Digest>) -> Self {
        Self { hasher, start: start.0, end: end.0, hashes }
    }
}

impl<H: Hasher> CompactRange<H> {
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
    /// One hash a leaf and O(log size), on as many threads as the hasher has. For the time of the call less than a byte a
    /// leaf is allocated, and 24 KiB for each thread.
    pub fn append_leaf_hashes(&mut self, leaves: &[Digest]) -> Result<Index, Error> {
        let first = self.end;
        self.room_for(leaves.len() as u64)?;
        let unaligned = |at: &u64| !at.is_multiple_of(WIDTH as u64);
        let (head, rest) = leaves.split_at((first..).take_while(unaligned).take(leaves.len()).count());
        let (groups, tail) = rest.as_chunks::<WIDTH>();
        let mut roots = vec![Digest::default(); groups.len()];
        let jobs = groups.chunks(GROUPS * RUNS_A_JOB).zip(roots.chunks_mut(GROUPS * RUNS_A_JOB));
        let scratch = || SixLevels::new(rest.len());
        self.hasher.share(jobs, scratch, |hasher, levels, (groups, roots)| {
            for (run, roots) in groups.chunks(GROUPS).zip(roots.chunks_mut(GROUPS)) {
                roots.copy_from_slice(levels.above(hasher, run.as_flattened(), |_, _| ()));
            }
        });
        self.append_subtrees(0, head);
        self.append_subtrees(WIDTH.trailing_zeros(), &roots);
        self.append_subtrees(0, tail);
        Ok(Index(first))
    }

    /// Appends the range that begins where this one ends.
    ///
    /// # Errors
    /// [`Error::MisuseNotAdjacent`], [`Error::MisuseTreeFull`]. Nothing is appended then.
    /// # Cost
    /// O(log size) hashes.
    pub fn merge<G>(&mut self, right: &CompactRange<G>) -> Result<(), Error> {
        if self.end != right.start {
            return Err(Error::MisuseNotAdjacent { end: self.end(), start: right.start() });
        }
        self.room_for(right.end - right.start)?;
        for (level, hash) in complete_subtrees(right.start, right.end).zip(&right.hashes) {
            self.push(*hash, level);
        }
        Ok(())
    }

    /// The root of the tree whose leaves are those of the range, which begins at leaf 0.
    ///
    /// # Errors
    /// [`Error::MisuseNoRoot`].
    /// # Cost
    /// At most O(log size) hashes.
    pub fn root(&self) -> Result<Digest, Error> {
        match self.start {
            0 => Ok(self.joined()),
            _ => Err(Error::MisuseNoRoot { start: self.start() }),
        }
    }

    /// The subtrees joined from the right; a root when the range begins at leaf 0.
    pub(crate) fn joined(&self) -> Digest {
        let join = |right: Digest, left: &Digest| self.hasher.node(left, &right);
        match self.hashes.split_last() {
            Some((last, larger)) => larger.iter().rev().fold(*last, join),
            None => empty_root(),
        }
    }

    fn room_for(&self, adding: u64) -> Result<(), Error> {
        if adding > MAX_LEAVES.saturating_sub(self.end) {
            return Err(Error::MisuseTreeFull { size: self.end(), adding, max: MAX_LEAVES });
        }
        Ok(())
    }

    /// Appends complete subtrees of 2^`level` leaves each; the end is a multiple of that.
    fn append_subtrees(&mut self, level: u32, roots: &[Digest]) {
        let (mut rest, mut row) = (roots, Vec::new());
        while let Some(most) = rest.len().checked_ilog2() {
            let height = most.min((self.end >> level).trailing_zeros());
            let (subtrees, after) = rest.split_at(1 << height);
            let root = self.subtree_root(subtrees, &mut row);
            self.push(root, level + height);
            rest = after;
        }
    }

    /// Appends a complete subtree of 2^`level` leaves; the end is a multiple of that.
    ///
    /// Where it is a right child and the range has all leaves of the left one, that is the last hash.
    fn push(&mut self, subtree: Digest, level: u32) {
        let (mut right, mut begin, mut width) = (subtree, self.end, 1 << level);
        self.end += width;
        while begin & width != 0
            && begin - width >= self.start
            && let Some(left) = self.hashes.pop()
        {
            right = self.hasher.node(&left, &right);
            begin -= width;
            width <<= 1;
        }
        self.hashes.push(right);
    }

    /// The root over `leaves`, as many as a power of two. `row` is for the nodes between.
    fn subtree_root(&self, leaves: &[Digest], row: &mut Vec<Digest>) -> Digest {
        let mut width = leaves.len() / 2;
        if width == 0 {
            return leaves[0];
        }
        row.resize(row.len().max(width + width / 2), Digest::default());
        let (mut below, mut above) = row.split_at_mut(width);
        self.hasher.nodes(leaves, below);
        while width > 1 {
            self.hasher.nodes(&below[..width], &mut above[..width / 2]);
            mem::swap(&mut below, &mut above);
            width /= 2;
        }
        below[0]
    }
}

/// The levels of the largest complete subtrees that together have the leaves from `start` up to but not including
/// `end`, from left to right.
pub(crate) fn complete_subtrees(start: u64, end: u64) -> impl Iterator<Item = u32> {
    let mut at = start;
    iter::from_fn(move || {
        let level = end.checked_sub(at)?.checked_ilog2()?.min(at.trailing_zeros());
        at += 1 << level;
        Some(level)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtrees_are_whole_aligned_and_the_largest() {
        for end in 0..70u64 {
            for start in 0..=end {
                let mut at = start;
                for level in complete_subtrees(start, end) {
                    let fits = |level: u32| at.is_multiple_of(1 << level) && at + (1 << level) <= end;
                    assert!(fits(level) && !fits(level + 1), "{start} to {end} at {at}");
                    at += 1 << level;
                }
                assert_eq!(at, end);
            }
        }
        assert_eq!(complete_subtrees(0, MAX_LEAVES).collect::<Vec<_>>(), [48]);
        assert_eq!(complete_subtrees(1, MAX_LEAVES).count(), 48);
    }
}
