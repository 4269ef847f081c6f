use alloc::vec::Vec;
use core::fmt;

use auditmesh_types::{EventId, Kind, MemberId, Millis, Record, Zone};

use crate::{Entry, Error};

/// An event as it arrives, with its payload.
///
/// `Debug` shows neither salt nor payload, so that a log line discloses nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// What it calls itself; unique in a log.
    pub id: EventId,
    /// The place of the node that recorded it.
    pub zone: Zone,
    /// The member that recorded it.
    pub node: MemberId,
    /// Its number at that node, without a gap.
    pub sequence: u64,
    /// When it happened, by its own account.
    pub time: Millis,
    /// What sort of event it is.
    pub kind: Kind,
    /// 32 random bytes, used for this event alone.
    pub salt: [u8; 32],
    /// The bytes as received.
    pub payload: Vec<u8>,
}

impl Event {
    /// The most bytes a payload may have: 512 KiB.
    pub const MAX_PAYLOAD_BYTES: usize = 512 * 1024;

    /// The latest time an event may carry: the last millisecond of the year 9999, UTC.
    pub const MAX_TIME: Millis = Millis(253_402_300_799_999);

    /// Checks the limits that the types of the fields do not.
    ///
    /// # Errors
    /// [`Error::PeerPayloadTooLarge`], [`Error::PeerTimeTooLate`].
    pub fn check(&self) -> Result<(), Error> {
        if self.payload.len() > Self::MAX_PAYLOAD_BYTES {
            return Err(Error::PeerPayloadTooLarge {
                got: self.payload.len(),
                allowed: Self::MAX_PAYLOAD_BYTES,
            });
        }
        check_time(self.time)
    }

    /// The record that is logged for it: the encoded [`Entry`], the id and the node.
    ///
    /// # Errors
    /// As [`Event::check`].
    /// # Cost
    /// One SHA-256 over the payload.
    pub fn record(&self) -> Result<Record, Error> {
        let entry = Entry::of(self)?.encode();
        Ok(Record { id: self.id.clone(), member: self.node.clone(), entry })
    }
}

pub(crate) fn check_time(time: Millis) -> Result<(), Error> {
    if time > Event::MAX_TIME {
        return Err(Error::PeerTimeTooLate { got: time, allowed: Event::MAX_TIME });
    }
    Ok(())
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("id", &self.id)
            .field("zone", &self.zone)
            .field("node", &self.node)
            .field("sequence", &self.sequence)
            .field("time", &self.time)
            .field("kind", &self.kind)
            .field("payload_bytes", &self.payload.len())
            .finish_non_exhaustive()
    }
}
