//! A log of numbered entries, and its keys.
#![allow(dead_code, reason = "every test file takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use auditmesh_attest::{Ed25519, Ed25519Signer, Error, MlDsa44, MlDsa44Signer};
use auditmesh_attest_cose::{consistency_receipt, inclusion_receipt};
use auditmesh_merkle::{Sha256, Tree};
use auditmesh_types::{Digest, Hasher, Index, Scheme, Signer, Size, Verifier};

/// The log's Ed25519 key, of the seed of 32 bytes 1.
pub(crate) fn ed25519() -> Ed25519Signer {
    ed25519_of(1)
}

pub(crate) fn ed25519_of(seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed([seed; 32])
}

/// The log's ML-DSA-44 key, of the same seed.
pub(crate) fn ml_dsa44() -> MlDsa44Signer {
    MlDsa44Signer::from_seed([1; 32])
}

pub(crate) type AnySigner = Box<dyn Signer<Error = Error>>;
pub(crate) type AnyVerifier = Box<dyn Verifier<Error = Error>>;

pub(crate) fn scheme(post_quantum: bool) -> (AnySigner, AnyVerifier) {
    match post_quantum {
        true => (Box::new(ml_dsa44()), Box::new(MlDsa44)),
        false => (Box::new(ed25519()), Box::new(Ed25519)),
    }
}

/// The hash of entry `number`: `entry 0`, `entry 1` and so on.
pub(crate) fn leaf(number: u64) -> Digest {
    Sha256.leaf(format!("entry {number}").as_bytes())
}

pub(crate) fn tree(size: u64) -> Tree {
    let mut tree = Tree::new();
    tree.append_leaf_hashes(&(0..size).map(leaf).collect::<Vec<_>>()).unwrap();
    tree
}

pub(crate) fn inclusion(signer: &impl Signer, index: u64, size: u64) -> Vec<u8> {
    let tree = tree(size);
    inclusion_receipt(signer, &tree.inclusion(Index(index), Size(size)).unwrap(), &tree.root()).unwrap()
}

pub(crate) fn consistency(signer: &impl Signer, old: u64, new: u64) -> Vec<u8> {
    let tree = tree(new);
    consistency_receipt(signer, &tree.consistency(Size(old), Size(new)).unwrap(), &tree.root()).unwrap()
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    Digest(sha2::Sha256::digest(bytes).into()).to_string()
}

/// A key that signs with zeroes, or not at all.
pub(crate) struct Odd {
    pub(crate) scheme: Scheme,
    pub(crate) length: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct OutOfReach;

impl std::fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("out of reach")
    }
}

impl std::error::Error for OutOfReach {}

impl Signer for Odd {
    type Error = OutOfReach;

    fn scheme(&self) -> Scheme {
        self.scheme
    }

    fn public_key(&self) -> &[u8] {
        &[]
    }

    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, OutOfReach> {
        self.length.map(|length| vec![0; length]).ok_or(OutOfReach)
    }
}
