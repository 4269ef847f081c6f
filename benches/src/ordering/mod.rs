//! Agreement on an order: members of one process on one thread, by our engine and by the peer, under the same loop.

mod keys;
mod ledger;
mod load;
mod ours;
mod signatures;
mod table;
mod wire;
mod works;

pub use load::{Fault, Load, SIZES, load};
pub use ours::{Ours, ours};
pub use signatures::SIGNATURES_ALONE;
pub use table::Table;
pub use works::{BYTES, decisions, messages, ordering, verifies};

pub use keys::{Checking, Signatures, Signing};
pub use ledger::Blobs;
pub use wire::Post;

#[cfg(feature = "peers")]
pub(crate) use self::{
    ours::federation,
    table::{Places, Seat},
};
