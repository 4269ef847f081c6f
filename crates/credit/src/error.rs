use auditmesh_types::{Digest, MemberId, NameError, Round};
use thiserror::Error;

/// Why something cannot be scored, or is no allocation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A share of more than one.
    #[error("the {what} is {got} parts per million, at most {max} are allowed")]
    MisusePpm {
        /// Which share.
        what: &'static str,
        /// The share given.
        got: u32,
        /// The most allowed.
        max: u32,
    },
    /// A trust score beyond the scale.
    #[error("a trust score of {got}, at most {max} is allowed")]
    MisuseTrust {
        /// The score given.
        got: u8,
        /// The most allowed.
        max: u8,
    },
    /// A maximal credit that weights cannot be computed from.
    #[error("the maximal credit is {got} millionths, from 1 to {max} are allowed")]
    MisuseMaxCredit {
        /// The maximum given.
        got: u128,
        /// The most allowed.
        max: u128,
    },
    /// Too few or too many members.
    #[error("got {got} members, from 1 to {max} are allowed")]
    MisuseMemberCount {
        /// How many, or the first count beyond `max`.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A member named twice.
    #[error("member {member} stands twice in the book; name it once")]
    MisuseDuplicateMember {
        /// The member.
        member: MemberId,
    },
    /// A name the book does not know.
    #[error("member {member} is not in the book; score only the members it was made with")]
    MisuseUnknownMember {
        /// The name given.
        member: MemberId,
    },
    /// Two observations of one member in one round.
    #[error("member {member} was observed twice in one round; join the observations first")]
    MisuseObservedTwice {
        /// The member.
        member: MemberId,
    },
    /// A member that is said to have agreed without having made a statement.
    #[error("member {member} is said to have agreed but not to have taken part; set both or neither")]
    MisuseAgreedUnheard {
        /// The member.
        member: MemberId,
    },
    /// A round that does not follow the last one.
    #[error("round {got} cannot follow round {last}; each round is scored once, in ascending order")]
    MisuseRoundRepeated {
        /// The round given.
        got: Round,
        /// The last round scored.
        last: Round,
    },
    /// An allocation that does not follow the last one.
    #[error(
        "the allocation of round {round} to {member} cannot follow that of round {last_round} to {last_member}; rounds \
         ascend, and names within a round"
    )]
    MisuseAllocationOrder {
        /// The round given.
        round: Round,
        /// The member given.
        member: MemberId,
        /// The round of the allocation before.
        last_round: Round,
        /// The member of the allocation before.
        last_member: MemberId,
    },
    /// A counter cannot hold the sum.
    #[error(
        "the {what} of member {member} would overflow: {have} and {add} more pass 2^64 - 1; start a new book"
    )]
    LocalOverflow {
        /// Which counter.
        what: &'static str,
        /// Whose.
        member: MemberId,
        /// What it holds.
        have: u64,
        /// What was to be added.
        add: u64,
    },
    /// The bytes do not begin as an allocation does.
    #[error("these bytes do not begin with the tag of an allocation, version 1")]
    PeerTag,
    /// The bytes end too early.
    #[error("the {what} needs {need} bytes, only {got} are left")]
    PeerTruncated {
        /// The part that does not fit.
        what: &'static str,
        /// The bytes it needs.
        need: usize,
        /// The bytes that are left.
        got: usize,
    },
    /// Bytes after the end.
    #[error("{got} bytes follow the end of the allocation, none are allowed")]
    PeerTrailing {
        /// How many.
        got: usize,
    },
    /// A member name that is not UTF-8.
    #[error("the member name is not UTF-8 from its byte {at} on")]
    PeerMemberText {
        /// Where it ceases to be.
        at: usize,
    },
    /// A member name that breaks the rules for names.
    #[error("the allocation names no member: {source}")]
    PeerMemberName {
        /// Which rule it breaks.
        source: NameError,
    },
    /// A weight of more than one.
    #[error("the allocation has weight {got} parts per million, at most {max} are allowed")]
    PeerWeight {
        /// The weight that came.
        got: u32,
        /// The most allowed.
        max: u32,
    },
    /// A chain longer than a decoder takes at once.
    #[error("the chain has more than {max} allocations; decode it in parts")]
    PeerChainTooLong {
        /// The most allowed.
        max: usize,
    },
    /// An allocation that does not name the digest of the one before.
    #[error("allocation {at} names {got} as the one before it, which is {want}")]
    PeerLinkBroken {
        /// Its position, from 0.
        at: usize,
        /// The digest it names.
        got: Digest,
        /// The digest of the allocation before, or of the chain's base.
        want: Digest,
    },
    /// An allocation out of order.
    #[error(
        "allocation {at}, of round {round} to {member}, does not ascend; rounds do, and names within a round"
    )]
    PeerOrder {
        /// Its position, from 0.
        at: usize,
        /// Its round.
        round: Round,
        /// Its member.
        member: MemberId,
    },
    /// A chain that ends elsewhere than at the known head: cut off, extended, or changed at its end.
    #[error("the chain ends at {got}, the known head is {want}")]
    PeerHeadMismatch {
        /// Where it ends.
        got: Digest,
        /// The known head.
        want: Digest,
    },
}
