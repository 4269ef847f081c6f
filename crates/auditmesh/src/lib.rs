//! One audit log kept together by organisations that do not trust one another.
//!
//! # Example
//!
//! ```
//! use auditmesh::{Builder, anchor::{self, MemoryAnchor}, attest::{Ed25519Signer, MlDsa44Signer}, event::Event, types::*};
//!
//! let mut builder = Builder::new(Origin::new("log.example/eu-us-apac")?);
//! for (key, zone) in ["EU", "US", "APAC", "EU"].into_iter().enumerate() {
//!     let (key, id) = (key as u8, MemberId::new(format!("{zone}-{key}"))?);
//!     let (operator, cosigner) = (Ed25519Signer::from_seed([key; 32]), MlDsa44Signer::from_seed([key; 32]));
//!     builder = builder.member(zone.parse()?, id, operator, cosigner);
//! }
//! let mut federation = builder.contract(anchor::CONTRACT).build(MemoryAnchor::new())?;
//! federation.submit(Event {
//!     id: "e-1".parse()?, zone: "EU".parse()?, node: "EU-0".parse()?, sequence: 1, time: Millis(1_767_225_600_000),
//!     kind: "iam.CreateUser".parse()?, salt: [7; 32], payload: br#"{"user":"amina"}"#.to_vec(),
//! })?;
//! let report = federation.round(Millis(1_767_225_600_500), &mut ())?.expect("an event waits");
//! assert_eq!(report.decision.agreed().map(|head| head.size), Some(Size(1)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Model
//!
//! A [`Federation`] has members, each a [`Participant`] with its own log and keys, and the [`Parts`] they decide with. [`Federation::round`]
//! takes one batch the whole way: order, record, detect drift, attest, agree, certify, settle, score, observe, judge, anchor. The parts meet only
//! in the role traits of [`types`]; [`Standard`] names those of this workspace, [`Builder`] puts them together, [`Assembly`] takes others.
//!
//! [`Proven`] checks one entry offline, and [`ConsistencyFile`] that a log was only added to: of a federation's log or of any other whose
//! checkpoints `tlog-checkpoint` allows, as a [`LogAuthority`](attest::LogAuthority) vouches for them.
//!
//! A round never logs what was not agreed, never signs in the name of a member that drifted, and never lets weight or trust replace the
//! count of a quorum. It reads no clock: time comes in, and a [`Watch`] measures from outside.
//!
//! # Security
//!
//! The count assumes that every member was given the same events: it is no ordering consensus, and a round without a quorum is tried again with the
//! same batch. At most `f` of `N >= 3f + 1` members may lie. Neither design nor code has been audited.
//!
//! # Status
//!
//! API: alpha. Wire formats: see the crates that own them.
//!
//! # Sources
//!
//! RFC 9162; C2SP `signed-note`, `tlog-checkpoint`, `tlog-cosignature`, `tlog-policy`, `tlog-proof`, `tlog-tiles`.

mod assembly;
mod batch_ledger;
mod batch_value;
mod consistency_file;
mod error;
mod federation;
mod member;
mod ordered;
mod participant;
mod parts;
mod proven;
mod report;
mod standard;
mod step;

pub use auditmesh_anchor as anchor;
pub use auditmesh_attest as attest;
pub use auditmesh_bft as bft;
pub use auditmesh_credit as credit;
pub use auditmesh_drift as drift;
pub use auditmesh_event as event;
pub use auditmesh_lanes as lanes;
pub use auditmesh_merkle as merkle;
pub use auditmesh_metrics as metrics;
pub use auditmesh_policy as policy;
pub use auditmesh_types as types;

pub use assembly::{Assembly, AssemblyError};
pub use batch_ledger::BatchLedger;
pub use batch_value::BatchValueError;
pub use consistency_file::{ConsistencyFile, Grown};
pub use error::Error;
pub use federation::{Federation, RoundResult};
pub use member::{Member, MemberError};
pub use ordered::{Order, Ordered};
pub use participant::Participant;
pub use parts::Parts;
pub use proven::{Proven, ProvenError};
pub use report::{Agreed, Anchored, Apart, Failure, RoundReport};
pub use standard::{BuildError, Builder, Built, LocalMember, Standard};
pub use step::{Step, Watch};
