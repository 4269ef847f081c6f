use auditmesh_types::{Index, Size};

/// Why something is not staged or proved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A batch has no record.
    #[error("the batch is empty: stage at least one record")]
    MisuseEmptyBatch,
    /// A batch has more records than a log takes.
    #[error("the batch has {got} records, at most {max} are allowed: split it")]
    MisuseBatchTooLarge {
        /// Its records.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// An entry is longer than an entry may be.
    #[error("the entry has {got} bytes, at most {max} are allowed: log a commitment to what is longer")]
    MisuseEntryTooLong {
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A proof was asked for a leaf that the tree of that size does not have.
    #[error("leaf {index} was asked for in a tree of {size} leaves: ask for a lower index")]
    MisuseIndexBeyondSize {
        /// The leaf.
        index: Index,
        /// The size.
        size: Size,
    },
    /// A size was asked for that the log has not committed.
    #[error("size {got} was asked for, {max} leaves are committed: ask for a size the log has had")]
    MisuseSizeBeyondTree {
        /// The size.
        got: Size,
        /// The committed leaves.
        max: Size,
    },
    /// `rs_merkle` gave no root for a tree that has leaves.
    #[error("rs_merkle gave no root for {leaves} leaves: its tree is inconsistent, build it anew from them")]
    LocalNoRoot {
        /// The leaves.
        leaves: usize,
    },
}
