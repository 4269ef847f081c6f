//! Receipts are issued, read and verified; every changed byte is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod logs;

use auditmesh_attest::{Ed25519, MlDsa44};
use auditmesh_attest_cose::{Error, Proof, Receipt, consistency_receipt, inclusion_receipt};
use auditmesh_merkle::{ConsistencyProof, Error as MerkleError, InclusionProof};
use auditmesh_types::{Digest, Index, Scheme, Signer, Size, Verifier};
use logs::*;
use proptest::prelude::*;

const SPEC: &str = include_str!("../../../docs/spec/receipt.md");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that the specification shows, and those that the code writes.
#[test]
fn the_specification_shows_these_bytes() {
    let shown: Vec<String> = SPEC
        .split("```")
        .skip(1)
        .step_by(2)
        .map(|block| block.lines().skip(1).collect::<String>().replace(' ', ""))
        .collect();
    assert_eq!(shown[0], hex(&inclusion(&ed25519(), 6, 7)));
    assert_eq!(shown[1], hex(&consistency(&ed25519(), 7, 8)));
    let ml_dsa = inclusion(&ml_dsa44(), 6, 7);
    assert_eq!(ml_dsa.len(), 2516);
    assert!(SPEC.contains(&format!("`{}`", sha256(&ml_dsa))), "{}", sha256(&ml_dsa));
    assert!(SPEC.contains(&hex(ed25519().public_key())));
}

fn verdict<V: Verifier>(bytes: &[u8], verifier: &V, key: &[u8], leaf: &Digest) -> Result<Digest, Error> {
    Receipt::decode(bytes)?.verify_inclusion(verifier, key, leaf)
}

/// All 255 other values of every byte. The sizes are such that no other size or index has a path of that form.
#[test]
fn every_changed_byte_of_an_ed25519_receipt_is_refused() {
    let (log, tree) = (ed25519(), tree(8));
    let good = inclusion(&log, 6, 7);
    assert_eq!(verdict(&good, &Ed25519, log.public_key(), &leaf(6)), Ok(tree.root_at(Size(7)).unwrap()));
    let longer = consistency(&log, 7, 8);
    let (old, new) = (tree.root_at(Size(7)).unwrap(), tree.root());
    let check =
        |bytes: &[u8]| Receipt::decode(bytes)?.verify_consistency(&Ed25519, log.public_key(), &old, &new);
    assert_eq!(check(&longer), Ok(()));
    for (at, change) in (0..good.len()).flat_map(|at| (1..=255u8).map(move |change| (at, change))) {
        let mut bad = good.clone();
        bad[at] ^= change;
        let got = verdict(&bad, &Ed25519, log.public_key(), &leaf(6));
        assert!(got.is_err(), "byte {at} xor {change}: {:?}", Receipt::decode(&bad));
        if at >= good.len() - 64 {
            assert_eq!(got, Err(Error::PeerSignature { scheme: Scheme::Ed25519 }), "signature byte {at}");
        }
    }
    for (at, change) in (0..longer.len()).flat_map(|at| [1, 2, 4, 8, 16, 32, 64, 128, 255].map(|c| (at, c))) {
        let mut bad = longer.clone();
        bad[at] ^= change;
        assert!(check(&bad).is_err(), "byte {at} xor {change}: {:?}", Receipt::decode(&bad));
    }
}

#[test]
fn sampled_changes_of_an_ml_dsa_receipt_are_refused() {
    let log = ml_dsa44();
    let good = inclusion(&log, 6, 7);
    assert_eq!(verdict(&good, &MlDsa44, log.public_key(), &leaf(6)), Ok(tree(7).root()));
    let signature = good.len() - 2420;
    for at in (0..signature).chain((signature..good.len()).step_by(19)) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(verdict(&bad, &MlDsa44, log.public_key(), &leaf(6)).is_err(), "byte {at}");
    }
}

#[test]
fn every_shorter_or_longer_receipt_is_refused() {
    let good = inclusion(&ed25519(), 6, 7);
    for length in 0..good.len() {
        assert_eq!(Receipt::decode(&good[..length]), Err(Error::PeerCbor { what: "receipt" }), "{length}");
    }
    let longer = [good.as_slice(), &[0]].concat();
    assert_eq!(Receipt::decode(&longer), Err(Error::PeerLeftOver { what: "receipt" }));
}

