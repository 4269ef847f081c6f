//! A tree that keeps all its complete subtrees, and counts how often it is asked for one.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::cell::Cell;

use auditmesh_types::{Digest, MemberId, MemberTree, Nodes, Size, TreeHead};
use sha2::{Digest as _, Sha256};

fn hash(prefix: u8, left: &[u8], right: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([prefix]).chain_update(left).chain_update(right).finalize().into())
}

pub(crate) struct TestTree {
    levels: Vec<Vec<Digest>>,
    pub(crate) touched: Cell<usize>,
    pub(crate) touched_leaves: Cell<usize>,
    pub(crate) hidden: Option<(u8, u64)>,
    pub(crate) claimed: Option<Size>,
}

impl TestTree {
    /// The tree over `leaves`, each a number that stands for an entry.
    pub(crate) fn new(leaves: &[u32]) -> Self {
        let mut level: Vec<_> = leaves.iter().map(|leaf| hash(0, &leaf.to_be_bytes(), &[])).collect();
        let mut levels = Vec::new();
        while !level.is_empty() {
            let above = level.chunks_exact(2).map(|pair| hash(1, &pair[0].0, &pair[1].0)).collect();
            levels.push(std::mem::replace(&mut level, above));
        }
        Self {
            levels,
            touched: Cell::default(),
            touched_leaves: Cell::default(),
            hidden: None,
            claimed: None,
        }
    }

    /// Replaces one node, as a tree that is not built from its leaves would have it.
    pub(crate) fn forge(&mut self, level: usize, index: usize) {
        self.levels[level][index].0[0] ^= 1;
    }

    /// The head, by the recursion of RFC 6962.
    pub(crate) fn head(&self) -> TreeHead {
        let leaves = self.levels.first().map_or(&[][..], Vec::as_slice);
        TreeHead { size: Size(leaves.len() as u64), root: root(leaves) }
    }
}

fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest(Sha256::digest([]).into()),
        [one] => *one,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            hash(1, &root(left).0, &root(right).0)
        }
    }
}

impl Nodes for TestTree {
    fn size(&self) -> Size {
        self.claimed.unwrap_or(Size(self.levels.first().map_or(0, Vec::len) as u64))
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        self.touched.set(self.touched.get() + 1);
        if level == 0 {
            self.touched_leaves.set(self.touched_leaves.get() + 1);
        }
        if self.hidden == Some((level, index)) {
            return None;
        }
        self.levels.get(usize::from(level))?.get(usize::try_from(index).ok()?).copied()
    }
}

pub(crate) fn name(text: &str) -> MemberId {
    MemberId::new(text).unwrap()
}

pub(crate) fn member<'a>(name: &'a MemberId, tree: &'a TestTree) -> MemberTree<'a> {
    (name, tree.head(), tree)
}

/// `count` leaves, all of them different.
pub(crate) fn leaves(count: u32) -> Vec<u32> {
    (0..count).collect()
}

/// The same with the leaves at `places` changed.
pub(crate) fn changed(leaves: &[u32], places: impl IntoIterator<Item = usize>) -> Vec<u32> {
    let mut leaves = leaves.to_vec();
    for place in places {
        leaves[place] += 1_000_000;
    }
    leaves
}
