use auditmesh_types::{MemberId, Millis, RatioError};
use thiserror::Error;

use crate::Threshold;

/// Why a tally or a retry plan cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// Two quorums could share faulty members alone, so two heads could both be agreed.
    #[error(
        "threshold {threshold} is unsafe for {members} members: two quorums of {quorum} may share only {overlap}, and \
         {faults} may be faulty; use N-f"
    )]
    MisuseUnsafe {
        /// The threshold.
        threshold: Threshold,
        /// The members, or the units of weight where weights differ.
        members: u64,
        /// The smallest count that meets the threshold.
        quorum: u64,
        /// How many may be faulty.
        faults: u64,
        /// How many two quorums certainly share.
        overlap: u64,
    },
    /// The members that are not faulty do not suffice for a quorum, so faulty ones can stop every round.
    #[error(
        "threshold {threshold} is not live for {members} members: it needs {quorum}, and only {available} remain when \
         {faults} are silent; use N-f"
    )]
    MisuseNotLive {
        /// The threshold.
        threshold: Threshold,
        /// The members, or the units of weight where weights differ.
        members: u64,
        /// The smallest count that meets the threshold; `members + 1` when none does.
        quorum: u64,
        /// How many may be faulty.
        faults: u64,
        /// How many remain without them.
        available: u64,
    },
    /// Too few or too many members.
    #[error("got {got} members, from {min} to {max} are allowed")]
    MisuseMemberCount {
        /// How many; where members are given one by one, the first count beyond `max`.
        got: u64,
        /// The fewest allowed.
        min: u64,
        /// The most allowed.
        max: u64,
    },
    /// A member named twice.
    #[error("member {member} stands twice in the electorate; name it once")]
    MisuseDuplicateMember {
        /// The member.
        member: MemberId,
    },
    /// A member without weight.
    #[error("member {member} has weight 0, at least 1 is needed; leave it out instead")]
    MisuseZeroWeight {
        /// The member.
        member: MemberId,
    },
    /// The weights add up to more than a fraction can hold.
    #[error("the weights add up to {got}, at most {max} is allowed; scale them down")]
    MisuseWeightOverflow {
        /// The sum when the limit was passed.
        got: u128,
        /// The most allowed.
        max: u64,
    },
    /// The coordinator that is to break ties is not a member.
    #[error("the coordinator {coordinator} is not a member of the electorate; name one that is")]
    MisuseUnknownCoordinator {
        /// The name given.
        coordinator: MemberId,
    },
    /// The text of a threshold is too long to be one.
    #[error("a threshold has {got} bytes, at most {max} are allowed; write >=2/3, >2/3, 0.67 or N-f")]
    MisuseThresholdTooLong {
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// The text is no threshold.
    #[error("this is no threshold ({source}); write >=2/3, >2/3, 0.67 or N-f")]
    MisuseThresholdText {
        /// What is wrong with its fraction.
        source: RatioError,
    },
    /// No attempt, or too many.
    #[error("a retry plan with {got} attempts, from 1 to {max} are allowed")]
    MisuseAttempts {
        /// The attempts asked for.
        got: u8,
        /// The most allowed.
        max: u8,
    },
    /// A first delay of nothing, which would not back off.
    #[error("a retry plan whose first delay is 0 ms does not back off; give at least 1 ms")]
    MisuseZeroDelay,
    /// A factor of zero, under which delays vanish.
    #[error("a retry plan with factor 0 has no second delay; give at least 1")]
    MisuseZeroFactor,
    /// A longest delay below the first.
    #[error("the first delay is {base} ms, the longest allowed only {cap} ms; raise the cap")]
    MisuseCapBelowBase {
        /// The first delay.
        base: Millis,
        /// The longest delay.
        cap: Millis,
    },
}
