use arc_malachitebft_core_types::{NilOrVal, Round, SignedMessage, Vote, VoteType};

use crate::context::{Address, BlobId, Context, Level};

/// A prevote or precommit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    pub(crate) kind: VoteType,
    pub(crate) height: Level,
    pub(crate) round: Round,
    pub(crate) value: NilOrVal<BlobId>,
    pub(crate) by: Address,
}

/// Vote extensions are switched off: a vote has none, and takes none.
impl Vote<Context> for Ballot {
    fn height(&self) -> Level {
        self.height
    }

    fn round(&self) -> Round {
        self.round
    }

    fn value(&self) -> &NilOrVal<BlobId> {
        &self.value
    }

    fn take_value(self) -> NilOrVal<BlobId> {
        self.value
    }

    fn vote_type(&self) -> VoteType {
        self.kind
    }

    fn validator_address(&self) -> &Address {
        &self.by
    }

    fn extension(&self) -> Option<&SignedMessage<Context, ()>> {
        None
    }

    fn take_extension(&mut self) -> Option<SignedMessage<Context, ()>> {
        None
    }

    fn extend(self, _: SignedMessage<Context, ()>) -> Self {
        self
    }
}
