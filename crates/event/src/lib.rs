//! What is recorded: events, canonical entries, payload commitments and batches.
//!
//! # Example
//!
//! ```
//! use auditmesh_event::{Entry, Event, Sequencer};
//! use auditmesh_types::{Batcher, EventId, Kind, MemberId, Millis, Zone};
//!
//! let event = Event {
//!     id: EventId::new("e-1")?, zone: Zone::new("EU")?, node: MemberId::new("EU-1")?, sequence: 1,
//!     time: Millis(1_700_000_000_000), kind: Kind::new("iam.CreateUser")?, salt: [7; 32],
//!     payload: br#"{"user":"ada"}"#.to_vec(),
//! };
//! let mut sequencer = Sequencer::new();
//! sequencer.push(event)?;
//! let batch = sequencer.seal(100).ok_or("nothing waits")?;
//! Entry::decode(&batch.records[0].entry)?.opens(&[7; 32], br#"{"user":"ada"}"#)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Model
//!
//! An [`Event`] arrives with its payload and a salt. Its [`Entry`] is what is logged: who, where, sequence, time, kind,
//! id, and a commitment to salt and payload. An entry has exactly one encoding. The owner keeps a [`Disclosure`], with
//! which it can open the commitment later, or which it can delete.
//!
//! A *source* is a zone and a node; it numbers its events without a gap. The [`Sequencer`] takes events in any order
//! and seals batches whose order is a function of the events alone: every source's times are made monotone along its
//! sequence (their running maximum), then events are sorted by that time, zone, node and sequence. Events behind a gap
//! wait until it is filled, or are refused ([`Sequencer::refusing_gaps`]).
//!
//! [`jsonl`] reads JSON Lines: which field is id, time and kind is data ([`jsonl::Format`]), not code. Nothing here
//! encodes a payload again: it is hashed as it was received.
//!
//! # Security
//!
//! The commitment hides a payload only as long as its salt is 32 random bytes, used once and kept secret. It binds
//! the payload under the collision resistance of SHA-256. Who may speak for a source is not decided here: the caller
//! authenticates the sender before it pushes. Two events with one id or one sequence number cannot both be logged, and
//! the first to arrive wins; a source that sends different ones to different members makes them drift, which `drift`
//! then shows. Without [`Sequencer::with_members`] any name opens a source, and sources are never forgotten.
//!
//! # Status
//!
//! Wire formats `auditmesh entry v1` and `auditmesh event v1`: frozen by tests, see `docs/spec/`. API: alpha.
//!
//! # Sources
//!
//! SHA-256: FIPS 180-4. JSON: RFC 8259; JSON Lines as one RFC 8259 text a line, ended by LF. Times: RFC 3339, with the
//! extensions that `jiff` reads (RFC 9557 suffix, space for `T`). Batches need no source: the order is ours.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod commitment;
mod disclosure;
mod entry;
mod error;
mod event;
pub mod jsonl;
mod seen;
mod sequencer;
mod source;

pub use commitment::commitment;
pub use disclosure::Disclosure;
pub use entry::Entry;
pub use error::Error;
pub use event::Event;
pub use sequencer::Sequencer;
pub use source::{Gap, Position};
