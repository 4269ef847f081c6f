use arc_malachitebft_core_types::{Proposal, Round};

use crate::context::{Address, Blob, Context, Level};

/// A proposal, with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub(crate) height: Level,
    pub(crate) round: Round,
    pub(crate) value: Blob,
    /// The round of the quorum of prevotes it rests on, if any.
    pub(crate) pol: Round,
    pub(crate) by: Address,
}

impl Proposal<Context> for Offer {
    fn height(&self) -> Level {
        self.height
    }

    fn round(&self) -> Round {
        self.round
    }

    fn value(&self) -> &Blob {
        &self.value
    }

    fn take_value(self) -> Blob {
        self.value
    }

    fn pol_round(&self) -> Round {
        self.pol
    }

    fn validator_address(&self) -> &Address {
        &self.by
    }
}
