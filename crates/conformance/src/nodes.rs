use auditmesh_types::{Digest, Nodes};

use crate::tree;

/// The contract of [`Nodes`], against the leaf hashes the tree must have.
///
/// Rules: `nodes/size`, `nodes/hash`, `nodes/incomplete-is-none`, `nodes/far-is-none`.
///
/// # Cost
/// O(n log n) hashes for n leaves.
pub fn nodes(tree: &impl Nodes, leaves: &[Digest]) {
    let size = leaves.len();
    same!("nodes/size", tree.size().0, size as u64, "the number of leaves, staged ones included");
    for level in 0..12u8 {
        let width = 1usize << level;
        for index in 0..=size / width + 1 {
            let got = tree.node(level, index as u64);
            match leaves.get(index * width..(index + 1) * width) {
                Some(below) => {
                    let want = Some(tree::root(below));
                    same!("nodes/hash", got, want, "level {level}, index {index} of {size} leaves");
                }
                None => {
                    let none: Option<Digest> = None;
                    same!(
                        "nodes/incomplete-is-none",
                        got,
                        none,
                        "level {level}, index {index} of {size} leaves"
                    );
                }
            }
        }
    }
    for level in [0, 1, 12, 31, 32, 62, 63, 64, 65, 127, 128, 255] {
        for index in [1 << 31, 1 << 32, 1 << 62, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
            let got = tree.node(level, index);
            rule!(
                "nodes/far-is-none",
                got.is_none(),
                "level {level}, index {index} of {size} leaves gave {got:?}"
            );
        }
        if level >= 12 {
            let got = tree.node(level, 0);
            rule!("nodes/far-is-none", got.is_none(), "level {level}, index 0 of {size} leaves gave {got:?}");
        }
    }
}
