//! Commit a root elsewhere and check it back; an append-only anchor file as the embedded default.
//!
//! # Example
//!
//! ```
//! use auditmesh_anchor::MemoryAnchor;
//! use auditmesh_types::{Anchor, Commitment, Digest, Millis, Origin, Size, TreeHead};
//!
//! let origin = Origin::new("auditmesh.example/eu-us-apac")?;
//! let head = TreeHead { size: Size(3), root: Digest([7; 32]) };
//! let commitment = Commitment { origin, head, statement: Digest([9; 32]), at: Millis(1_760_000_000_000) };
//!
//! let mut anchor = MemoryAnchor::new();
//! let receipt = anchor.commit(&commitment)?;
//! assert_eq!(receipt.id, "memory:1");
//! assert_eq!(anchor.find(&commitment.origin, head)?, Some(receipt.clone()));
//! anchor.check(&receipt, &commitment)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Model
//!
//! A [`Chain`] is a sequence of [`Line`]s, one for each commitment. Each line has a number, the digest of the line
//! before it, and a digest over all of that, so that no line can change, move or vanish from the middle unnoticed.
//! For each log the sizes never fall, and one size has one root. [`FileAnchor`] keeps a chain in a text file,
//! [`MemoryAnchor`] keeps one in memory with the same answers.
//!
//! [`FileAnchor`] gives a receipt only when the line was written, synced and read back. One process at a time
//! may open a file. Opening verifies every line: a change is named with its line and its [`Fault`]; a last line
//! that was not finished, as a crash leaves it, is told apart from that and can be cut off, after a copy was kept, by
//! [`FileAnchor::open_repairing`].
//!
//! # Security
//!
//! The chain shows tampering to whoever holds a later receipt, or a copy of the last digest: who can write the file
//! can also cut it after any line, or write all of it anew. Keep receipts elsewhere, and put the file on another
//! machine than the log. The lock is advisory. On systems other than Unix, directories are not synced and reading
//! back may be refused by the lock. After a failed write or sync the state of the disk is unknown, and the anchor
//! takes no more until it is opened again.
//!
//! # Status
//!
//! Format: alpha, version 1, `docs/spec/anchor-file.md`. API: alpha.
//!
//! # Sources
//!
//! Hash chain: Haber and Stornetta 1991. Syncing file and directory: fsync(2).

mod chain;
mod contract;
mod error;
mod fault;
mod file_anchor;
mod line;
mod memory_anchor;
mod receipts;
mod repair;
mod scan;

pub use chain::{Chain, Prepared};
pub use contract::CONTRACT;
pub use error::Error;
pub use fault::Fault;
pub use file_anchor::FileAnchor;
pub use line::Line;
pub use memory_anchor::MemoryAnchor;
pub use repair::Repair;
