//! A publication that ends after any of its steps, in any of the ways a step can end: the store opens at its checkpoint and
//! goes on.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use auditmesh_merkle::Tree;
use auditmesh_store_tiles::{Error, FileName, MemoryStore, Publisher, TileStore};
use auditmesh_types::Size;
use support::{checkpoint, entries, expected, head_at, head_in, publish, slices, tree_of};

/// How the step ends that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Not done.
    Before,
    /// Done, and not said.
    After,
    /// Half of the bytes of a tile or bundle stand, though a store should never do that.
    Torn,
    /// The machine fails: of what was done since the last sync, only the steps stay whose bit is set, in this pattern.
    Lost(u8),
}

const MODES: [Mode; 7] = [
    Mode::Before,
    Mode::After,
    Mode::Torn,
    Mode::Lost(0),
    Mode::Lost(0b1010_1010),
    Mode::Lost(0b0101_0101),
    Mode::Lost(0b1110_1111),
];

#[derive(Debug, Clone)]
enum Step {
    Write(FileName, Vec<u8>),
    Remove(FileName),
    RemovePartials(FileName),
}

impl Step {
    fn apply(&self, store: &mut MemoryStore) {
        let done = match self {
            Self::Write(name, bytes) => store.write(*name, bytes),
            Self::Remove(name) => store.remove(*name),
            Self::RemovePartials(name) => store.remove_partials(*name),
        };
        done.unwrap();
    }

