//! Members that misbehave: an honest one, wrapped.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use auditmesh::{
    LocalMember, Participant,
    event::{Entry, Event},
    types::{
        Appended, Attestation, Attestor, Batch, DriftReport, EventId, MemberId, Millis, Nodes, Record, Round,
        TreeHead,
    },
};

use crate::args::Fault;

/// The events behind the entries of the open batch, for a member that encodes payloads again.
pub(crate) type Payloads = Rc<RefCell<BTreeMap<EventId, Event>>>;

/// A member and its fault, if it has one.
#[derive(Debug)]
pub(crate) struct Faulty {
    honest: LocalMember,
    fault: Option<Fault>,
    payloads: Payloads,
}

impl Faulty {
    /// Wraps `honest`.
    pub(crate) fn new(honest: LocalMember, fault: Option<Fault>, payloads: Payloads) -> Self {
        Self { honest, fault, payloads }
    }

    /// The batch as this member gets it wrong.
    fn misread(&self, batch: &Batch) -> Batch {
        let misread = |(place, record): (usize, &Record)| match self.fault {
            Some(Fault::Diverge) if place % 20 == 0 => altered(record),
            Some(Fault::Reserialise) => self.reserialised(record),
            _ => record.clone(),
        };
        Batch { records: batch.records.iter().enumerate().map(misread).collect(), newest: batch.newest }
    }

    /// The entry that results when the payload is parsed and encoded again (RFC 8785: sorted keys, doubles).
    fn reserialised(&self, record: &Record) -> Record {
        let payloads = self.payloads.borrow();
        let Some(event) = payloads.get(&record.id) else { return record.clone() };
        let Ok(value) = serde_json::from_slice::<serde_json::Value>(&event.payload) else {
            return record.clone();
        };
        let Ok(payload) = serde_json_canonicalizer::to_vec(&value) else { return record.clone() };
        let Ok(entry) = Entry::of(&Event { payload, ..event.clone() }) else { return record.clone() };
        Record { entry: entry.encode(), ..record.clone() }
    }
}

/// The record with another commitment (the last bytes of an entry).
fn altered(record: &Record) -> Record {
    let mut entry = record.entry.clone();
    if let Some(last) = entry.last_mut() {
        *last ^= 1;
    }
    Record { entry, ..record.clone() }
}

impl Participant for Faulty {
    type Error = <LocalMember as Participant>::Error;

    fn id(&self) -> &MemberId {
        self.honest.id()
    }

    fn record(&mut self, batch: &Batch) -> Result<Appended, Self::Error> {
        let misread = self.misread(batch);
        self.honest.record(&misread)
    }

    fn tree(&self) -> (TreeHead, &dyn Nodes) {
        self.honest.tree()
    }

    fn attest(
        &mut self,
        round: Round,
        now: Millis,
        drift: &DriftReport,
    ) -> Result<Vec<Attestation>, Self::Error> {
        let head = self.honest.tree().0;
        let sign = |head| self.honest.attestor().attest(round, head, now).ok();
        Ok(match self.fault {
            None | Some(Fault::Reserialise) => self.honest.attest(round, now, drift)?,
            Some(Fault::Silent) => Vec::new(),
            Some(Fault::Diverge) => sign(head).into_iter().collect(),
            Some(Fault::BadSignature) => sign(head).map(broken).into_iter().collect(),
            Some(Fault::Equivocate) => {
                let mut other = head;
                other.root.0[0] ^= 1;
                [sign(head), sign(other)].into_iter().flatten().collect()
            }
        })
    }

    fn settle(&mut self, agreed: Option<TreeHead>, batch: &Batch) -> Result<(), Self::Error> {
        self.honest.settle(agreed, batch)
    }
}

/// The statement with one base64 digit of its last signature exchanged.
fn broken(mut statement: Attestation) -> Attestation {
    let at = statement.signed.len().saturating_sub(100);
    if let Some(digit) = statement.signed.get_mut(at) {
        *digit = if *digit == b'A' { b'B' } else { b'A' };
    }
    statement
}
