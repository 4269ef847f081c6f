//! Tiles as files: publishes a log crash-safely, goes on after a crash, and proves from what was published.
//!
//! # Example
//!
//! ```
//! use auditmesh_merkle::Tree;
//! use auditmesh_store_tiles::{MemoryStore, Publisher, TileReader};
//! use auditmesh_types::Index;
//!
//! let mut tree = Tree::new();
//! let mut publisher = Publisher::resume(MemoryStore::new(), tree.head())?;
//! let batch = [b"login".as_slice(), b"read"];
//! tree.append_batch(&batch)?;
//! let checkpoint = format!("example.org/log\n{}\n(root, signatures)\n", tree.size());
//! let head = publisher.publish(&tree, &batch, checkpoint.as_bytes())?;
//!
//! let reader = TileReader::of_store(publisher.store());
//! assert_eq!(reader.entry(Index(1), head)?, b"read");
//! assert_eq!(reader.inclusion(Index(1), head)?, tree.inclusion(Index(1), head.size)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Model
//!
//! A [`TileStore`] holds the files of one log, named by [`FileName`] and by nothing else; [`FolderStore`] keeps them as
//! plain files below a folder, [`MemoryStore`] in memory. A [`Publisher`] writes what a batch adds in five steps with
//! a sync after each: its intent, the tiles and entry bundles, the checkpoint, the removal of partial files whose
//! full file now stands, and that of the intent. Until the new checkpoint is in place nothing of the old one is touched. A process
//! that was killed goes on with [`Publisher::resume`], which reads the right edge of the tree, compares it with the head
//! of the checkpoint, and, where an intent stands, removes exactly the files that the interrupted step left. Without an
//! intent it removes nothing. What is published always continues what was published before: the publisher keeps the log's
//! frontier and refuses a tree that differs, and a store with tiles beyond its checkpoint, of which an older copy came back.
//!
//! A [`TileReader`] reads tiles over any function that fetches a file. It never uses a hash before the file was
//! verified: the partial tiles lead to the head's root, and a full tile to its hash in the tile above. Where a partial file is
//! gone, it takes the first part of the full one. Every head that was ever published can be read.
//!
//! So the partial files of every size that had a checkpoint stay until the full one stands, as `tlog-tiles` demands: who
//! holds an older checkpoint asks for them by their width. That is bounded, however long the log grows: of each level at most
//! 255 partial tiles, 1 MB, and 255 partial bundles. A log that is published entry by entry has come to all of them when a
//! tile is nearly full, its last 255 entries 128 times over; one that is published in batches of 256 has no partial bundle.
//!
//! A reader also gives the tree itself back, whole or pruned: [`TileReader::tree`], [`Publisher::tree`]. [`freeze`] writes a
//! tree that is no published log.
//!
//! # Security
//!
//! The head given to [`TileReader`], [`resume`] and [`Publisher::resume`] is trusted: verify the checkpoint's signatures
//! first. Of a checkpoint only the size in its second line is read here. Resuming reads the right edge, not
//! every tile; [`TileReader::leaves`] reads all of level 0. A lock lets one [`FolderStore`] write to a folder at a time; it is
//! advisory. On systems other than Unix, folders are not synced. A fetched file is checked for its length
//! after it was fetched: whoever fetches limits the bytes, [`FileName::max_bytes`] says to how many.
//! Entries are published as they are given: what is secret does not belong in them.
//!
//! # Status
//!
//! Format: as C2SP `tlog-tiles`, see `docs/spec/tiles.md`, with its section on publishing. API: alpha.
//!
//! # Sources
//!
//! C2SP `tlog-tiles` (partial tiles stay until the full one stands; the fallback to the full tile). RFC 6962 §2.1. Syncing
//! file and folder: fsync(2), rename(2).

mod checkpoint;
mod error;
mod fetch;
mod file_name;
mod folder_error;
mod folder_store;
mod frozen;
mod head_tiles;
mod intent;
mod interrupted;
mod memory_store;
mod publisher;
mod resumed;
mod tile_reader;
mod tile_store;

pub use checkpoint::MAX_CHECKPOINT_BYTES;
pub use error::Error;
pub use fetch::{Fetch, OfStore};
pub use file_name::FileName;
pub use folder_error::FolderError;
pub use folder_store::FolderStore;
pub use frozen::freeze;
pub use memory_store::MemoryStore;
pub use publisher::Publisher;
pub use resumed::{Resumed, resume, resume_with};
pub use tile_reader::TileReader;
pub use tile_store::TileStore;
