use crate::peers::{sha2_leaf, sha2_node};

/// `rs_merkle` with RFC 6962's nodes.
#[derive(Debug, Clone)]
pub struct Rfc6962;

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
pub type RsMerkle = rs_merkle::MerkleTree<Rfc6962>;
