use alloc::vec::Vec;
use core::error;

use super::Record;

/// Keeps the records of one member, in order. `R` is what is recorded.
pub trait RecordStore<R = Record> {
    /// Why records cannot be read or kept.
    type Error: error::Error + 'static;

    /// What was kept, in order, at start. A last record that was torn as it was written is no record.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged elsewhere than at its end.
    fn read(&mut self) -> Result<Vec<R>, Self::Error>;

    /// Writes `record` after those before it; when this returns, it survives a crash.
    ///
    /// # Errors
    /// When that is not certain. The member stops then.
    fn append(&mut self, record: &R) -> Result<(), Self::Error>;

    /// Puts `records` in the place of all that is kept, at once: after a crash there are either these or those.
    ///
    /// # Errors
    /// When that is not certain. The member stops then.
    fn replace(&mut self, records: &[R]) -> Result<(), Self::Error>;
}
