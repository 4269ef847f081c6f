use auditmesh_types::Digest;
use sha2::{Digest as _, Sha256};

/// A complete subtree and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    /// The level of its top, leaves being level 0; at most 63.
    pub(crate) level: u8,
    /// Its place on that level.
    pub(crate) index: u64,
    /// The hash of its top.
    pub(crate) hash: Digest,
}

impl Block {
    /// The first leaf behind it.
    pub(crate) fn end(&self) -> u64 {
        (self.index + 1) << self.level
    }

    /// Whether some of its leaves stand before leaf `at` and some not.
    pub(crate) fn straddles(&self, at: u64) -> bool {
        self.index << self.level < at && at < self.end()
    }
}

/// The root over `blocks`, which cover the leaves from 0 on, each larger than the next.
///
/// # Cost
/// One hash less than there are blocks.
///
/// # Source
/// RFC 9162 §2.1.1: the left part of a split is the largest complete subtree.
pub(crate) fn root(blocks: &[Block]) -> Digest {
    let joined = blocks.iter().rev().map(|block| block.hash).reduce(|right, left| node(&left, &right));
    joined.unwrap_or_else(|| Digest(Sha256::digest([]).into()))
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
pub(crate) fn node(left: &Digest, right: &Digest) -> Digest {
    Digest(Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_block_of_the_largest_tree_ends_where_numbers_do() {
        let block = |level, index| Block { level, index, hash: Digest([0; 32]) };
        assert_eq!(block(0, u64::MAX - 1).end(), u64::MAX);
        assert_eq!(block(63, 0).end(), 1 << 63);
        assert!(block(63, 0).straddles(1) && block(63, 0).straddles((1 << 63) - 1));
        assert!(!block(63, 0).straddles(0) && !block(63, 0).straddles(1 << 63));
    }
}
