use arc_malachitebft_core_types::{PolkaCertificate, RoundCertificate, SignedProposal, SignedVote};
use auditmesh_bft::{Decided, Height};

use crate::Context;

/// What travels between two members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet {
    /// A proposal, with its value.
    Proposal(SignedProposal<Context>),
    /// A prevote or precommit.
    Vote(SignedVote<Context>),
    /// A quorum's prevotes of one value.
    Polka(PolkaCertificate<Context>),
    /// Why a later round was entered.
    Round(RoundCertificate<Context>),
    /// A request for the decision of this height.
    Request(Height),
    /// Answers a request.
    Decided(Decided),
}

impl Packet {
    /// The height it is about.
    #[must_use]
    pub fn height(&self) -> Height {
        match self {
            Self::Proposal(proposal) => proposal.message.height.0,
            Self::Vote(vote) => vote.message.height.0,
            Self::Polka(certificate) => certificate.height.0,
            Self::Round(certificate) => certificate.height.0,
            Self::Request(height) => *height,
            Self::Decided(decided) => decided.height(),
        }
    }
}
