use std::{collections::BTreeSet, sync::Arc};

use auditmesh_bft::{Applied, Decided, Height, Ledger, ValidatorSet};
use auditmesh_types::{Batch, EventId, MemberId, Record};

use crate::batch_value::{self, BatchValueError};

/// The application that orders batches of entries: what one member would propose, and the decision it took last.
///
/// It keeps the last decision alone, and in memory: an application that survives its process keeps them in its log. Whoever proposes
/// answers for the entries: a batch is taken when it is one, without an event twice and without one of the batch decided before;
/// entries that a member never recorded are found when its own records are compared with the log.
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

/// What tells an event from all others.
const fn event(record: &Record) -> (&MemberId, &EventId) {
    (&record.member, &record.id)
}

impl Ledger for BatchLedger {
    type Error = BatchValueError;

    fn propose(&mut self, _: Height) -> Result<Option<Vec<u8>>, BatchValueError> {
        Ok(self.waiting.clone())
    }

    fn judge(&self, _: Height, value: &[u8]) -> Result<(), BatchValueError> {
        let batch = batch_value::decode(value)?;
        let last = self.last.iter().flat_map(|(_, batch)| &batch.records);
        let mut known: BTreeSet<_> = last.map(event).collect();
        let again = batch.records.iter().enumerate().find(|(_, record)| !known.insert(event(record)));
        again.map_or(Ok(()), |(place, Record { member, id, .. })| {
            Err(BatchValueError::PeerRepeated { place, member: member.clone(), id: id.clone() })
        })
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

#[cfg(test)]
mod tests {
    use auditmesh_bft::{Candidate, Certificate, Phase, Validator, Value, View};
    use auditmesh_event::Event;
    use auditmesh_types::{Millis, Scheme};

    use super::*;

    fn batch(numbers: &[u64]) -> Batch {
        let event = |n: &u64| Event {
            id: format!("e-{n}").parse().unwrap(),
            zone: "EU".parse().unwrap(),
            node: "EU-1".parse().unwrap(),
            sequence: *n,
            time: Millis(1_767_225_600_000 + n),
            kind: "iam.CreateUser".parse().unwrap(),
            salt: [7; 32],
            payload: vec![1],
        };
        Batch { records: numbers.iter().map(|n| event(n).record().unwrap()).collect(), newest: Millis(0) }
    }

    #[test]
    fn no_event_is_decided_twice_in_a_row() {
        let eu = Validator { name: "EU-1".parse().unwrap(), key: vec![1], weight: 1 };
        let mut ledger = BatchLedger::new(ValidatorSet::new(Scheme::Ed25519, vec![eu]).unwrap());
        let judge = |ledger: &BatchLedger, numbers: &[u64]| {
            ledger.judge(Height(1), &batch_value::encode(&batch(numbers)))
        };
        let repeated = |place, id: &str| {
            let (member, id) = ("EU-1".parse().unwrap(), id.parse().unwrap());
            Err(BatchValueError::PeerRepeated { place, member, id })
        };
        assert_eq!(judge(&ledger, &[1, 2]), Ok(()));
        assert_eq!(judge(&ledger, &[1, 2, 1]), repeated(2, "e-1"));
        let value = Value::new(batch_value::encode(&batch(&[1, 2]))).unwrap();
        let certificate = Certificate {
            height: Height(1),
            view: View(0),
            phase: Phase::Commit,
            value: value.id(),
            signatures: Vec::new(),
        };
        let candidate = Arc::new(Candidate { value, lineage: Vec::new() });
        ledger.apply(&Decided { certificate, candidate }).unwrap();
        assert_eq!(judge(&ledger, &[3, 2]), repeated(1, "e-2"));
        assert_eq!(judge(&ledger, &[3, 4]), Ok(()));
    }
}
