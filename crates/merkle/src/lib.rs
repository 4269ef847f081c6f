//! Append-only RFC 6962 Merkle tree: roots, inclusion, consistency, multi- and range proofs, strict verification.
//!
//! # Example
//!
//! ```
//! use auditmesh_merkle::{Sha256, Tree, verify_consistency, verify_inclusion};
//! use auditmesh_types::{Hasher, Index, Size};
//!
//! let mut tree = Tree::new();
//! tree.append_batch(&[b"login".as_slice(), b"read"])?;
//! let before = tree.head();
//! tree.append(b"logout")?;
//! let after = tree.head();
//!
//! let proof = tree.inclusion(Index(1), after.size)?;
//! verify_inclusion(&Sha256, &Sha256.leaf(b"read"), Index(1), after.size, &proof.path, &after.root)?;
//! let proof = tree.consistency(before.size, after.size)?;
//! verify_consistency(&Sha256, &before, &after, &proof.path)?;
//! # Ok::<(), auditmesh_merkle::Error>(())
//! ```
//!
//! # Model
//!
//! A leaf is `SHA-256(0x00 ‖ entry)`, a node `SHA-256(0x01 ‖ left ‖ right)`; a tree of n leaves splits at the largest
//! power of two below n; the empty tree's root is `SHA-256("")`. [`Tree`] keeps the hash of every complete subtree, 64
//! bytes a leaf however it grew, in blocks of six levels, just under a page each. What it appends it hashes many at a
//! time through [`Hasher`](auditmesh_types::Hasher), so that an implementation can work on many messages side by side
//! and on several threads.
//! [`Tree::prune`] drops what proofs for later leaves do not need; [`Tree::encode`] stores a tree, [`Tree::resume`] goes
//! on from tiles.
//! [`Frontier`] keeps only the hashes that a root needs, [`CompactRange`] those that a stretch of leaves gives to the
//! roots it is part of. [`BatchLog`] stages a batch on a tree before it is final. [`LeafIndex`] finds leaves by hash.
//! [`MultiProof`] and [`RangeProof`] prove many leaves with every hash once; a *subtree* is a stretch of leaves whose
//! own root can be proved to be part of the tree.
//! [`tiles`] names and fills the files in which a tree is published.
//!
//! Leaves are never changed or moved once they are committed; a tree that was pruned still has the same roots, and says
//! of what it dropped that it did. Nothing here does input or output.
//!
//! # Security
//!
//! The size is not in the root. A proof is therefore always checked against a size and a root that were signed
//! together, and [`TreeAuthority`] holds both: a path for the first leaf of 8 also fits sizes 5 to 7 with the same root.
//! A verifier demands the exact number of hashes before it hashes anything, and leaves nothing over. A proof of many
//! leaves has one form: strictly ascending indices, at most 65,536, and the hashes in one order.
//! An entry has at most 65,535 bytes, a tree at most 2⁴⁸ leaves. Equal entries have equal leaf hashes; whoever knows
//! the hash of a guessable entry can guess it. What entries mean is not looked at.
//!
//! # Status
//!
//! API: alpha. Tile and bundle format: as C2SP `tlog-tiles`, see `docs/spec/tiles.md`. Stored trees, frontiers and
//! ranges: version 1, see `docs/spec/tree-file.md`.
//!
//! # Sources
//!
//! RFC 6962 §2.1; RFC 9162 §2.1.3.2 and §2.1.4.2 (verification). C2SP `tlog-tiles`. Compact ranges:
//! transparency-dev/merkle. Subtrees: draft-ietf-plants-merkle-tree-certs, held against all four accumulated test vectors
//! and the examples of its working text after version 05 (commit 00fd4fc of ietf-plants-wg/merkle-tree-certs), in which a
//! subtree may be empty; and against the proof cases of transparency-dev/merkle. As there, a proof for an empty subtree says
//! nothing about the root of the tree; unlike there, a tree without leaves is refused with any root but SHA-256 of nothing.
//! RFC 9162 leaves a consistency proof from the empty tree undefined; here it is the empty proof, and the old root must be
//! that of the empty tree.
//! `tlog-tiles` allows tile levels up to 63; a tree of at most 2⁴⁸ leaves has none above 6, and others are refused.
#![no_std]

extern crate alloc;

mod batch_log;
mod compact_range;
mod consistency;
mod error;
mod frontier;
mod inclusion;
mod leaf_index;
mod levels;
mod multi_proof;
mod range_proof;
mod sha256;
mod shape;
mod six_levels;
mod stored;
mod subtree;
mod tile_part;
pub mod tiles;
mod tree;
mod tree_authority;
mod tree_growth;
mod tree_proofs;
mod tree_pruned;

pub use batch_log::BatchLog;
pub use compact_range::CompactRange;
pub use consistency::{ConsistencyProof, verify_consistency};
pub use error::Error;
pub use frontier::Frontier;
pub use inclusion::{InclusionProof, root_from_inclusion, verify_inclusion};
pub use leaf_index::LeafIndex;
pub use multi_proof::{MAX_PROOF_LEAVES, MultiProof, verify_multi};
pub use range_proof::{RangeProof, verify_range};
pub use sha256::{Sha256, empty_root};
pub use subtree::{covering_subtrees, verify_subtree_consistency, verify_subtree_inclusion};
pub use tile_part::TilePart;
pub use tree::{MAX_ENTRY_BYTES, MAX_LEAVES, MAX_PATH, Tree};
pub use tree_authority::{Inclusion, Prefix, TreeAuthority};
