use auditmesh_merkle::tiles;
use auditmesh_types::{Nodes, Size};

use crate::{Error, FileName, TileStore};

/// Writes the tiles that a tree of `new` leaves has and one of `old` has not, and syncs: a tree that is put away, without
/// entries or checkpoint. A log is published with [`Publisher`](crate::Publisher).
///
/// Partial tiles of `old` stay, as other heads may be read with them. Back again:
/// [`TileReader::tree`](crate::TileReader::tree), with the head of `new` from where it is trusted.
///
/// # Errors
/// [`Error::MisuseTree`] (`old` is the larger, or the tree has not, or no longer, what is to be written),
/// [`Error::LocalStore`]. What was written before stays.
/// # Cost
/// 32 bytes a leaf, and one file for every 256.
pub fn freeze<S: TileStore, N: Nodes + ?Sized>(
    store: &mut S,
    nodes: &N,
    old: Size,
    new: Size,
) -> Result<(), Error<S::Error>> {
    let misuse = |source| Error::MisuseTree { source };
    for tile in tiles::freeze(nodes, old, new).map_err(misuse)? {
        let (path, bytes) = tile.map_err(misuse)?;
        let written = store.write(FileName::Tile(path), &bytes);
        written.map_err(|source| Error::LocalStore { operation: "write a file", source })?;
    }
    store.sync().map_err(|source| Error::LocalStore { operation: "sync", source })
}
