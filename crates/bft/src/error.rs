use alloc::{boxed::Box, string::String};

use auditmesh_types::{MemberId, Millis, Origin, RatioError, Scheme};
use thiserror::Error;

use crate::{Height, Statement, Threshold, ValidatorIndex, ValueId, View};

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
    /// One key for two validators, whose votes nobody could tell apart.
    #[error("{first} and {second} have the same key; each validator needs its own")]
    MisuseDuplicateKey {
        /// The one.
        first: MemberId,
        /// The other.
        second: MemberId,
    },
    /// A public key beyond the limit.
    #[error("the key of {member} has {got} bytes, at most {max} are allowed")]
    MisuseKeyLength {
        /// Whose.
        member: MemberId,
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A value beyond the limit.
    #[error("a value has {got} bytes, at most {max} are allowed; propose less at once")]
    PeerValueTooLong {
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// Voters that repeat, or are not in ascending order.
    #[error(
        "validator {voter} stands after one that is not below it; a quorum names each voter once, in ascending order"
    )]
    PeerVoterOrder {
        /// The voter out of place.
        voter: ValidatorIndex,
    },
    /// A validator that the set does not have.
    #[error("there is no validator {index}, the set has {validators}")]
    PeerUnknownValidator {
        /// The index given.
        index: ValidatorIndex,
        /// How many the set has.
        validators: usize,
    },
    /// Too few votes.
    #[error("votes of weight {got} are no quorum, {want} are needed")]
    PeerNoQuorum {
        /// Their weight.
        got: u64,
        /// The weight of a quorum.
        want: u64,
    },
    /// A statement that does not belong where it stands.
    #[error("the statement of validator {by} does not belong here: {got}")]
    PeerStatement {
        /// Who says it.
        by: ValidatorIndex,
        /// What.
        got: Statement,
    },
    /// What is shown as prepared is not what the requests name.
    #[error(
        "the prepared certificate shown for view {view} is not the highest that the requests name, or of another height or phase"
    )]
    PeerHighest {
        /// The view asked for.
        view: View,
    },
    /// A value in a later view without the view changes that let it in.
    #[error(
        "the value has no justification for view {view} of height {height}; a later view needs a quorum's requests, and the value they leave open"
    )]
    PeerUnjustified {
        /// The height.
        height: Height,
        /// The view.
        view: View,
    },
    /// A verifier of another scheme than the set's.
    #[error("the validator set signs with {set}, the verifier checks {verifier}; use a verifier of {set}")]
    MisuseScheme {
        /// What the set's signatures follow.
        set: Scheme,
        /// What the verifier follows.
        verifier: Scheme,
    },
    /// A key that may not be enrolled.
    #[error("the key of {member} may not be enrolled: {why}; take a key that the scheme allows")]
    MisuseKey {
        /// Whose.
        member: MemberId,
        /// What the verifier says of it.
        why: String,
    },
    /// A signature that does not hold.
    #[error("validator {by} did not sign `{statement}`: {why}")]
    PeerSignature {
        /// Who is said to have signed.
        by: ValidatorIndex,
        /// What.
        statement: Statement,
        /// What the verifier says of it.
        why: String,
    },
    /// A decision that rests on PREPAREs.
    #[error(
        "the decision of height {height} shows PREPAREs of view {view}; only a quorum of COMMITs decides"
    )]
    PeerPhase {
        /// The height.
        height: Height,
        /// The view.
        view: View,
    },
    /// A decision that comes with another value than the one decided.
    #[error("the quorum decided {}, the value that comes with it is {}", want.0, got.0)]
    PeerOtherValue {
        /// The value that came.
        got: ValueId,
        /// The value decided.
        want: ValueId,
    },
    /// Two decisions that do not contradict each other.
    #[error(
        "{} at height {} and {} at height {} are no fork; a fork is two values decided at one height",
        first.1.0, first.0, second.1.0, second.0
    )]
    PeerNoFork {
        /// Height and value of one.
        first: (Height, ValueId),
        /// Height and value of the other.
        second: (Height, ValueId),
    },
    /// A fork that convicts too few.
    #[error(
        "the fork convicts validators of weight {got}, more than {more_than} must be guilty; the lineage of the value decided \
         later does not reach back to the view decided first"
    )]
    PeerForkUnaccounted {
        /// The weight of those it convicts.
        got: u64,
        /// The weight that may be faulty.
        more_than: u64,
    },
    /// Bytes of something else.
    #[error("these bytes are no {what}: they begin with another domain; decode them as what they are")]
    PeerDomain {
        /// What they were taken for.
        what: &'static str,
    },
    /// An encoding of another version.
    #[error("this {what} is of version {got}, version {want} is read; update this node or its peer")]
    PeerVersion {
        /// What it is.
        what: &'static str,
        /// Its version.
        got: u8,
        /// The only version allowed.
        want: u8,
    },
    /// Bytes that end too early.
    #[error("{want} bytes are due at byte {at}, only {got} are left; the rest is missing")]
    PeerShort {
        /// Where.
        at: usize,
        /// How many are due.
        want: usize,
        /// How many are left.
        got: usize,
    },
    /// Bytes after the end.
    #[error("the encoding ends at byte {at}, {got} bytes follow; send one thing at a time")]
    PeerTrailing {
        /// Where it ends.
        at: usize,
        /// How many follow.
        got: usize,
    },
    /// A tag that means nothing.
    #[error("the {what} at byte {at} has tag {got}, which means nothing in this version")]
    PeerTag {
        /// What it should tell.
        what: &'static str,
        /// Where it stands.
        at: usize,
        /// The tag.
        got: u8,
    },
    /// A length beyond the limit.
    #[error("the {what} has length {got}, at most {max} is allowed")]
    PeerLength {
        /// Of what.
        what: &'static str,
        /// The length.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// Evidence that proves nothing.
    #[error("the statements of validators {first} and {second} break no rule together; this accuses nobody")]
    PeerNoOffence {
        /// Who says one.
        first: ValidatorIndex,
        /// Who says the other.
        second: ValidatorIndex,
    },
    /// Evidence whose statements are not in order.
    #[error("the evidence against validator {by} has its greater statement first; the lower one comes first")]
    PeerEvidenceOrder {
        /// Whom it accuses.
        by: ValidatorIndex,
    },
    /// Records that name a height which cannot have begun.
    #[error(
        "the records reach height {got}, but the application holds only what is before height {height}; restore the application, or use the records that belong to it"
    )]
    LocalRecordAhead {
        /// The height recorded.
        got: Height,
        /// The height after what was applied.
        height: Height,
    },
    /// A file of records that was damaged after it was written.
    #[error(
        "record {sequence}, at byte {at}, is not as it was written, and it was not the last; restore the file, or let the member \
         join anew under another key"
    )]
    LocalRecordDamaged {
        /// Where the damaged frame begins; 0 for the header.
        at: usize,
        /// Its number.
        sequence: u64,
    },
    /// A file of records in another version.
    #[error("the file of records is of version {got}, version {want} is read; use the program that wrote it")]
    LocalRecordVersion {
        /// Its version.
        got: u8,
        /// The only version allowed.
        want: u8,
    },
    /// Another member's file of records.
    #[error("these are the records of {name} in {federation}; a member starts from its own alone")]
    LocalRecordForeign {
        /// The federation it was written in.
        federation: Origin,
        /// The member that wrote it.
        name: MemberId,
    },
    /// A whole frame that holds no record.
    #[error("record {sequence}, at byte {at}, is whole and no record: {why}; another program wrote it")]
    LocalRecordUnreadable {
        /// Where its frame begins.
        at: usize,
        /// Its number.
        sequence: u64,
        /// Why it is none.
        why: Box<Self>,
    },
    /// Records that contradict each other.
    #[error(
        "a record of view {view} of height {height} contradicts an earlier one: two engines have written them; do not start this one"
    )]
    LocalRecordTwice {
        /// The height.
        height: Height,
        /// The view.
        view: View,
    },
    /// Ledger or store failed before, and the member takes nothing in any more.
    #[error("the member stopped at height {height}; start it again")]
    LocalStopped {
        /// At which height.
        height: Height,
    },
}
