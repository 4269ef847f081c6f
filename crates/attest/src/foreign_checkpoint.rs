use alloc::{format, string::String, vec::Vec};

use auditmesh_types::{Authority, Digest, Size, TreeHead};

use crate::{
    Error, KeyType, Note, NoteLine, TrustPolicy, VerifierKey,
    checkpoint::{digest, subtree_message},
    decimal,
};

/// A signed checkpoint of any log, as `tlog-checkpoint` allows it: the origin is any line that is not empty, and lines may
/// follow the root hash. Read, not verified; what AuditMesh writes is a [`SignedCheckpoint`](crate::SignedCheckpoint).
///
/// A [`TrustPolicy`] verifies it as an [`Authority`]. A log whose key is not named as its origin, such as Go's checksum
/// database, has no place in a policy: [`Note::verify`] checks its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignCheckpoint {
    origin: String,
    head: TreeHead,
    extensions: Vec<String>,
    note: Note,
}

impl ForeignCheckpoint {
    /// Reads a note whose text is a checkpoint.
    ///
    /// # Errors
    /// As [`Note::parse`]; [`Error::PeerCheckpointLines`]; [`Error::PeerEmpty`] for an empty origin or extension line;
    /// [`Error::PeerNumber`], [`Error::PeerBase64`], [`Error::PeerLength`].
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
        let root: Digest = digest("root hash", root)?;
        let extensions = extensions.iter().map(|line| String::from(*line)).collect();
        Ok(Self { origin: String::from(*origin), head: TreeHead { size, root }, extensions, note })
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

    /// Verifies that `key` made `line`, and gives the cosignature's time in seconds, if it has one.
    ///
    /// # Errors
    /// As [`VerifierKey::verify_line`]; [`Error::PeerExtensionLines`] for a line of type 0x06 under a checkpoint with
    /// extension lines, which that type does not cover; [`Error::PeerTooLarge`] for one under an origin of more than 255 bytes.
    pub fn verify_line(&self, key: &VerifierKey, line: &NoteLine) -> Result<Option<u64>, Error> {
        key.verify_message(line, |at| {
            let text = self.note.text();
            match key.key_type() {
                KeyType::Ed25519 => Ok(text.as_bytes().to_vec()),
                KeyType::Ed25519Cosignature => Ok(format!("cosignature/v1\ntime {at}\n{text}").into_bytes()),
                KeyType::MlDsa44Cosignature if self.extensions.is_empty() => {
                    subtree_message(key.name(), at, &self.origin, self.head)
                }
                KeyType::MlDsa44Cosignature => Err(Error::PeerExtensionLines { got: self.extensions.len() }),
            }
        })
    }
}

/// A policy verifies checkpoints of other logs by the rules of its own.
impl Authority<ForeignCheckpoint> for TrustPolicy {
    type Error = Error;

    /// # Errors
    /// [`Error::PeerBadSignature`], [`Error::PeerExtensionLines`], [`Error::PeerLogSilent`],
    /// [`Error::PeerQuorumMissed`].
    fn check(&self, value: &ForeignCheckpoint) -> Result<(), Error> {
        let (logs, witnesses) =
            self.signers(&value.origin, &value.note, |key, line| value.verify_line(key, line))?;
        if logs.is_empty() {
            return Err(Error::PeerLogSilent { origin: value.origin.clone() });
        }
        self.met_by(&witnesses).map(drop)
    }
}
