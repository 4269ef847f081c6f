use alloc::{sync::Arc, vec::Vec};
use core::error;

use super::{Decided, Height, ValidatorSet};

/// An application that takes decisions in order: what is proposed, what is fit to be decided, and what becomes of it.
///
/// Two members that applied the same decisions must judge the same values alike and name the same sets.
pub trait Ledger {
    /// Why something cannot be proposed, is refused, or could not be applied.
    type Error: error::Error + 'static;

    /// What to propose for `height`; `None` while there is nothing to decide. Then it is asked again. A proposal may lose: forget what was
    /// proposed only in [`Ledger::apply`].
    ///
    /// Views pass while nothing is proposed, each longer than the one before. An application that is idle for long proposes an
    /// empty value within the first view's time, so that the next event need not wait for its member's turn.
    ///
    /// # Errors
    /// When the application cannot say; the view then passes to the next proposer.
    fn propose(&mut self, height: Height) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Whether `value` may be decided at `height`. Depends on nothing but the decisions before `height`, and the value.
    ///
    /// # Errors
    /// Why not. No PREPARE is sent then.
    fn judge(&self, height: Height, value: &[u8]) -> Result<(), Self::Error>;

    /// Takes a decision, the one after [`Ledger::applied`], and makes it durable with its certificate. Gives who decides two
    /// heights later.
    ///
    /// # Errors
    /// When it could not be made durable. The member stops then.
    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, Self::Error>;

    /// What was applied last.
    fn applied(&self) -> Applied;

    /// The decision of `height` as it was applied, for a member that missed it; `None` when it is not here any more: then a member that is
    /// so far behind must be given the application's state in another way.
    fn decided(&self, height: Height) -> Option<Decided>;
}

/// How far an application is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The last height applied; 0 when none was.
    pub height: Height,
    /// Who decides the height after it.
    pub set: Arc<ValidatorSet>,
    /// Who decides the one after that.
    pub next_set: Arc<ValidatorSet>,
}

impl Applied {
    /// That of an application whose members are the same at every height.
    #[must_use]
    pub fn fixed(height: Height, set: &Arc<ValidatorSet>) -> Self {
        Self { height, set: Arc::clone(set), next_set: Arc::clone(set) }
    }
}
