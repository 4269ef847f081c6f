use alloc::vec::Vec;
use core::cmp::Ordering;

use auditmesh_types::{Index, Size};

use crate::{
    block::Block,
    tree::{Contradicts, Tree},
};

/// How one member's leaves from `since` on differ from another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// The member's number of leaves against the other's, those before `since` included.
    pub(crate) length: Ordering,
    /// Leaves both sides have.
    pub(crate) shared: u64,
    /// Shared leaves that differ.
    pub(crate) differing: u64,
    /// Leaves only one side has.
    pub(crate) unshared: u64,
    /// The first divergent leaves, ascending.
    pub(crate) leaves: Vec<Index>,
}

impl Comparison {
    /// Compares `ours` with `theirs`, listing at most `max_leaves` leaves; `None` when a leaf before `since` that both
    /// have differs.
    ///
    /// # Cost
    /// O((d + 1) log n) nodes and hashes for d differing leaves among n.
    pub(crate) fn new<'a>(
        since: Size,
        max_leaves: usize,
        ours: &Tree<'a>,
        theirs: &Tree<'a>,
    ) -> Result<Option<Self>, Contradicts<'a>> {
        let (own, other) = (ours.head.size.0, theirs.head.size.0);
        let (common, longest) = (own.min(other), own.max(other));
        let start = since.0.min(common);
        // Cut at the same places, both trees have the same complete subtrees up to `common`, where those of the shorter
        // one end.
        let cuts = [start, common];
        let (our_blocks, their_blocks) = (ours.cut(&cuts)?, theirs.cut(&cuts)?);
        let pairs = || our_blocks.iter().zip(&their_blocks);
        if pairs().any(|(our, their)| our.end() <= start && our.hash != their.hash) {
            return Ok(None);
        }
        let mut walk = Walk { ours, theirs, max_leaves, differing: 0, leaves: Vec::new() };
        for (our, their) in pairs() {
            walk.pair(our, their)?;
        }

        // What one side alone has: from the end of the shared leaves on.
        let beyond = common.max(since.0)..longest;
        let room = max_leaves.saturating_sub(walk.leaves.len());
        walk.leaves.extend(beyond.clone().take(room).map(Index));
        Ok(Some(Self {
            length: own.cmp(&other),
            shared: common - start,
            differing: walk.differing,
            unshared: beyond.end.saturating_sub(beyond.start),
            leaves: walk.leaves,
        }))
    }

    /// How many leaves were compared.
    pub(crate) fn total(&self) -> u64 {
        self.shared + self.unshared
    }

    /// How many of them diverge.
    pub(crate) fn divergent(&self) -> u64 {
        self.differing + self.unshared
    }
}

/// The descent of both trees at once, leaves in ascending order.
struct Walk<'t, 'a> {
    ours: &'t Tree<'a>,
    theirs: &'t Tree<'a>,
    max_leaves: usize,
    differing: u64,
    leaves: Vec<Index>,
}

impl<'a> Walk<'_, 'a> {
    /// Descends into one subtree where it differs. The depth of the recursion is the level, at most 63.
    fn pair(&mut self, our: &Block, their: &Block) -> Result<(), Contradicts<'a>> {
        if our.hash == their.hash {
            return Ok(());
        }
        if our.level == 0 {
            self.differing += 1;
            if self.leaves.len() < self.max_leaves {
                self.leaves.push(Index(our.index));
            }
            return Ok(());
        }
        let (our, their) = (self.ours.halves(our)?, self.theirs.halves(their)?);
        our.iter().zip(&their).try_for_each(|(our, their)| self.pair(our, their))
    }
}
