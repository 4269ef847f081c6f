use alloc::{collections::BTreeMap, vec::Vec};

use crate::{Clock, Disk, Node, Random, strategy::Mind};

/// Where a machine runs. Two seats with one address are twins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The seat, from 0.
    pub seat: usize,
    /// The address at which it is written to, from 0.
    pub address: usize,
}

/// A machine with its disk and clock.
#[derive(Debug)]
pub(crate) struct Seat<N: Node> {
    pub(crate) place: Place,
    /// Nothing while it is down.
    pub(crate) node: Option<N>,
    pub(crate) mind: Mind<N>,
    pub(crate) disk: Disk<N::Record>,
    pub(crate) clock: Clock,
    /// How often it was booted: what was on its way for an earlier run is void.
    pub(crate) run: u32,
    /// How many actions it has begun.
    pub(crate) actions: u64,
    /// Before which action it crashes, for how long, and what its disk forgets; the next one last.
    pub(crate) crashes: Vec<(u64, u64, usize)>,
    /// For each slot the number of the timer that counts.
    pub(crate) timers: BTreeMap<usize, u64>,
    /// For each store when the last write will be done.
    pub(crate) writes: BTreeMap<usize, u64>,
    pub(crate) random: Random,
}
