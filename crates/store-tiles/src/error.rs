use auditmesh_merkle as merkle;
use auditmesh_types::{Digest, Index, Size};

use crate::FileName;

/// Why something is not published, resumed or proved. `E` is the error of the store or of the function that fetches.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error<E> {
    /// The tree refuses what was asked for.
    #[error("{source}")]
    MisuseTree {
        /// What is wrong.
        source: merkle::Error,
    },
    /// The tree does not hold what was published, followed by the new entries.
    #[error(
        "hash {index} of level {level} in the tree is not that of what was published and the new entries, {size} \
         leaves in all; publish every entry once, in order, with the log's own tree"
    )]
    MisuseTreeDiffers {
        /// The level of the tree, 0 for leaves.
        level: u8,
        /// The index within the level.
        index: u64,
        /// The leaves there would be.
        size: Size,
    },
    /// The checkpoint to publish is for another size.
    #[error("the checkpoint's second line must be the size {want}, it is {}", shown(*got))]
    MisuseCheckpointSize {
        /// Its size, if it has one.
        got: Option<Size>,
        /// The size with the new entries.
        want: Size,
    },
    /// The checkpoint to publish is too long.
    #[error("the checkpoint has {got} bytes, at most {max} are allowed")]
    MisuseCheckpointTooLong {
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// The head to resume from is not that of the checkpoint in the store.
    #[error(
        "the head has size {got}, the checkpoint in the store has {want}; resume with the store's own head"
    )]
    MisuseHeadSize {
        /// The size of the head.
        got: Size,
        /// The size of the checkpoint, 0 without one.
        want: Size,
    },
    /// The checkpoint in the store has no size.
    #[error("the second line of the checkpoint in the store is no size; restore the checkpoint")]
    PeerCheckpoint,
    /// A file that the head promises is not there.
    #[error("{name} is missing, and no full file stands in its place; fetch it elsewhere or restore it")]
    PeerMissing {
        /// The file.
        name: FileName,
    },
    /// A tile has another number of bytes than its width demands.
    #[error("{name} has {got} bytes, it must have {want}; fetch it elsewhere or restore it")]
    PeerTileLength {
        /// The tile.
        name: FileName,
        /// Its bytes.
        got: usize,
        /// The only number allowed.
        want: usize,
    },
    /// A full tile does not hash to what the tile above has for it.
    #[error("{name} hashes to {got}, the tile above it has {want}; fetch it elsewhere or restore it")]
    PeerTileMismatch {
        /// The tile.
        name: FileName,
        /// Its hash.
        got: Digest,
        /// The hash in the tile above.
        want: Digest,
    },
    /// The partial tiles do not lead to the head's root.
    #[error(
        "the partial tiles of {size} leaves lead to root {got}, the head has {want}: one of them was changed, or the \
         head is another log's"
    )]
    PeerRootMismatch {
        /// The head's size.
        size: Size,
        /// The root that was computed.
        got: Digest,
        /// The head's root.
        want: Digest,
    },
    /// A bundle is not written in its one form.
    #[error("{name} is no entry bundle: {source}")]
    PeerBundle {
        /// The bundle.
        name: FileName,
        /// What is wrong.
        source: merkle::Error,
    },
    /// An entry of a bundle does not hash to the leaf in the tile.
    #[error("entry {index} in {name} hashes to {got}, the tile has {want}; fetch it elsewhere or restore it")]
    PeerEntryMismatch {
        /// The bundle.
        name: FileName,
        /// The entry.
        index: Index,
        /// Its hash.
        got: Digest,
        /// The leaf hash in the tile.
        want: Digest,
    },
    /// The head or a proof made from verified tiles is refused: the two heads are not of one log, or no log has such a head.
    #[error("the head is refused: {source}")]
    PeerHead {
        /// What is wrong.
        source: merkle::Error,
    },
    /// More entries than one publication may have.
    #[error("{got} entries in one publication, at most {max} are allowed; publish them in several")]
    MisuseTooMany {
        /// How many.
        got: u64,
        /// The most allowed.
        max: u64,
    },
    /// What the publisher wrote of its intent cannot be read.
    #[error(
        "{} cannot be read; find out what changed it, and remove it when every file is as the checkpoint promises",
        FileName::Intent
    )]
    LocalIntent,
    /// The checkpoint in the store is neither that from which a publisher went nor that to which it went; or it is the first,
    /// though partial files are gone that are removed once the second stands.
    #[error(
        "the store went from size {old} to {new}, its checkpoint has {size}: an older copy came back; restore the \
         checkpoint of {new}"
    )]
    LocalIntentSize {
        /// The size of the checkpoint.
        size: Size,
        /// The size the publisher left.
        old: Size,
        /// The size the publisher made.
        new: Size,
    },
    /// A tile stands in the store that only a log larger than its checkpoint's, and than any publication under way, has.
    #[error(
        "the checkpoint in the store has size {size}, but {name} stands, which only a larger log has: an older copy \
         of the checkpoint came back, or it is gone; restore the last one"
    )]
    LocalCheckpointOlder {
        /// The size of the checkpoint, 0 without one.
        size: Size,
        /// The tile.
        name: FileName,
    },
    /// An earlier operation on the store failed, so nobody knows what is in it.
    #[error("an earlier publication failed and its effect is unknown; resume from the store's checkpoint")]
    LocalUncertain,
    /// A file does not come.
    #[error("{name} cannot be read: {source}")]
    LocalRead {
        /// The file.
        name: FileName,
        /// Why.
        source: E,
    },
    /// A file could not be written or removed, or was not made durable.
    #[error("the store failed to {operation}: {source}")]
    LocalStore {
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        source: E,
    },
}

fn shown(size: Option<Size>) -> String {
    size.map_or_else(|| "no size".to_owned(), |size| size.to_string())
}
