//! Who differs, and in which leaves, before anything is signed.
//!
//! # Example
//!
//! ```
//! use auditmesh_drift::{severity, Error, TreeDetector};
//! use auditmesh_types::{Detector, Ratio, Severity, Size};
//!
//! let detector = TreeDetector::new().with_alert_above(Ratio::new(1, 5)?).with_max_leaves(50);
//! assert_eq!(detector.detect(Size(0), &[]), Err(Error::MisuseNoMembers));
//!
//! assert_eq!(severity(Ratio::new(29, 100)?), Severity::Medium);
//! assert_eq!(severity(Ratio::new(3, 10)?), Severity::High);
//! # Ok::<(), auditmesh_types::RatioError>(())
//! ```
//!
//! # Model
//!
//! A [`TreeDetector`] looks at every member's tree and asks which of them differ in the leaves from `since` on.
//! The *reference* is the head that more than half of the members hold, size and root together. Every member with
//! another head is compared with a *holder* of the reference, the one with the lowest name. Without a majority
//! nobody is right: the group around the lowest name of all serves for comparison alone, the report names no
//! reference, and a person is asked.
//!
//! Both trees are cut into the same complete subtrees. Where two of them are equal nothing below is read, so
//! finding one leaf of n takes O(log n) hashes. A leaf that one side lacks counts as divergent. Counts and scores
//! are exact; only the list of leaves is cut at a limit.
//!
//! Two trees with different heads that agree on all the leaves compared differ in their history. That is no drift
//! of this batch and cannot be repaired by adopting it, hence an error: [`Error::PeerHistoryDiffers`].
//!
//! Before anything is compared, every head is held against its tree: its size, and the root that the tree's complete
//! subtrees give. The detector changes nothing.
//!
//! # Security
//!
//! What is checked of a tree is its size, its root from the complete subtrees on top, that no node is missing on the
//! way down, and that a subtree whose hash differs differs below. Whether every hash inside a tree is that of its
//! children is not checked where subtrees are equal: run the detector over trees that were computed locally. Where
//! the leaves compared differ *and* the history does, the drift is reported first and the history once it is repaired.
//!
//! # Status
//!
//! API: alpha. No wire format.
//!
//! # Sources
//!
//! Subtrees: RFC 9162 §2.1. The bands of severity and the alert threshold are this project's own.
#![no_std]

extern crate alloc;

mod actions;
mod comparison;
mod error;
mod root;
mod severity;
mod tree_detector;

pub use error::Error;
pub use severity::severity;
pub use tree_detector::TreeDetector;
