use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

use crate::{Error, KeyType, NoteLine, VerifierKey};

/// Text and the lines of those who signed it. There is one encoding: what parses is written back byte for byte.
///
/// A note by itself proves nothing: the lines were read, not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteLine>,
}

impl Note {
    /// The most bytes a note may have: 4 MiB.
    pub const MAX_BYTES: usize = 4 << 20;
    /// The most bytes its text may have: 64 KiB.
    pub const MAX_TEXT_BYTES: usize = 64 << 10;
    /// The most signature lines it may have.
    pub const MAX_SIGNATURES: usize = 1024;

    /// Joins `text`, which ends in a line feed, and at least one line.
    ///
    /// # Errors
    /// [`Error::PeerNoteForm`], [`Error::PeerControlCharacter`], [`Error::PeerTooLarge`].
    pub fn new(text: impl Into<String>, signatures: Vec<NoteLine>) -> Result<Self, Error> {
        let text = text.into();
        check_bytes(text.as_bytes())?;
        limit("note text", text.len(), Self::MAX_TEXT_BYTES)?;
        limit("note's list of signatures", signatures.len(), Self::MAX_SIGNATURES)?;
        if !text.ends_with('\n') || signatures.is_empty() {
            return Err(Error::PeerNoteForm);
        }
        let note = Self { text, signatures };
        limit("note", note.to_bytes().len(), Self::MAX_BYTES)?;
        Ok(note)
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`Error::PeerTooLarge`], [`Error::PeerNotUtf8`], [`Error::PeerControlCharacter`], [`Error::PeerNoteForm`],
    /// [`Error::PeerSignatureLine`], [`Error::PeerKeyName`], [`Error::PeerBase64`].
    /// # Source
    /// C2SP signed-note, "Format".
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        limit("note", bytes.len(), Self::MAX_BYTES)?;
        let whole = core::str::from_utf8(bytes)
            .map_err(|error| Error::PeerNotUtf8 { what: "note", at: error.valid_up_to() })?;
        check_bytes(bytes)?;
        let (body, lines) = whole.rsplit_once("\n\n").ok_or(Error::PeerNoteForm)?;
        let text = whole.get(..body.len() + 1).ok_or(Error::PeerNoteForm)?;
        limit("note text", text.len(), Self::MAX_TEXT_BYTES)?;
        let lines = lines.strip_suffix('\n').ok_or(Error::PeerNoteForm)?;
        let count = lines.split('\n').count();
        limit("note's list of signatures", count, Self::MAX_SIGNATURES)?;
        let signatures = lines
            .split('\n')
            .enumerate()
            .map(|(at, line)| NoteLine::parse(at + 1, line))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { text: text.into(), signatures })
    }

    /// The signed text, its last line feed included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteLine] {
        &self.signatures
    }

    /// Writes the note.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.text.clone();
        out.push('\n');
        for line in &self.signatures {
            // Writing to a string does not fail.
            let _ = writeln!(out, "{line}");
        }
        out.into_bytes()
    }

    /// Verifies that `key`, of type 0x01, signed the text. Lines of other keys are ignored; every line of this key must
    /// verify, and there must be one.
    ///
    /// # Errors
    /// [`Error::MisuseKeyRole`], [`Error::PeerNotSignedBy`], [`Error::PeerBadSignature`].
    pub fn verify(&self, key: &VerifierKey) -> Result<(), Error> {
        if key.key_type() != KeyType::Ed25519 {
            let (name, got) = (key.name().into(), key.key_type());
            return Err(Error::MisuseKeyRole { name, got, want: KeyType::Ed25519 });
        }
        let mut signed = false;
        for line in self.signatures.iter().filter(|line| key.owns(line)) {
            key.key().verify(self.text.as_bytes(), line.blob()).map_err(|_| key.bad_signature())?;
            signed = true;
        }
        if signed { Ok(()) } else { Err(Error::PeerNotSignedBy { name: key.name().into() }) }
    }
}

pub(crate) const fn limit(what: &'static str, got: usize, max: usize) -> Result<(), Error> {
    if got > max { Err(Error::PeerTooLarge { what, got, max }) } else { Ok(()) }
}

fn check_bytes(bytes: &[u8]) -> Result<(), Error> {
    match bytes.iter().enumerate().find(|(_, byte)| **byte < 0x20 && **byte != b'\n') {
        Some((at, found)) => Err(Error::PeerControlCharacter { what: "note", at, found: *found }),
        None => Ok(()),
    }
}
