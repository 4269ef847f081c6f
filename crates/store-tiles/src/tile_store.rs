use std::error;

use crate::FileName;

/// Keeps the files of one log.
///
/// What one operation does is seen at once by whoever reads, whole or not at all, and outlives the end of the process. What it does
/// outlives a failure of the machine once [`TileStore::sync`] has returned.
pub trait TileStore {
    /// Why a file is not read, written or removed.
    type Error: error::Error + 'static;

    /// The bytes of a file; `None` when there is none.
    ///
    /// # Errors
    /// When that cannot be said.
    fn read(&self, name: FileName) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Writes a file, in place of one that was there. A reader sees the old bytes or the new ones, never a part.
    ///
    /// # Errors
    /// When it was not written, or nobody knows.
    fn write(&mut self, name: FileName, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Removes a file; without one, nothing happens.
    ///
    /// # Errors
    /// When it may still be there.
    fn remove(&mut self, name: FileName) -> Result<(), Self::Error>;

    /// Removes all partial files of the tile or bundle `name`, of any width; the full one stays. Of other names there
    /// are none.
    ///
    /// # Errors
    /// When some may still be there.
    fn remove_partials(&mut self, name: FileName) -> Result<(), Self::Error>;

    /// Makes everything durable that was written and removed before.
    ///
    /// # Errors
    /// When it may not be.
    fn sync(&mut self) -> Result<(), Self::Error>;
}
