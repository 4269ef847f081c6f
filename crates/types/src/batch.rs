use alloc::vec::Vec;
use core::error;

use crate::{EventId, MemberId, Millis};

/// One record as it is logged: the leaf's bytes, and the name by which its owner finds it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The event's name.
    pub id: EventId,
    /// Who recorded it.
    pub member: MemberId,
    /// The canonical bytes of the entry: at most 65,535.
    pub entry: Vec<u8>,
}

/// Records in the order in which they enter the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// The records, first leaf first.
    pub records: Vec<Record>,
    /// The latest time any of the events carries.
    pub newest: Millis,
}

/// Puts events into an order that does not depend on their arrival.
pub trait Batcher {
    /// An event as it arrives.
    type Event;
    /// Why an event or a batch is refused.
    type Error: error::Error + 'static;

    /// Takes an event in. What is refused leaves no trace.
    ///
    /// # Errors
    /// When the event breaks a limit, repeats or leaves a gap.
    fn push(&mut self, event: Self::Event) -> Result<(), Self::Error>;

    /// Closes the batch: what waits, at most `limit` events, in total order. `None` when nothing waits.
    fn seal(&mut self, limit: usize) -> Option<Batch>;

    /// How many events wait.
    fn depth(&self) -> usize;
}
