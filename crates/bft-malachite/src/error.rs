use auditmesh_bft::{Height, ValidatorIndex};
use auditmesh_types::MemberId;
use thiserror::Error as ThisError;

/// Why something is refused, or a member stops.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// What the bft crate refuses: a set, a value, a certificate's shape.
    #[error(transparent)]
    Bft(#[from] auditmesh_bft::Error),
    /// A precommit in a decision does not hold.
    #[error("the precommit of validator {by} at height {height} is refused: {why}")]
    PeerPrecommit {
        /// Whose.
        by: ValidatorIndex,
        /// Of which height.
        height: Height,
        /// What the verifier said.
        why: String,
    },
    /// A decision carries a lineage, which this protocol has none of.
    #[error("the decision of height {height} carries {got} justifications, allowed are 0")]
    PeerLineage {
        /// Of which height.
        height: Height,
        /// How many.
        got: usize,
    },
    /// A decision in a view beyond the largest round.
    #[error("the decision of height {height} names view {got}, the largest is {max}")]
    PeerView {
        /// Of which height.
        height: Height,
        /// The view.
        got: u64,
        /// The largest.
        max: u64,
    },
    /// The key of this member is out of reach, and the core cannot wait for it.
    #[error("{member} could not sign at height {height}: {why}; start it again when its key is back")]
    LocalSigning {
        /// Who.
        member: MemberId,
        /// At which height.
        height: Height,
        /// What the signer said.
        why: String,
    },
    /// The core gave up.
    #[error("the core stopped at height {height}: {why}; start the member again")]
    LocalCore {
        /// At which height.
        height: Height,
        /// What the core said.
        why: String,
    },
    /// Something failed before, and the member takes nothing in any more.
    #[error("the member stopped at height {height}; start it again")]
    LocalStopped {
        /// At which height.
        height: Height,
    },
}
