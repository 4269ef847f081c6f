use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

use auditmesh_types::{Digest, Index};

use crate::{Error, LogCheckpoint, Note, base64, checkpoint::digest, decimal, note::limit};

/// All that a verifier needs besides the entry and whom to trust: the entry's index, its inclusion path, and the signed
/// checkpoint the path leads to, which may be any log's.
///
/// Read, not verified: whether the path leads from the entry to the root is for whoever knows the tree to compute, and
/// the checkpoint is for a [`LogAuthority`](crate::LogAuthority).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    extra: Option<Vec<u8>>,
    index: Index,
    path: Vec<Digest>,
    checkpoint: LogCheckpoint,
}

const HEADER: &str = "c2sp.org/tlog-proof@v1";
const INDEX: &str = "index <n>";
const HASHES: &str = "<base64 of 32 bytes>, then an empty line";

impl ProofFile {
    /// The most hashes of a path.
    pub const MAX_PATH: usize = 63;
    /// The most bytes of extra data: 64 KiB.
    pub const MAX_EXTRA_BYTES: usize = 64 << 10;
    /// The most bytes of a proof file: a note, the extra data in base64, 63 hashes and the other lines.
    pub const MAX_BYTES: usize = Note::MAX_BYTES + Self::MAX_EXTRA_BYTES / 3 * 4 + Self::MAX_PATH * 45 + 100;

    /// Joins the parts. `extra` is carried and not authenticated by anything.
    ///
    /// # Errors
    /// [`Error::PeerTooLarge`], [`Error::PeerIndexBeyondSize`]; [`Error::PeerEmpty`] for extra data of no bytes, which
    /// is written as no extra data.
    pub fn new(
        extra: Option<Vec<u8>>,
        index: Index,
        path: Vec<Digest>,
        checkpoint: impl Into<LogCheckpoint>,
    ) -> Result<Self, Error> {
        limit("inclusion path", path.len(), Self::MAX_PATH)?;
        if let Some(extra) = &extra {
            limit("extra data", extra.len(), Self::MAX_EXTRA_BYTES)?;
            if extra.is_empty() {
                return Err(Error::PeerEmpty { what: "extra data" });
            }
        }
        let checkpoint = checkpoint.into();
        let size = checkpoint.head().size;
        if index.0 >= size.0 {
            return Err(Error::PeerIndexBeyondSize { index: index.0, size });
        }
        Ok(Self { extra, index, path, checkpoint })
    }

    /// Reads a proof file.
    ///
    /// # Errors
    /// [`Error::PeerTooLarge`], [`Error::PeerNotUtf8`], [`Error::PeerProofLine`], [`Error::PeerNumber`],
    /// [`Error::PeerBase64`], [`Error::PeerLength`], [`Error::PeerIndexBeyondSize`], and what
    /// [`LogCheckpoint::parse`] refuses.
    /// # Source
    /// C2SP tlog-proof, "Format".
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        limit("proof file", bytes.len(), Self::MAX_BYTES)?;
        let text = core::str::from_utf8(bytes)
            .map_err(|error| Error::PeerNotUtf8 { what: "proof file", at: error.valid_up_to() })?;
        let (head, note) = text.split_once("\n\n").ok_or(Error::PeerProofLine { line: 1, want: HASHES })?;
        let mut lines = head.split('\n').enumerate().peekable();
        if lines.next().map(|(_, line)| line) != Some(HEADER) {
            return Err(Error::PeerProofLine { line: 1, want: HEADER });
        }
        let extra = match lines.peek().and_then(|(_, line)| line.strip_prefix("extra ")) {
            Some(encoded) => {
                lines.next();
                limit("extra data", encoded.len() / 4 * 3, Self::MAX_EXTRA_BYTES + 2)?;
                Some(base64::decode("extra data", encoded)?)
            }
            None => None,
        };
        let at = 2 + usize::from(extra.is_some());
        let index = lines
            .next()
            .and_then(|(_, line)| line.strip_prefix("index "))
            .ok_or(Error::PeerProofLine { line: at, want: INDEX })?;
        let index = Index(decimal::parse("index", index)?);
        limit("inclusion path", lines.clone().count(), Self::MAX_PATH)?;
        let path = lines.map(|(_, line)| digest("inclusion path", line)).collect::<Result<Vec<_>, _>>()?;
        Self::new(extra, index, path, LogCheckpoint::parse(note.as_bytes())?)
    }

    /// Extra data, which nothing authenticates.
    #[must_use]
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The entry's place in the log; below the checkpoint's size.
    #[must_use]
    pub const fn index(&self) -> Index {
        self.index
    }

    /// The inclusion path, leaf to root.
    #[must_use]
    pub fn path(&self) -> &[Digest] {
        &self.path
    }

    /// The signed checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &LogCheckpoint {
        &self.checkpoint
    }

    /// Writes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::from(HEADER);
        out.push('\n');
        if let Some(extra) = &self.extra {
            out.push_str("extra ");
            out.push_str(&base64::encode(extra));
            out.push('\n');
        }
        // Writing to a string does not fail.
        let _ = writeln!(out, "index {}", self.index);
        for hash in &self.path {
            out.push_str(&base64::encode(hash.as_bytes()));
            out.push('\n');
        }
        out.push('\n');
        let mut out = out.into_bytes();
        out.append(&mut self.checkpoint.to_bytes());
        out
    }
}
