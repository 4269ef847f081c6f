//! A publication that ends after any of its steps, in any of the ways a step can end: the store opens at its checkpoint and
//! goes on.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use auditmesh_merkle::Tree;
use auditmesh_store_tiles::{Error, FileName, MemoryStore, Publisher, TileStore};
use support::{
    checkpoint, entries, expected,
    faulty::{Faulty, Gone, MODES, Mode, Shared},
    head_at, head_in, publish, slices, tree_of,
};

struct Logs {
    /// The log, and one that goes on otherwise after 300 entries: what was not committed may be replaced.
    logs: [(Vec<Vec<u8>>, Tree); 2],
}

impl Logs {
    fn new() -> Self {
        let mut other = entries(0, 0, 300);
        other.extend(entries(1, 300, 1_600));
        Self { logs: [entries(0, 0, 1_600), other].map(|all| (all.clone(), tree_of(&all))) }
    }

    /// A store after publications of `sizes`.
    fn published(&self, sizes: &[u64]) -> MemoryStore {
        let (all, tree) = &self.logs[0];
        let mut publisher = Publisher::resume(MemoryStore::new(), Tree::new().head()).unwrap();
        sizes.iter().for_each(|size| {
            publish(&mut publisher, tree, all, *size);
        });
        publisher.into_store()
    }
}

fn files(store: &MemoryStore) -> BTreeMap<FileName, Vec<u8>> {
    let files = store.files().filter(|(name, _)| !matches!(name, FileName::Checkpoint | FileName::Intent));
    files.map(|(name, bytes)| (name, bytes.to_vec())).collect()
}

/// Publishes from the last of `sizes` to `new`, failing at `step`; nothing when no step was left to fail at.
fn crashed(logs: &Logs, sizes: &[u64], new: u64, step: usize, mode: Mode) -> Option<Shared> {
    let (all, tree) = &logs.logs[0];
    let (old, head) = (*sizes.last().unwrap(), head_at(tree, new));
    let from = head_at(tree, old);
    let store = Shared::new(logs.published(sizes), usize::MAX, mode);
    let mut publisher = Publisher::resume(store.clone(), from).unwrap();
    store.0.borrow_mut().left = step;
    let range = usize::try_from(old).unwrap()..usize::try_from(new).unwrap();
    let batch = slices(&all[range]);
    match publisher.publish(tree, &batch, &checkpoint(head)) {
        Ok(published) => {
            assert_eq!(published, head);
            assert!(store.0.borrow().unsynced.is_empty(), "not all is durable");
            return None;
        }
        Err(error) => assert!(matches!(error, Error::LocalStore { source: Gone, .. }), "{error:?}"),
    }
    assert_eq!(publisher.publish(tree, &batch, &checkpoint(head)), Err(Error::LocalUncertain));
    Some(store)
}

/// Resumes, compares every file, goes on in another way, and compares again.
fn goes_on(logs: &Logs, store: MemoryStore, sizes: &[u64], new: u64, place: &str) {
    let (head, old) = (head_in(&store), *sizes.last().unwrap());
    let published = head == head_at(&logs.logs[0].1, new);
    assert!(published || head == head_at(&logs.logs[0].1, old), "{place}: {head}");
    let mut sizes = sizes.to_vec();
    sizes.extend(published.then_some(new));
    // What was not published may be replaced, by another batch of another log.
    let (all, tree) = &logs.logs[usize::from(!published && old <= 300)];
    let mut publisher = Publisher::resume(store, head).unwrap();
    assert_eq!(files(publisher.store()), expected(tree, all, &sizes), "{place}");
    assert_eq!(publisher.store().read(FileName::Intent), Ok(None), "{place}");
    for size in [head.size.0 + 3, head.size.0 + 90, head.size.0 + 400] {
        publish(&mut publisher, tree, all, size);
        sizes.push(size);
    }
    assert_eq!(files(publisher.store()), expected(tree, all, &sizes), "{place}");
}

/// What is published before, and the size then.
const SCENARIOS: [(&[u64], u64); 6] =
    [(&[0], 5), (&[0], 700), (&[200], 230), (&[100, 200], 300), (&[10, 256], 512), (&[300], 1_100)];

#[test]
fn a_publication_that_ends_at_any_step_in_any_way() {
    let logs = Logs::new();
    let mut crashes = 0;
    for (sizes, new) in SCENARIOS {
        for mode in MODES {
            let mut step = 0;
            while let Some(store) = crashed(&logs, sizes, new, step, mode) {
                goes_on(&logs, store.rest(), sizes, new, &format!("{sizes:?} to {new}, {mode:?} at {step}"));
                step += 1;
            }
            // The intent, two files, the checkpoint, the removal of the intent, and a sync after each.
            assert!(step >= 9, "{sizes:?} to {new}: {step} steps");
            crashes += step;
        }
    }
    assert!(crashes > 450, "{crashes}");
}

#[test]
fn resuming_that_ends_at_any_step_in_any_way() {
    let logs = Logs::new();
    let mut crashes = 0;
    for (sizes, new) in [(&[100, 200][..], 300), (&[300], 1_100)] {
        for mode in MODES {
            let mut step = 0;
            while let Some(first) = crashed(&logs, sizes, new, step, mode) {
                let first = first.rest();
                crashes += resumed_at_every_step(&logs, sizes, new, |again, place| {
                    (Shared::new(first.clone(), again, mode), format!("{mode:?} at {step} {place}"))
                });
                step += 3;
            }
        }
    }
    assert!(crashes > 200, "{crashes}");
}

/// A killed process has what it did seen, not durable; then the machine fails while another one resumes.
#[test]
fn a_process_that_is_killed_and_then_a_machine_that_fails() {
    let logs = Logs::new();
    let mut crashes = 0;
    for (sizes, new) in [(&[200][..], 230), (&[100, 200], 300), (&[300], 1_100)] {
        for mode in MODES.into_iter().filter(|mode| matches!(mode, Mode::Lost(_))) {
            let mut step = 0;
            while let Some(first) = crashed(&logs, sizes, new, step, Mode::After) {
                crashes += resumed_at_every_step(&logs, sizes, new, |again, place| {
                    let faulty = &first.0.borrow();
                    let mut second = Faulty::new(faulty.seen.clone(), again, mode);
                    second.durable = faulty.durable.clone();
                    second.unsynced = faulty.unsynced.clone();
                    (Shared(Rc::new(RefCell::new(second))), format!("{mode:?} at {step} {place}"))
                });
                step += 1;
            }
        }
    }
    assert!(crashes > 300, "{crashes}");
}

/// Resumes and fails at every step, each time with a store as `made` for that step, and goes on; how often.
fn resumed_at_every_step(
    logs: &Logs,
    sizes: &[u64],
    new: u64,
    made: impl Fn(usize, &str) -> (Shared, String),
) -> usize {
    for again in 0.. {
        let (store, place) = made(again, &format!("and {again}, {sizes:?} to {new}"));
        let head = head_in(&store);
        match Publisher::resume(store.clone(), head) {
            Ok(_) => {
                assert!(store.0.borrow().unsynced.is_empty(), "{place}: not all is durable");
                return again;
            }
            Err(error) => {
                assert!(matches!(error, Error::LocalStore { source: Gone, .. }), "{place}: {error:?}");
            }
        }
        goes_on(logs, store.rest(), sizes, new, &place);
    }
    unreachable!()
}
