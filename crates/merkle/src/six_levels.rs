//! Many leaves at once, six levels at a time: wide enough for every lane of a hasher, small enough for the processor's nearest
//! caches.

use alloc::{vec, vec::Vec};

use auditmesh_types::{Digest, Hasher};

/// How many levels are hashed together.
pub(crate) const SPAN: usize = 6;
/// How many leaves have one node above them then.
pub(crate) const WIDTH: usize = 1 << SPAN;
/// How many groups of so many leaves are hashed at once: every level above them still fills sixteen lanes.
pub(crate) const GROUPS: usize = 16;
/// How many leaves those are.
pub(crate) const RUN: usize = GROUPS * WIDTH;
/// How many runs are worth a thread, where leaf hashes are given.
pub(crate) const RUNS_A_JOB: usize = 8;

/// Two rows of nodes, one to read and one to write.
pub(crate) struct SixLevels {
    below: Vec<Digest>,
    above: Vec<Digest>,
}

impl SixLevels {
    /// Room for so many leaves, but for no more than a run.
    pub(crate) fn new(leaves: usize) -> Self {
        let row = |nodes| vec![Digest::default(); nodes];
        Self { below: row(leaves.min(RUN) / 2), above: row(leaves.min(RUN) / 4) }
    }

    /// The nodes six levels above `leaves`, which are at most a run and a multiple of 64. `between` is shown the five levels on the
    /// way, from the first above the leaves.
    pub(crate) fn above<H: Hasher>(
        &mut self,
        hasher: &H,
        leaves: &[Digest],
        mut between: impl FnMut(usize, &[Digest]),
    ) -> &[Digest] {
        let (mut below, mut above) = (&mut self.below, &mut self.above);
        hasher.nodes(leaves, &mut below[..leaves.len() / 2]);
        for level in 1..SPAN {
            let children = &below[..leaves.len() >> level];
            between(level, children);
            hasher.nodes(children, &mut above[..leaves.len() >> (level + 1)]);
            core::mem::swap(&mut below, &mut above);
        }
        &below[..leaves.len() >> SPAN]
    }
}
