//! The proofs that a tree makes.

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{ConsistencyProof, Error, InclusionProof, MAX_PATH, Tree};

impl<H: Hasher> Tree<H> {
    /// The proof that leaf `index` is in the tree of the first `size` leaves.
    ///
    /// # Errors
    /// [`Error::MisuseIndexBeyondSize`], [`Error::MisuseSizeBeyondTree`].
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
            Ok(at) if at < reached => Ok(self.climb(0, at, reached, path)),
            _ => Err(Error::MisuseIndexBeyondSize { index, size }),
        }
    }

    /// The proof that the tree of the first `new` leaves continues that of the first `old`.
    ///
    /// # Errors
    /// [`Error::MisuseRange`] (`old` is the larger), [`Error::MisuseSizeBeyondTree`].
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
        let (old, new) = (self.reached(old)?, self.reached(new)?);
        if old == 0 || old == new {
            return Ok(0);
        }
        let level = old.trailing_zeros() as usize;
        let index = (old - 1) >> level;
        if old.is_power_of_two() {
            return Ok(self.climb(level, index, new, path));
        }
        path[0] = self.levels[level][index];
        Ok(1 + self.climb(level, index, new, &mut path[1..]))
    }

    /// Writes the siblings on the way from node `index` of `level` to the root of the tree of `size` leaves.
    fn climb(&self, level: usize, index: usize, size: usize, path: &mut [Digest]) -> usize {
        let (mut level, mut index, mut last, mut length) = (level, index, (size - 1) >> level, 0);
        while last > 0 {
            let sibling = index ^ 1;
            if sibling <= last {
                let whole = (sibling + 1) << level <= size;
                path[length] = match whole {
                    true => self.levels[level][sibling],
                    false => self.aligned_root(sibling << level, size),
                };
                length += 1;
            }
            (level, index, last) = (level + 1, index >> 1, last >> 1);
        }
        length
    }
}
