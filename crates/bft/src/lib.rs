//! Who agrees: a pure count of attestations with exact thresholds.
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
//! # Model
//!
//! The tally counts statements on events everybody already holds; it is not ordering consensus. Nothing is proposed,
//! locked or sequenced here: each member says which log it holds, and a [`Tally`] says whether enough of them hold the
//! same one.
//!
//! - A [`Threshold`] is an exact fraction, or `N-f`. [`Threshold::checked_for`] refuses one under which two quorums may
//!   share faulty members alone, or under which `f` silent members stop every round.
//! - An [`Electorate`] is the members and their weights.
//! - A [`Tally`] is a pure function from ballots to a decision: the same ballots in any order give the same decision.
//!   Every member stands in exactly one of four lists of the decision: agreeing, dissenting, equivocators, absent.
//! - A [`TieBreak`] chooses which of several leading heads is proposed again. It never makes a tie agreed.
//! - A [`RetryPlan`] is how long to wait before a round is asked again, at most three times, as data.
//!
//! # Security
//!
//! At most `f = floor((N - 1) / 3)` of `N` members (by weight, where weights differ) may be faulty; beyond that two
//! certificates for different heads are possible. The tally believes `Verified`: it checks no signature. A
//! refused ballot proves nothing about the member it names, since anyone can send one, so it takes away no vote. The
//! list of unknown senders is as long as the caller lets the ballots be: bound what is taken from the network. Weights
//! are an agreed configuration; scores earned in rounds must not be fed back as weights.
//!
//! # Status
//!
//! API: alpha. No wire format; the rule and the text form of a threshold are in `docs/spec/tally.md`.
//!
//! # Sources
//!
//! Quorum intersection: Malkhi and Reiter, "Byzantine Quorum Systems" (1998); the bound `N >= 3f + 1`: Lamport,
//! Shostak and Pease (1982). Deviation: quorums of `2f + 1` are often named; that is right only where `N = 3f + 1`.
#![no_std]

extern crate alloc;

mod checked;
mod electorate;
mod error;
mod retry;
mod tally;
mod threshold;
mod tie_break;

pub use checked::CheckedThreshold;
pub use electorate::Electorate;
pub use error::Error;
pub use retry::RetryPlan;
pub use tally::Tally;
pub use threshold::Threshold;
pub use tie_break::TieBreak;
