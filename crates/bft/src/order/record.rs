use alloc::sync::Arc;

use super::{Candidate, Certificate, Height, Statement};

/// The number of a record, ascending without gaps within a run of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RecordId(pub u64);

/// What the engine must not forget. Records of heights that the application has applied may be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Record {
    /// The engine came to this height. By it a lost tail is noticed: a log that ends below what the application applied. No decision
    /// is handed over before the record of its height is on disk.
    Height(Height),
    /// The engine says nothing at this height: its records had lost their tail, or it saw a signature of its own that they do not hold.
    Silent(Height),
    /// The engine is about to say this.
    Said {
        /// What.
        statement: Statement,
        /// With a PREPARE, or a COMMIT without one: the value.
        candidate: Option<Arc<Candidate>>,
        /// With a COMMIT: why.
        certificate: Option<Certificate>,
    },
}

impl Record {
    /// The height it belongs to.
    #[must_use]
    pub const fn height(&self) -> Height {
        match self {
            Self::Height(height) | Self::Silent(height) => *height,
            Self::Said { statement, .. } => statement.height,
        }
    }
}
