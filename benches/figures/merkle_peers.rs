//! The peers, each used as its own documentation says, with RFC 6962's domain separation.

use ct_merkle::{InclusionProof, mem_backed_tree::MemoryBackedTree};
use sha2::{Digest as _, Sha256};

/// The plain loop: one level after the other through `sha2`, nothing kept.
pub(crate) fn sha2_loop(mut level: Vec<[u8; 32]>) -> [u8; 32] {
    while level.len() > 1 {
        let pair = |pair: &[[u8; 32]]| match pair {
            [left, right] => sha2_node(left, right),
            rest => rest[0],
        };
        level = level.chunks(2).map(pair).collect();
    }
    level[0]
}

pub(crate) fn sha2_leaf(entry: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

fn sha2_node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut message = [1; 65];
    message[1..33].copy_from_slice(left);
    message[33..].copy_from_slice(right);
    Sha256::digest(message).into()
}

/// `rs_merkle` with RFC 6962's nodes.
#[derive(Clone)]
pub(crate) struct Rfc6962;

impl rs_merkle::Hasher for Rfc6962 {
    type Hash = [u8; 32];

    fn hash(data: &[u8]) -> [u8; 32] {
        sha2_leaf(data)
    }

    fn concat_and_hash(left: &[u8; 32], right: Option<&[u8; 32]>) -> [u8; 32] {
        right.map_or(*left, |right| sha2_node(left, right))
    }
}

/// `rs_merkle`'s tree.
pub(crate) type RsMerkle = rs_merkle::MerkleTree<Rfc6962>;

/// `ct-merkle`'s tree in memory, over the bytes of its entries.
pub(crate) struct CtMerkle(MemoryBackedTree<Sha256, Vec<u8>>);

impl CtMerkle {
    pub(crate) fn of<E: AsRef<[u8]>>(entries: &[E]) -> Self {
        let mut tree = MemoryBackedTree::new();
        entries.iter().for_each(|entry| tree.push(entry.as_ref().to_vec()));
        Self(tree)
    }

    pub(crate) fn push(&mut self, entry: &[u8]) {
        self.0.push(entry.to_vec());
    }

    pub(crate) fn root(&self) -> [u8; 32] {
        self.0.root().as_bytes()[..].try_into().unwrap()
    }

    pub(crate) fn prove(&self, place: usize) {
        drop(std::hint::black_box(self.0.prove_inclusion(place)));
    }

    pub(crate) fn proofs(&self, places: &[u64]) -> Vec<(u64, InclusionProof<Sha256>)> {
        places
            .iter()
            .map(|place| (*place, self.0.prove_inclusion(usize::try_from(*place).unwrap())))
            .collect()
    }

    pub(crate) fn verify(&self, entries: &[[u8; 32]], proofs: &[(u64, InclusionProof<Sha256>)]) {
        let root = self.0.root();
        for (place, proof) in proofs {
            let entry = entries[usize::try_from(*place).unwrap()].to_vec();
            root.verify_inclusion(&entry, *place, proof).unwrap();
        }
    }
}