#[test]
fn another_leaf_key_root_or_kind_is_refused() {
    let (log, tree) = (ed25519(), tree(8));
    let receipt = Receipt::decode(&inclusion(&log, 6, 7)).unwrap();
    assert_eq!((receipt.scheme(), receipt.proof().kind()), (Scheme::Ed25519, "inclusion"));
    assert_eq!(receipt.key_id(), b"");
    let refused = Error::PeerSignature { scheme: Scheme::Ed25519 };
    let key = log.public_key();
    assert_eq!(receipt.verify_inclusion(&Ed25519, key, &leaf(5)), Err(refused.clone()));
    assert_eq!(
        receipt.verify_inclusion(&Ed25519, ed25519_of(2).public_key(), &leaf(6)),
        Err(refused.clone())
    );
    assert_eq!(receipt.verify_inclusion(&Ed25519, &key[..31], &leaf(6)), Err(refused.clone()));
    assert_eq!(receipt.verify_signature(&Ed25519, key, &tree.root()), Err(refused.clone()));
    let other = Error::MisuseVerifier { got: Scheme::Ed25519, want: Scheme::MlDsa44 };
    assert_eq!(receipt.verify_inclusion(&MlDsa44, ml_dsa44().public_key(), &leaf(6)), Err(other));
    let (old, new) = (tree.root_at(Size(7)).unwrap(), tree.root());
    let kind = |got| Err(Error::MisuseKind { got });
    assert_eq!(receipt.verify_consistency(&Ed25519, key, &old, &new), kind("inclusion"));

    let receipt = Receipt::decode(&consistency(&log, 7, 8)).unwrap();
    assert_eq!(receipt.verify_inclusion(&Ed25519, key, &leaf(6)).map(drop), kind("consistency"));
    let source = MerkleError::PeerOldRootMismatch { got: old, want: leaf(0) };
    let got = receipt.verify_consistency(&Ed25519, key, &leaf(0), &new);
    assert_eq!(got, Err(Error::PeerProof { source }));
    let source = MerkleError::PeerNewRootMismatch { got: new, want: leaf(0) };
    let got = receipt.verify_consistency(&Ed25519, key, &old, &leaf(0));
    assert_eq!(got, Err(Error::PeerProof { source }));
}

/// Why `verify_inclusion` gives a root and no size: the signature covers neither size nor index.
#[test]
fn size_and_index_are_not_signed() {
    let log = ed25519();
    let honest = tree(3).inclusion(Index(2), Size(3)).unwrap();
    let claimed = InclusionProof { index: Index(4), size: Size(5), ..honest };
    let bytes = inclusion_receipt(&log, &claimed, &tree(3).root()).unwrap();
    assert_eq!(verdict(&bytes, &Ed25519, log.public_key(), &leaf(2)), Ok(tree(3).root()));
}

#[test]
fn a_path_that_does_not_fit_is_refused() {
    let log = ed25519();
    let short = InclusionProof { index: Index(6), size: Size(7), path: vec![leaf(0)] };
    let bytes = inclusion_receipt(&log, &short, &tree(7).root()).unwrap();
    let source = MerkleError::PeerPathLength { got: 1, want: 2 };
    assert_eq!(verdict(&bytes, &Ed25519, log.public_key(), &leaf(6)), Err(Error::PeerProof { source }));
}

#[test]
fn what_cannot_be_issued_says_why() {
    let (log, root) = (ed25519(), leaf(0));
    let at = |index, size, hashes| InclusionProof {
        index: Index(index),
        size: Size(size),
        path: vec![leaf(1); hashes],
    };
    let beyond = Error::MisuseIndexBeyondSize { index: Index(7), size: Size(7) };
    assert_eq!(inclusion_receipt(&log, &at(7, 7, 0), &root), Err(beyond));
    let long = Error::MisusePathTooLong { got: 65, max: 64 };
    assert_eq!(inclusion_receipt(&log, &at(0, 7, 65), &root), Err(long.clone()));
    assert!(inclusion_receipt(&log, &at(0, u64::MAX, 64), &root).is_ok());
    let proof =
        |old, new, hashes| ConsistencyProof { old: Size(old), new: Size(new), path: vec![leaf(1); hashes] };
    let shrunk = Error::MisuseShrunk { old: Size(8), new: Size(7) };
    assert_eq!(consistency_receipt(&log, &proof(8, 7, 0), &root), Err(shrunk));
    assert_eq!(consistency_receipt(&log, &proof(7, 8, 65), &root), Err(long));
    for (scheme, length, want) in [
        (Scheme::Dilithium2, Some(2420), Error::MisuseScheme { got: Scheme::Dilithium2 }),
        (Scheme::Ed25519, Some(63), Error::LocalSigning { scheme: Scheme::Ed25519 }),
        (Scheme::MlDsa44, None, Error::LocalSigning { scheme: Scheme::MlDsa44 }),
    ] {
        assert_eq!(inclusion_receipt(&Odd { scheme, length }, &at(0, 1, 0), &root), Err(want));
    }
}

proptest! {
    #[test]
    fn receipts_of_every_tree_round_trip(size in 1u64..200, seed: u64, post_quantum: bool) {
        let (index, old) = (seed % size, seed / 3 % (size + 1));
        let tree = tree(size);
        let proof = tree.inclusion(Index(index), Size(size)).unwrap();
        let continued = tree.consistency(Size(old), Size(size)).unwrap();
        let older = tree.root_at(Size(old)).unwrap();
        let (signer, verifier) = scheme(post_quantum);
        let receipt = Receipt::decode(&inclusion_receipt(&*signer, &proof, &tree.root()).unwrap()).unwrap();
        prop_assert_eq!(receipt.proof(), &Proof::Inclusion(proof));
        let key = signer.public_key();
        prop_assert_eq!(receipt.verify_inclusion(&*verifier, key, &leaf(index)), Ok(tree.root()));
        let bytes = consistency_receipt(&*signer, &continued, &tree.root()).unwrap();
        let receipt = Receipt::decode(&bytes).unwrap();
        prop_assert_eq!(receipt.proof(), &Proof::Consistency(continued));
        prop_assert_eq!(receipt.verify_consistency(&*verifier, key, &older, &tree.root()), Ok(()));
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Receipt::decode(&bytes).is_err());
    }
}
