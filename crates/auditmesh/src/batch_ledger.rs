use std::sync::Arc;

use auditmesh_bft::{Applied, Decided, Height, Ledger, ValidatorSet};
use auditmesh_types::Batch;

use crate::batch_value::{self, BatchValueError};

/// The application that orders batches of entries: what one member would propose, and the decision it took last.
///
/// It keeps the last decision alone, and in memory: an application that survives its process keeps them in its log.
#[derive(Debug, Clone)]
pub struct BatchLedger {
    set: Arc<ValidatorSet>,
    height: Height,
    waiting: Option<Vec<u8>>,
    last: Option<(Decided, Batch)>,
}

impl BatchLedger {
    /// The most events a batch may have here, so that its entries fit into one value.
    pub const MAX_EVENTS: usize = batch_value::MAX_EVENTS;

    /// An application that has applied nothing; `set` decides every height.
    #[must_use]
    pub const fn new(set: Arc<ValidatorSet>) -> Self {
        Self { set, height: Height(0), waiting: None, last: None }
    }

    /// What to propose when it is this member's turn, in the place of what was to be proposed before.
    pub fn offer(&mut self, batch: &Batch) {
        self.waiting = Some(batch_value::encode(batch));
    }

    /// The last decision, and the batch it decided.
    #[must_use]
    pub const fn last(&self) -> Option<&(Decided, Batch)> {
        self.last.as_ref()
    }
}

impl Ledger for BatchLedger {
    type Error = BatchValueError;

    fn propose(&mut self, _: Height) -> Result<Option<Vec<u8>>, BatchValueError> {
        Ok(self.waiting.clone())
    }

    fn judge(&self, _: Height, value: &[u8]) -> Result<(), BatchValueError> {
        batch_value::decode(value).map(|_| ())
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, BatchValueError> {
        let batch = batch_value::decode(decided.value().bytes())?;
        (self.height, self.waiting) = (decided.height(), None);
        self.last = Some((decided.clone(), batch));
        Ok(Arc::clone(&self.set))
    }

    fn applied(&self) -> Applied {
        Applied { height: self.height, set: Arc::clone(&self.set), next_set: Arc::clone(&self.set) }
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.last.as_ref().map(|(decided, _)| decided).filter(|last| last.height() == height).cloned()
    }
}
