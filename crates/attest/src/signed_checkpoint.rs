use alloc::{string::ToString, vec::Vec};

use crate::{Checkpoint, Error, Note, NoteLine};

/// A checkpoint and the lines of those who signed it; read, not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Puts `lines` under `checkpoint`.
    ///
    /// # Errors
    /// As [`Note::new`].
    pub fn new(checkpoint: Checkpoint, lines: Vec<NoteLine>) -> Result<Self, Error> {
        let note = Note::new(checkpoint.to_string(), lines)?;
        Ok(Self { checkpoint, note })
    }

    /// Reads a note whose text is a checkpoint.
    ///
    /// # Errors
    /// As [`Note::parse`]; [`Error::PeerCheckpointLines`], [`Error::PeerExtensionLines`], [`Error::PeerOrigin`],
    /// [`Error::PeerNumber`], [`Error::PeerBase64`], [`Error::PeerLength`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let note = Note::parse(bytes)?;
        Ok(Self { checkpoint: note.text().parse()?, note })
    }

    /// What was signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Writes the note.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.to_bytes()
    }
}
