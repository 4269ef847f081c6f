//! The files in which a tree is published: which there are, what they are called, what is in them. No input or output.
//!
//! A *tile* holds up to 256 hashes of complete subtrees, of every eighth level of the tree; an *entry bundle* the
//! entries below one tile of level 0. A full one never changes; of a partial one, a wider takes its place.
//!
//! # Source
//! C2SP `tlog-tiles`; `docs/spec/tiles.md`.

mod bundle_path;
mod entry_bundle;
mod growth;
mod position;
mod tile_path;

pub use bundle_path::BundlePath;
pub use entry_bundle::EntryBundle;
pub use growth::{Bundles, Tiles, bundles_of, new_bundles, new_tiles, tiles_of};
pub use tile_path::{TilePath, freeze, tile_bytes};

/// The number of hashes in a full tile, and of entries in a full bundle.
pub const FULL_WIDTH: u16 = 256;
