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
//! The *reference* is the head that more than half of all the members hold, size and root together. Every member with
//! another head is compared with a *holder* of the reference, the one with the lowest name. Without a majority
//! nobody is right: the group around the lowest name serves for comparison alone, among those whose leaves before
//! `since` more than half of the members have, if there are such; the report names no reference, and a person is asked.
//!
//! Both trees are cut into the same complete subtrees. Where two of them are equal nothing below is read, so
//! finding one leaf of n takes O(log n) hashes. A leaf that one side lacks counts as divergent. Counts and scores
//! are exact; only the list of leaves is cut at a limit.
//!
//! Of a tree nothing is believed but what its head commits to: the complete subtrees on top must give its root, and two
//! children the hash of their parent. A member whose tree has another size or root than its head, lacks a node or
//! shows one that does not fit its parent is *contradicting*. It holds no head, so it is neither reference nor drifted,
//! yet it counts among the members of which more than half must hold the reference.
//!
//! A member that differs from the one it is compared with in a leaf before `since` is contradicting too: that is no
//! drift of this batch, and adopting the batch would not repair it. A member that has too few leaves, even fewer than
//! `since`, while all it has are right, has drifted: it lacks the rest. The leaves it lacks before `since` are not
//! counted, so that a score speaks of the range compared alone; where nothing else differs it is zero.
//!
//! The detector changes nothing, and nothing that a member shows makes it fail.
//!
//! # Security
//!
//! SHA-256 must resist collisions. Then every hash that is read of a tree either is that of the one sequence of leaves
//! under its head, or gives its member away, whatever the tree answers and even if it answers otherwise the second
//! time. A member can therefore neither accuse an honest one nor cover it up by lying about its own tree; it can choose
//! its leaves and its silence, and so deny a majority that depends on it. Where not even the history has a majority, the
//! lowest name decides whom the others are compared with: who is contradicting then needs a person's judgement.
//!
//! A lie is noticed where it is read: one below an equal subtree has no effect and is not reported. The time grows with
//! the leaves that two trees both have and that differ, so two members in league that show large trees cost as much as
//! those trees; limit the size of a tree before it is compared.
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
mod block;
mod comparison;
mod error;
mod severity;
mod tree;
mod tree_detector;

pub use error::Error;
pub use severity::severity;
pub use tree_detector::TreeDetector;
