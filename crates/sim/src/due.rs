use core::cmp::Ordering;

use crate::Node;

/// Something that is going to happen. The earliest is the greatest, and of one time the one that was planned first.
#[derive(Debug)]
pub(crate) struct Due<N: Node> {
    pub(crate) at: u64,
    pub(crate) order: u64,
    pub(crate) what: What<N>,
}

#[derive(Debug)]
pub(crate) enum What<N: Node> {
    Boot { seat: usize },
    Letter { seat: usize, from: usize, message: N::Message },
    Timer { seat: usize, slot: usize, number: u64, timer: N::Timer },
    Written { seat: usize, run: u32, store: usize, ticket: u64 },
    Answer { seat: usize, run: u32, task: N::Task },
}

impl<N: Node> Ord for Due<N> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl<N: Node> PartialOrd for Due<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<N: Node> PartialEq for Due<N> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<N: Node> Eq for Due<N> {}
