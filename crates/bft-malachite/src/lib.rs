//! The ordering engine's role, played by the core of Malachite: one [`Ledger`](auditmesh_bft::Ledger) runs on either.
//!
//! # Example
//!
//! ```
//! use auditmesh_bft::{Orderer, Settings};
//! use auditmesh_bft_malachite::{Malachite, Member, Parts};
//! use auditmesh_types::Millis;
//!
//! /// Starts a member and says when it wants to be called again; the rest is as with `bft::Driver`, which is an `Orderer` too.
//! fn start<P: Parts>(settings: Settings, parts: Member<P>) -> Result<Option<Millis>, P::Error> {
//!     let mut member = Malachite::start(Millis(0), settings, parts)?;
//!     member.tick(Millis(0))?;
//!     Ok(member.deadline())
//! }
//! ```
//!
//! # Model
//!
//! - [`Malachite`] is one member, joined from the parts that a `bft::Driver` joins: an application, a key, a store, a way to the others. It is
//!   an [`Orderer`](auditmesh_bft::Orderer), and keeps to the same suite: agreement, progress with one silent, values that were
//!   proposed and judged, decisions in order, restarts, catching up.
//! - A round of the core is a view, a prevote stands where our engine has a PREPARE, a precommit where it has a COMMIT. A proposal carries
//!   its value and has a signature of its own.
//! - An [`Entry`] is what the core must not forget. It is in the store before what follows from it is sent; after a restart the core
//!   takes the entries in again, and says what it said.
//! - A [`Decided`](auditmesh_bft::Decided) has a quorum's precommits in it. [`PrecommitAuthority`] checks it.
//!
//! What the adapter does not offer, and our engine does:
//!
//! - Evidence. The core notes some contradictions and this adapter drops them; no `Notice` accuses anybody. A fork is not accounted for.
//! - The collector's spread: all tell all, whatever the settings say.
//! - A check of fewer signatures: the core asks about each vote and proposal, its own among them, and a quorum once more at a decision.
//! - A key that is out of reach for a while: the core cannot wait for a signature, so the member stops with [`Error::LocalSigning`].
//! - Bytes: a [`Packet`] and an [`Entry`] are values; who sends them further than the process, or keeps them longer, writes them down.
//! - Lost records being noticed, and bounds that are stated and tested: those of the core hold.
//!
//! The two protocols do not mix: what is signed has another domain, so that neither authority takes the other's decisions. It must be so,
//! since an honest member of this protocol may prevote one value and precommit another in one round, which convicts a member of ours.
//!
//! # Security
//!
//! Agreement is the core's, under less than a third of the weight faulty. The application judges the values that others propose once
//! their signatures hold; a value that came with a quorum's precommits is not judged again. Messages of the next height wait in the
//! core's queue with their signatures unchecked, a bounded number; later heights are dropped.
//!
//! # Status
//!
//! API: alpha. No wire format.
//!
//! # Sources
//!
//! Buchman, Kwon and Milosevic, "The latest gossip on BFT consensus" (arXiv 1807.04938), as `arc-malachitebft-core-consensus` 0.8
//! has it.
mod ballot;
mod checks;
mod context;
mod entry;
mod error;
mod malachite;
mod offer;
mod outer;
mod packet;
mod parts;
mod precommit_authority;
mod sealing;
mod signed_bytes;
mod timers;

pub use ballot::Ballot;
pub use context::Context;
pub use entry::Entry;
pub use error::Error;
pub use malachite::Malachite;
pub use offer::Offer;
pub use packet::Packet;
pub use parts::{Member, Parts};
pub use precommit_authority::PrecommitAuthority;
pub use sealing::{Seal, Sealing};
