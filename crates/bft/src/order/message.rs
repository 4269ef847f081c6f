use alloc::{sync::Arc, vec::Vec};

use super::{
    Certificate, Height, Justification, Says, Signed, Statement, ValidatorIndex, ValidatorSet, Value, View,
};

/// What validators send one another about a height.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Message {
    /// PRE-PREPARE: the proposer's value, with its PREPARE.
    Proposal(Proposal),
    /// A PREPARE or COMMIT.
    Vote(Signed),
    /// VIEW-CHANGE: a request to go to a later view.
    ViewChange(ViewChange),
    /// A quorum's votes, from the collector.
    Certificate(Certificate),
}

impl Message {
    /// The height it is about.
    #[must_use]
    pub const fn height(&self) -> Height {
        match self {
            Self::Proposal(proposal) => proposal.prepare.statement.height,
            Self::Vote(vote) => vote.statement.height,
            Self::ViewChange(change) => change.ask.statement.height,
            Self::Certificate(certificate) => certificate.height,
        }
    }

    /// The view it is about; of a view change the view asked for.
    #[must_use]
    pub const fn view(&self) -> View {
        match self {
            Self::Proposal(proposal) => proposal.prepare.statement.view,
            Self::Vote(vote) => vote.statement.view,
            Self::ViewChange(change) => change.ask.statement.view,
            Self::Certificate(certificate) => certificate.view,
        }
    }

    /// Who speaks; a certificate speaks for itself.
    #[must_use]
    pub const fn by(&self) -> Option<ValidatorIndex> {
        match self {
            Self::Proposal(proposal) => Some(proposal.prepare.by),
            Self::Vote(vote) => Some(vote.by),
            Self::ViewChange(change) => Some(change.ask.by),
            Self::Certificate(_) => None,
        }
    }
}

impl Message {
    /// Shows every statement it rests on: its sender's first, then those of certificates and of lineages.
    pub(super) fn statements(&self, mut see: impl FnMut(&Signed)) {
        match self {
            Self::Proposal(proposal) => {
                see(&proposal.prepare);
                proposal.candidate.statements(&mut see);
            }
            Self::Vote(vote) => see(vote),
            Self::ViewChange(change) => {
                see(&change.ask);
                if let Some(Prepared { certificate, candidate }) = &change.prepared {
                    certificate.votes().for_each(|vote| see(&vote));
                    candidate.statements(&mut see);
                }
            }
            Self::Certificate(certificate) => certificate.votes().for_each(|vote| see(&vote)),
        }
    }
}

/// A value for a view, and why it may be proposed there. The proposer signs once: its PREPARE names the value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Proposal {
    /// The value and its lineage.
    pub candidate: Arc<Candidate>,
    /// The proposer's PREPARE of it.
    pub prepare: Signed,
}

/// A value, and the view changes by which it came to its view: the latest first, none for a value of view 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// The value.
    pub value: Value,
    /// The justification of the view it is proposed in, then of the view in which it was prepared before, and so on. At most
    /// [`Justification::MAX_LINEAGE`].
    pub lineage: Vec<Arc<Justification>>,
}

impl Candidate {
    /// Shows the requests of its lineage, and the PREPAREs that these led to.
    pub(super) fn statements(&self, mut see: impl FnMut(&Signed)) {
        for justification in &self.lineage {
            justification.asks.iter().for_each(&mut see);
            let highest = justification.highest.iter();
            highest.flat_map(Certificate::votes).for_each(|vote| see(&vote));
        }
    }
}

/// A value that a quorum prepared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prepared {
    /// The quorum's PREPAREs.
    pub certificate: Certificate,
    /// The value, as it was proposed in that view.
    pub candidate: Arc<Candidate>,
}

/// A request to go to a later view, with what its sender has prepared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ViewChange {
    /// The signed request.
    pub ask: Signed,
    /// What the request names as prepared.
    pub prepared: Option<Prepared>,
}

impl ViewChange {
    /// Whether it shows what its request names, prepared in an earlier view, by a quorum of `set`.
    pub(super) fn is_sound(&self, set: &ValidatorSet) -> bool {
        let Statement { height, view, says: Says::ViewChange { prepared: named } } = self.ask.statement
        else {
            return false;
        };
        view > View(0)
            && named.is_none_or(|(at, _)| at < view)
            && named == self.prepared.as_ref().map(Prepared::named)
            && self.prepared.as_ref().is_none_or(|prepared| prepared.check(set, height).is_ok())
    }
}

/// A decision that convinces anyone who knows the validator set of its height.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decided {
    /// The quorum's COMMITs.
    pub certificate: Certificate,
    /// The value; its lineage is what a fork is accounted for with.
    pub candidate: Arc<Candidate>,
}

impl Decided {
    /// The height.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.certificate.height
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.candidate.value
    }
}
