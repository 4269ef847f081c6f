use alloc::collections::BTreeMap;

use auditmesh_types::{MemberId, Millis, Record, Zone};

/// Numbers that a source has not sent, between others that it has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The source's zone.
    pub zone: Zone,
    /// The source's node.
    pub node: MemberId,
    /// The first number that is missing.
    pub missing_from: u64,
    /// The last number that is missing.
    pub missing_to: u64,
}

/// How far a source has come. A node that starts again gives these back with [`crate::Sequencer::resume`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The source's zone.
    pub zone: Zone,
    /// The source's node.
    pub node: MemberId,
    /// The last number that was sealed.
    pub sealed: u64,
    /// The latest time of all that was sealed: the order of the next batch depends on it.
    pub clock: Millis,
}

/// An event that waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) time: Millis,
    pub(crate) record: Record,
}

/// One source's events. Numbers are 128 bits wide inside, so that the last `u64` has a successor.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    start: u64,
    /// The number to seal next.
    next: u128,
    /// The first number that is missing: `next..tip` is ready.
    tip: u128,
    /// The latest time sealed.
    clock: Millis,
    waiting: BTreeMap<u64, Waiting>,
}

impl Source {
    pub(crate) fn new(start: u64) -> Self {
        let first = u128::from(start);
        Self { start, next: first, tip: first, clock: Millis(0), waiting: BTreeMap::new() }
    }

    pub(crate) fn resumed(start: u64, sealed: u64, clock: Millis) -> Self {
        let next = u128::from(sealed) + 1;
        Self { start: start.min(sealed), next, tip: next, clock, waiting: BTreeMap::new() }
    }

    /// The last number sealed and the latest time, when anything was sealed.
    pub(crate) fn sealed(&self) -> Option<(u64, Millis)> {
        if self.next == u128::from(self.start) {
            return None;
        }
        self.next.checked_sub(1).and_then(|last| u64::try_from(last).ok()).map(|last| (last, self.clock))
    }

    /// The first number it may use.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// Whether `sequence`, not below the start, came before.
    pub(crate) fn has(&self, sequence: u64) -> bool {
        u128::from(sequence) < self.next || self.waiting.contains_key(&sequence)
    }

    /// The first number that is missing, unless the last of all came.
    pub(crate) fn missing(&self) -> Option<u64> {
        u64::try_from(self.tip).ok()
    }

    /// Takes in a number that it has not; gives how many more events are ready for it.
    pub(crate) fn insert(&mut self, sequence: u64, waiting: Waiting) -> usize {
        self.waiting.insert(sequence, waiting);
        let mut ready = 0;
        if self.missing() == Some(sequence) {
            for (&number, _) in self.waiting.range(sequence..) {
                if u128::from(number) != self.tip {
                    break;
                }
                self.tip += 1;
                ready += 1;
            }
        }
        ready
    }

    /// The place in time of the next event, if one is ready: the latest time up to and including its own.
    pub(crate) fn head(&self) -> Option<Millis> {
        if self.next == self.tip {
            return None;
        }
        self.waiting.first_key_value().map(|(_, waiting)| waiting.time.max(self.clock))
    }

    /// Takes the next event out. Called only when [`Source::head`] gave something.
    pub(crate) fn pop(&mut self) -> Option<Waiting> {
        let (_, waiting) = self.waiting.pop_first()?;
        self.next += 1;
        self.clock = self.clock.max(waiting.time);
        Some(waiting)
    }

    /// The first and last number of every gap in what waits, and the first number behind it.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        let mut expected = self.next;
        self.waiting.keys().filter_map(move |&number| {
            let from = u64::try_from(expected).ok();
            let gap = u128::from(number) > expected;
            expected = u128::from(number) + 1;
            from.filter(|_| gap).map(|from| (from, number - 1, number))
        })
    }
}
