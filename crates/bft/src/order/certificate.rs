use alloc::vec::Vec;

use super::{Height, Phase, Says, Signature, Signed, Statement, ValidatorIndex, ValidatorSet, ValueId, View};
use crate::Error;

/// A quorum's votes for one value in one phase of one view.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Certificate {
    /// The height.
    pub height: Height,
    /// The view.
    pub view: View,
    /// What was voted: prepared, or committed.
    pub phase: Phase,
    /// For which value.
    pub value: ValueId,
    /// Who voted, in strictly ascending order, with the signatures.
    pub signatures: Vec<(ValidatorIndex, Signature)>,
}

impl Certificate {
    /// What each of its signatures signs.
    #[must_use]
    pub const fn statement(&self) -> Statement {
        Statement { height: self.height, view: self.view, says: Says::Vote(self.phase, self.value) }
    }

    /// Its votes, one by one.
    pub fn votes(&self) -> impl Iterator<Item = Signed> + '_ {
        let statement = self.statement();
        self.signatures.iter().map(move |(by, signature)| Signed {
            by: *by,
            statement,
            signature: signature.clone(),
        })
    }

    /// Whether `index` is among its voters.
    #[must_use]
    pub fn holds(&self, index: ValidatorIndex) -> bool {
        self.signatures.binary_search_by_key(&index, |(by, _)| *by).is_ok()
    }

    /// Checks everything but the signatures: voters in ascending order, all in `set`, and a quorum.
    ///
    /// # Errors
    /// [`Error::PeerVoterOrder`], [`Error::PeerUnknownValidator`], [`Error::PeerNoQuorum`].
    pub fn check(&self, set: &ValidatorSet) -> Result<(), Error> {
        check_quorum(set, self.signatures.iter().map(|(by, _)| *by))
    }
}

/// That `voters` are in strictly ascending order, all in `set`, and a quorum of it.
pub(crate) fn check_quorum(
    set: &ValidatorSet,
    voters: impl Iterator<Item = ValidatorIndex>,
) -> Result<(), Error> {
    let (mut weight, mut last) = (0u64, None);
    for voter in voters {
        if last.is_some_and(|last| last >= voter) {
            return Err(Error::PeerVoterOrder { voter });
        }
        let Some(validator) = set.at(voter) else {
            return Err(Error::PeerUnknownValidator { index: voter, validators: set.len() });
        };
        // Distinct validators of one set, whose total fits.
        weight = weight.saturating_add(validator.weight);
        last = Some(voter);
    }
    if weight < set.quorum() {
        return Err(Error::PeerNoQuorum { got: weight, want: set.quorum() });
    }
    Ok(())
}
