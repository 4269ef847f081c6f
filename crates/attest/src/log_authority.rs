use auditmesh_types::Authority;

use crate::{Attested, Error, LogCheckpoint};

/// Knows whose word on a log counts, and says who gave it.
pub trait LogAuthority: Authority<LogCheckpoint, Error = Error> {
    /// Verifies `signed` and says who signed it.
    ///
    /// # Errors
    /// The first reason to refuse it, as [`Authority::check`] gives it.
    fn attested(&self, signed: &LogCheckpoint) -> Result<Attested, Error>;
}
