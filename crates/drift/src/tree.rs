use alloc::vec::Vec;

use auditmesh_types::{Digest, MemberId, MemberTree, Nodes, Size, TreeHead};

use crate::block::{Block, node, root};

/// The member whose tree contradicts its head, its size or itself, or lacks a node it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contradicts<'a>(pub(crate) &'a MemberId);

/// A member's tree, of which nothing is believed but what its head commits to.
///
/// The complete subtrees on top must give the head's root, and two children the hash of their parent. So whatever a
/// tree shows is what the one sequence of leaves under its head has, and a tree that shows anything else is found out.
pub(crate) struct Tree<'a> {
    /// Whose tree.
    pub(crate) member: &'a MemberId,
    /// What it commits to.
    pub(crate) head: TreeHead,
    nodes: &'a dyn Nodes,
    /// The complete subtrees on top, from left to right.
    peaks: Vec<Block>,
}

impl<'a> Tree<'a> {
    /// Holds a head against its tree.
    ///
    /// # Cost
    /// One node for each set bit of the size, one hash less.
    pub(crate) fn new(&(member, head, nodes): &MemberTree<'a>) -> Result<Self, Contradicts<'a>> {
        let size = head.size.0;
        if nodes.size() != head.size {
            return Err(Contradicts(member));
        }
        let mut tree = Self { member, head, nodes, peaks: Vec::new() };
        for level in (0..64u8).rev().filter(|level| size >> level & 1 == 1) {
            // Bit `level` of the size is set: the index is even, and above it stands all that is to the left.
            let peak = tree.block(level, (size >> level) - 1)?;
            tree.peaks.push(peak);
        }
        if root(&tree.peaks) == head.root { Ok(tree) } else { Err(Contradicts(member)) }
    }

    /// The two halves of `block`, which is above level 0, when they give its hash.
    pub(crate) fn halves(&self, block: &Block) -> Result<[Block; 2], Contradicts<'a>> {
        let (level, index) = (block.level.saturating_sub(1), block.index * 2);
        let (left, right) = (self.block(level, index)?, self.block(level, index + 1)?);
        if node(&left.hash, &right.hash) == block.hash {
            Ok([left, right])
        } else {
            Err(Contradicts(self.member))
        }
    }

    /// The fewest complete subtrees that cover all leaves while none stands on both sides of a cut, from left to right.
    ///
    /// # Cost
    /// O(log n) nodes and hashes for each cut.
    pub(crate) fn cut(&self, cuts: &[u64]) -> Result<Vec<Block>, Contradicts<'a>> {
        let mut blocks = Vec::new();
        for peak in &self.peaks {
            self.open(peak, cuts, &mut blocks)?;
        }
        Ok(blocks)
    }

    /// The root of the first `since` leaves; `None` when there are fewer.
    ///
    /// # Cost
    /// O(log n) nodes and hashes.
    pub(crate) fn history(&self, since: Size) -> Result<Option<Digest>, Contradicts<'a>> {
        if self.head.size < since {
            return Ok(None);
        }
        let mut blocks = self.cut(&[since.0])?;
        blocks.retain(|block| block.end() <= since.0);
        Ok(Some(root(&blocks)))
    }

    /// Opens `block` as far as the cuts demand. The depth of the recursion is the level, at most 63.
    fn open(&self, block: &Block, cuts: &[u64], blocks: &mut Vec<Block>) -> Result<(), Contradicts<'a>> {
        if !cuts.iter().any(|cut| block.straddles(*cut)) {
            blocks.push(*block);
            return Ok(());
        }
        let [left, right] = self.halves(block)?;
        self.open(&left, cuts, blocks)?;
        self.open(&right, cuts, blocks)
    }

    fn block(&self, level: u8, index: u64) -> Result<Block, Contradicts<'a>> {
        let hash = self.nodes.node(level, index).ok_or(Contradicts(self.member))?;
        Ok(Block { level, index, hash })
    }
}
