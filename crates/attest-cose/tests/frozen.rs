//! Receipts against the bytes that were published, both ways.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod logs;

use auditmesh_attest::Ed25519;
use auditmesh_attest_cose::{Proof, Receipt};
use auditmesh_conformance::frozen;
use auditmesh_types::{Index, Scheme, Signer, Size};
use logs::{consistency, ed25519, inclusion, leaf, tree};

#[test]
fn receipt_of_inclusion() {
    frozen::check("INCLUSION_RECEIPT_V1", frozen::INCLUSION_RECEIPT_V1, &inclusion(&ed25519(), 6, 7));
    let bytes = frozen::bytes("INCLUSION_RECEIPT_V1", frozen::INCLUSION_RECEIPT_V1);
    let receipt = Receipt::decode(&bytes).unwrap();
    assert_eq!(receipt.scheme(), Scheme::Ed25519);
    let proof = tree(7).inclusion(Index(6), Size(7)).unwrap();
    assert_eq!(*receipt.proof(), Proof::Inclusion(proof));
    let root = receipt.verify_inclusion(&Ed25519, ed25519().public_key(), &leaf(6));
    assert_eq!(root, Ok(tree(7).root()));
}

#[test]
fn receipt_of_consistency() {
    frozen::check("CONSISTENCY_RECEIPT_V1", frozen::CONSISTENCY_RECEIPT_V1, &consistency(&ed25519(), 7, 8));
    let bytes = frozen::bytes("CONSISTENCY_RECEIPT_V1", frozen::CONSISTENCY_RECEIPT_V1);
    let receipt = Receipt::decode(&bytes).unwrap();
    assert_eq!(receipt.scheme(), Scheme::Ed25519);
    let proof = tree(8).consistency(Size(7), Size(8)).unwrap();
    assert_eq!(*receipt.proof(), Proof::Consistency(proof));
    let (old, new) = (tree(7).root(), tree(8).root());
    assert_eq!(receipt.verify_consistency(&Ed25519, ed25519().public_key(), &old, &new), Ok(()));
}
