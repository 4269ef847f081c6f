use auditmesh_types::{
    Agreement, Anchor, Attestation, Authority, Batcher, Certifier, Detector, Observer, Policy, Scorer,
};

use crate::Participant;

/// The parts a federation is put together from, each behind its role. Swap one by naming another type.
pub trait Parts {
    /// Orders what arrives.
    type Batcher: Batcher;
    /// Records and attests.
    type Member: Participant;
    /// Finds who differs.
    type Detector: Detector;
    /// Knows whose word counts, and makes certificates.
    type Membership: Authority<Attestation> + Certifier<Certificate = Self::Certificate>;
    /// What certifies an agreed head.
    type Certificate;
    /// Counts.
    type Agreement: Agreement;
    /// Scores members.
    type Scorer: Scorer;
    /// Measures rounds.
    type Observer: Observer;
    /// Decides what may leave.
    type Policy: Policy;
    /// Keeps the agreed head elsewhere.
    type Anchor: Anchor;
}
