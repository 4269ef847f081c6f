//! `auditmesh::BatchLedger`: what a proposer that lies may put forward.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use auditmesh::{BatchLedger, BatchValueError};
use auditmesh_bft::{
    Candidate, Certificate, Decided, Height, Ledger, Phase, Validator, ValidatorSet, Value, View,
};
use auditmesh_event::{Entry, Event};
use auditmesh_types::{Batch, EventId, Kind, MemberId, Millis, Scheme, Zone};

const TAG: &[u8] = b"auditmesh batch v1\n";

/// A batch of events `e-N` of EU-1.
pub(crate) fn batch(numbers: &[u64]) -> Batch {
    let event = |number: &u64| Event {
        id: EventId::new(format!("e-{number}")).expect("a valid id"),
        zone: Zone::new("EU").expect("a valid zone"),
        node: MemberId::new("EU-1").expect("a valid name"),
        sequence: *number,
        time: Millis(1_767_225_600_000 + number),
        kind: Kind::new("iam.CreateUser").expect("a valid kind"),
        salt: [7; 32],
        payload: Vec::new(),
    };
    let records: Vec<_> =
        numbers.iter().map(|number| event(number).record().expect("a small event")).collect();
    Batch { records, newest: Millis(0) }
}

/// The bytes of a batch as a ledger proposes it.
pub(crate) fn value(batch: &Batch) -> Vec<u8> {
    let mut ledger = empty().clone();
    ledger.offer(batch);
    ledger.propose(Height(1)).expect("it was offered").expect("it was offered")
}

fn empty() -> &'static BatchLedger {
    static LEDGER: OnceLock<BatchLedger> = OnceLock::new();
    LEDGER.get_or_init(|| {
        let eu = Validator { name: MemberId::new("EU-1").expect("a valid name"), key: vec![1], weight: 1 };
        BatchLedger::new(ValidatorSet::new(Scheme::Ed25519, vec![eu]).expect("one validator"))
    })
}

/// A ledger that decided events 1 and 2.
fn decided() -> &'static BatchLedger {
    static LEDGER: OnceLock<BatchLedger> = OnceLock::new();
    LEDGER.get_or_init(|| {
        let mut ledger = empty().clone();
        ledger.apply(&decision(Height(1), &value(&batch(&[1, 2])))).expect("a batch");
        ledger
    })
}

fn decision(height: Height, bytes: &[u8]) -> Decided {
    let value = Value::new(bytes).expect("within the limit");
    let (view, phase) = (View(0), Phase::Commit);
    let certificate = Certificate { height, view, phase, value: value.id(), signatures: Vec::new() };
    Decided { certificate, candidate: Arc::new(Candidate { value, lineage: Vec::new() }) }
}

/// The entries of a batch, from the description of its bytes; `None` when they are none.
fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let mut rest = bytes.strip_prefix(TAG).filter(|rest| !rest.is_empty())?;
    let mut entries = Vec::new();
    while let [high, low, after @ ..] = rest {
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))?;
        entries.push(Entry::decode(entry).ok()?);
        rest = after;
    }
    rest.is_empty().then_some(entries)
}

/// `auditmesh::BatchLedger`: a value is taken when it is a batch without an event twice, also beside the batch before; what is taken is
/// applied, and proposed again byte for byte. Input: whether a batch was decided before, then a value.
pub(super) fn batch_value(bytes: &[u8]) -> bool {
    let [before, bytes @ ..] = bytes else { return false };
    let mut ledger = if before % 2 == 0 { empty().clone() } else { decided().clone() };
    let height = ledger.applied().height.next();
    let (held, entries) = (ledger.last().cloned(), entries(bytes));
    let known = held.iter().flat_map(|(_, batch)| &batch.records);
    let mut events: BTreeSet<_> = known.map(|record| (record.member.clone(), record.id.clone())).collect();
    let all = entries.iter().flatten().map(|entry| (entry.node().clone(), entry.id().clone()));
    let again = all.enumerate().find(|(_, event)| !events.insert(event.clone()));
    let judged = ledger.judge(height, bytes);
    match (&entries, &again) {
        (None, _) => {
            assert!(!matches!(judged, Ok(()) | Err(BatchValueError::PeerRepeated { .. })), "{judged:?}")
        }
        (Some(_), None) => assert_eq!(judged, Ok(())),
        (Some(_), Some((place, (member, id)))) => {
            let (place, member, id) = (*place, member.clone(), id.clone());
            assert_eq!(judged, Err(BatchValueError::PeerRepeated { place, member, id }));
        }
    }
    let decision = decision(height, bytes);
    let applied = ledger.apply(&decision);
    let Some(entries) = entries else {
        assert_eq!(applied.map(drop), judged, "what is no batch is applied, or refused for another reason");
        assert!(ledger.applied().height.next() == height && ledger.last() == held.as_ref());
        return false;
    };
    assert!(applied.is_ok() && ledger.applied().height == height);
    assert_eq!(ledger.decided(height).as_ref(), Some(&decision));
    let (_, batch) = ledger.last().cloned().expect("it was applied");
    assert_eq!(value(&batch), bytes, "two values of one batch");
    assert_eq!(Some(batch.newest), entries.iter().map(Entry::time).max());
    assert_eq!(batch.records.len(), entries.len());
    for (record, entry) in batch.records.iter().zip(&entries) {
        assert_eq!((&record.member, &record.id, &record.entry), (entry.node(), entry.id(), &entry.encode()));
    }
    let repeated = ledger.judge(height.next(), bytes);
    assert!(matches!(repeated, Err(BatchValueError::PeerRepeated { place: 0, .. })), "{repeated:?}");
    judged.is_ok()
}
