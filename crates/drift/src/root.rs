use auditmesh_types::{Digest, Nodes, Size};
use sha2::{Digest as _, Sha256};

/// The root of a tree of `size` leaves, from the complete subtrees it is made of; as an error, the level and index of
/// the first one that is missing, from the right.
///
/// # Cost
/// One node for each set bit of `size`, one hash less.
///
/// # Source
/// RFC 9162 §2.1.1: the left part of a split is the largest complete subtree.
pub(crate) fn root(size: Size, nodes: &dyn Nodes) -> Result<Digest, (u8, u64)> {
    let mut root = None;
    for level in (0..64u8).filter(|level| size.0 >> level & 1 == 1) {
        // Bit `level` of the size is set: the index is even, and above it stands all that is to the left.
        let index = (size.0 >> level) - 1;
        let left = nodes.node(level, index).ok_or((level, index))?;
        root = Some(match root {
            None => left,
            Some(right) => node(&left, &right),
        });
    }
    Ok(root.unwrap_or_else(|| Digest(Sha256::digest([]).into())))
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
fn node(left: &Digest, right: &Digest) -> Digest {
    Digest(Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into())
}
