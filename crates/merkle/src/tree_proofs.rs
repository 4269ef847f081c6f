//! The proofs that a tree makes.

use alloc::vec::Vec;

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{
    CompactRange, ConsistencyProof, Error, InclusionProof, MAX_PATH, MAX_PROOF_LEAVES, MultiProof,
    RangeProof, Tree,
    compact_range::complete_subtrees,
    subtree::{is_subtree, subtree_seed},
};

impl<H: Hasher> Tree<H> {
    /// The proof that leaf `index` is in the tree of the first `size` leaves.
    ///
    /// # Errors
    /// [`Error::MisuseIndexBeyondSize`], [`Error::MisuseSizeBeyondTree`], [`Error::MisusePruned`].
    /// # Cost
    /// O(log size) copies and hashes; one allocation.
    /// # Source
    /// RFC 6962 §2.1.1.
    pub fn inclusion(&self, index: Index, size: Size) -> Result<InclusionProof, Error> {
        let mut path = [Digest::default(); MAX_PATH];
        let length = self.write_inclusion(index, size, &mut path)?;
        Ok(InclusionProof { index, size, path: path[..length].to_vec() })
    }

    /// Writes the path of [`Tree::inclusion`] into `path` and gives its length; what is longer is left alone.
    ///
    /// # Errors
    /// As [`Tree::inclusion`].
    /// # Cost
    /// O(log size) copies and hashes; no allocation.
    pub fn write_inclusion(
        &self,
        index: Index,
        size: Size,
        path: &mut [Digest; MAX_PATH],
    ) -> Result<usize, Error> {
        let reached = self.reached(size)?;
        match usize::try_from(index.0) {
            Ok(at) if at < reached => Ok(self.climb(0, self.kept_leaf(at)?, reached, path)),
            _ => Err(Error::MisuseIndexBeyondSize { index, size }),
        }
    }

    /// The proof that the tree of the first `new` leaves continues that of the first `old`.
    ///
    /// # Errors
    /// [`Error::MisuseRange`] (`old` is the larger), [`Error::MisuseSizeBeyondTree`], [`Error::MisuseSizePruned`].
    /// # Cost
    /// O(log size) copies and hashes; one allocation.
    /// # Source
    /// RFC 6962 §2.1.2.
    pub fn consistency(&self, old: Size, new: Size) -> Result<ConsistencyProof, Error> {
        let mut path = [Digest::default(); MAX_PATH];
        let length = self.write_consistency(old, new, &mut path)?;
        Ok(ConsistencyProof { old, new, path: path[..length].to_vec() })
    }

    /// Writes the hashes of [`Tree::consistency`] into `path` and gives their number; what is longer is left alone.
    ///
    /// # Errors
    /// As [`Tree::consistency`].
    /// # Cost
    /// O(log size) copies and hashes; no allocation.
    pub fn write_consistency(
        &self,
        old: Size,
        new: Size,
        path: &mut [Digest; MAX_PATH],
    ) -> Result<usize, Error> {
        if old > new {
            return Err(Error::MisuseRange { start: old, end: new });
        }
        let (new, old) = (self.reached(new)?, self.kept_size(old)?);
        if old == 0 || old == new {
            return Ok(0);
        }
        let level = old.trailing_zeros() as usize;
        let index = (old - 1) >> level;
        if old.is_power_of_two() {
            return Ok(self.climb(level, index, new, path));
        }
        path[0] = self.levels.at(level, index);
        Ok(1 + self.climb(level, index, new, &mut path[1..]))
    }

