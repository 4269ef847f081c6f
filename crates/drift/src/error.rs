use auditmesh_types::{Digest, MemberId, Size, TreeHead};

/// Why trees cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to compare.
    #[error("no member's tree was given; give at least one")]
    MisuseNoMembers,
    /// A member has two trees.
    #[error("the member {member} was given twice; give one tree for each member")]
    MisuseDuplicateMember {
        /// The member.
        member: MemberId,
    },
    /// The tree has another number of leaves than its head says.
    #[error("the tree of {member} has {tree} leaves, its head says {head}; compute the head from the tree")]
    PeerSizeContradictsHead {
        /// Whose tree.
        member: MemberId,
        /// The size in the head.
        head: Size,
        /// The number of leaves in the tree.
        tree: Size,
    },
    /// The tree gives another root than its head says.
    #[error("the tree of {member} has the root {tree}, its head says {head}; compute the head from the tree")]
    PeerRootContradictsHead {
        /// Whose tree.
        member: MemberId,
        /// The head.
        head: TreeHead,
        /// The root of the tree.
        tree: Digest,
    },
    /// The tree does not show a node that a tree of its size has.
    #[error(
        "the tree of {member} has {size} leaves but no node {index} on level {level}; rebuild it from its entries"
    )]
    PeerNodeMissing {
        /// Whose tree.
        member: MemberId,
        /// The level, leaves being level 0.
        level: u8,
        /// The node's place on that level.
        index: u64,
        /// The number of leaves in the tree.
        size: Size,
    },
    /// Two nodes differ although both their children are equal: one of the trees is not built from its leaves.
    #[error(
        "node {index} on level {level} of {member} and {against} differs while its children do not; rebuild both trees"
    )]
    PeerSubtreeContradicts {
        /// One of the two.
        member: MemberId,
        /// The other.
        against: MemberId,
        /// The level, leaves being level 0.
        level: u8,
        /// The node's place on that level.
        index: u64,
    },
    /// The heads differ, but no leaf from `since` on does: what differs was committed before.
    #[error(
        "the logs of {member} and {against} differ before leaf {since}, in what was committed already; stop signing \
         and find out which of the two was rewritten"
    )]
    PeerHistoryDiffers {
        /// Whose tree.
        member: MemberId,
        /// The member it was compared with.
        against: MemberId,
        /// The first leaf that was compared.
        since: Size,
    },
}
