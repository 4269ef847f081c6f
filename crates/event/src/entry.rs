use alloc::{borrow::ToOwned, string::String, vec::Vec};

use auditmesh_types::{Digest, EventId, Kind, MemberId, Millis, NameError, Zone};

use crate::{Error, Event, commitment, event::check_time};

const TAG: &[u8] = b"auditmesh entry v1\n";

/// What is logged of an event: a small canonical record with a commitment to the payload, never the payload.
///
/// Two entries are equal exactly when their encodings are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    zone: Zone,
    node: MemberId,
    sequence: u64,
    time: Millis,
    kind: Kind,
    id: EventId,
    commitment: Digest,
}

impl Entry {
    /// The most bytes an encoded entry can have.
    pub const MAX_BYTES: usize = TAG.len()
        + (1 + Zone::MAX_BYTES)
        + (1 + MemberId::MAX_BYTES)
        + 8
        + 8
        + (1 + Kind::MAX_BYTES)
        + (1 + EventId::MAX_BYTES)
        + 32;

    /// The entry of `event`.
    ///
    /// # Errors
    /// As [`Event::check`].
    /// # Cost
    /// One SHA-256 over the payload.
    pub fn of(event: &Event) -> Result<Self, Error> {
        event.check()?;
        Ok(Self {
            zone: event.zone.clone(),
            node: event.node.clone(),
            sequence: event.sequence,
            time: event.time,
            kind: event.kind.clone(),
            id: event.id.clone(),
            commitment: commitment(&event.salt, &event.payload),
        })
    }

    /// The place of the node that recorded the event.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The member that recorded the event.
    #[must_use]
    pub fn node(&self) -> &MemberId {
        &self.node
    }

    /// The event's number at that node.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// When the event happened, by its own account.
    #[must_use]
    pub fn time(&self) -> Millis {
        self.time
    }

    /// What sort of event it is.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What the event calls itself.
    #[must_use]
    pub fn id(&self) -> &EventId {
        &self.id
    }

    /// What salt and payload must hash to.
    #[must_use]
    pub fn commitment(&self) -> Digest {
        self.commitment
    }

    /// The canonical bytes, at most [`Entry::MAX_BYTES`].
    ///
    /// # Source
    /// `docs/spec/entry.md`.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let names = [self.zone.as_str(), self.node.as_str(), self.kind.as_str(), self.id.as_str()];
        let length: usize = names.iter().map(|name| name.len()).sum();
        let mut out = Vec::with_capacity(TAG.len() + length + 52);
        out.extend_from_slice(TAG);
        put_name(&mut out, self.zone.as_str());
        put_name(&mut out, self.node.as_str());
        out.extend_from_slice(&self.sequence.to_be_bytes());
        out.extend_from_slice(&self.time.0.to_be_bytes());
        put_name(&mut out, self.kind.as_str());
        put_name(&mut out, self.id.as_str());
        out.extend_from_slice(self.commitment.as_bytes());
        out
    }

    /// Reads an entry from exactly its canonical bytes.
    ///
    /// # Errors
    /// [`Error::PeerEntryTag`], [`Error::PeerEntryTruncated`], [`Error::PeerEntryTrailing`], [`Error::PeerNameUtf8`],
    /// [`Error::PeerName`], [`Error::PeerTimeTooLate`].
    /// # Source
    /// `docs/spec/entry.md`.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut rest = bytes.strip_prefix(TAG).ok_or(Error::PeerEntryTag)?;
        let zone = take_name(&mut rest, "zone", Zone::new)?;
        let node = take_name(&mut rest, "node", MemberId::new)?;
        let sequence = u64::from_be_bytes(take(&mut rest, "sequence")?);
        let time = Millis(u64::from_be_bytes(take(&mut rest, "time")?));
        check_time(time)?;
        let kind = take_name(&mut rest, "kind", Kind::new)?;
        let id = take_name(&mut rest, "id", EventId::new)?;
        let commitment = Digest(take(&mut rest, "commitment")?);
        if !rest.is_empty() {
            return Err(Error::PeerEntryTrailing { extra: rest.len() });
        }
        Ok(Self { zone, node, sequence, time, kind, id, commitment })
    }

    /// Checks that `salt` and `payload` are what the entry commits to.
    ///
    /// # Errors
    /// [`Error::PeerCommitmentMismatch`], which says nothing of what was given.
    /// # Cost
    /// One SHA-256 over the payload.
    pub fn opens(&self, salt: &[u8; 32], payload: &[u8]) -> Result<(), Error> {
        if commitment(salt, payload) == self.commitment { Ok(()) } else { Err(Error::PeerCommitmentMismatch) }
    }
}

/// Names have at most 255 bytes by their types, so the length always fits.
fn put_name(out: &mut Vec<u8>, name: &str) {
    let [.., length] = name.len().to_be_bytes();
    out.push(length);
    out.extend_from_slice(name.as_bytes());
}

fn take<const N: usize>(rest: &mut &[u8], field: &'static str) -> Result<[u8; N], Error> {
    let short = Error::PeerEntryTruncated { field, got: rest.len(), needed: N };
    let (head, tail) = rest.split_first_chunk::<N>().ok_or(short)?;
    *rest = tail;
    Ok(*head)
}

fn take_name<T>(
    rest: &mut &[u8],
    field: &'static str,
    make: impl FnOnce(String) -> Result<T, NameError>,
) -> Result<T, Error> {
    let [length] = take(rest, field)?;
    let needed = usize::from(length);
    let short = Error::PeerEntryTruncated { field, got: rest.len(), needed };
    let (head, tail) = rest.split_at_checked(needed).ok_or(short)?;
    let text = core::str::from_utf8(head).map_err(|_| Error::PeerNameUtf8 { field })?;
    *rest = tail;
    make(text.to_owned()).map_err(|reason| Error::PeerName { field, reason })
}
