use std::fmt::Write as _;

use auditmesh_attest::{Attested, LogAuthority, LogCheckpoint, Note};
use auditmesh_merkle::{Prefix, TreeAuthority};
use auditmesh_types::{Authority, Digest, Size, Verified};
use base64ct::{Base64, Encoding};

use crate::ProvenError;

/// All that a verifier needs besides its own older checkpoint and whom to trust to see that a log continues itself: the older size, the
/// hashes of the consistency proof, and the newer signed checkpoint, which may be any log's. The bytes are those that C2SP `tlog-witness` posts to a witness.
///
/// Read, not verified; [`ConsistencyFile::check`] verifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyFile {
    old: Size,
    path: Vec<Digest>,
    checkpoint: LogCheckpoint,
}

const OLD: &str = "old <size>, in decimal without leading zeroes";
/// The bytes of a hash in base64.
const HASH_BYTES: usize = 44;
const HASHES: &str = "<base64 of 32 bytes>, then an empty line";

impl ConsistencyFile {
    /// The most hashes of a proof.
    pub const MAX_PATH: usize = 63;
    /// The most bytes of a file: a note, 63 hashes and the other lines.
    pub const MAX_BYTES: usize = Note::MAX_BYTES + Self::MAX_PATH * (HASH_BYTES + 1) + 30;

    /// Joins the parts.
    ///
    /// # Errors
    /// [`ProvenError::PeerConsistencyTooLong`], [`ProvenError::PeerShrunk`].
    pub fn new(
        old: Size,
        path: Vec<Digest>,
        checkpoint: impl Into<LogCheckpoint>,
    ) -> Result<Self, ProvenError> {
        if path.len() > Self::MAX_PATH {
            return Err(ProvenError::PeerConsistencyTooLong { got: path.len(), max: Self::MAX_PATH });
        }
        let checkpoint = checkpoint.into();
        let new = checkpoint.head().size;
        if old > new {
            return Err(ProvenError::PeerShrunk { old, new });
        }
        Ok(Self { old, path, checkpoint })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ProvenError::PeerConsistencyTooLarge`]: more than [`ConsistencyFile::MAX_BYTES`], refused unread;
    /// [`ProvenError::PeerConsistencyLine`] with the first line that has another form; [`ProvenError::Attest`] for the checkpoint;
    /// and what [`ConsistencyFile::new`] refuses.
    /// # Source
    /// C2SP tlog-witness, "add-checkpoint".
    pub fn parse(bytes: &[u8]) -> Result<Self, ProvenError> {
        let (got, max) = (bytes.len(), Self::MAX_BYTES);
        if got > max {
            return Err(ProvenError::PeerConsistencyTooLarge { got, max });
        }
        let line = |line, want| ProvenError::PeerConsistencyLine { line, want };
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").ok_or(line(1, HASHES))?;
        let (head, note) = (bytes.get(..end).unwrap_or_default(), bytes.get(end + 2..).unwrap_or_default());
        let mut lines = head.split(|byte| *byte == b'\n');
        let old = lines.next().and_then(number).ok_or(line(1, OLD))?;
        let mut path = Vec::new();
        for (text, at) in lines.zip(2..) {
            if path.len() == Self::MAX_PATH {
                return Err(ProvenError::PeerConsistencyTooLong { got: path.len() + 1, max: Self::MAX_PATH });
            }
            path.push(hash(text).ok_or(line(at, HASHES))?);
        }
        Self::new(Size(old), path, LogCheckpoint::parse(note)?)
    }

    /// The older size.
    #[must_use]
    pub const fn old(&self) -> Size {
        self.old
    }

    /// The hashes of the proof.
    #[must_use]
    pub fn path(&self) -> &[Digest] {
        &self.path
    }

    /// The newer signed checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &LogCheckpoint {
        &self.checkpoint
    }

    /// Writes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = writeln!(out, "old {}", self.old);
        for hash in &self.path {
            let _ = writeln!(out, "{}", Base64::encode_string(hash.as_bytes()));
        }
        out.push('\n');
        let mut out = out.into_bytes();
        out.append(&mut self.checkpoint.to_bytes());
        out
    }

    /// Checks that the log which `old` is a checkpoint of was only added to, under two checkpoints that `trust` vouches for.
    ///
    /// # Errors
    /// [`ProvenError::Attest`]: a checkpoint is not signed as `trust` demands; [`ProvenError::PeerOtherLog`],
    /// [`ProvenError::PeerOtherSize`]: `old` is not the one the proof is for; [`ProvenError::Growth`]: the log was changed.
    pub fn check(&self, trust: &dyn LogAuthority, old: &LogCheckpoint) -> Result<Grown, ProvenError> {
        let (old, new) = (trust.attested(old)?, trust.attested(&self.checkpoint)?);
        if old.origin != new.origin {
            return Err(ProvenError::PeerOtherLog { got: old.origin, want: new.origin });
        }
        if old.head.size != self.old {
            return Err(ProvenError::PeerOtherSize { got: old.head.size, want: self.old });
        }
        let prefix = Prefix { old: old.head, path: self.path.clone() };
        let prefix = TreeAuthority::new(new.head).verify(prefix).map_err(ProvenError::Growth)?;
        Ok(Grown { prefix, old, new })
    }
}

/// A log that was only added to between two checkpoints. Only [`ConsistencyFile::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grown {
    prefix: Verified<Prefix>,
    old: Attested,
    new: Attested,
}

impl Grown {
    /// The older head, proved to be a prefix of the newer one's tree.
    #[must_use]
    pub fn prefix(&self) -> &Prefix {
        &self.prefix
    }

    /// The older checkpoint, who signed it, and the rule that was met.
    #[must_use]
    pub const fn old(&self) -> &Attested {
        &self.old
    }

    /// The newer checkpoint, who signed it, and the rule that was met.
    #[must_use]
    pub const fn new_head(&self) -> &Attested {
        &self.new
    }
}

/// The number behind `old `, in its one form.
fn number(line: &[u8]) -> Option<u64> {
    let digits = line.strip_prefix(b"old ").filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    let text = core::str::from_utf8(digits).ok()?;
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

/// A hash in its one form, which has 44 bytes: no other length is decoded.
fn hash(line: &[u8]) -> Option<Digest> {
    let line: &[u8; HASH_BYTES] = line.try_into().ok()?;
    let text = core::str::from_utf8(line).ok()?;
    let bytes = Base64::decode_vec(text).ok().filter(|bytes| Base64::encode_string(bytes) == text)?;
    Digest::from_slice(&bytes).ok()
}
