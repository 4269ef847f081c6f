use auditmesh_types::{Digest, Hasher};
use sha2::Digest as _;

/// RFC 6962 hashing with SHA-256, one message after the other.
///
/// # Source
/// RFC 6962 §2.1; FIPS 180-4 by the crate `sha2`, which uses the processor's SHA instructions where there are any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sha256;

impl Hasher for Sha256 {
    fn leaf(&self, entry: &[u8]) -> Digest {
        Digest(sha2::Sha256::new_with_prefix([0]).chain_update(entry).finalize().into())
    }

    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        let mut message = [1; 65];
        message[1..33].copy_from_slice(&left.0);
        message[33..].copy_from_slice(&right.0);
        Digest(sha2::Sha256::digest(message).into())
    }
}

/// The root of the tree without leaves: `SHA-256("")`.
///
/// # Source
/// RFC 6962 §2.1.
#[must_use]
pub const fn empty_root() -> Digest {
    Digest([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
        0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_root_is_the_hash_of_nothing() {
        assert_eq!(empty_root(), Digest(sha2::Sha256::digest([]).into()));
    }

    #[test]
    fn leaves_and_nodes_have_different_prefixes() {
        let (left, right) = (Digest([2; 32]), Digest([3; 32]));
        let mut entry = [0; 64];
        entry[..32].copy_from_slice(&left.0);
        entry[32..].copy_from_slice(&right.0);
        assert_ne!(Sha256.leaf(&entry), Sha256.node(&left, &right));
        assert_ne!(Sha256.node(&left, &right), Sha256.node(&right, &left));
    }

    #[test]
    fn many_at_once_is_one_after_the_other() {
        let children = [0, 1, 2, 3, 4, 5, 6].map(|entry| Sha256.leaf(&[entry]));
        let mut parents = [Digest::default(); 4];
        Sha256.nodes(&children, &mut parents);
        for (i, parent) in parents[..3].iter().enumerate() {
            assert_eq!(*parent, Sha256.node(&children[2 * i], &children[2 * i + 1]));
        }
        assert_eq!(parents[3], Digest::default());
    }
}
