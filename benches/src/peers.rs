//! The peers, each used as its own documentation says; with RFC 6962's domain separation where that can be had.

#[cfg(feature = "peers")]
mod commonware;
#[cfg(feature = "peers")]
mod ct_merkle;
#[cfg(feature = "peers")]
mod malachite;
mod rs_merkle;
mod sha2_loop;

#[cfg(feature = "peers")]
pub use self::{
    commonware::{Bmt, CommonwareDigest, Mmr, commonware_digests, on_cores},
    ct_merkle::CtMerkle,
    malachite::{Entries, Theirs, malachite},
};
pub use self::{
    rs_merkle::{Rfc6962, RsMerkle},
    sha2_loop::{sha2_leaf, sha2_loop, sha2_node},
};
