use alloc::{string::ToString, vec::Vec};

use crate::{Checkpoint, Error, LogCheckpoint, Note, NoteLine, checkpoint::possible};

/// A checkpoint as AuditMesh writes it, and the lines of those who signed it; read, not verified. It is a
/// [`LogCheckpoint`] whose text is a [`Checkpoint`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    log: LogCheckpoint,
}

impl SignedCheckpoint {
    /// Puts `lines` under `checkpoint`.
    ///
    /// # Errors
    /// As [`Note::new`]; [`Error::PeerEmptyRoot`] for a head that no tree has.
    pub fn new(checkpoint: Checkpoint, lines: Vec<NoteLine>) -> Result<Self, Error> {
        possible(checkpoint.head)?;
        let note = Note::new(checkpoint.to_string(), lines)?;
        Ok(Self { log: LogCheckpoint::of(&checkpoint, note), checkpoint })
    }

    /// Reads a note whose text is a checkpoint.
    ///
    /// # Errors
    /// As [`Note::parse`]; [`Error::PeerCheckpointLines`], [`Error::PeerExtensionLines`], [`Error::PeerOrigin`],
    /// [`Error::PeerNumber`], [`Error::PeerBase64`], [`Error::PeerLength`], [`Error::PeerEmptyRoot`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let note = Note::parse(bytes)?;
        let checkpoint = note.text().parse()?;
        Ok(Self { log: LogCheckpoint::of(&checkpoint, note), checkpoint })
    }

    /// What was signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The same as any reader holds it.
    #[must_use]
    pub const fn as_log(&self) -> &LogCheckpoint {
        &self.log
    }

    /// The note.
    #[must_use]
    pub const fn note(&self) -> &Note {
        self.log.note()
    }

    /// Writes the note.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.log.to_bytes()
    }
}

/// Every checkpoint of ours is one of a log.
impl From<SignedCheckpoint> for LogCheckpoint {
    fn from(signed: SignedCheckpoint) -> Self {
        signed.log
    }
}
