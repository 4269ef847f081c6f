use arc_malachitebft_core_consensus::{Input, ProposedValue};
use arc_malachitebft_core_types::{PolkaCertificate, SignedProposal, SignedVote, Timeout, ValueOrigin};
use auditmesh_bft::Height;

use crate::{Context, context::Level};

/// What a member must not forget of the height it is at: what it took in, in order. Its own messages are among it, each before it
/// was sent. Entries of heights that the application has applied may be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub(crate) height: Height,
    pub(crate) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    Vote(SignedVote<Context>),
    Proposal(SignedProposal<Context>),
    Polka(PolkaCertificate<Context>),
    Timeout(Timeout),
    /// A value, and whether the application took it.
    Judged(ProposedValue<Context>),
}

impl Entry {
    /// The height it belongs to.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.height
    }

    /// What of `input` is to be kept; `None` where the core needs nothing kept.
    pub(crate) fn of(Level(height): Level, input: Input<Context>) -> Option<Self> {
        let what = match input {
            Input::Vote(vote) => What::Vote(vote),
            Input::Proposal(proposal) => What::Proposal(proposal),
            Input::PolkaCertificate(certificate) => What::Polka(certificate),
            Input::TimeoutElapsed(timeout) => What::Timeout(timeout),
            Input::ProposedValue(value, _) => What::Judged(value),
            _ => return None,
        };
        Some(Self { height, what })
    }

    pub(crate) fn input(&self) -> Input<Context> {
        match &self.what {
            What::Vote(vote) => Input::Vote(vote.clone()),
            What::Proposal(proposal) => Input::Proposal(proposal.clone()),
            What::Polka(certificate) => Input::PolkaCertificate(certificate.clone()),
            What::Timeout(timeout) => Input::TimeoutElapsed(*timeout),
            What::Judged(value) => Input::ProposedValue(value.clone(), ValueOrigin::Consensus),
        }
    }
}
