use alloc::{collections::VecDeque, vec::Vec};

/// The last latencies, at most a fixed number of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    last: VecDeque<u64>,
    size: usize,
}

impl Window {
    /// An empty window of `size` latencies, at least one.
    pub(crate) const fn new(size: usize) -> Self {
        Self { last: VecDeque::new(), size }
    }

    /// Takes in a latency, and lets the oldest go when there are too many.
    pub(crate) fn add(&mut self, took_us: u64) {
        if self.last.len() >= self.size {
            self.last.pop_front();
        }
        self.last.push_back(took_us);
    }

    /// The latency that 95 of 100 do not exceed, by nearest rank.
    ///
    /// # Cost
    /// Linear in the number of latencies, which are copied.
    pub(crate) fn p95(&self) -> Option<u64> {
        let mut values: Vec<u64> = self.last.iter().copied().collect();
        // Rank ceil(95 n / 100) counted from 1. The window is far too small for this to overflow.
        let rank = (values.len() * 95).div_ceil(100).checked_sub(1)?;
        Some(*values.select_nth_unstable(rank).1)
    }
}
