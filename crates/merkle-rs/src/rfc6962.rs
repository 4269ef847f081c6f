use auditmesh_merkle::Sha256;
use auditmesh_types::{Digest, Hasher};

/// Gives `rs_merkle` the hashes of RFC 6962, leaves and nodes kept apart by a first byte.
///
/// `hash` is for entries: `SHA-256(0x00 ‖ entry)`. Nodes are `SHA-256(0x01 ‖ left ‖ right)`, and a left node without a
/// right one goes up as it is.
///
/// # Source
/// RFC 6962 §2.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rfc6962;

impl rs_merkle::Hasher for Rfc6962 {
    type Hash = [u8; 32];

    fn hash(entry: &[u8]) -> [u8; 32] {
        Sha256.leaf(entry).0
    }

    fn concat_and_hash(left: &[u8; 32], right: Option<&[u8; 32]>) -> [u8; 32] {
        right.map_or(*left, |right| Sha256.node(&Digest(*left), &Digest(*right)).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rs_merkle::Hasher as _;

    #[test]
    fn an_entry_of_two_digests_is_no_node() {
        let (left, right) = ([2; 32], [3; 32]);
        let entry = [left, right].concat();
        assert_ne!(Rfc6962::hash(&entry), Rfc6962::concat_and_hash(&left, Some(&right)));
        assert_eq!(Rfc6962::concat_and_hash(&left, None), left);
    }
}
