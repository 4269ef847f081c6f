use alloc::vec::Vec;
use core::{error, fmt};

use crate::{Batch, Digest, EventId, Index, Size};

/// A log at one moment. The size is not in the root, so the two are always signed and compared together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TreeHead {
    /// The number of leaves.
    pub size: Size,
    /// The Merkle tree hash of those leaves.
    pub root: Digest,
}

impl fmt::Display for TreeHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.size, self.root)
    }
}

/// What became of a batch in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The log's head with the batch in it.
    pub head: TreeHead,
    /// The Merkle root of the batch's leaves alone.
    pub batch_root: Digest,
    /// For every record, in order, its name and its leaf hash.
    pub pairs: Vec<(EventId, Digest)>,
}

/// An append-only log that shows a batch's effect before it is final.
///
/// A batch is *staged* (its head can be compared, signed and voted on), then *committed* or *discarded*. What was
/// committed never changes.
pub trait Log {
    /// Why something cannot be logged or proved.
    type Error: error::Error + 'static;

    /// The head of what is committed.
    fn head(&self) -> TreeHead;

    /// Lays a batch on top of what is committed, in place of any batch that was staged before.
    ///
    /// # Errors
    /// When the batch is empty (two rounds would sign one size) or breaks a limit. Nothing is staged then.
    fn stage(&mut self, batch: &Batch) -> Result<Appended, Self::Error>;

    /// Makes the staged batch part of the log for good; without one, nothing happens.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn commit(&mut self) -> Result<TreeHead, Self::Error>;

    /// Forgets the staged batch.
    fn discard(&mut self);

    /// The inclusion path of leaf `index` in the committed tree of `size` leaves, leaf to root: at most 63 digests.
    ///
    /// # Errors
    /// When `index` is not below `size`, or `size` is beyond what is committed.
    fn prove(&self, index: Index, size: Size) -> Result<Vec<Digest>, Self::Error>;
}

/// Read access to a tree's hashes, staged leaves included.
pub trait Nodes {
    /// The number of leaves.
    fn size(&self) -> Size;

    /// The hash of the complete subtree over leaves `index << level .. (index + 1) << level`; level 0 is the leaf
    /// hashes. `None` where the tree has no such complete subtree.
    fn node(&self, level: u8, index: u64) -> Option<Digest>;
}