    /// The proof that leaves stand at `indices` of the tree of the first `size` leaves: the hashes that are missing to
    /// compute the root from those leaves, and no other.
    ///
    /// `indices`: strictly ascending, at least one, at most [`MAX_PROOF_LEAVES`].
    ///
    /// # Errors
    /// [`Error::MisuseSizeBeyondTree`], [`Error::MisuseNoLeaf`], [`Error::MisuseTooManyLeaves`],
    /// [`Error::MisuseIndexOrder`], [`Error::MisuseIndexBeyondSize`], [`Error::MisusePruned`].
    /// # Cost
    /// With m indices O(m log size) copies and O(log size) hashes.
    pub fn multiproof(&self, indices: &[Index], size: Size) -> Result<MultiProof, Error> {
        let reached = self.reached(size)?;
        if indices.is_empty() {
            return Err(Error::MisuseNoLeaf);
        }
        if indices.len() > MAX_PROOF_LEAVES {
            return Err(Error::MisuseTooManyLeaves { got: indices.len(), max: MAX_PROOF_LEAVES });
        }
        for (before, index) in indices.iter().zip(&indices[1..]) {
            if before >= index {
                return Err(Error::MisuseIndexOrder { before: *before, index: *index });
            }
        }
        let mut known = Vec::with_capacity(indices.len());
        for index in indices {
            match usize::try_from(index.0) {
                Ok(at) if at < reached => known.push(self.kept_leaf(at)?),
                _ => return Err(Error::MisuseIndexBeyondSize { index: *index, size }),
            }
        }
        let (mut path, mut level, mut last) = (Vec::new(), 0, reached - 1);
        while last > 0 {
            let mut nodes = known.iter().copied().peekable();
            while let Some(node) = nodes.next() {
                let sibling = node ^ 1;
                if nodes.next_if_eq(&sibling).is_none() && sibling <= last {
                    path.push(self.node_within(level, sibling, reached));
                }
            }
            known.iter_mut().for_each(|node| *node >>= 1);
            known.dedup();
            (level, last) = (level + 1, last >> 1);
        }
        Ok(MultiProof { indices: indices.to_vec(), size, path })
    }

    /// The proof that the leaves from `start` up to but not including `end` are those of the tree of the first `size`
    /// leaves. Its path is that of [`Tree::multiproof`] for the same leaves.
    ///
    /// # Errors
    /// [`Error::MisuseRange`], [`Error::MisuseSizeBeyondTree`], [`Error::MisuseNoLeaf`],
    /// [`Error::MisuseTooManyLeaves`], [`Error::MisuseIndexBeyondSize`], [`Error::MisusePruned`].
    /// # Cost
    /// O(log size) copies and hashes, whatever the length of the range; one allocation.
    pub fn range_proof(&self, start: Size, end: Size, size: Size) -> Result<RangeProof, Error> {
        if start > end {
            return Err(Error::MisuseRange { start, end });
        }
        let reached = self.reached(size)?;
        if start == end {
            return Err(Error::MisuseNoLeaf);
        }
        if end > size {
            return Err(Error::MisuseIndexBeyondSize { index: Index(end.0 - 1), size });
        }
        // Neither is beyond the size, which the tree has reached.
        let (from, to) = (self.kept_leaf(self.reached(start)?)?, self.reached(end)?);
        if to - from > MAX_PROOF_LEAVES {
            return Err(Error::MisuseTooManyLeaves { got: to - from, max: MAX_PROOF_LEAVES });
        }
        let mut path = Vec::with_capacity(2 * MAX_PATH);
        let (mut level, mut left, mut right, mut last) = (0, from, to - 1, reached - 1);
        while last > 0 {
            if left & 1 == 1 {
                path.push(self.node_within(level, left - 1, reached));
            }
            if right & 1 == 0 && right < last {
                path.push(self.node_within(level, right + 1, reached));
            }
            (level, left, right, last) = (level + 1, left >> 1, right >> 1, last >> 1);
        }
        Ok(RangeProof { start, end, size, path })
    }

    /// The hashes of the complete subtrees that make up the leaves from `start` up to but not including `end`.
    ///
    /// # Errors
    /// [`Error::MisuseRange`], [`Error::MisuseSizeBeyondTree`], [`Error::MisusePruned`], [`Error::MisuseSizePruned`]
    /// (`start` is 0).
    /// # Cost
    /// O(log size) copies; no hash.
    pub fn compact_range(&self, start: Size, end: Size) -> Result<CompactRange<H>, Error>
    where
        H: Clone,
    {
        let (from, to) = self.kept_range(start, end)?;
        let hashes = complete_subtrees(start.0, end.0).scan(from, |at, level| {
            let hash = self.node_within(level as usize, *at >> level, to);
            *at += 1 << level;
            Some(hash)
        });
        Ok(CompactRange::of_parts(self.hasher().clone(), start, end, hashes.collect()))
    }

