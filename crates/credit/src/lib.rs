//! Scores from observed outcomes: proof credit, governance weight, trust, ranking, allocations.
//!
//! # Example
//!
//! ```
//! use auditmesh_credit::{Scorebook, weight::DEFAULT_MAX_CREDIT_MICRO};
//! use auditmesh_types::{MemberId, Observation, Round, Scorer};
//!
//! let members = ["EU-1", "US-1"].map(|name| MemberId::new(name).unwrap());
//! let mut book = Scorebook::new(members.clone(), DEFAULT_MAX_CREDIT_MICRO)?;
//! let saw = |member: &MemberId, proofs, agreed| Observation {
//!     member: member.clone(), proofs, stored_bytes: 2_000_000_000, took_part: true, agreed,
//! };
//! let standings = book.score(Round(1), &[saw(&members[0], 10, true), saw(&members[1], 0, false)])?;
//! let best = &standings[0]; // 0.4·10 + 0.3·1000 + 0.2·2 + 0.1·1000
//! assert_eq!((best.member.as_str(), best.credit_micro, best.trust), ("EU-1", 404_400_000, 52));
//! # Ok::<(), auditmesh_credit::Error>(())
//! ```
//!
//! # Model
//!
//! Everything is counted in integers, so that two nodes that saw the same rounds hold the same scores.
//!
//! - [`Contribution`] is what a member did; [`Contribution::proof_credit`] is its credit in millionths.
//! - [`weight::governance_weight_ppm`] is credit over an agreed maximum, at most one.
//! - [`Trust`] is a number from 0 to 100 that [`TrustChange`]s move, and a [`Band`] says what it means.
//! - [`ranking()`] orders members by credit, equals by name.
//! - [`AllocationChain`] is a hash chain of what was credited when; an [`AllocationReceipt`] carries hashes only.
//! - [`Scorebook`] puts these together: it takes in rounds and plays the role [`auditmesh_types::Scorer`]. What cannot be
//!   scored changes nothing.
//!
//! # Security
//!
//! Governance weight never replaces the count of a Byzantine quorum: whoever is credited most is still one member of
//! `N`. A book scores what it is told and does not check observations against a log. Credit is neither money nor
//! transferable, and no function moves it from one member to another. A chain shows changes only to someone who holds
//! its head; the head alone does not say who is right.
//!
//! # Status
//!
//! API: alpha. Wire format: `allocation v1` and its chain, alpha, in `docs/spec/allocation.md`.
//!
//! # Sources
//!
//! SHA-256: FIPS 180-4. The formula, the trust table and the bands are this project's own.
#![no_std]

extern crate alloc;

mod allocation;
mod band;
mod chain;
mod contribution;
mod error;
mod ranking;
mod record;
mod scorebook;
mod trust;
pub mod weight;

pub use allocation::Allocation;
pub use band::Band;
pub use chain::{AllocationChain, AllocationReceipt};
pub use contribution::Contribution;
pub use error::Error;
pub use ranking::{Place, ranking};
pub use scorebook::Scorebook;
pub use trust::{Trust, TrustChange};
