//! Signed notes, checkpoints, member lines, trust policies, quorum certificates and proof files.
//!
//! # Example
//!
//! ```
//! use auditmesh_attest::{Ed25519Signer, LogAuthority, MemberAttestor, Membership, MlDsa44Signer};
//! use auditmesh_types::{Attestor, Authority, Certifier, Digest, MemberId, Millis, Origin, Round, Size, TreeHead};
//!
//! let origin = Origin::new("auditmesh.example/demo")?;
//! let (operator, cosigner) = (Ed25519Signer::from_seed([1; 32]), MlDsa44Signer::from_seed([2; 32]));
//! let eu = MemberAttestor::new(MemberId::new("EU-1")?, origin.clone(), operator, cosigner)?;
//! let federation = Membership::new(origin, vec![eu.member().clone()], 1)?;
//!
//! let head = TreeHead { size: Size(3), root: Digest([7; 32]) };
//! let statement = federation.verify(eu.attest(Round(1), head, Millis(1_700_000_000_000))?)?;
//! let certificate = federation.certify(&[statement])?;
//! assert_eq!(federation.policy().attested(certificate.signed().as_log())?.rule.to_string(), "group members 1 of 1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Model
//!
//! A [`Note`] is text with signature lines; a [`Checkpoint`] is the text that names a log's origin, size and root. A
//! [`MemberAttestor`] signs a checkpoint with a member's two keys. A [`Membership`] knows the members: it verifies their
//! statements and joins a quorum of them into a [`Certificate`]. A [`TrustPolicy`] is the same rule in the form that
//! others read, and verifies any checkpoint offline; a [`ProofFile`] carries an inclusion path beside the checkpoint it
//! leads to.
//!
//! What is read is wider than what is written. A [`LogCheckpoint`] is one of any log, with whatever origin and extension
//! lines `tlog-checkpoint` allows; a [`SignedCheckpoint`] is one that members sign, which has neither spaces nor extension
//! lines. A [`LogAuthority`] says who vouches for a checkpoint: a [`TrustPolicy`], or a [`LogKey`] for a log whose key is not
//! named as its origin, which has no place in a policy.
//!
//! Every text form has one encoding: what is accepted is written back byte for byte (policies excepted, where comments
//! and spacing are free). Nothing is deduplicated or counted by signature bytes; signers are counted, not lines. A
//! signature is made over origin, size and root together. A known key whose line does not verify makes the whole note
//! invalid. Nothing here knows the tree: whether a path leads to a root is for the caller to compute.
//!
//! # Security
//!
//! Ed25519 is `verify_strict` ([`EnrolledEd25519`] gives its verdicts by another way to multiply, in time that depends on
//! what is verified, which is public), ML-DSA-44 is FIPS 204 with an empty context; weak keys of either are refused whenever a
//! key is read. Short key ids find keys and authenticate nothing; two keys whose name and id collide are refused. The
//! signers keep keys in memory and wipe them; they do not guard against a reader of that memory. An attestor has no
//! memory of what it signed. The time in a cosignature is the signer's word.
//!
//! Limits: a note 4 MiB, 1,024 lines, 64 KiB of text; a policy 1 MiB, 256 logs, 256 witnesses, 64 groups; a federation
//! 256 members; a path 63 hashes.
//!
//! # Status
//!
//! Wire formats: those of the specifications below, frozen. API: alpha.
//!
//! # Sources
//!
//! C2SP `signed-note`, `tlog-checkpoint`, `tlog-cosignature`, `tlog-policy`, `tlog-proof`; RFC 8032; FIPS 204; RFC 8410
//! and RFC 9881 for key files; the W3C `did:key` method. We deviate by refusing extension lines in our own checkpoints
//! (an ML-DSA cosignature does not cover them, so under those of other logs it is refused), origins of ours with spaces,
//! `+` or more than 255 bytes (cosignatures have one byte for the length), policies whose names or URLs are not UTF-8,
//! weak ML-DSA keys, and non-canonical Ed25519 keys.
#![no_std]

extern crate alloc;

mod attested;
mod base64;
mod certificate;
mod checkpoint;
pub mod compat;
mod convict;
mod cosignature;
mod decimal;
pub mod did_key;
mod ed25519;
mod ed25519_signer;
mod enrolled_ed25519;
mod error;
mod key_file;
mod key_kind;
mod key_type;
mod log_authority;
mod log_checkpoint;
mod log_key;
mod member;
mod member_attestor;
mod membership;
mod membership_certify;
mod membership_policy;
mod ml_dsa44;
mod ml_dsa44_signer;
mod multiples;
mod note;
mod note_line;
mod policy_builder;
mod policy_entry;
mod policy_parser;
mod proof_file;
mod public_key;
mod signed_checkpoint;
mod trust_policy;
mod verifier_key;

pub use attested::{Attested, Cosigned, Rule};
pub use certificate::Certificate;
pub use checkpoint::Checkpoint;
pub use convict::convicts;
pub use cosignature::{Cosignature, cosign};
pub use ed25519::Ed25519;
pub use ed25519_signer::Ed25519Signer;
pub use enrolled_ed25519::EnrolledEd25519;
pub use error::Error;
pub use key_kind::KeyKind;
pub use key_type::KeyType;
pub use log_authority::LogAuthority;
pub use log_checkpoint::LogCheckpoint;
pub use log_key::LogKey;
pub use member::Member;
pub use member_attestor::MemberAttestor;
pub use membership::Membership;
pub use ml_dsa::pkcs8::der::zeroize::Zeroizing;
pub use ml_dsa44::MlDsa44;
pub use ml_dsa44_signer::MlDsa44Signer;
pub use note::Note;
pub use note_line::NoteLine;
pub use policy_builder::PolicyBuilder;
pub use policy_entry::{Group, NameFault, PolicyLog, PolicyWitness, Quorum, Threshold};
pub use proof_file::ProofFile;
pub use public_key::PublicKey;
pub use signed_checkpoint::SignedCheckpoint;
pub use trust_policy::TrustPolicy;
pub use verifier_key::VerifierKey;
