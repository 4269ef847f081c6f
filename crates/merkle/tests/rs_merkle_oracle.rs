//! `rs_merkle` as a second opinion on roots, and why it verifies nothing here.

mod reference;

use std::collections::BTreeSet;

use auditmesh_merkle::{Error, Frontier, MultiProof, Sha256, verify_multi};
use auditmesh_types::{Digest, Hasher, Index, Size};
use proptest::prelude::*;
use reference::leaves;
use rs_merkle::{MerkleProof, MerkleTree};

/// Gives `rs_merkle` the nodes of RFC 6962. Its trees then have the same shape: a last odd node goes up unchanged.
#[derive(Debug, Clone)]
struct Rfc6962;

impl rs_merkle::Hasher for Rfc6962 {
    type Hash = [u8; 32];

    fn hash(entry: &[u8]) -> [u8; 32] {
        Sha256.leaf(entry).0
    }

    fn concat_and_hash(left: &[u8; 32], right: Option<&[u8; 32]>) -> [u8; 32] {
        right.map_or(*left, |right| Sha256.node(&Digest(*left), &Digest(*right)).0)
    }
}

fn raw(leaves: &[Digest]) -> Vec<[u8; 32]> {
    leaves.iter().map(|leaf| leaf.0).collect()
}

fn root_of_rs_merkle(leaves: &[Digest]) -> Option<Digest> {
    MerkleTree::<Rfc6962>::from_leaves(&raw(leaves)).root().map(Digest)
}

#[test]
fn the_first_300_roots_agree() {
    let all = leaves(300);
    for size in 1..=300 {
        let tree = reference::tree(size);
        assert_eq!(root_of_rs_merkle(&all[..size]), Some(tree.root()), "{size}");
    }
}

proptest! {
    #[test]
    fn random_leaves_agree(leaves in prop::collection::vec(any::<[u8; 32]>().prop_map(Digest), 1..700)) {
        let mut frontier = Frontier::new();
        frontier.append_leaf_hashes(&leaves).unwrap();
        prop_assert_eq!(root_of_rs_merkle(&leaves), Some(frontier.root()));
    }
}

proptest! {
    /// It orders the hashes of a multiproof as we do.
    #[test]
    fn multiproofs_agree(size in 1usize..200, picks in prop::collection::vec(any::<prop::sample::Index>(), 1..20)) {
        let indices: BTreeSet<usize> = picks.iter().map(|pick| pick.index(size)).collect();
        let indices: Vec<usize> = indices.into_iter().collect();
        let theirs = MerkleTree::<Rfc6962>::from_leaves(&raw(&leaves(size))).proof(&indices);
        let ours: Vec<Index> = indices.iter().map(|index| Index(*index as u64)).collect();
        let ours = reference::tree(size).multiproof(&ours, Size(size as u64)).unwrap();
        prop_assert_eq!(raw(&ours.path), theirs.proof_hashes());
    }
}

/// Its 1.5.0 accepts a leaf that is in no tree: an index that is named twice brings a second hash into the layer, which
/// is then never hashed. Our verifiers take one leaf at one index, and the exact number of hashes.
#[test]
fn rs_merkle_accepts_a_leaf_that_is_in_no_tree() {
    const FORGED: [u8; 32] = [0xfa; 32];
    let leaves = raw(&leaves(2));
    let tree = MerkleTree::<Rfc6962>::from_leaves(&leaves);
    let root = tree.root().unwrap();
    let empty = MerkleProof::<Rfc6962>::new(Vec::new());
    assert!(!leaves.contains(&FORGED));
    assert!(empty.verify(root, &[0, 1, 1], &[leaves[0], leaves[1], FORGED], 2));
    // Without the trick it is refused, so the proof means something to it otherwise.
    assert!(!empty.verify(root, &[0, 1], &[leaves[0], FORGED], 2));

    let claim = |index, leaf| (Index(index), Digest(leaf));
    let verify = |leaves: &[_]| verify_multi(&Sha256, leaves, Size(2), &[], &Digest(root));
    let forged = [claim(0, leaves[0]), claim(1, leaves[1]), claim(1, FORGED)];
    let refused = Error::PeerIndexOrder { before: Index(1), index: Index(1) };
    assert_eq!(verify(&forged), Err(refused));
    assert_eq!(verify(&forged[..2]), Ok(()));
    let indices = forged.map(|(index, _)| index).to_vec();
    let proof = MultiProof { indices, size: Size(2), path: Vec::new() };
    let hashes = forged.map(|(_, leaf)| leaf);
    let refused = Error::PeerIndexOrder { before: Index(1), index: Index(1) };
    assert_eq!(proof.verify(&Sha256, &hashes, &Digest(root)), Err(refused));
}

/// It also accepts hashes that it never uses; here every hash is counted before anything is hashed.
#[test]
fn rs_merkle_accepts_hashes_that_are_left_over() {
    let leaves = raw(&leaves(5));
    let tree = MerkleTree::<Rfc6962>::from_leaves(&leaves);
    let mut hashes = tree.proof(&[2]).proof_hashes().to_vec();
    hashes.push([0; 32]);
    let padded = MerkleProof::<Rfc6962>::new(hashes);
    assert!(padded.verify(tree.root().unwrap(), &[2], &[leaves[2]], 5));
}
