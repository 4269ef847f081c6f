//! What the benchmarks measure: the inputs, the same bytes in every run, and the work on them by us and by the peers.
//!
//! `cargo bench` and `cargo xtask figures` take the same [`Work`] from here, under the same names.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a measurement stops where the work cannot be done"
)]

mod appends;
mod contender;
mod federation;
mod inputs;
mod ordering;
pub mod peers;
mod proofs;
mod publications;
mod roots;
mod work;

pub use contender::{Contender, cpu_time};
pub use federation::{ZONES, event, federation, member};
pub use inputs::{digests, entries, raw, tree};
pub use ordering::{
    BYTES, Blobs, Checking, Fault, Load, Ours, Post, SIGNATURES_ALONE, SIZES, Signatures, Signing, Table,
    decisions, load, messages, ordering, ours, verifies,
};
pub use publications::{Folder, ONE_FILE, publications, tiles, written};
pub use work::{MILLION, Work, log};
