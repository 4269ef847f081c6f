use auditmesh::{
    merkle::{Sha256, Tree},
    types::{Digest, Hasher},
};

/// `count` leaf hashes: those of the entries that [`u64::to_be_bytes`] makes of the numbers from 0.
#[must_use]
pub fn digests(count: u64) -> Vec<Digest> {
    (0..count).map(|n| Sha256.leaf(&n.to_be_bytes())).collect()
}

/// `count` entries of `bytes` bytes each.
#[must_use]
pub fn entries(count: u64, bytes: usize) -> Vec<Vec<u8>> {
    let fill = |n: u64| (0u64..).flat_map(move |i| (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ i).to_be_bytes());
    (0..count).map(|n| fill(n).take(bytes).collect()).collect()
}

/// The same hashes as the peers take them.
#[must_use]
pub fn raw(digests: &[Digest]) -> Vec<[u8; 32]> {
    digests.iter().map(|digest| digest.0).collect()
}

/// Our tree of `leaves`.
pub fn tree<H: Hasher>(hasher: H, leaves: &[Digest]) -> Tree<H> {
    let mut tree = Tree::with_hasher(hasher);
    tree.append_leaf_hashes(leaves).unwrap();
    tree
}
