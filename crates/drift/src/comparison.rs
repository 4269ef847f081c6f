use alloc::vec::Vec;

use auditmesh_types::{Digest, Index, MemberId, MemberTree, Nodes, Size};

use crate::Error;

/// How one member's leaves from `since` on differ from another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Leaves both sides have.
    pub(crate) shared: u64,
    /// Shared leaves that differ.
    pub(crate) differing: u64,
    /// Leaves the member lacks.
    pub(crate) lacking: u64,
    /// Leaves only the member has.
    pub(crate) surplus: u64,
    /// The first divergent leaves, ascending.
    pub(crate) leaves: Vec<Index>,
}

impl Comparison {
    /// Compares `member` with `against`, listing at most `max_leaves` leaves.
    ///
    /// # Cost
    /// O((d + 1) log n) nodes for d differing leaves among n.
    pub(crate) fn new(
        since: Size,
        max_leaves: usize,
        member: &MemberTree<'_>,
        against: &MemberTree<'_>,
    ) -> Result<Self, Error> {
        let ours = Side { member: member.0, nodes: member.2, size: member.1.size };
        let theirs = Side { member: against.0, nodes: against.2, size: against.1.size };
        let start = since.0;
        let common = ours.size.0.min(theirs.size.0);
        let longest = ours.size.0.max(theirs.size.0);
        let mut walk = Walk { ours, theirs, max_leaves, differing: 0, leaves: Vec::new() };
        walk.range(start, common)?;

        // What one side alone has: from the end of the shared leaves on.
        let beyond = longest.saturating_sub(common.max(start));
        let room = max_leaves.saturating_sub(walk.leaves.len());
        walk.leaves.extend((common.max(start)..longest).take(room).map(Index));
        let (lacking, surplus) = if common == member.1.size.0 { (beyond, 0) } else { (0, beyond) };
        let shared = common.saturating_sub(start);
        Ok(Self { shared, differing: walk.differing, lacking, surplus, leaves: walk.leaves })
    }

    /// How many leaves were compared.
    pub(crate) fn total(&self) -> u64 {
        self.shared + self.lacking + self.surplus
    }

    /// How many of them diverge.
    pub(crate) fn divergent(&self) -> u64 {
        self.differing + self.lacking + self.surplus
    }
}

/// One of the two trees.
struct Side<'a> {
    member: &'a MemberId,
    nodes: &'a dyn Nodes,
    size: Size,
}

impl Side<'_> {
    fn node(&self, level: u8, index: u64) -> Result<Digest, Error> {
        self.nodes.node(level, index).ok_or_else(|| Error::PeerNodeMissing {
            member: self.member.clone(),
            level,
            index,
            size: self.size,
        })
    }
}

/// The descent of both trees at once, leaves in ascending order.
struct Walk<'a> {
    ours: Side<'a>,
    theirs: Side<'a>,
    max_leaves: usize,
    differing: u64,
    leaves: Vec<Index>,
}

impl Walk<'_> {
    /// Descends into the complete subtrees that together cover leaves `from..to`: at most two on every level.
    fn range(&mut self, mut from: u64, to: u64) -> Result<(), Error> {
        while from < to {
            let level = from.trailing_zeros().min((to - from).ilog2());
            self.subtree(u8::try_from(level).unwrap_or(63), from >> level)?;
            from += 1 << level;
        }
        Ok(())
    }

    /// Descends into one subtree where it differs. The depth of the recursion is the level, at most 63.
    fn subtree(&mut self, level: u8, index: u64) -> Result<(), Error> {
        if self.ours.node(level, index)? == self.theirs.node(level, index)? {
            return Ok(());
        }
        let Some(below) = level.checked_sub(1) else {
            self.differing += 1;
            if self.leaves.len() < self.max_leaves {
                self.leaves.push(Index(index));
            }
            return Ok(());
        };
        let before = self.differing;
        self.subtree(below, index * 2)?;
        self.subtree(below, index * 2 + 1)?;
        if self.differing == before {
            let (member, against) = (self.ours.member.clone(), self.theirs.member.clone());
            return Err(Error::PeerSubtreeContradicts { member, against, level, index });
        }
        Ok(())
    }
}
