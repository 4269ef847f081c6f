use std::{fmt, sync::Arc};

use auditmesh_types::{
    Alert, Batch, Decision, Digest, DriftReport, EventId, MemberId, Reason, Receipt, Round, Standing,
    Verified,
};

use crate::Step;

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
    /// It was found to have drifted, and abstained.
    Drifted,
    /// What its tree shows contradicts itself, and it abstained.
    Contradicts,
    /// It abstained, as every honest member does when no head is held by most.
    NoMajority,
    /// It failed at a step; the report's failures say how.
    Failed,
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
            Self::Contradicts => "contradicts",
            Self::NoMajority => "no-majority",
            Self::Failed => "failed",
            Self::Silent => "silent",
        })
    }
}

/// A step that a member, or a part, could not do. The round goes on without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The step.
    pub step: Step,
    /// The member; `None` when a shared part failed.
    pub member: Option<MemberId>,
    /// Its error, with everything below it.
    pub why: String,
}

/// What happened in a round, in the order in which it happened.
#[derive(Debug, Clone)]
pub struct RoundReport<C> {
    /// The round, from 1.
    pub round: Round,
    /// The how-manieth attempt at this batch, from 1.
    pub attempt: u32,
    /// The batch, in the agreed order.
    pub batch: Arc<Batch>,
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
    /// What failed and did not stop the round.
    pub failures: Vec<Failure>,
}

/// The part of a report that only a decided round has.
#[derive(Debug, Clone)]
pub struct Agreed<C> {
    /// The root of the batch's leaves alone, as most of those who agree have it.
    pub batch_root: Digest,
    /// Every record's name and leaf hash, in order, as most of those who agree have them.
    pub pairs: Vec<(EventId, Digest)>,
    /// The certificate over the agreed head.
    pub certificate: Verified<C>,
    /// What became of the anchor.
    pub anchored: Anchored,
}

/// What became of an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchored {
    /// It was made and checked back.
    Kept(Receipt),
    /// The policy denied it.
    Denied(Vec<Reason>),
    /// It could not be made; [`Federation::anchor`](crate::Federation::anchor) tries again.
    Failed,
}
