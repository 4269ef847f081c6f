use auditmesh_types::{Digest, Index, Size};

use crate::TilePart;

/// Why something is not appended, proved, verified or decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An entry is longer than an entry bundle can hold.
    #[error("the entry has {got} bytes, at most {max} are allowed: log a commitment to what is longer")]
    MisuseEntryTooLong {
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// The tree would get more leaves than it may have.
    #[error("the tree has {size} leaves and {adding} more would pass the limit of {max}: begin a new log")]
    MisuseTreeFull {
        /// Its leaves.
        size: Size,
        /// How many were to be added.
        adding: u64,
        /// The most allowed.
        max: u64,
    },
    /// A proof was asked for a leaf that the tree of that size does not have.
    #[error("leaf {index} was asked for in a tree of {size} leaves: ask for a lower index")]
    MisuseIndexBeyondSize {
        /// The leaf.
        index: Index,
        /// The size.
        size: Size,
    },
    /// A size was asked for that the tree has not reached.
    #[error("size {got} was asked for, the tree has {max} leaves: ask for a size it has had")]
    MisuseSizeBeyondTree {
        /// The size.
        got: Size,
        /// The leaves there are.
        max: Size,
    },
    /// Something was asked for that rests on leaves which were dropped.
    #[error("leaf {index} was asked for, the tree was pruned below {pruned_below}: ask a tree that has it")]
    MisusePruned {
        /// The first leaf that would be needed.
        index: Index,
        /// The first leaf the tree still proves.
        pruned_below: Index,
    },
    /// A root or a proof was asked for of a size below that at which the tree was pruned.
    #[error("size {size} was asked for, the tree was pruned below leaf {pruned_below}: ask for a larger one")]
    MisuseSizePruned {
        /// The size.
        size: Size,
        /// The first leaf the tree still proves.
        pruned_below: Index,
    },
    /// A tree was to be pruned of leaves that are not final.
    #[error("pruning below leaf {got} was asked for, {max} leaves are final: prune no more than those")]
    MisusePruneBeyond {
        /// The leaf.
        got: Index,
        /// The final leaves.
        max: Size,
    },
    /// A range or a growth ends before it begins.
    #[error("the range from {start} to {end} ends before it begins: exchange the two")]
    MisuseRange {
        /// Where it begins.
        start: Size,
        /// Where it ends.
        end: Size,
    },
    /// A proof was asked for no leaf at all.
    #[error("a proof of no leaf was asked for: name at least one")]
    MisuseNoLeaf,
    /// A proof was asked for more leaves than one proof may have.
    #[error("a proof of {got} leaves was asked for, at most {max} are allowed: ask for several")]
    MisuseTooManyLeaves {
        /// How many were named.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// The leaves of a proof were named twice or out of order.
    #[error("leaf {index} was asked for after leaf {before}: name each leaf once, in ascending order")]
    MisuseIndexOrder {
        /// The leaf before it.
        before: Index,
        /// The leaf that is not above it.
        index: Index,
    },
    /// Two ranges to be merged are not neighbours.
    #[error("a range from {start} cannot follow one that ends at {end}: merge neighbours, left to right")]
    MisuseNotAdjacent {
        /// Where the left one ends.
        end: Size,
        /// Where the right one begins.
        start: Size,
    },
    /// A root was asked for of a range that leaves out the first leaves.
    #[error("the range begins at {start}, a root is over all leaves from 0: merge it onto the one before")]
    MisuseNoRoot {
        /// Where it begins.
        start: Size,
    },
    /// Something was asked for of a subtree that trees do not have.
    #[error("the leaves from {start} to {end} are no subtree: begin at a multiple of 2ᵏ, no shorter than it")]
    MisuseSubtree {
        /// Where it begins.
        start: Size,
        /// Where it ends.
        end: Size,
    },
    /// A proof was asked for a leaf outside the subtree.
    #[error("leaf {index} was asked for in the subtree from {start} to {end}: ask for one within it")]
    MisuseIndexOutsideSubtree {
        /// The leaf.
        index: Index,
        /// Where the subtree begins.
        start: Size,
        /// Where it ends.
        end: Size,
    },
    /// A batch has no record.
    #[error("the batch is empty: stage at least one record")]
    MisuseEmptyBatch,
    /// A batch has more records than the log's limit.
    #[error("the batch has {got} records, at most {max} are allowed: split it")]
    MisuseBatchTooLarge {
        /// Its records.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A batch limit is zero or above what any log may allow.
    #[error("a batch limit of {got} was asked for, it must be between 1 and {max}")]
    MisuseBatchLimit {
        /// The limit that was asked for.
        got: usize,
        /// The highest limit.
        max: usize,
    },
    /// No tree has such a tile.
    #[error("no tree has a tile of level {level}, index {index} and width {width}: the width is 1 to 256")]
    MisuseTile {
        /// The level.
        level: u8,
        /// The index within the level.
        index: u64,
        /// The number of hashes.
        width: u16,
    },
    /// No tree has such an entry bundle.
    #[error("no tree has an entry bundle of index {index} and width {width}: the width is 1 to 256")]
    MisuseBundle {
        /// The index.
        index: u64,
        /// The number of entries.
        width: u16,
    },
    /// A tile was asked for that a tree of this size does not have.
    #[error("hash {index} of tile level {level} was asked for, a tree of {size} leaves does not have it")]
    MisuseTileBeyondTree {
        /// The level of tiles.
        level: u8,
        /// The first hash that is missing, counted over the whole level.
        index: u64,
        /// The leaves there are.
        size: Size,
    },
    /// A bundle was to hold no entry, or more than 256.
    #[error("an entry bundle of {got} entries was asked for, it holds 1 to {max}")]
    MisuseBundleEntries {
        /// The number of entries.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A proof names a leaf that a tree of its size does not have.
    #[error("the proof is for leaf {index} of a tree of {size} leaves: ask for another proof")]
    PeerIndexBeyondSize {
        /// The leaf.
        index: Index,
        /// The size.
        size: Size,
    },
    /// A proof has too few or too many hashes.
    #[error("the proof has {got} hashes, {want} are needed and no other number: ask for another proof")]
    PeerPathLength {
        /// How many came.
        got: usize,
        /// The only number allowed.
        want: usize,
    },
    /// A leaf and a path do not lead to the root.
    #[error("the proof leads to root {got}, the tree has {want}: leaf, index, path or head is another's")]
    PeerRootMismatch {
        /// The root that was computed.
        got: Digest,
        /// The tree's root.
        want: Digest,
    },
    /// The older of two trees is larger.
    #[error("the older tree has {old} leaves and the newer {new}: a log does not shrink")]
    PeerOldBeyondNew {
        /// The older tree's leaves.
        old: Size,
        /// The newer tree's leaves.
        new: Size,
    },
    /// A tree without leaves has another root than the hash of nothing.
    #[error("a tree of 0 leaves came with root {got}, it can only have {want}")]
    PeerEmptyRoot {
        /// The root that came.
        got: Digest,
        /// The hash of the empty string.
        want: Digest,
    },
    /// A consistency proof does not rebuild the older root.
    #[error("the proof leads to older root {got}, the older tree has {want}: no prefix, or a wrong proof")]
    PeerOldRootMismatch {
        /// The root that was computed.
        got: Digest,
        /// The older tree's root.
        want: Digest,
    },
    /// A consistency proof does not rebuild the newer root, or two trees of one size differ.
    #[error("the proof leads to newer root {got}, the newer tree has {want}: a forked log, or a wrong proof")]
    PeerNewRootMismatch {
        /// The root that was computed.
        got: Digest,
        /// The newer tree's root.
        want: Digest,
    },
    /// A proof is for no leaf at all.
    #[error("the proof is for no leaf: it says nothing, ask for another")]
    PeerNoLeaf,
    /// A proof is for more leaves than one proof may have.
    #[error("the proof is for {got} leaves, at most {max} are allowed: ask for several")]
    PeerTooManyLeaves {
        /// How many came.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A proof names leaves twice or out of order.
    #[error("the proof names leaf {index} after leaf {before}: each may come once, in ascending order")]
    PeerIndexOrder {
        /// The leaf before it.
        before: Index,
        /// The leaf that is not above it.
        index: Index,
    },
    /// A proof came with another number of leaves than it is for.
    #[error("{got} leaves came with a proof for {want}: give all of them, in the order of their indices")]
    PeerLeafCount {
        /// How many leaves came.
        got: u64,
        /// How many the proof is for.
        want: u64,
    },
    /// A range of another ends before it begins.
    #[error("the range from {start} to {end} that came ends before it begins: ask for another")]
    PeerRange {
        /// Where it begins.
        start: Size,
        /// Where it ends.
        end: Size,
    },
    /// A stored range has another number of hashes than it has complete subtrees.
    #[error("the range from {start} to {end} has {got} hashes, {want} are needed: restore it from the tree")]
    PeerRangeLength {
        /// Where it begins.
        start: Size,
        /// Where it ends.
        end: Size,
        /// How many hashes came.
        got: usize,
        /// The only number allowed.
        want: usize,
    },
    /// A proof is about a subtree that trees do not have.
    #[error("the proof is about the leaves from {start} to {end}, which are no subtree: ask for another")]
    PeerSubtree {
        /// Where it begins.
        start: Size,
        /// Where it ends.
        end: Size,
    },
    /// A proof is about a subtree beyond the tree.
    #[error("the proof is about leaves up to {end} of a tree of {size}: ask for another proof")]
    PeerSubtreeBeyondSize {
        /// Where the subtree ends.
        end: Size,
        /// The tree's leaves.
        size: Size,
    },
    /// A proof names a leaf outside its subtree.
    #[error("the proof is for leaf {index} of the subtree from {start} to {end}: ask for another proof")]
    PeerIndexOutsideSubtree {
        /// The leaf.
        index: Index,
        /// Where the subtree begins.
        start: Size,
        /// Where it ends.
        end: Size,
    },
    /// A proof does not rebuild the root of its subtree.
    #[error("the proof leads to subtree root {got}, the subtree has {want}: it is no part of the tree")]
    PeerSubtreeRootMismatch {
        /// The root that was computed.
        got: Digest,
        /// The subtree's root.
        want: Digest,
    },
    /// A stored frontier has another number of hashes than its size has complete subtrees.
    #[error("the frontier of {size} leaves has {got} hashes, {want} are needed: restore it from the tree")]
    PeerFrontierLength {
        /// The leaves.
        size: Size,
        /// How many hashes came.
        got: usize,
        /// The only number allowed.
        want: usize,
    },
    /// A size is larger than any tree may be.
    #[error("a tree of {got} leaves was named, at most {max} are allowed")]
    PeerTreeTooLarge {
        /// The size.
        got: Size,
        /// The most allowed.
        max: u64,
    },
    /// What a tree is to go on from has another number of hashes on a level of tiles than its size demands.
    #[error(
        "the partial tile of level {level} at size {size} has {got} hashes, {want} are needed: reread it"
    )]
    PeerEdgeLength {
        /// The level of tiles.
        level: u8,
        /// The leaves.
        size: Size,
        /// How many hashes came.
        got: usize,
        /// The only number allowed.
        want: usize,
    },
    /// A stored tree, frontier or range does not begin with its tag.
    #[error("the file does not begin with {want:?}: it is something else, or of another version")]
    PeerFileTag {
        /// The tag, without the line feed behind it.
        want: &'static str,
    },
    /// A stored tree, frontier or range has another number of bytes than its numbers demand.
    #[error("the file has {got} bytes, {want} are needed: it was cut or added to")]
    PeerFileLength {
        /// Its bytes.
        got: usize,
        /// The only number allowed; where the file ends before its numbers do, the least that such a file has.
        want: u64,
    },
    /// A stored tree, frontier or range does not hash to the digest at its end.
    #[error("the file hashes to {got}, it says {want}: it was changed, restore it")]
    PeerFileMismatch {
        /// The digest that was computed.
        got: Digest,
        /// The digest at the end.
        want: Digest,
    },
    /// A tile's or bundle's path is not written in its one form.
    #[error("the tile path is wrong in its {part}, at byte {at}: write it as tile/0/x001/x234/067.p/12")]
    PeerTilePath {
        /// Which part.
        part: TilePart,
        /// Where that part begins.
        at: usize,
    },
    /// A bundle ends inside an entry or before its last one.
    #[error("the bundle ends in entry {entry}: {need} bytes are needed from byte {at} on, {have} are there")]
    PeerBundleTruncated {
        /// The entry, from 0.
        entry: usize,
        /// Where the missing length or entry begins.
        at: usize,
        /// How many bytes it needs.
        need: usize,
        /// How many there are.
        have: usize,
    },
    /// A bundle goes on after its last entry.
    #[error("the bundle has {got} bytes after its last entry, at byte {at}: its width is another")]
    PeerBundleLeftOver {
        /// Where they begin.
        at: usize,
        /// How many there are.
        got: usize,
    },
}
