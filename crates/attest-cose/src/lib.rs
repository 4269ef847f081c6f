//! COSE receipts of inclusion and consistency: RFC 9942 over RFC 9162 trees, through `coset`.
//!
//! # Example
//!
//! ```
//! use auditmesh_attest::{Ed25519, Ed25519Signer};
//! use auditmesh_attest_cose::{Receipt, inclusion_receipt};
//! use auditmesh_merkle::{Sha256, Tree};
//! use auditmesh_types::{Hasher, Index, Signer};
//!
//! let log = Ed25519Signer::from_seed([1; 32]);
//! let mut tree = Tree::new();
//! tree.append_batch(&[b"login".as_slice(), b"read", b"logout"])?;
//! let bytes = inclusion_receipt(&log, &tree.inclusion(Index(1), tree.size())?, &tree.head().root)?;
//!
//! let receipt = Receipt::decode(&bytes)?;
//! let root = receipt.verify_inclusion(&Ed25519, log.public_key(), &Sha256.leaf(b"read"))?;
//! assert_eq!(root, tree.head().root);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Model
//!
//! A receipt is a `COSE_Sign1` whose detached payload is a root, signed by the log, and which carries one proof in its
//! unprotected header: a path from a leaf to that root, or the hashes that tie an older root to it. [`Receipt::decode`]
//! reads one and believes nothing; [`Receipt::verify_inclusion`] and [`Receipt::verify_consistency`] check the proof
//! with `auditmesh-merkle`, then the signature with the [`Verifier`](auditmesh_types::Verifier) that is passed in.
//!
//! What is written is deterministic. What is read may have its labels in any order and header parameters that are not
//! looked at, such as a key id; every number and length must be in its shortest form.
//!
//! # Security
//!
//! The signature covers the root alone. Size and index stand in the unprotected header: another size and index of the
//! same path give the same root, so neither is proven. Who needs them compares the root with a checkpoint, which signs
//! size and root together. A receipt names no log: the key must be one that signs receipts and
//! checkpoints of one log alone. The root of an inclusion receipt is not given but computed, so a signature over another root never passes.
//!
//! Limits: 64 KiB, 64 labels a map, 64 hashes a path, one proof.
//!
//! # Status
//!
//! Wire format: version 1, `docs/spec/receipt.md`, frozen. API: alpha.
//!
//! # Sources
//!
//! RFC 9942 (§5, `RFC9162_SHA256`), RFC 9052, RFC 9162 §2.1, RFC 9864 (algorithm -19). We deviate by refusing attached
//! payloads, more than one proof, critical header parameters, and encodings that are not preferred; and by accepting
//! the empty path, which the only leaf of a tree has and the RFC's grammar cannot write.
#![no_std]

extern crate alloc;

mod algorithm;
mod error;
mod issue;
mod proof;
mod receipt;
mod wire;

pub use error::Error;
pub use issue::{consistency_receipt, inclusion_receipt};
pub use proof::Proof;
pub use receipt::{MAX_BYTES, Receipt};
