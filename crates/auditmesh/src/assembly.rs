use auditmesh_types::{Facts, MemberId, Origin, Round, TreeHead};
use thiserror::Error;

use crate::{Federation, Participant, Parts};

/// Every part of a federation, by name. [`Builder`](crate::Builder) fills it with the standard parts.
#[allow(missing_debug_implementations, reason = "parts need not be printable; the federation they make is")]
pub struct Assembly<P: Parts> {
    /// The log's origin.
    pub origin: Origin,
    /// How many events a batch holds at most.
    pub batch_size: usize,
    /// What the policy is asked about.
    pub facts: Facts,
    /// The members; all hold the same log.
    pub members: Vec<P::Member>,
    /// Orders what arrives.
    pub batcher: P::Batcher,
    /// Finds who differs.
    pub detector: P::Detector,
    /// Knows whose word counts.
    pub membership: P::Membership,
    /// Counts.
    pub agreement: P::Agreement,
    /// Scores members.
    pub scorer: P::Scorer,
    /// Measures rounds.
    pub observer: P::Observer,
    /// Decides what may leave.
    pub policy: P::Policy,
    /// Keeps the agreed head elsewhere.
    pub anchor: P::Anchor,
}

/// Why parts do not make a federation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AssemblyError {
    /// There is no member.
    #[error("a federation needs members, none was given")]
    MisuseNoMembers,
    /// Two members begin with different logs.
    #[error("{member} holds {got}, the first member holds {want}; bring it up to date before it takes part")]
    MisuseHeadsDiffer {
        /// Who differs.
        member: MemberId,
        /// What it holds.
        got: TreeHead,
        /// What the first member holds.
        want: TreeHead,
    },
}

impl<P: Parts> Federation<P> {
    /// Puts the parts together. The log goes on from what the members hold.
    ///
    /// # Errors
    /// [`AssemblyError`].
    pub fn new(parts: Assembly<P>) -> Result<Self, AssemblyError> {
        let head = parts.members.first().ok_or(AssemblyError::MisuseNoMembers)?.tree().0;
        if let Some(other) = parts.members.iter().find(|member| member.tree().0 != head) {
            return Err(AssemblyError::MisuseHeadsDiffer {
                member: other.id().clone(),
                got: other.tree().0,
                want: head,
            });
        }
        Ok(Self { parts, head, round: Round(0), open: None })
    }
}
