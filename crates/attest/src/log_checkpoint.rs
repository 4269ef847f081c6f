use alloc::{string::String, vec::Vec};

use auditmesh_types::{Size, TreeHead};

use crate::{
    Checkpoint, Error, KeyType, Note, NoteLine, VerifierKey,
    checkpoint::{digest, possible, signed_message},
    decimal,
};

/// A signed checkpoint of any log, as `tlog-checkpoint` allows it: the origin is any line that is not empty, and lines may
/// follow the root hash. Read, not verified; a [`LogAuthority`](crate::LogAuthority) verifies it.
///
/// It is what every reader holds. A [`SignedCheckpoint`](crate::SignedCheckpoint) is one that AuditMesh also writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogCheckpoint {
    origin: String,
    head: TreeHead,
    extensions: Vec<String>,
    note: Note,
}

impl LogCheckpoint {
    /// Reads a note whose text is a checkpoint.
    ///
    /// # Errors
    /// As [`Note::parse`]; [`Error::PeerCheckpointLines`]; [`Error::PeerEmpty`] for an empty origin or extension line;
    /// [`Error::PeerNumber`], [`Error::PeerBase64`], [`Error::PeerLength`]; [`Error::PeerEmptyRoot`] for a root that a tree
    /// without leaves does not have.
    /// # Source
    /// C2SP tlog-checkpoint, "Note text".
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let note = Note::parse(bytes)?;
        let lines: Vec<&str> = note.text().split_terminator('\n').collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(Error::PeerCheckpointLines { got: lines.len() });
        };
        if origin.is_empty() {
            return Err(Error::PeerEmpty { what: "origin" });
        }
        if extensions.contains(&"") {
            return Err(Error::PeerEmpty { what: "extension line" });
        }
        let size = Size(decimal::parse("tree size", size)?);
        let head = possible(TreeHead { size, root: digest("root hash", root)? })?;
        let extensions = extensions.iter().map(|line| String::from(*line)).collect();
        Ok(Self { origin: String::from(*origin), head, extensions, note })
    }

    /// The note whose text is `checkpoint`.
    pub(crate) fn of(checkpoint: &Checkpoint, note: Note) -> Self {
        let origin = String::from(checkpoint.origin.as_str());
        Self { origin, head: checkpoint.head, extensions: Vec::new(), note }
    }

    /// The first line.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The size and root.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// The lines after the root hash, which mean what the log says they mean.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The note.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Writes the note, byte for byte as it was read.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.to_bytes()
    }

    /// Verifies that `key` made `line`, and gives the cosignature's time in seconds, if it has one.
    ///
    /// # Errors
    /// As [`VerifierKey::verify_line`]; [`Error::PeerExtensionLines`] for a line of type 0x06 under a checkpoint with
    /// extension lines, which that type does not cover; [`Error::PeerTooLarge`] for one under an origin of more than 255 bytes.
    pub fn verify_line(&self, key: &VerifierKey, line: &NoteLine) -> Result<Option<u64>, Error> {
        key.verify_message(line, |at| {
            let (key_type, got) = (key.key_type(), self.extensions.len());
            if key_type == KeyType::MlDsa44Cosignature && got > 0 {
                return Err(Error::PeerExtensionLines { got });
            }
            signed_message(key_type, key.name(), at, self.note.text(), &self.origin, self.head)
        })
    }

    /// Verifies every line of `key`: `None` when it has none, otherwise the latest time, 0 for lines without time.
    ///
    /// # Errors
    /// [`Error::PeerBadSignature`] for a line that does not verify; [`Error::PeerExtensionLines`].
    pub(crate) fn signed_by(&self, key: &VerifierKey) -> Result<Option<u64>, Error> {
        let mut latest = None;
        for line in self.note.signatures().iter().filter(|line| key.owns(line)) {
            let time = self.verify_line(key, line).map_err(|error| match error {
                Error::PeerExtensionLines { .. } => error,
                _ => key.bad_signature(),
            })?;
            latest = latest.max(Some(time.unwrap_or(0)));
        }
        Ok(latest)
    }
}