    /// What a torn step leaves: of a tile or bundle half, of the others nothing.
    fn torn(&self) -> Option<Self> {
        match self {
            Self::Write(name @ (FileName::Tile(_) | FileName::Bundle(_)), bytes) => {
                Some(Self::Write(*name, bytes[..bytes.len() / 2].to_vec()))
            }
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the power is gone")]
struct Gone;

/// Fails at a step, and then at every one.
#[derive(Debug)]
struct Faulty {
    durable: MemoryStore,
    seen: MemoryStore,
    unsynced: Vec<Step>,
    left: usize,
    mode: Mode,
    failed: bool,
}

impl Faulty {
    fn new(store: MemoryStore, left: usize, mode: Mode) -> Self {
        Self { durable: store.clone(), seen: store, unsynced: Vec::new(), left, mode, failed: false }
    }

    /// What is there after the crash.
    fn rest(&self) -> MemoryStore {
        let Mode::Lost(pattern) = self.mode else { return self.seen.clone() };
        let mut store = self.durable.clone();
        let stay = |at: &usize| pattern >> (at % 8) & 1 == 1;
        self.unsynced
            .iter()
            .enumerate()
            .filter(|(at, _)| stay(at))
            .for_each(|(_, step)| step.apply(&mut store));
        store
    }

    fn step(&mut self, step: Step) -> Result<(), Gone> {
        if self.failed {
            return Err(Gone);
        }
        self.failed = self.left == 0;
        let done = match (self.failed, self.mode) {
            (true, Mode::Before) => None,
            (true, Mode::Torn) => step.torn(),
            _ => Some(step),
        };
        if let Some(step) = done {
            step.apply(&mut self.seen);
            self.unsynced.push(step);
        }
        if self.failed {
            return Err(Gone);
        }
        self.left -= 1;
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Gone> {
        if self.failed || self.left == 0 {
            self.failed = true;
            return Err(Gone);
        }
        self.left -= 1;
        self.unsynced.clear();
        self.durable = self.seen.clone();
        Ok(())
    }
}

/// A store that can be looked at, and told when to fail, while a publisher has it.
#[derive(Debug, Clone)]
struct Shared(Rc<RefCell<Faulty>>);

impl Shared {
    fn new(store: MemoryStore, left: usize, mode: Mode) -> Self {
        Self(Rc::new(RefCell::new(Faulty::new(store, left, mode))))
    }

    fn rest(&self) -> MemoryStore {
        self.0.borrow().rest()
    }
}

impl TileStore for Shared {
    type Error = Gone;

    fn read(&self, name: FileName) -> Result<Option<Vec<u8>>, Gone> {
        self.0.borrow().seen.read(name).map_err(|never| match never {})
    }

    fn write(&mut self, name: FileName, bytes: &[u8]) -> Result<(), Gone> {
        self.0.borrow_mut().step(Step::Write(name, bytes.to_vec()))
    }

    fn remove(&mut self, name: FileName) -> Result<(), Gone> {
        self.0.borrow_mut().step(Step::Remove(name))
    }

    fn remove_partials(&mut self, name: FileName) -> Result<(), Gone> {
        self.0.borrow_mut().step(Step::RemovePartials(name))
    }

    fn sync(&mut self) -> Result<(), Gone> {
        self.0.borrow_mut().sync()
    }
}

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
fn crashed(logs: &Logs, sizes: &[u64], new: u64, step: usize, mode: Mode) -> Option<MemoryStore> {
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
    Some(store.rest())
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
                goes_on(&logs, store, sizes, new, &format!("{sizes:?} to {new}, {mode:?} at {step}"));
                step += 1;
            }
            // The intent, two files, the checkpoint, and a sync after each.
            assert!(step >= 7, "{sizes:?} to {new}: {step} steps");
            crashes += step;
        }
    }
    assert!(crashes > 400, "{crashes}");
}

#[test]
fn resuming_that_ends_at_any_step_in_any_way() {
    let logs = Logs::new();
    let mut crashes = 0;
    for (sizes, new) in [(&[100, 200][..], 300), (&[300], 1_100)] {
        for mode in MODES {
            let mut step = 0;
            while let Some(first) = crashed(&logs, sizes, new, step, mode) {
                for again in 0.. {
                    let store = Shared::new(first.clone(), again, mode);
                    let place = format!("{sizes:?} to {new}, {mode:?} at {step} and {again}");
                    match Publisher::resume(store.clone(), head_in(&first)) {
                        Ok(_) => {
                            assert!(store.0.borrow().unsynced.is_empty(), "{place}: not all is durable");
                            break;
                        }
                        Err(error) => assert!(
                            matches!(error, Error::LocalStore { source: Gone, .. }),
                            "{place}: {error:?}"
                        ),
                    }
                    goes_on(&logs, store.rest(), sizes, new, &place);
                    crashes += 1;
                }
                step += 3;
            }
        }
    }
    assert!(crashes > 200, "{crashes}");
}

#[test]
fn a_head_or_an_intent_of_another_size_removes_nothing() {
    let logs = Logs::new();
    let tree = &logs.logs[0].1;
    let store = logs.published(&[100, 300]);
    for size in [0, 100, 299, 301] {
        let refused = Publisher::resume(store.clone(), head_at(tree, size)).map(drop);
        assert_eq!(refused, Err(Error::MisuseHeadSize { got: Size(size), want: Size(300) }));
    }
    // The checkpoint of an older backup.
    let mut older = store.clone();
    older.write(FileName::Checkpoint, &checkpoint(head_at(tree, 50))).unwrap();
    for (name, bytes) in logs.published(&[50]).files().filter(|(name, _)| name.is_partial()) {
        older.write(name, bytes).unwrap();
    }
    let kept = names(&older);
    let refused = Error::LocalIntentSize { size: Size(50), old: Size(100), new: Size(300) };
    assert_eq!(resume_in_place(&older, head_at(tree, 50)), Err(refused));
    assert_eq!(names(&older), kept);
    for (name, bytes, want) in [
        (FileName::Intent, b"auditmesh publishing v1\n300 100\n".as_slice(), Error::LocalIntent),
        (FileName::Checkpoint, b"test.example/log\n", Error::PeerCheckpoint),
    ] {
        let mut bad = store.clone();
        bad.write(name, bytes).unwrap();
        assert_eq!(resume_in_place(&bad, head_at(tree, 300)), Err(want));
    }
}

fn names(store: &MemoryStore) -> Vec<FileName> {
    store.files().map(|(name, _)| name).collect()
}

fn resume_in_place(
    store: &MemoryStore,
    head: auditmesh_types::TreeHead,
) -> Result<(), Error<std::convert::Infallible>> {
    Publisher::resume(store.clone(), head).map(drop)
}
