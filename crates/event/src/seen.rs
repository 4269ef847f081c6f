use alloc::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use auditmesh_types::EventId;

/// The ids that came before: all that wait, and the last so many that were sealed.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    waiting: BTreeSet<EventId>,
    sealed: BTreeSet<Arc<EventId>>,
    order: VecDeque<Arc<EventId>>,
    pub(crate) capacity: usize,
}

impl Seen {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { waiting: BTreeSet::new(), sealed: BTreeSet::new(), order: VecDeque::new(), capacity }
    }

    pub(crate) fn contains(&self, id: &EventId) -> bool {
        self.waiting.contains(id) || self.sealed.contains(id)
    }

    pub(crate) fn wait(&mut self, id: EventId) {
        self.waiting.insert(id);
    }

    /// Moves `id` to those that were sealed and forgets the oldest beyond the capacity.
    pub(crate) fn seal(&mut self, id: &EventId) {
        let id = Arc::new(self.waiting.take(id).unwrap_or_else(|| id.clone()));
        if self.sealed.insert(Arc::clone(&id)) {
            self.order.push_back(id);
        }
        while self.order.len() > self.capacity {
            if let Some(oldest) = self.order.pop_front() {
                self.sealed.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn forgets_the_oldest_sealed_and_none_that_waits() {
        let id = |n: u32| EventId::new(format!("e-{n}")).unwrap();
        let mut seen = Seen::new(2);
        (0..5).for_each(|n| seen.wait(id(n)));
        (1..5).for_each(|n| seen.seal(&id(n)));
        let known: alloc::vec::Vec<bool> = (0..5).map(|n| seen.contains(&id(n))).collect();
        assert_eq!(known, [true, false, false, true, true]);
    }
}
