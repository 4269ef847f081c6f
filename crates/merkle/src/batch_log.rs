use alloc::vec::Vec;

use auditmesh_types::{Appended, Batch, Digest, Hasher, Index, Log, Nodes, Record, Size, TreeHead};

use crate::{ConsistencyProof, Error, Sha256, Tree};

/// A log in memory that shows a batch's effect before it is final.
///
/// Head and proofs speak of what is committed. As [`Nodes`], and through [`BatchLog::tree`], the staged leaves are seen
/// too: that is what members compare before they sign.
#[derive(Debug, Clone)]
pub struct BatchLog<H = Sha256> {
    /// The committed leaves, and those of the staged batch after them.
    tree: Tree<H>,
    committed: usize,
    limit: usize,
}

impl BatchLog {
    /// The most records a batch may have, unless [`BatchLog::with_limit`] says otherwise.
    pub const DEFAULT_LIMIT: usize = 1_000;
    /// The highest limit.
    pub const MAX_LIMIT: usize = 1_000_000;

    /// The empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::with_hasher(Sha256)
    }
}

impl Default for BatchLog {
    fn default() -> Self {
        Self::new()
    }
}

impl<H: Hasher> BatchLog<H> {
    /// The empty log that hashes with `hasher`.
    #[must_use]
    pub fn with_hasher(hasher: H) -> Self {
        Self::over(Tree::with_hasher(hasher))
    }

    /// A log whose committed leaves are those of `tree`.
    #[must_use]
    pub fn over(tree: Tree<H>) -> Self {
        let committed = tree.size;
        Self { tree, committed, limit: BatchLog::DEFAULT_LIMIT }
    }

    /// Lets a batch have up to `limit` records.
    ///
    /// # Errors
    /// [`Error::MisuseBatchLimit`]: not between 1 and [`BatchLog::MAX_LIMIT`].
    pub fn with_limit(mut self, limit: usize) -> Result<Self, Error> {
        if !(1..=BatchLog::MAX_LIMIT).contains(&limit) {
            return Err(Error::MisuseBatchLimit { got: limit, max: BatchLog::MAX_LIMIT });
        }
        self.limit = limit;
        Ok(self)
    }

    /// The tree, staged leaves included.
    #[must_use]
    pub const fn tree(&self) -> &Tree<H> {
        &self.tree
    }

    /// How many leaves are staged.
    #[must_use]
    pub fn staged(&self) -> usize {
        self.tree.size - self.committed
    }

    /// The proof that the committed tree of `new` leaves continues that of `old`.
    ///
    /// # Errors
    /// [`Error::MisuseRange`] (`old` is the larger), [`Error::MisuseSizeBeyondTree`] (beyond what is committed),
    /// [`Error::MisuseSizePruned`].
    /// # Cost
    /// As [`Tree::consistency`].
    pub fn consistency(&self, old: Size, new: Size) -> Result<ConsistencyProof, Error> {
        self.committed_has(new)?;
        self.tree.consistency(old, new)
    }

    /// Drops what proofs for committed leaves from `min` on do not need: [`Tree::prune`].
    ///
    /// # Errors
    /// [`Error::MisusePruneBeyond`]: beyond what is committed. Nothing is dropped then.
    pub fn prune(&mut self, min: Index) -> Result<(), Error> {
        if min.0 > self.committed as u64 {
            return Err(Error::MisusePruneBeyond { got: min, max: self.committed_size() });
        }
        self.tree.prune(min)
    }

    fn committed_size(&self) -> Size {
        Size(self.committed as u64)
    }

    fn committed_has(&self, size: Size) -> Result<(), Error> {
        let max = self.committed_size();
        if size > max { Err(Error::MisuseSizeBeyondTree { got: size, max }) } else { Ok(()) }
    }
}

/// # Cost
/// `stage`: two hashes a record for the tree and one for the batch's own root, many at once. `commit`,
/// `discard`, `head`, `prove`: O(log size).
impl<H: Hasher> Log for BatchLog<H> {
    type Error = Error;

    fn head(&self) -> TreeHead {
        let size = self.committed_size();
        // The tree never has fewer leaves than are committed.
        TreeHead { size, root: self.tree.aligned_root(0, self.committed) }
    }

    /// # Errors
    /// [`Error::MisuseEmptyBatch`], [`Error::MisuseBatchTooLarge`], [`Error::MisuseEntryTooLong`],
    /// [`Error::MisuseTreeFull`]. Nothing is staged then, not even what was staged before.
    fn stage(&mut self, batch: &Batch) -> Result<Appended, Error> {
        self.discard();
        let Batch { records, .. } = batch;
        if records.is_empty() {
            return Err(Error::MisuseEmptyBatch);
        }
        if records.len() > self.limit {
            return Err(Error::MisuseBatchTooLarge { got: records.len(), max: self.limit });
        }
        let entries: Vec<&[u8]> = records.iter().map(|record| record.entry.as_slice()).collect();
        self.tree.append_batch(&entries)?;
        let head = self.tree.head();
        let batch_root = self.tree.subtree_root(self.committed_size(), head.size)?;
        let named = |(record, leaf): (&Record, Digest)| (record.id.clone(), leaf);
        let pairs = records.iter().zip(self.tree.leaves(self.committed..self.tree.size)).map(named).collect();
        Ok(Appended { head, batch_root, pairs })
    }

    /// # Errors
    /// Never: this log is in memory.
    fn commit(&mut self) -> Result<TreeHead, Error> {
        self.committed = self.tree.size;
        Ok(self.head())
    }

    fn discard(&mut self) {
        self.tree.truncate(self.committed);
    }

    /// # Errors
    /// [`Error::MisuseSizeBeyondTree`] (beyond what is committed), [`Error::MisuseIndexBeyondSize`],
    /// [`Error::MisusePruned`].
    fn prove(&self, index: Index, size: Size) -> Result<Vec<Digest>, Error> {
        self.committed_has(size)?;
        Ok(self.tree.inclusion(index, size)?.path)
    }
}

impl<H: Hasher> Nodes for BatchLog<H> {
    fn size(&self) -> Size {
        self.tree.size()
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        self.tree.node(level, index)
    }
}
