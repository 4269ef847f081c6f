//! One message at a time through `sha2`.

use auditmesh_types::Digest;
use sha2::{Digest as _, Sha256};

pub(crate) fn leaf(entry: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

pub(crate) fn node(pair: &[Digest; 2]) -> Digest {
    let mut message = [1; 65];
    message[1..33].copy_from_slice(pair[0].as_ref());
    message[33..].copy_from_slice(pair[1].as_ref());
    Digest(Sha256::digest(message).into())
}
