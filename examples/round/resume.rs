//! What a published log already holds of the events that are given.

use std::collections::{BTreeMap, BTreeSet};

use auditmesh::{
    LocalMember, Participant,
    event::{Disclosure, Sequencer},
    merkle::Sha256,
    types::{Batch, Batcher, Digest, Hasher, Index, Millis, Record},
};

use crate::source::Source;

/// How many events wait at most before the sequencer is emptied.
const AT_ONCE: usize = 1000;

/// The published part of the events.
#[derive(Debug, Default)]
pub(crate) struct Resumed {
    /// In the log's order.
    records: Vec<Record>,
    /// Of the entries that are to be proved.
    pub(crate) disclosures: BTreeMap<Index, Disclosure>,
    /// The latest time any of them carries.
    pub(crate) newest: Millis,
}

impl Resumed {
    /// Reads as many events as the log has entries and finds each of them among `leaves`, so that none enters the log twice and
    /// none is left out. `sequencer` then goes on behind them.
    pub(crate) fn read(
        leaves: &[Digest],
        source: &mut Source,
        sequencer: &mut Sequencer,
        prove: &BTreeSet<Index>,
    ) -> Result<Self, String> {
        let mut places: BTreeMap<Digest, usize> = leaves.iter().copied().zip(0..).collect();
        let mut records: Vec<Option<Record>> = leaves.iter().map(|_| None).collect();
        let mut resumed = Self::default();
        for read in 0..leaves.len() {
            let found = source.next()?.ok_or_else(|| {
                format!(
                    "--out: the log holds {} entries, but only {read} events are given; {ADVICE}",
                    leaves.len()
                )
            })?;
            let record = found.event.record().map_err(|why| format!("{}: {why}", found.at))?;
            let place = places.remove(&Sha256.leaf(&record.entry)).ok_or_else(|| {
                format!(
                    "{}: is not among the {} entries of the log in --out; {ADVICE}",
                    found.at,
                    leaves.len()
                )
            })?;
            let index = Index(place as u64);
            if prove.contains(&index) {
                resumed.disclosures.insert(index, Disclosure::of(&found.event));
            }
            resumed.newest = resumed.newest.max(found.event.time);
            if let Some(slot) = records.get_mut(place) {
                *slot = Some(record);
            }
            sequencer.push(found.event).map_err(|why| format!("{}: {why}", found.at))?;
            if sequencer.depth() >= AT_ONCE {
                sequencer.seal(AT_ONCE);
            }
        }
        sequencer.seal(AT_ONCE);
        resumed.records = records.into_iter().flatten().collect();
        Ok(resumed)
    }

    /// Gives a member the entries. It signs nothing: they were agreed on before.
    pub(crate) fn restore(&self, mut member: LocalMember, batch: usize) -> LocalMember {
        for records in self.records.chunks(batch.max(1)) {
            let batch = Batch { records: records.to_vec(), newest: self.newest };
            // A member that cannot take them ends with another head than the folder's, which is looked at when all are put together.
            if let Ok(recorded) = member.record(&batch) {
                let _ = member.settle(Some(recorded.head), &batch);
            }
        }
        member
    }
}

const ADVICE: &str =
    "give the events the log was made of, and further ones behind them, or name a new folder";
