//! One reusable test suite per role trait, and the frozen bytes of every wire format.
//!
//! # Example
//!
//! ```
//! use auditmesh_conformance::{hasher, tree};
//! use auditmesh_types::{Digest, Hasher};
//!
//! struct Plain;
//! impl Hasher for Plain {
//!     fn leaf(&self, entry: &[u8]) -> Digest {
//!         tree::leaf(entry)
//!     }
//!     fn node(&self, left: &Digest, right: &Digest) -> Digest {
//!         tree::node(left, right)
//!     }
//! }
//! hasher(&Plain);
//! ```
//!
//! # Model
//!
//! A *suite* is a function named after a role of `auditmesh-types`. It takes an implementation, or a closure that
//! makes fresh ones, and panics with ``rule `role/name` is broken: …`` at the first rule of the trait's contract that
//! does not hold. Suites are written from the documentation of the traits alone. What they compare with is in this
//! crate too: [`sha256`] and [`tree`] are slow and use no library. [`rejects`] holds a suite to its own rules: it
//! demands that a faulty implementation is refused, and for the right reason.
//!
//! Where a contract says what becomes of a member that lies, its suite plays that member: [`detector`] shows trees that
//! contradict their heads, hide a node or answer with another one.
//!
//! [`frozen`] compares bytes that are published with the bytes that were published before.
//!
//! Suites never read a clock, draw randomness or touch a file. Each ends within seconds in a debug build.
//!
//! # Security
//!
//! A suite that passes shows that the rules it names hold for the inputs it tries. Signature suites flip bits of a
//! sample of long signatures, not of every byte; the stride is a documented constant. [`Trusting`] marks any statement
//! as verified and belongs in tests alone.
//!
//! # Status
//!
//! API: alpha. Frozen bytes: see `vectors/README.md`. This crate is never published.
//!
//! # Sources
//!
//! SHA-256: FIPS 180-4. Trees and proofs: RFC 6962 §2.1, RFC 9162 §2.1. Contracts: `auditmesh-types`.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "test support: a suite speaks by panicking, and every public function here does"
)]

#[macro_use]
mod rule;

mod agreement;
mod anchor;
mod attestor;
mod authority;
mod batcher;
mod certifier;
mod detector;
pub mod frozen;
mod hasher;
mod log;
mod nodes;
mod observer;
mod orders;
mod policy;
mod rejects;
mod scorer;
mod sha256;
mod signer;
pub mod tree;
mod trusting;

pub use agreement::agreement;
pub use anchor::{anchor, anchor_reopened};
pub use attestor::attestor;
pub use authority::authority;
pub use batcher::batcher;
pub use certifier::certifier;
pub use detector::detector;
pub use hasher::hasher;
pub use log::log;
pub use nodes::nodes;
pub use observer::{Edge, observer};
pub use orders::orders;
pub use policy::policy;
pub use rejects::rejects;
pub use scorer::scorer;
pub use sha256::sha256;
pub use signer::signer;
pub use trusting::{Never, Trusting};
