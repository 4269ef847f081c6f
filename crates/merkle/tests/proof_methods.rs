//! The `verify` methods of proofs refuse as the functions behind them do.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use auditmesh_merkle::{CompactRange, Error, MAX_LEAVES, Sha256, Tree};
use auditmesh_types::{Digest, Hasher, Index, Size};

fn tree(leaves: u64) -> Tree {
    let mut tree = Tree::new();
    let hashes: Vec<Digest> = (0..leaves).map(|n| Sha256.leaf(&n.to_be_bytes())).collect();
    tree.append_leaf_hashes(&hashes).unwrap();
    tree
}

#[test]
fn inclusion() {
    let tree = tree(7);
    let proof = tree.inclusion(Index(3), Size(7)).unwrap();
    let (leaf, root) = (tree.leaf(Index(3)).unwrap(), tree.root());
    assert_eq!(proof.verify(&Sha256, &leaf, &root), Ok(()));
    let other = tree.leaf(Index(4)).unwrap();
    assert!(matches!(proof.verify(&Sha256, &other, &root), Err(Error::PeerRootMismatch { .. })));
}

#[test]
fn consistency() {
    let tree = tree(7);
    let proof = tree.consistency(Size(3), Size(7)).unwrap();
    let (old, new) = (tree.root_at(Size(3)).unwrap(), tree.root());
    assert_eq!(proof.verify(&Sha256, &old, &new), Ok(()));
    assert!(matches!(proof.verify(&Sha256, &new, &new), Err(Error::PeerOldRootMismatch { .. })));
    assert!(matches!(proof.verify(&Sha256, &old, &old), Err(Error::PeerNewRootMismatch { .. })));
}

#[test]
fn the_largest_range_is_allowed_and_one_more_is_not() {
    let resume = |end| CompactRange::resume(Sha256, Size(0), Size(end), vec![Digest::default()]);
    assert_eq!(resume(MAX_LEAVES).map(|range| range.end()), Ok(Size(MAX_LEAVES)));
    let (got, max) = (Size(MAX_LEAVES + 1), MAX_LEAVES);
    assert_eq!(resume(MAX_LEAVES + 1).map(|range| range.end()), Err(Error::PeerTreeTooLarge { got, max }));
}
