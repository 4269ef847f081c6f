//! RFC 6962 trees by the recursion of the standard: slow, plain, and independent of every library.

use auditmesh_types::{Digest, Size, TreeHead};

use crate::sha256;

/// `SHA-256(0x00 ‖ entry)`.
#[must_use]
pub fn leaf(entry: &[u8]) -> Digest {
    sha256(&[&[0], entry])
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node(left: &Digest, right: &Digest) -> Digest {
    sha256(&[&[1], &left.0, &right.0])
}

/// The root over `leaves`; of none, SHA-256 of nothing.
///
/// # Source
/// RFC 6962 §2.1.
#[must_use]
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => sha256(&[]),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The head of the tree over `leaves`.
#[must_use]
pub fn head(leaves: &[Digest]) -> TreeHead {
    TreeHead { size: Size(leaves.len() as u64), root: root(leaves) }
}

/// The inclusion path of leaf `index`, leaf to root. `index`: below the number of leaves.
///
/// # Source
/// RFC 6962 §2.1.1.
#[must_use]
pub fn path(leaves: &[Digest], index: usize) -> Vec<Digest> {
    assert!(index < leaves.len(), "leaf {index} is not in a tree of {} leaves", leaves.len());
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut steps, sibling) = match index < left.len() {
        true => (path(left, index), root(right)),
        false => (path(right, index - left.len()), root(left)),
    };
    steps.push(sibling);
    steps
}

/// The root that `path` leads to from leaf `index` of `size`; `None` when it has too few or too many steps.
#[must_use]
pub fn climb(index: u64, size: u64, leaf: &Digest, path: &[Digest]) -> Option<Digest> {
    if index >= size {
        return None;
    }
    if size == 1 {
        return path.is_empty().then_some(*leaf);
    }
    let (last, rest) = path.split_last()?;
    let left = split(usize::try_from(size).ok()?) as u64;
    if index < left {
        climb(index, left, leaf, rest).map(|below| node(&below, last))
    } else {
        climb(index - left, size - left, leaf, rest).map(|below| node(last, &below))
    }
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: usize) -> usize {
    let mut half = 1;
    while half * 2 < count {
        half *= 2;
    }
    half
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frozen;

    #[test]
    fn roots_agree_with_the_published_example() {
        let entries: [&[u8]; 8] = [
            &[],
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let leaves: Vec<_> = entries.iter().map(|entry| leaf(entry)).collect();
        let roots: Vec<u8> = (1..=8).flat_map(|size| root(&leaves[..size]).0).collect();
        frozen::check("RFC6962_ROOTS", frozen::RFC6962_ROOTS, &roots);
    }

    #[test]
    fn paths_lead_to_the_root_and_wrong_ones_do_not() {
        let leaves: Vec<_> = (0u8..20).map(|n| leaf(&[n])).collect();
        for size in 1..=20u64 {
            let tree = &leaves[..usize::try_from(size).unwrap()];
            for (index, leaf) in (0u64..).zip(tree) {
                let mut steps = path(tree, usize::try_from(index).unwrap());
                assert_eq!(climb(index, size, leaf, &steps), Some(root(tree)));
                steps.push(*leaf);
                assert_eq!(climb(index, size, leaf, &steps), None);
            }
        }
        assert_eq!(climb(3, 3, &leaves[0], &[]), None);
        assert_eq!(climb(0, 2, &leaves[0], &[]), None);
    }
}