    /// The proof that leaf `index` is in the subtree over the leaves from `start` up to but not including `end`.
    ///
    /// # Errors
    /// [`Error::MisuseSubtree`], [`Error::MisuseSizeBeyondTree`], [`Error::MisuseIndexOutsideSubtree`],
    /// [`Error::MisusePruned`].
    /// # Cost
    /// O(log (end − start)) copies and hashes.
    /// # Source
    /// draft-ietf-plants-merkle-tree-certs, subtree inclusion proofs.
    pub fn subtree_inclusion(&self, index: Index, start: Size, end: Size) -> Result<Vec<Digest>, Error> {
        if !is_subtree(start.0, end.0) {
            return Err(Error::MisuseSubtree { start, end });
        }
        let (from, to) = (self.reached(start)?, self.reached(end)?);
        match usize::try_from(index.0) {
            Ok(at) if (from..to).contains(&at) => {
                let at = self.kept_leaf(at)?;
                let mut path = [Digest::default(); MAX_PATH];
                let length = self.climb_within(0, at, (from, to), &mut path);
                Ok(path[..length].to_vec())
            }
            _ => Err(Error::MisuseIndexOutsideSubtree { index, start, end }),
        }
    }

    /// The proof that the subtree over the leaves from `start` up to but not including `end` is part of the tree of
    /// the first `size` leaves.
    ///
    /// # Errors
    /// [`Error::MisuseSubtree`], [`Error::MisuseSizeBeyondTree`] (also when `end` is beyond `size`),
    /// [`Error::MisusePruned`], [`Error::MisuseSizePruned`] (`start` is 0).
    /// # Cost
    /// O(log size) copies and hashes.
    /// # Source
    /// draft-ietf-plants-merkle-tree-certs, subtree consistency proofs.
    pub fn subtree_consistency(&self, start: Size, end: Size, size: Size) -> Result<Vec<Digest>, Error> {
        if !is_subtree(start.0, end.0) {
            return Err(Error::MisuseSubtree { start, end });
        }
        let reached = self.reached(size)?;
        if end > size {
            return Err(Error::MisuseSizeBeyondTree { got: end, max: size });
        }
        if start == end {
            return Ok(Vec::new());
        }
        let (level, given) = subtree_seed(start.0, end.0, size.0);
        let (level, index) = (level as usize, (self.kept_subtree(start, end)? - 1) >> level);
        let mut path = [Digest::default(); MAX_PATH + 1];
        let seed = usize::from(!given);
        if !given {
            path[0] = self.node_within(level, index, reached);
        }
        let length = seed + self.climb(level, index, reached, &mut path[seed..]);
        Ok(path[..length].to_vec())
    }

    /// Writes the siblings on the way from node `index` of `level` to the root of the tree of `size` leaves.
    fn climb(&self, level: usize, index: usize, size: usize, path: &mut [Digest]) -> usize {
        self.climb_within(level, index, (0, size), path)
    }

    /// The same to the root of the subtree over the leaves from `start` to `end`.
    ///
    /// Up to the level on which the way of the node and that of the last leaf meet, every sibling is complete but the last one,
    /// which is what there is at the right edge. From there on the siblings stand to the left, complete, where there are any.
    fn climb_within(
        &self,
        level: usize,
        index: usize,
        (start, end): (usize, usize),
        path: &mut [Digest],
    ) -> usize {
        let at = index << level;
        let differ = index ^ (end - 1) >> level;
        let meet = level + (usize::BITS - differ.leading_zeros()) as usize;
        let mut length = 0;
        if meet > level {
            length = meet - level;
            self.levels.siblings(at, level..meet - 1, path);
            path[length - 1] = self.aligned_root((at >> (meet - 1) ^ 1) << (meet - 1), end);
        }
        let mut left = (at - start) >> meet << meet;
        while left != 0 {
            let level = left.trailing_zeros() as usize;
            path[length] = self.levels.at(level, (at >> level) - 1);
            length += 1;
            left &= left - 1;
        }
        length
    }

    /// Node `index` of `level` in the tree of `size` leaves, be it complete or the one at the right edge.
    fn node_within(&self, level: usize, index: usize, size: usize) -> Digest {
        if (index + 1) << level <= size {
            self.levels.at(level, index)
        } else {
            self.aligned_root(index << level, size)
        }
    }
}
