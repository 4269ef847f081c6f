//! Who agrees, and on which order: a pure count of attestations, and a three-phase ordering engine without input or output.
//!
//! # Example
//!
//! ```
//! use auditmesh_bft::{Electorate, Tally, Threshold, TieBreak};
//! use auditmesh_types::{Agreement, Ballot, MemberId, Outcome, Round, Size};
//!
//! let members = ["EU-1", "US-1", "APAC-1"].map(|name| MemberId::new(name).unwrap());
//! let threshold: Threshold = "0.67".parse()?;
//! assert_eq!(threshold.quorum(3), 3); // two of three is less than 0.67
//!
//! let tally = Tally::new(Electorate::equal(members.clone())?, threshold, TieBreak::default())?;
//! let ballots = [Ballot::Refused { member: members[0].clone() }];
//! let decision = tally.decide(Round(1), Size(1_000), &ballots)?;
//! assert_eq!((decision.outcome, decision.absent.len()), (Outcome::NoQuorum, 3));
//! # Ok::<(), auditmesh_bft::Error>(())
//! ```
//!
//! The engine's example is a program of its own: `cargo run --release --example embed_bft`.
//!
//! # Model
//!
//! *The tally* counts statements on events everybody already holds; nothing is proposed, locked or sequenced: each member says which log
//! it holds, and a [`Tally`] says whether enough of them hold the same one.
//!
//! - A [`Threshold`] is an exact fraction, or `N-f`. [`Threshold::checked_for`] refuses one under which two quorums may
//!   share faulty members alone, or under which `f` silent members stop every round.
//! - An [`Electorate`] is the members and their weights. A [`TieBreak`] chooses which of several leading heads is proposed again. A
//!   [`RetryPlan`] is how long to wait before a round is asked again, as data.
//! - A [`Tally`] is a pure function from ballots to a decision: the same ballots in any order give the same decision, and every
//!   member stands in exactly one of four lists of it: agreeing, dissenting, equivocators, absent.
//!
//! *The engine* makes members agree on an order of values. It is for events that not everybody holds yet.
//!
//! - An [`Engine`] is one member's part: [`Engine::step`] takes an [`Input`] and the time, and gives [`Effect`]s to carry out in order. It
//!   decides one [`Height`] after the other, each in one or more [`View`]s with a proposer each: PRE-PREPARE, PREPARE, COMMIT.
//! - A [`ValidatorSet`] decides a height. A quorum is all but `floor((W - 1) / 3)` of the weight. A decision may change the set two
//!   heights later. A [`Rotation`] says whose turn it is to propose: [`RoundRobin`], [`ByWeight`], or one of the application's own.
//! - A [`Message`] enters as `Verified`, which a [`SetAuthority`] makes; an [`Intake`] before it spares the checks that change nothing.
//! - What is said was recorded before: a [`Record`] is on disk before its message leaves, and [`Engine::restore`] goes on from there.
//! - [`Evidence`] convicts a validator by two of its own statements. A [`Decided`] value convinces whoever knows the set.
//! - A [`Driver`] joins an engine to a [`Ledger`], a signer, a [`RecordStore`] and a [`Transport`], for those who do not write their own.
//!
//! Neither reads a clock, draws randomness or starts a thread.
//!
//! # Security
//!
//! At most `f = floor((N - 1) / 3)` of `N` members (by weight, where weights differ) may be faulty; beyond that two
//! certificates for different values are possible, and [`Evidence::of_fork`] then names more than `f`. Weights are an agreed configuration;
//! scores earned in rounds must not be fed back as weights.
//!
//! The tally believes `Verified`: it checks no signature. A refused ballot proves nothing about the member it names, since anyone can
//! send one, so it takes away no vote. The list of unknown senders is as long as the caller lets the ballots be.
//!
//! The engine decides nothing while messages between a quorum are lost, and decides again when they arrive; it never decides two things.
//! It bounds what it keeps for each validator, so a liar cannot fill its memory; how fast packets are taken in is the transport's affair.
//! A member whose records were lost must not be started with the same key; where the loss shows, the engine keeps silent and says so.
//! A [`Driver`] whose disk or application failed stops for good. It trusts its signer to sign rightly, see [`Member`], and notices forks of
//! the height before the current one alone.
//!
//! # Status
//!
//! API: alpha. Wire format of the engine: alpha, `docs/spec/bft.md`. The tally has none; its rule is in `docs/spec/tally.md`.
//!
//! # Sources
//!
//! Castro and Liskov, "Practical Byzantine Fault Tolerance" (OSDI 1999); Buchman, Kwon and Milosevic, "The latest gossip on BFT consensus"
//! (arXiv 1807.04938); `docs/spec/bft.md` names each deviation. Quorum intersection: Malkhi and Reiter, "Byzantine Quorum Systems" (1998); the
//! bound `N >= 3f + 1`: Lamport, Shostak and Pease (1982). Quorums of `2f + 1` are often named; that is right only where `N = 3f + 1`.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod checked;
mod electorate;
mod error;
mod order;
mod retry;
mod tally;
mod threshold;
mod tie_break;

pub use checked::CheckedThreshold;
pub use electorate::Electorate;
pub use error::Error;
#[cfg(feature = "mutants")]
pub use order::Mutant;
pub use order::{
    Applied, ByWeight, Candidate, Certificate, Decided, Driver, Effect, Engine, Evidence, Height, Input,
    Intake, Justification, Ledger, Member, Message, Notice, Offence, Orderer, Packet, Parts, Phase, Prepared,
    Proposal, Recipients, Record, RecordId, RecordLog, RecordStore, Recovered, Rotation, RoundRobin, Says,
    SetAuthority, Settings, Signature, Signed, Spread, Statement, Timeouts, Timer, TimerKind, Torn,
    Transport, Validator, ValidatorIndex, ValidatorSet, Value, ValueId, View, ViewChange,
};
#[cfg(feature = "std")]
pub use order::{Channel, MemoryRecords, mesh};
pub use retry::RetryPlan;
pub use tally::Tally;
pub use threshold::Threshold;
pub use tie_break::TieBreak;
