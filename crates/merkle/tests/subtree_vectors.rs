//! The accumulated test vectors of the draft on Merkle tree certificates, and the examples of its text.
//!
//! Checked against the working text after draft-ietf-plants-merkle-tree-certs-05 (commit
//! 00fd4fc714418cad4e8f8a6bb943350ba50dcac6 of ietf-plants-wg/merkle-tree-certs), appendix "Subtree Test Vectors": a
//! digest over the output of every possible input up to 130 leaves. Leaf n is the entry of the one byte n.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are small"
)]

use std::fmt::Write as _;

use auditmesh_merkle::{
    Sha256, Tree, covering_subtrees, verify_subtree_consistency, verify_subtree_inclusion,
};
use auditmesh_types::{Digest, Hasher, Index, Size};
use sha2::Digest as _;

const MOST: u64 = 130;

fn tree() -> Tree {
    let mut tree = Tree::new();
    (0..MOST).for_each(|n| assert_eq!(tree.append(&[n as u8]), Ok(Index(n))));
    tree
}

/// The starts of the subtrees that end at `end`: every multiple of the length, rounded up to a power of two.
fn starts(end: u64) -> impl Iterator<Item = u64> {
    (0..=end).filter(move |start| start % (end - start).next_power_of_two() == 0)
}

fn accumulated(lines: &str) -> String {
    sha2::Sha256::digest(lines).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn line(lines: &mut String, first: &str, hashes: &[Digest]) {
    lines.push_str(first);
    hashes.iter().for_each(|hash| write!(lines, " {hash}").unwrap());
    lines.push('\n');
}

#[test]
fn subtree_hashes() {
    let (tree, mut lines) = (tree(), String::new());
    for end in 0..=MOST {
        for start in starts(end) {
            let hash = tree.subtree_root(Size(start), Size(end)).unwrap();
            line(&mut lines, &format!("[{start}, {end})"), &[hash]);
        }
    }
    assert_eq!(accumulated(&lines), "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81");
}

#[test]
fn subtree_inclusion_proofs() {
    let (tree, mut lines) = (tree(), String::new());
    for end in 0..=MOST {
        for start in starts(end) {
            let within = (Size(start), Size(end));
            let root = tree.subtree_root(within.0, within.1).unwrap();
            for index in start..end {
                let path = tree.subtree_inclusion(Index(index), within.0, within.1).unwrap();
                let leaf = Sha256.leaf(&[index as u8]);
                let verified = verify_subtree_inclusion(&Sha256, &leaf, Index(index), within, &path, &root);
                assert_eq!(verified, Ok(()));
                line(&mut lines, &format!("{index} [{start}, {end})"), &path);
            }
        }
    }
    assert_eq!(accumulated(&lines), "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f");
}

#[test]
fn subtree_consistency_proofs() {
    let (tree, mut lines) = (tree(), String::new());
    for size in 0..=MOST {
        let whole = tree.root_at(Size(size)).unwrap();
        for end in 0..=size {
            for start in starts(end) {
                let sizes = (Size(start), Size(end));
                let path = tree.subtree_consistency(sizes.0, sizes.1, Size(size)).unwrap();
                let part = tree.subtree_root(sizes.0, sizes.1).unwrap();
                let verified = verify_subtree_consistency(&Sha256, sizes, &part, Size(size), &path, &whole);
                assert_eq!(verified, Ok(()));
                line(&mut lines, &format!("[{start}, {end}) {size}"), &path);
            }
        }
    }
    assert_eq!(accumulated(&lines), "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74");
}

#[test]
fn two_subtrees_that_cover_a_range() {
    let mut lines = String::new();
    for end in 0..=MOST {
        for start in 0..=end {
            let [left, right] = covering_subtrees(Size(start), Size(end)).unwrap();
            writeln!(lines, "[{}, {}) [{}, {})", left.0, left.1, right.0, right.1).unwrap();
        }
    }
    assert_eq!(accumulated(&lines), "7fd9c8b926e9d2b5cf831560e8ce295a5ef97ad5c5ede4ea0dea28a8c8fc8bb0");
}

/// [4, 8) and [8, 13) in a tree of 14: the second is decomposed, since not all of its nodes are in the tree. And leaf 10 of [8, 13).
#[test]
fn the_examples_of_the_text() {
    let tree = tree();
    let part = |start, end| tree.subtree_root(Size(start), Size(end)).unwrap();
    let path = tree.subtree_consistency(Size(4), Size(8), Size(14)).unwrap();
    assert_eq!(path, [part(0, 4), part(8, 14)]);
    let path = tree.subtree_consistency(Size(8), Size(13), Size(14)).unwrap();
    assert_eq!(path, [part(12, 13), part(13, 14), part(8, 12), part(0, 8)]);
    let path = tree.subtree_inclusion(Index(10), Size(8), Size(13)).unwrap();
    assert_eq!(path, [part(11, 12), part(8, 10), part(12, 13)]);
    let path = tree.subtree_consistency(Size(0), Size(6), Size(8)).unwrap();
    assert_eq!(path, [part(4, 6), part(6, 8), part(0, 4)]);
    let path = tree.subtree_consistency(Size(0), Size(6), Size(7)).unwrap();
    assert_eq!(path, [part(4, 6), part(6, 7), part(0, 4)]);
    assert_eq!(covering_subtrees(Size(5), Size(13)), Ok([(Size(4), Size(8)), (Size(8), Size(13))]));
    assert_eq!(covering_subtrees(Size(7), Size(9)), Ok([(Size(7), Size(8)), (Size(8), Size(9))]));
    let refused = auditmesh_merkle::Error::MisuseRange { start: Size(9), end: Size(7) };
    assert_eq!(covering_subtrees(Size(9), Size(7)), Err(refused));
}
