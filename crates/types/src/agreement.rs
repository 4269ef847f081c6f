use alloc::vec::Vec;
use core::{error, fmt};

use crate::{Attestation, Digest, MemberId, Ratio, Round, Size, TreeHead, Verified};

/// A statement as it comes to the count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ballot {
    /// Its signatures were checked.
    Valid(Verified<Attestation>),
    /// Its signatures were refused. `member` is who it claims to come from; anyone could have sent it.
    Refused {
        /// The claimed sender.
        member: MemberId,
    },
}

/// How a round's count ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// One head meets the threshold.
    Agreed,
    /// Enough members spoke, one head leads, and it misses the threshold.
    Dissent,
    /// Enough members spoke, and two heads lead with equal weight.
    Tie,
    /// Too few members spoke for any head to meet the threshold.
    NoQuorum,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Agreed => "agreed",
            Self::Dissent => "dissent",
            Self::Tie => "tie",
            Self::NoQuorum => "no quorum",
        })
    }
}

/// Two roots of one size, signed by one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivocation {
    /// The culprit.
    pub member: MemberId,
    /// The two statements, of one size, the lower root first. They convict by themselves, to anyone who has the member's keys.
    pub evidence: [Attestation; 2],
}

/// The result of a count. Every list is in the order of member names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The round.
    pub round: Round,
    /// How it ended.
    pub outcome: Outcome,
    /// The head that leads, after tie-breaking; `None` when nobody spoke or a tie waits for a person.
    pub head: Option<TreeHead>,
    /// The leading head's weight over the weight of all members.
    pub ratio: Ratio,
    /// The statements for the leading head.
    pub agreeing: Vec<Verified<Attestation>>,
    /// Members that validly signed another head.
    pub dissenting: Vec<MemberId>,
    /// Members that signed two heads. Their votes count for none.
    pub equivocators: Vec<Equivocation>,
    /// Members in whose name a bad signature came. It takes nothing from a good vote of theirs.
    pub bad_signatures: Vec<MemberId>,
    /// Members of whom nothing valid came.
    pub absent: Vec<MemberId>,
    /// Senders that are not members. Their votes count for none.
    pub unknown: Vec<MemberId>,
}

impl Decision {
    /// The head that was agreed, if one was.
    #[must_use]
    pub fn agreed(&self) -> Option<TreeHead> {
        self.head.filter(|_| self.outcome == Outcome::Agreed)
    }
}

/// Counts a round's ballots. The same ballots in any order give the same decision.
pub trait Agreement {
    /// Why a count is not possible.
    type Error: error::Error + 'static;

    /// Counts the statements of `round` on a log of `size` leaves. The size is what the signatures bind: a statement of another size, such as
    /// one of an earlier round sent once more by somebody else, is passed over as if it had not come.
    ///
    /// # Errors
    /// When weights overflow or a limit is broken; never because of what a ballot says.
    fn decide(&self, round: Round, size: Size, ballots: &[Ballot]) -> Result<Decision, Self::Error>;
}

/// Turns the statements of those who agreed into a certificate anyone can check.
pub trait Certifier {
    /// The certificate.
    type Certificate;
    /// Why there is none.
    type Error: error::Error + 'static;

    /// SHA-256 of what members sign for `head`, signatures not included: the same on every node, whoever signed.
    fn statement(&self, head: TreeHead) -> Digest;

    /// Joins `agreeing`, which must all name the same head and meet the threshold.
    ///
    /// # Errors
    /// When they do not.
    fn certify(&self, agreeing: &[Verified<Attestation>])
    -> Result<Verified<Self::Certificate>, Self::Error>;
}
