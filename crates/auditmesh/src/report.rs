use std::fmt;

use auditmesh_types::{
    Alert, Batch, Decision, Digest, DriftReport, EventId, MemberId, Receipt, Round, Standing, Verdict,
    Verified,
};

/// Why a member does not stand behind the agreed head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Apart {
    /// It validly signed another head.
    OtherHead,
    /// It signed two heads.
    Equivocated,
    /// What came in its name has a bad signature.
    BadSignature,
    /// It was told that it drifted, and abstained.
    Drifted,
    /// Nothing came from it.
    Silent,
}

impl fmt::Display for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OtherHead => "other-head",
            Self::Equivocated => "equivocated",
            Self::BadSignature => "bad-signature",
            Self::Drifted => "drifted",
            Self::Silent => "silent",
        })
    }
}

/// What happened in a round, in the order in which it happened.
#[derive(Debug, Clone)]
pub struct RoundReport<C> {
    /// The round, from 1.
    pub round: Round,
    /// The how-manieth attempt at this batch, from 1.
    pub attempt: u32,
    /// The batch, in the agreed order.
    pub batch: Batch,
    /// Who differed before anything was signed.
    pub drift: DriftReport,
    /// The count.
    pub decision: Decision,
    /// Everyone who does not stand behind the leading head, by name, and why.
    pub apart: Vec<(MemberId, Apart)>,
    /// What was agreed. `None` when nothing was: the batch then waits for the next round.
    pub agreed: Option<Agreed<C>>,
    /// Where the members stand, best first. Empty when nothing was agreed.
    pub standings: Vec<Standing>,
    /// The alerts the round raised.
    pub alerts: Vec<Alert>,
}

/// The part of a report that only a decided round has.
#[derive(Debug, Clone)]
pub struct Agreed<C> {
    /// The root of the batch's leaves alone.
    pub batch_root: Digest,
    /// Every record's name and leaf hash, in order.
    pub pairs: Vec<(EventId, Digest)>,
    /// The certificate over the agreed head.
    pub certificate: Verified<C>,
    /// Whether the head might be anchored, or why not.
    pub verdict: Verdict,
    /// Where it was anchored; `None` when the policy denied it.
    pub receipt: Option<Receipt>,
}
