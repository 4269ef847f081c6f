use sha2::{Digest as _, Sha256};

/// The root of leaf hashes by the plain loop: one level after the other through `sha2`, nothing kept.
#[must_use]
pub fn sha2_loop(leaves: &[[u8; 32]]) -> [u8; 32] {
    let mut level = above(leaves);
    while level.len() > 1 {
        level = above(&level);
    }
    level[0]
}

fn above(level: &[[u8; 32]]) -> Vec<[u8; 32]> {
    let pair = |pair: &[[u8; 32]]| match pair {
        [left, right] => sha2_node(left, right),
        rest => rest[0],
    };
    level.chunks(2).map(pair).collect()
}

/// The hash of a leaf through `sha2`.
#[must_use]
pub fn sha2_leaf(entry: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of a node through `sha2`.
#[must_use]
pub fn sha2_node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut message = [1; 65];
    message[1..33].copy_from_slice(left);
    message[33..].copy_from_slice(right);
    Sha256::digest(message).into()
}
