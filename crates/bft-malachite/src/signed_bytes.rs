use arc_malachitebft_core_types::{NilOrVal, Round, VoteType};
use auditmesh_bft::{Height, ValueId};
use auditmesh_types::{Digest, Origin};

use crate::{Ballot, Offer, context::BlobId};

/// What is signed: not what our engine's members sign, since honest members of the two protocols say different things.
const DOMAIN: &[u8] = b"auditmesh/bft-malachite/v1\0";

/// Under which federation and set something is signed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) federation: &'a Origin,
    pub(crate) set: Digest,
}

impl Scope<'_> {
    pub(crate) fn of_offer(&self, offer: &Offer) -> Vec<u8> {
        let mut bytes = self.begin(1, offer.height.0, offer.round);
        bytes.extend_from_slice(&offer.pol.as_i64().to_be_bytes());
        bytes.extend_from_slice(offer.value.0.id().0.as_bytes());
        bytes
    }

    pub(crate) fn of_ballot(&self, ballot: &Ballot) -> Vec<u8> {
        let value = match ballot.value {
            NilOrVal::Nil => None,
            NilOrVal::Val(BlobId(value)) => Some(value),
        };
        self.of_vote(ballot.kind, ballot.height.0, ballot.round, value)
    }

    pub(crate) fn of_vote(
        &self,
        kind: VoteType,
        height: Height,
        round: Round,
        value: Option<ValueId>,
    ) -> Vec<u8> {
        let kind = match kind {
            VoteType::Prevote => 2,
            VoteType::Precommit => 3,
        };
        let mut bytes = self.begin(kind, height, round);
        if let Some(value) = value {
            bytes.extend_from_slice(value.0.as_bytes());
        }
        bytes
    }

    /// Domain, kind, federation, set, height and round.
    fn begin(&self, kind: u8, height: Height, round: Round) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(192);
        bytes.extend_from_slice(DOMAIN);
        // An origin has at most 255 bytes.
        let length = u8::try_from(self.federation.as_str().len()).unwrap_or(u8::MAX);
        bytes.extend_from_slice(&[kind, length]);
        bytes.extend_from_slice(self.federation.as_str().as_bytes());
        bytes.extend_from_slice(self.set.as_bytes());
        bytes.extend_from_slice(&height.0.to_be_bytes());
        bytes.extend_from_slice(&round.as_i64().to_be_bytes());
        bytes
    }
}
