use auditmesh_event::Entry;
use auditmesh_types::{Batch, EventId, MemberId, Millis, Record};
use thiserror::Error;

const TAG: &[u8] = b"auditmesh batch v1\n";

/// The most bytes a batch may have as a value: what an ordering engine carries.
pub(crate) const MAX_BYTES: usize = auditmesh_bft::Value::MAX_BYTES;

/// The most events that fit into one value whatever their entries hold.
pub(crate) const MAX_EVENTS: usize = (MAX_BYTES - TAG.len()) / (2 + Entry::MAX_BYTES);

/// Why bytes are no batch.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BatchValueError {
    /// Too many bytes.
    #[error("a batch has {got} bytes, at most {max} are allowed")]
    PeerTooLong {
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// Not a batch, or an empty one.
    #[error("these bytes do not begin as a batch of at least one entry")]
    PeerNoBatch,
    /// It ends within an entry.
    #[error("entry {place} of the batch ends before its {want} bytes are there")]
    PeerCut {
        /// Which entry, from 0.
        place: usize,
        /// Its length as announced.
        want: usize,
    },
    /// An entry that is none.
    #[error("entry {place} of the batch is no entry")]
    PeerEntry {
        /// Which entry, from 0.
        place: usize,
        /// Why.
        source: auditmesh_event::Error,
    },
    /// An event that stands in this batch before, or in the one decided last.
    #[error(
        "event {id} of {member}, entry {place} of the batch, was decided already or stands in the batch twice"
    )]
    PeerRepeated {
        /// Which entry, from 0.
        place: usize,
        /// Whose event.
        member: MemberId,
        /// Its id.
        id: EventId,
    },
}

/// The bytes of `batch`: a tag, then each entry behind its length. Names and times stand in the entries.
pub(crate) fn encode(batch: &Batch) -> Vec<u8> {
    let mut bytes = TAG.to_vec();
    for record in &batch.records {
        // An entry has at most a few hundred bytes.
        bytes.extend(u16::try_from(record.entry.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend(&record.entry);
    }
    bytes
}

/// Reads what [`encode`] wrote; each batch has one encoding.
pub(crate) fn decode(bytes: &[u8]) -> Result<Batch, BatchValueError> {
    if bytes.len() > MAX_BYTES {
        return Err(BatchValueError::PeerTooLong { got: bytes.len(), max: MAX_BYTES });
    }
    let mut rest = bytes.strip_prefix(TAG).filter(|rest| !rest.is_empty());
    let mut batch = Batch::default();
    while let Some(left) =
        rest.ok_or(BatchValueError::PeerNoBatch).map(|left| (!left.is_empty()).then_some(left))?
    {
        let place = batch.records.len();
        let (length, after) = left.split_first_chunk().ok_or(BatchValueError::PeerCut { place, want: 2 })?;
        let want = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(want).ok_or(BatchValueError::PeerCut { place, want })?;
        let read = Entry::decode(entry).map_err(|source| BatchValueError::PeerEntry { place, source })?;
        batch.newest = Millis(batch.newest.0.max(read.time().0));
        let (id, member) = (read.id().clone(), read.node().clone());
        batch.records.push(Record { id, member, entry: entry.to_vec() });
        rest = Some(after);
    }
    Ok(batch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auditmesh_event::Event;

    fn batch(count: u64) -> Batch {
        let event = |n: u64| Event {
            id: format!("e-{n}").parse().unwrap(),
            zone: "EU".parse().unwrap(),
            node: "EU-1".parse().unwrap(),
            sequence: n,
            time: Millis(1_767_225_600_000 + n),
            kind: "iam.CreateUser".parse().unwrap(),
            salt: [7; 32],
            payload: vec![1],
        };
        let records = (1..=count).map(|n| event(n).record().unwrap()).collect();
        Batch { records, newest: Millis(1_767_225_600_000 + count) }
    }

    #[test]
    fn a_batch_comes_back_and_no_other_bytes_are_one() {
        let (batch, bytes) = (batch(3), encode(&batch(3)));
        assert_eq!(decode(&bytes), Ok(batch));
        for end in 0..bytes.len() {
            let cut = decode(&bytes[..end]);
            assert!(
                cut.clone().is_err() || encode(&cut.unwrap()) == bytes[..end],
                "cut at {end} is read as something else"
            );
        }
        for place in 0..bytes.len() {
            let mut other = bytes.clone();
            other[place] ^= 1;
            assert!(decode(&other).is_err() || encode(&decode(&other).unwrap()) == other, "byte {place}");
        }
    }

    #[test]
    fn what_is_no_batch_says_why() {
        assert_eq!(decode(b""), Err(BatchValueError::PeerNoBatch));
        assert_eq!(decode(TAG), Err(BatchValueError::PeerNoBatch));
        let bytes = encode(&batch(1));
        let cut = decode(&bytes[..bytes.len() - 1]);
        let want = bytes.len() - TAG.len() - 2;
        assert_eq!(cut, Err(BatchValueError::PeerCut { place: 0, want }));
        let long = vec![0; MAX_BYTES + 1];
        assert_eq!(decode(&long), Err(BatchValueError::PeerTooLong { got: MAX_BYTES + 1, max: MAX_BYTES }));
        let mut other = bytes;
        other[TAG.len() + 2] ^= 1;
        assert!(matches!(decode(&other), Err(BatchValueError::PeerEntry { place: 0, .. })));
    }
}
