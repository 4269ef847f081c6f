use auditmesh_merkle::Frontier;
use auditmesh_types::TreeHead;

use crate::{
    Error, OfStore, TileStore,
    head_tiles::{HeadTiles, edge_of},
};

/// What is needed to go on publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumed {
    /// The right edge of the tree; its head is the one given.
    pub frontier: Frontier,
    /// The entries of the last bundle, when it is partial.
    pub entries: Vec<Vec<u8>>,
}

/// Reads the right edge of a published log and compares it with `head`, which the caller has from the verified
/// checkpoint. Changes nothing.
///
/// # Errors
/// [`Error::PeerHead`], [`Error::PeerRootMismatch`], [`Error::PeerMissing`], [`Error::PeerTileLength`],
/// [`Error::PeerBundle`], [`Error::PeerEntryMismatch`], [`Error::LocalRead`].
/// # Cost
/// Reads at most seven partial tiles and one bundle; at most 2,000 hashes.
pub fn resume<S: TileStore>(store: &S, head: TreeHead) -> Result<Resumed, Error<S::Error>> {
    let fetch = OfStore(store);
    let mut tiles = HeadTiles::open(&fetch, head)?;
    let entries = match edge_of(head.size, 0) {
        (_, 0) => Vec::new(),
        (index, _) => tiles.bundle(index)?,
    };
    Ok(Resumed { frontier: tiles.into_frontier(), entries })
}
