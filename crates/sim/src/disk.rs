use alloc::{collections::VecDeque, vec::Vec};

use crate::Random;

/// A member's disk: numbered stores of records, each written in order.
#[derive(Debug, Clone)]
pub struct Disk<R> {
    stores: Vec<Store<R>>,
    /// How many records were cut off in the middle by a crash.
    torn: usize,
}

#[derive(Debug, Clone)]
struct Store<R> {
    synced: Vec<R>,
    waiting: VecDeque<(u64, Write<R>)>,
    /// The ticket of the last write of this run that is durable.
    last: Option<u64>,
}

/// One write to a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write<R> {
    /// This record after the others.
    Append(R),
    /// These records in place of all others, at once.
    Replace(Vec<R>),
    /// Of all that is written only so many records, from the first on.
    Cut(usize),
}

impl<R> Disk<R> {
    pub(crate) fn new(stores: usize) -> Self {
        let store = || Store { synced: Vec::new(), waiting: VecDeque::new(), last: None };
        Self { stores: (0..stores).map(|_| store()).collect(), torn: 0 }
    }

    /// What is durable in a store, in order. The last may be what a crash left of a record, as [`Node::torn`](crate::Node::torn) has it;
    /// it stays there until it is cut off.
    #[must_use]
    pub fn records(&self, store: usize) -> &[R] {
        self.stores.get(store).map_or(&[], |store| &store.synced)
    }

    /// Whether the write with this ticket, of the current run of the machine, is durable.
    #[must_use]
    pub fn is_synced(&self, store: usize, ticket: u64) -> bool {
        self.stores.get(store).is_some_and(|store| store.last.is_some_and(|last| ticket <= last))
    }

    /// How many records crashes have torn.
    #[must_use]
    pub const fn torn(&self) -> usize {
        self.torn
    }

    pub(crate) fn write(&mut self, store: usize, ticket: u64, write: Write<R>) {
        if let Some(store) = self.stores.get_mut(store) {
            store.waiting.push_back((ticket, write));
        }
    }

    /// The ticket of the last write that waits.
    pub(crate) fn newest(&self, store: usize) -> Option<u64> {
        self.stores.get(store)?.waiting.back().map(|(ticket, _)| *ticket)
    }

    /// Makes everything up to `ticket` durable, and shows each write.
    pub(crate) fn sync<E>(
        &mut self,
        store: usize,
        ticket: u64,
        mut shown: impl FnMut(&Write<R>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(store) = self.stores.get_mut(store) else { return Ok(()) };
        while let Some((at, write)) = store.waiting.pop_front_if(|(at, _)| *at <= ticket) {
            shown(&write)?;
            store.last = store.last.max(Some(at));
            store.apply(write);
        }
        Ok(())
    }

    /// Loses what was not durable, but for as many of the first writes as chance lets through. Of the next one something may be left: what
    /// `torn` makes of it.
    pub(crate) fn crash(&mut self, random: &mut Random, torn: impl Fn(&R, &mut Random) -> Option<R>) {
        for store in &mut self.stores {
            let through = random.place(store.waiting.len().saturating_add(1));
            for (_, write) in store.waiting.drain(..through).collect::<Vec<_>>() {
                store.apply(write);
            }
            if let Some((_, Write::Append(record))) = store.waiting.front()
                && random.chance(500)
                && let Some(left) = torn(record, random)
            {
                store.synced.push(left);
                self.torn = self.torn.saturating_add(1);
            }
            store.waiting.clear();
            store.last = None;
        }
    }

    /// Loses the last `count` records of the first store, durable ones and what a crash left of one: a disk that lies.
    pub(crate) fn forget(&mut self, count: usize) {
        if let Some(store) = self.stores.first_mut() {
            store.synced.truncate(store.synced.len().saturating_sub(count));
        }
    }
}

impl<R> Store<R> {
    fn apply(&mut self, write: Write<R>) {
        match write {
            Write::Append(record) => self.synced.push(record),
            Write::Replace(records) => self.synced = records,
            Write::Cut(records) => self.synced.truncate(records),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::convert::Infallible;

    fn sync(disk: &mut Disk<u8>, ticket: u64) {
        let shown: Result<(), Infallible> = disk.sync(0, ticket, |_| Ok(()));
        assert_eq!(shown, Ok(()));
    }

    #[test]
    fn a_crash_keeps_what_was_synced_and_a_first_part_of_the_rest() {
        let mut lengths = [0; 6];
        for seed in 0..200 {
            let mut disk = Disk::new(1);
            for ticket in 0..5 {
                disk.write(0, ticket, Write::Append(u8::try_from(ticket).unwrap()));
            }
            sync(&mut disk, 1);
            assert!(disk.is_synced(0, 1) && !disk.is_synced(0, 2));
            disk.crash(&mut Random::new(seed), |_, _| None);
            let kept = disk.records(0);
            assert!(kept.len() >= 2 && kept == &[0, 1, 2, 3, 4][..kept.len()]);
            assert!(!disk.is_synced(0, 0), "tickets are those of one run");
            lengths[kept.len()] += 1;
        }
        assert!(lengths[2..].iter().all(|times| *times > 20), "{lengths:?}");
    }

    #[test]
    fn what_a_crash_left_of_a_record_stands_behind_the_others_until_it_is_cut_off() {
        let (mut whole, mut torn) = (0, 0);
        for seed in 0..200 {
            let mut disk = Disk::new(1);
            (0..3).for_each(|ticket| disk.write(0, ticket, Write::Append(7)));
            sync(&mut disk, 0);
            disk.crash(&mut Random::new(seed), |record, _| Some(record + 100));
            let (left, kept) = disk.records(0).split_last().unwrap();
            assert!(
                kept.iter().all(|record| *record == 7) && [7, 107].contains(left),
                "{:?}",
                disk.records(0)
            );
            assert_eq!(disk.torn(), usize::from(*left == 107));
            whole += usize::from(*left == 7);
            torn += disk.torn();
            let good = disk.records(0).len() - disk.torn();
            disk.write(0, 0, Write::Cut(good));
            disk.write(0, 0, Write::Append(8));
            sync(&mut disk, 0);
            assert_eq!(disk.records(0).last_chunk(), Some(&[7, 8]));
        }
        assert!(whole > 60 && torn > 40, "{whole} {torn}");
    }

    #[test]
    fn a_replacement_is_there_at_once_or_not_at_all() {
        let mut disk = Disk::new(1);
        disk.write(0, 0, Write::Append(1));
        disk.write(0, 1, Write::Replace([7, 8].into()));
        disk.write(0, 2, Write::Append(9));
        assert_eq!(disk.newest(0), Some(2));
        sync(&mut disk, 0);
        assert_eq!(disk.records(0), [1]);
        sync(&mut disk, 1);
        assert_eq!(disk.records(0), [7, 8]);
        disk.forget(1);
        assert_eq!((disk.records(0), disk.records(1)), (&[7][..], &[][..]));
    }
}
