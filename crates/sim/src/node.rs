use alloc::{string::String, vec::Vec};
use core::fmt::Debug;

use auditmesh_types::Millis;

use crate::{Action, Disk, Input, Place, Random};

/// A pure state machine with what surrounds it: it does nothing by itself, and asks for everything by [`Action`]s.
pub trait Node: Sized + Debug {
    /// What all seats know from the beginning.
    type Config;
    /// What travels. Cloned for every receiver.
    type Message: Clone + Debug;
    /// What is written to disk.
    type Record: Clone + Debug;
    /// What a timer hands back.
    type Timer: Debug;
    /// A question to the outside that takes a while, and comes back to be answered: [`Input::Task`].
    type Task: Debug;
    /// What only a watch reads.
    type Note: Debug;

    /// How many stores its disk has.
    const STORES: usize;

    /// Starts from what the disk kept; an empty one at first.
    ///
    /// # Errors
    /// What is wrong with the disk; that a machine cannot be booted is a violation.
    fn boot(
        config: &Self::Config,
        place: Place,
        now: Millis,
        disk: &Disk<Self::Record>,
        out: &mut Vec<Action<Self>>,
    ) -> Result<Self, String>;

    /// What a crash leaves on disk of a record that it cuts off; [`tear`](crate::tear) does it for bytes. Nothing of a record that is there at
    /// once or not at all, as all are unless this is written.
    fn torn(record: &Self::Record, random: &mut Random) -> Option<Self::Record> {
        let _ = (record, random);
        None
    }

    /// Takes an input in, and adds what is to be done to `out`, in order. `now` is its own clock's time.
    fn step(&mut self, now: Millis, input: Input<Self>, out: &mut Vec<Action<Self>>);
}
