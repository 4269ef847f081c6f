use alloc::vec::Vec;
use core::fmt;

use auditmesh_merkle::{BatchLog, MAX_ENTRY_BYTES, empty_root};
use auditmesh_types::{Appended, Batch, Digest, EventId, Index, Log, Nodes, Record, Size, TreeHead};
use rs_merkle::{Hasher as _, MerkleTree};

use crate::{Error, Rfc6962};

/// A log in memory whose tree is one of `rs_merkle`.
///
/// Head and proofs speak of what is committed; as [`Nodes`] the staged leaves are seen too.
#[derive(Clone)]
pub struct RsLog {
    /// Its uncommitted leaves are the staged batch.
    tree: MerkleTree<Rfc6962>,
    /// The committed leaves, and the staged ones after them: the tree does not show the latter.
    leaves: Vec<[u8; 32]>,
}

impl RsLog {
    /// The most records a batch may have.
    pub const BATCH_LIMIT: usize = BatchLog::DEFAULT_LIMIT;

    /// The empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::over(MerkleTree::new())
    }

    /// A log whose committed leaves are those of `tree`. What the tree had not committed is dropped.
    ///
    /// # Cost
    /// One copy of the leaf hashes.
    #[must_use]
    pub fn over(mut tree: MerkleTree<Rfc6962>) -> Self {
        tree.abort_uncommitted();
        let leaves = tree.leaves().unwrap_or_default();
        Self { tree, leaves }
    }

    /// The tree. A staged batch is among its uncommitted leaves.
    #[must_use]
    pub const fn tree(&self) -> &MerkleTree<Rfc6962> {
        &self.tree
    }

    /// Gives the tree back. A staged batch is among its uncommitted leaves.
    #[must_use]
    pub fn into_tree(self) -> MerkleTree<Rfc6962> {
        self.tree
    }

    /// How many leaves are staged.
    #[must_use]
    pub fn staged(&self) -> usize {
        self.leaves.len().saturating_sub(self.committed())
    }

    fn committed(&self) -> usize {
        self.tree.leaves_len()
    }
}

impl Default for RsLog {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RsLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsLog").field("head", &self.head()).field("staged", &self.staged()).finish()
    }
}

/// # Cost
/// `stage`, `commit`: two hashes a record and O(log size). `head`, `discard`, `prove` at the committed size: O(log size).
/// `prove` at an older size: a tree of that size is hashed anew.
impl Log for RsLog {
    type Error = Error;

    fn head(&self) -> TreeHead {
        let root = self.tree.root().map_or_else(empty_root, Digest);
        TreeHead { size: Size(self.committed() as u64), root }
    }

    /// # Errors
    /// [`Error::MisuseEmptyBatch`], [`Error::MisuseBatchTooLarge`], [`Error::MisuseEntryTooLong`],
    /// [`Error::LocalNoRoot`]. Nothing is staged then, not even what was staged before.
    fn stage(&mut self, batch: &Batch) -> Result<Appended, Error> {
        self.discard();
        let added = hashes(&batch.records)?;
        let leaves = self.leaves.len() + added.len();
        let none = |leaves| move || Error::LocalNoRoot { leaves };
        let batch_root = MerkleTree::<Rfc6962>::from_leaves(&added).root().ok_or_else(none(added.len()))?;
        self.tree.append(&mut added.clone());
        let Some(root) = self.tree.uncommitted_root() else {
            self.discard();
            return Err(none(leaves)());
        };
        let named = |(record, leaf): (&Record, &[u8; 32])| -> (EventId, Digest) {
            (record.id.clone(), Digest(*leaf))
        };
        let pairs = batch.records.iter().zip(&added).map(named).collect();
        self.leaves.extend_from_slice(&added);
        let head = TreeHead { size: Size(leaves as u64), root: Digest(root) };
        Ok(Appended { head, batch_root: Digest(batch_root), pairs })
    }

    /// # Errors
    /// Never: this log is in memory.
    fn commit(&mut self) -> Result<TreeHead, Error> {
        self.tree.commit();
        Ok(self.head())
    }

    fn discard(&mut self) {
        self.tree.abort_uncommitted();
        self.leaves.truncate(self.committed());
    }

    /// # Errors
    /// [`Error::MisuseSizeBeyondTree`] (beyond what is committed), [`Error::MisuseIndexBeyondSize`].
    fn prove(&self, index: Index, size: Size) -> Result<Vec<Digest>, Error> {
        let committed = self.committed();
        let reached = usize::try_from(size.0).ok().filter(|size| *size <= committed);
        let beyond = Error::MisuseSizeBeyondTree { got: size, max: Size(committed as u64) };
        let leaves = reached.and_then(|size| self.leaves.get(..size)).ok_or(beyond)?;
        let at = usize::try_from(index.0).ok().filter(|at| *at < leaves.len());
        let at = at.ok_or(Error::MisuseIndexBeyondSize { index, size })?;
        let proof = match leaves.len() == committed {
            true => self.tree.proof(&[at]),
            false => MerkleTree::<Rfc6962>::from_leaves(leaves).proof(&[at]),
        };
        Ok(proof.proof_hashes().iter().copied().map(Digest).collect())
    }
}

/// # Cost
/// `node`: the 2^level leaves below it are hashed anew.
impl Nodes for RsLog {
    fn size(&self) -> Size {
        Size(self.leaves.len() as u64)
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        let width = 1usize.checked_shl(u32::from(level))?;
        let start = usize::try_from(index).ok()?.checked_mul(width)?;
        let below = self.leaves.get(start..start.checked_add(width)?)?;
        match below {
            [leaf] => Some(Digest(*leaf)),
            _ => MerkleTree::<Rfc6962>::from_leaves(below).root().map(Digest),
        }
    }
}

/// The leaf hashes of records that may be staged.
fn hashes(records: &[Record]) -> Result<Vec<[u8; 32]>, Error> {
    if records.is_empty() {
        return Err(Error::MisuseEmptyBatch);
    }
    if records.len() > RsLog::BATCH_LIMIT {
        return Err(Error::MisuseBatchTooLarge { got: records.len(), max: RsLog::BATCH_LIMIT });
    }
    let longest = records.iter().map(|record| record.entry.len()).max().unwrap_or(0);
    if longest > MAX_ENTRY_BYTES {
        return Err(Error::MisuseEntryTooLong { got: longest, max: MAX_ENTRY_BYTES });
    }
    Ok(records.iter().map(|record| Rfc6962::hash(&record.entry)).collect())
}
