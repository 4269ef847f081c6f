//! What a publication left that did not come to its end, and how that is told from one that did.

use auditmesh_merkle::tiles::{BundlePath, FULL_WIDTH, TilePath, new_bundles, new_tiles};
use auditmesh_types::Size;

use crate::{
    Error, FileName, TileStore,
    head_tiles::{self, edge_of},
    intent::Intent,
    publisher::{read, sync},
};

/// Removes what an interrupted publication left, and its intent last: files that were to come when the checkpoint is still
/// the old one, partial files when it is the new one. Without an intent nothing is removed.
pub(crate) fn finish<S: TileStore>(store: &mut S, size: Size) -> Result<(), Error<S::Error>> {
    let Some(bytes) = read(store, FileName::Intent)? else { return check_last(store, size, size) };
    let Intent { old, new } = Intent::decode(&bytes).ok_or(Error::LocalIntent)?;
    if size == new {
        check_last(store, size, new)?;
        remove_partials(store, old, new)?;
        return remove_intent(store);
    }
    let refused = Error::LocalIntentSize { size, old, new };
    if size != old {
        return Err(refused);
    }
    let misuse = |_| Error::LocalIntent;
    let tiles = new_tiles(old, new).map_err(misuse)?.map(FileName::Tile);
    let left = tiles.chain(new_bundles(old, new).map_err(misuse)?.map(FileName::Bundle));
    check_last(store, size, new)?;
    // They are removed once the new checkpoint stands, so without them it stood.
    for name in partials(old, new) {
        if read(store, name)?.is_none() {
            return Err(refused);
        }
    }
    for name in left {
        remove(store, name)?;
    }
    sync(store)?;
    remove_intent(store)
}

/// Removes the intent, durably: the publication came to its end.
pub(crate) fn remove_intent<S: TileStore>(store: &mut S) -> Result<(), Error<S::Error>> {
    remove(store, FileName::Intent)?;
    sync(store)
}

/// Removes the partial files whose full files came with `new`.
pub(crate) fn remove_partials<S: TileStore>(
    store: &mut S,
    old: Size,
    new: Size,
) -> Result<(), Error<S::Error>> {
    let names = head_tiles::filled(old, new);
    if names.is_empty() {
        return Ok(());
    }
    for name in names {
        let removed = store.remove_partials(name);
        removed.map_err(|source| Error::LocalStore { operation: "remove partial files", source })?;
    }
    sync(store)
}

/// Refuses a store that went beyond `last`, though its checkpoint has `size`: the tile in which the leaves of `last` end, or
/// would go on, stands with more of them. There is such a tile after every publication of a larger size.
fn check_last<S: TileStore>(store: &S, size: Size, last: Size) -> Result<(), Error<S::Error>> {
    let (index, width) = edge_of(last, 0);
    // The full one first: it comes with most publications, and stays. A full log has no further tile.
    for wider in (width + 1..=FULL_WIDTH).rev() {
        let Ok(path) = TilePath::new(0, index, wider) else { return Ok(()) };
        let name = FileName::Tile(path);
        if read(store, name)?.is_some() {
            return Err(Error::LocalCheckpointOlder { size, name });
        }
    }
    Ok(())
}

/// The partial files of a tree of `old` leaves whose full files a tree of `new` leaves has.
fn partials(old: Size, new: Size) -> impl Iterator<Item = FileName> {
    let partial = move |full| match full {
        FileName::Tile(path) => {
            let (index, width) = edge_of(old, path.level());
            TilePath::new(path.level(), index, width).ok().map(FileName::Tile)
        }
        FileName::Bundle(_) => {
            let (index, width) = edge_of(old, 0);
            BundlePath::new(index, width).ok().map(FileName::Bundle)
        }
        FileName::Checkpoint | FileName::Intent => None,
    };
    head_tiles::filled(old, new).into_iter().filter_map(partial)
}

fn remove<S: TileStore>(store: &mut S, name: FileName) -> Result<(), Error<S::Error>> {
    store.remove(name).map_err(|source| Error::LocalStore { operation: "remove a file", source })
}
