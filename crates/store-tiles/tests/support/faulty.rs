//! A store that fails at a chosen step, in a chosen way.

use std::{cell::RefCell, rc::Rc};

use auditmesh_store_tiles::{FileName, MemoryStore, TileStore};

/// How the step ends that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Not done.
    Before,
    /// Done, and not said.
    After,
    /// Half of the bytes of a tile or bundle stand, though a store should never do that.
    Torn,
    /// The machine fails: of what was done since the last sync, only the steps stay whose bit is set, in this pattern.
    Lost(u8),
}

pub(crate) const MODES: [Mode; 7] = [
    Mode::Before,
    Mode::After,
    Mode::Torn,
    Mode::Lost(0),
    Mode::Lost(0b1010_1010),
    Mode::Lost(0b0101_0101),
    Mode::Lost(0b1110_1111),
];

#[derive(Debug, Clone)]
pub(crate) enum Step {
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
pub(crate) struct Gone;

/// Fails at a step, and then at every one.
#[derive(Debug)]
pub(crate) struct Faulty {
    pub(crate) durable: MemoryStore,
    pub(crate) seen: MemoryStore,
    pub(crate) unsynced: Vec<Step>,
    pub(crate) left: usize,
    mode: Mode,
    failed: bool,
}

impl Faulty {
    pub(crate) fn new(store: MemoryStore, left: usize, mode: Mode) -> Self {
        Self { durable: store.clone(), seen: store, unsynced: Vec::new(), left, mode, failed: false }
    }

    /// What is there after the crash.
    pub(crate) fn rest(&self) -> MemoryStore {
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
pub(crate) struct Shared(pub(crate) Rc<RefCell<Faulty>>);

impl Shared {
    pub(crate) fn new(store: MemoryStore, left: usize, mode: Mode) -> Self {
        Self(Rc::new(RefCell::new(Faulty::new(store, left, mode))))
    }

    pub(crate) fn rest(&self) -> MemoryStore {
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
