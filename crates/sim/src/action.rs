use alloc::vec::Vec;
use auditmesh_types::Millis;

use crate::Node;

/// What a machine asks of its surroundings. Carried out in order; a crash may come before each.
#[derive(Debug)]
pub enum Action<N: Node> {
    /// Append `record` to a store; [`Input::Persisted`] says when it is durable.
    Persist {
        /// The store, from 0.
        store: usize,
        /// Its number, ascending in each store within a run.
        ticket: u64,
        /// What to write.
        record: N::Record,
    },
    /// Put `records` in the place of everything written to the store so far, at once. Durable with the next write, or soon; no
    /// answer.
    Replace {
        /// The store, from 0.
        store: usize,
        /// What stays.
        records: Vec<N::Record>,
    },
    /// Keep only the first `records` of all that is written to the store so far. Durable with the next write, or soon; no answer.
    Cut {
        /// The store, from 0.
        store: usize,
        /// How many stay.
        records: usize,
    },
    /// Send to everyone at the address.
    Send {
        /// The address.
        to: usize,
        /// What.
        message: N::Message,
        /// The write, by store and ticket, that must be durable by now: the world checks.
        after: Option<(usize, u64)>,
    },
    /// Hand `timer` back when the machine's clock shows `at`. Takes the place of the timer in the same slot.
    SetTimer {
        /// The slot, from 0.
        slot: usize,
        /// What is handed back.
        timer: N::Timer,
        /// When.
        at: Millis,
    },
    /// Forget the timer in this slot.
    CancelTimer {
        /// The slot.
        slot: usize,
    },
    /// Hand this back after a while.
    Task(N::Task),
    /// Tell the watch.
    Note(N::Note),
}

/// What happens to a machine.
#[derive(Debug)]
pub enum Input<N: Node> {
    /// A letter came.
    Message {
        /// The address it came from; nobody vouches for it.
        from: usize,
        /// What.
        message: N::Message,
    },
    /// A timer ran out.
    Timer(N::Timer),
    /// The write with this ticket, and all before it in its store, is durable.
    Persisted {
        /// The store.
        store: usize,
        /// The write.
        ticket: u64,
    },
    /// A task has had its time.
    Task(N::Task),
}
