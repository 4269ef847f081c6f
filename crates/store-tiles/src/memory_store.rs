use std::{collections::BTreeMap, convert::Infallible};

use crate::{FileName, TileStore};

/// The files of a log in memory: for tests, and to serve a small log without a disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemoryStore {
    files: BTreeMap<FileName, Vec<u8>>,
}

impl MemoryStore {
    /// Without files.
    #[must_use]
    pub const fn new() -> Self {
        Self { files: BTreeMap::new() }
    }

    /// The files, by name.
    pub fn files(&self) -> impl Iterator<Item = (FileName, &[u8])> {
        self.files.iter().map(|(name, bytes)| (*name, bytes.as_slice()))
    }
}

/// # Errors
/// Never.
impl TileStore for MemoryStore {
    type Error = Infallible;

    fn read(&self, name: FileName) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.files.get(&name).cloned())
    }

    fn write(&mut self, name: FileName, bytes: &[u8]) -> Result<(), Infallible> {
        self.files.insert(name, bytes.to_vec());
        Ok(())
    }

    fn remove(&mut self, name: FileName) -> Result<(), Infallible> {
        self.files.remove(&name);
        Ok(())
    }

    fn remove_partials(&mut self, name: FileName) -> Result<(), Infallible> {
        let full = name.full();
        self.files.retain(|other, _| !other.is_partial() || full.is_none() || other.full() != full);
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
