/// The upper bounds of the buckets in microseconds, bounds included: 1 ms to 10 s. Above them is one bucket more.
pub const BOUNDS_US: [u64; 13] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
    10_000_000,
];

/// How many latencies were at most as large as each bound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram {
    within: [u64; BOUNDS_US.len()],
    count: u64,
    sum_us: u64,
}

impl Histogram {
    /// Takes in a latency.
    pub(crate) fn add(&mut self, took_us: u64) {
        for (bound, within) in BOUNDS_US.iter().zip(&mut self.within) {
            *within = within.saturating_add(u64::from(took_us <= *bound));
        }
        self.count = self.count.saturating_add(1);
        self.sum_us = self.sum_us.saturating_add(took_us);
    }

    /// Each bound in microseconds with the number of latencies at or below it, ascending.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> {
        BOUNDS_US.iter().copied().zip(self.within.iter().copied())
    }

    /// The number of all latencies.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum in microseconds, at most `u64::MAX`.
    #[must_use]
    pub fn sum_us(&self) -> u64 {
        self.sum_us
    }
}
