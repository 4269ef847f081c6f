use alloc::vec::Vec;
use core::{error, fmt};

use crate::{Index, MemberId, Nodes, Ratio, Size, TreeHead};

/// How far a member has drifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Below a tenth.
    Low,
    /// From a tenth.
    Medium,
    /// From three tenths.
    High,
    /// From a half.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

/// What the operator of a drifted member is advised to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Sign nothing until the heads are equal again.
    WithholdSignature,
    /// Open the divergent entries on both sides and compare them byte for byte.
    CompareEntries,
    /// Check that payloads are hashed as received and never encoded again.
    CheckSerialisation,
    /// Fetch the missing entries.
    FetchMissing,
    /// Replace the member's batch by the one the others hold.
    AdoptReference,
    /// Ask the federation's people: no head is held by most members.
    ReviewByHand,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::WithholdSignature => "withhold the signature",
            Self::CompareEntries => "compare the divergent entries byte for byte",
            Self::CheckSerialisation => "check that payloads are hashed as received",
            Self::FetchMissing => "fetch the missing entries",
            Self::AdoptReference => "adopt the batch the others hold",
            Self::ReviewByHand => "review by hand: no head has a majority",
        })
    }
}

/// One member whose log differs from the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberDrift {
    /// Who differs.
    pub member: MemberId,
    /// The member it was compared with.
    pub against: MemberId,
    /// The first leaves that differ, ascending; at most the detector's limit.
    pub leaves: Vec<Index>,
    /// How many leaves differ, a missing one counted as different.
    pub divergent: u64,
    /// `divergent` over the number of leaves compared.
    pub score: Ratio,
    /// The score's band.
    pub severity: Severity,
    /// Whether the score is above the alert's threshold.
    pub alert: bool,
    /// What to do, most urgent first.
    pub actions: Vec<Action>,
}

/// Who differs from whom, before anything is signed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DriftReport {
    /// The head held by more than half of the members, if there is one.
    pub reference: Option<TreeHead>,
    /// Those that hold another head, by member name. Without a reference: all but the first group.
    pub drifted: Vec<MemberDrift>,
    /// Members whose tree contradicts its own head or size, lacks a node it must have, or whose history before the compared range
    /// differs from the reference's, by name. Nothing they show can be compared.
    pub contradicting: Vec<MemberId>,
}

impl DriftReport {
    /// What is said of `member`, if it drifted.
    #[must_use]
    pub fn of(&self, member: &MemberId) -> Option<&MemberDrift> {
        self.drifted.iter().find(|drift| drift.member == *member)
    }
}

/// One member's tree, as a detector sees it.
pub type MemberTree<'a> = (&'a MemberId, TreeHead, &'a dyn Nodes);

/// Finds who differs and in which leaves.
pub trait Detector {
    /// Why trees cannot be compared.
    type Error: error::Error + 'static;

    /// Compares the leaves from `since` on of every member's tree. What members get wrong is reported, not an error.
    ///
    /// # Errors
    /// On misuse alone: no member, or a member twice.
    fn detect(&self, since: Size, members: &[MemberTree<'_>]) -> Result<DriftReport, Self::Error>;
}
