//! Values and role traits that cross the AuditMesh crates.
//!
//! # Example
//!
//! ```
//! use auditmesh_types::{Digest, Ratio, Size, TreeHead};
//!
//! let head = TreeHead { size: Size(3), root: Digest([7; 32]) };
//! assert_eq!(head.to_string(), format!("3:{}", "07".repeat(32)));
//!
//! // Fractions are exact: two of three is less than 0.67.
//! assert!(Ratio::new(2, 3)? < Ratio::new(67, 100)?);
//! # Ok::<(), auditmesh_types::RatioError>(())
//! ```
//!
//! # Model
//!
//! Domain crates never name one another; they meet here. A *value* is plain data with its limits
//! checked when it is made. A *role* is a trait of at most five methods with an associated error,
//! implemented by a domain crate and used by the facade: [`Batcher`], [`Log`], [`Nodes`], [`Detector`],
//! [`Attestor`], [`Authority`], [`Agreement`], [`Certifier`], [`Scorer`], [`Observer`], [`Policy`],
//! [`Anchor`]; [`Signer`] and [`Verifier`] for what signs; [`Hasher`] for what hashes. [`Verified`] can only be made by an [`Authority`].
//!
//! Nothing here reads a clock, draws randomness, starts a thread or does input or output.
//!
//! # Security
//!
//! Names are limited in length and alphabet so that they can stand in signed notes, paths and
//! terminals. A [`Verified`] value is only as good as the [`Authority`] that made it.
//!
//! # Status
//!
//! API: alpha. This crate has no wire format of its own.
//!
//! # Sources
//!
//! Names: C2SP `signed-note` (key names) and `tlog-checkpoint` (origin). Tree heads: RFC 9162 §2.1.
#![no_std]

extern crate alloc;

mod agreement;
mod anchor;
mod attestation;
mod batch;
mod digest;
mod drift;
mod hash;
mod log;
mod name;
mod number;
mod observe;
mod policy;
mod ratio;
mod score;
mod sign;

pub use agreement::{Agreement, Ballot, Certifier, Decision, Equivocation, Outcome};
pub use anchor::{Anchor, Commitment, Receipt};
pub use attestation::{Attestation, Attestor, Authority, Verified};
pub use batch::{Batch, Batcher, Record};
pub use digest::{Digest, DigestError};
pub use drift::{Action, Detector, DriftReport, MemberDrift, MemberTree, Severity};
pub use hash::Hasher;
pub use log::{Appended, Log, Nodes, TreeHead};
pub use name::{EventId, Kind, MemberId, NameError, Origin, Zone};
pub use number::{Index, Millis, Round, Size};
pub use observe::{Alert, Observer, Sample};
pub use policy::{Content, ContractFacts, Facts, Field, Policy, Purpose, Reason, Verdict};
pub use ratio::{Ratio, RatioError};
pub use score::{Observation, Scorer, Standing};
pub use sign::{Scheme, Signer, Verifier};
