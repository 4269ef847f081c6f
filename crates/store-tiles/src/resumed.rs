use auditmesh_merkle::{Frontier, Sha256};
use auditmesh_types::{Hasher, TreeHead};

use crate::{
    Error, OfStore, TileStore,
    head_tiles::{HeadTiles, edge_of},
};

/// What is needed to go on publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumed<H = Sha256> {
    /// The right edge of the tree; its head is the one given.
    pub frontier: Frontier<H>,
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
    resume_with(Sha256, store, head)
}

/// As [`resume`], hashing with `hasher`.
///
/// # Errors
/// As [`resume`].
/// # Cost
/// As [`resume`].
pub fn resume_with<S: TileStore, H: Hasher + Clone>(
    hasher: H,
    store: &S,
    head: TreeHead,
) -> Result<Resumed<H>, Error<S::Error>> {
    let fetch = OfStore(store);
    let mut tiles = HeadTiles::open(&fetch, &hasher, head)?;
    let entries = match edge_of(head.size, 0) {
        (_, 0) => Vec::new(),
        (index, _) => tiles.bundle(index)?,
    };
    Ok(Resumed { frontier: tiles.into_frontier(), entries })
}
