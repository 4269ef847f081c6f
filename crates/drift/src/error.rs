use auditmesh_types::MemberId;

/// How a detector was misused. What members get wrong stands in the report.
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
}
