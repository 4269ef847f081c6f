//! SHA-256 of many independent messages at once: RFC 6962 leaves and nodes.
//!
//! # Example
//!
//! ```
//! use auditmesh_lanes::Lanes;
//! use auditmesh_types::{Digest, Hasher};
//!
//! let lanes = Lanes::new();
//! let mut leaves = [Digest::default(); 3];
//! lanes.leaves(&[b"a", b"b", b"c"], &mut leaves);
//! assert_eq!(leaves[1], lanes.leaf(b"b"));
//! let mut nodes = [Digest::default(); 1];
//! lanes.nodes(&leaves, &mut nodes);
//! assert_eq!(nodes[0], lanes.node(&leaves[0], &leaves[1]));
//! ```
//!
//! # Model
//!
//! One chain of SHA-256 is bound by latency, so speed comes from hashing many messages side by side. [`Lanes`] is an
//! [`auditmesh_types::Hasher`] that chooses a [`Kernel`] once, by what the processor has:
//! sixteen messages in the registers of AVX-512, four streams through the SHA extensions of x86-64, or `sha2` one by one everywhere
//! else (which uses the SHA extension of aarch64 where there is one). What does not fill a kernel goes to the next narrower one. With more
//! than one thread, jobs are shared among them and long runs of messages split; short runs never are.
//!
//! Every kernel gives the same digests. A thread allocates no more than ten kilobytes at a time, whatever it is given. Threads are
//! started for one call and end with it; where the system gives none, the work is done without.
//!
//! # Security
//!
//! This is the only crate of the workspace with `unsafe`: calls into code for a processor feature, after that feature was detected, and
//! loads and stores of whole registers from arrays of that size. Each block says why it is sound. Messages are public; nothing here is
//! constant-time by promise.
//!
//! # Status
//!
//! API: alpha. No wire format.
//!
//! # Sources
//!
//! FIPS 180-4; RFC 9162 §2.1 for the prefixes; the intrinsics of Intel and AMD as `core::arch` documents them.

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod constants;
mod kernel;
mod lanes;
#[cfg(target_arch = "x86_64")]
mod leaves;
#[cfg(any(target_arch = "x86_64", test))]
mod message;
mod portable;
#[cfg(target_arch = "x86_64")]
mod sha_ni;
mod threads;

pub use kernel::Kernel;
pub use lanes::Lanes;
