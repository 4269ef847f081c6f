//! An RFC 6962 log over the trees of `rs_merkle`, for those who hold such trees.
//!
//! # Example
//!
//! ```
//! use auditmesh_merkle::{Sha256, verify_inclusion};
//! use auditmesh_merkle_rs::{Rfc6962, RsLog};
//! use auditmesh_types::{Digest, Hasher, Index, Log};
//! use rs_merkle::{Hasher as _, MerkleTree};
//!
//! let leaves = [b"login".as_slice(), b"read", b"logout"].map(Rfc6962::hash);
//! let log = RsLog::over(MerkleTree::from_leaves(&leaves));
//! let head = log.head();
//!
//! let path = log.prove(Index(1), head.size)?;
//! verify_inclusion(&Sha256, &Sha256.leaf(b"read"), Index(1), head.size, &path, &head.root)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Model
//!
//! [`Rfc6962`] gives `rs_merkle` the leaves and nodes of RFC 6962: its trees then have the same shape, since it carries a
//! last odd node up unchanged. [`RsLog`] stages a batch as the tree's uncommitted leaves; `commit` commits them,
//! `discard` aborts them. Heads and inclusion paths are those of `auditmesh-merkle`, bit for bit.
//!
//! `rs_merkle` gives no node but the root, so the log keeps a copy of the leaf hashes, and computes nodes and the
//! proofs of older sizes from them. There are no consistency proofs and no tiles here: a log that needs them is
//! `auditmesh_merkle::BatchLog`.
//!
//! # Security
//!
//! Nothing here verifies. `MerkleProof::verify` of `rs_merkle` 1.5 accepts a leaf that is in no tree when an index is
//! named twice, and hashes that it never uses: paths go to `auditmesh_merkle::verify_inclusion`. [`RsLog::over`] takes
//! the tree's leaf hashes as given. The tree keeps every commit in its history, which `rs_merkle` cannot drop.
//!
//! # Status
//!
//! API: alpha. No wire format.
//!
//! # Sources
//!
//! RFC 6962 §2.1; `rs_merkle` 1.5.
#![no_std]

extern crate alloc;

mod error;
mod rfc6962;
mod rs_log;

pub use error::Error;
pub use rfc6962::Rfc6962;
pub use rs_log::RsLog;
