use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::{Error, base64};

/// One signature line: who says it signed, with which key, and the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteLine {
    name: String,
    key_id: [u8; 4],
    blob: Vec<u8>,
}

const DASH: &str = "\u{2014} ";

impl NoteLine {
    /// A line of the key `name` with `key_id`. `blob` is what follows the key id: the signature, for cosignatures
    /// behind eight bytes of time.
    ///
    /// # Errors
    /// [`Error::PeerKeyName`]; [`Error::PeerEmpty`] for an empty blob.
    pub fn new(name: impl Into<String>, key_id: [u8; 4], blob: Vec<u8>) -> Result<Self, Error> {
        let name = name.into();
        check_key_name(&name)?;
        if blob.is_empty() {
            return Err(Error::PeerEmpty { what: "signature" });
        }
        Ok(Self { name, key_id, blob })
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's short id.
    #[must_use]
    pub const fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    /// What follows the key id.
    #[must_use]
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// Reads line `at`, from 1, without its line feed.
    pub(crate) fn parse(at: usize, line: &str) -> Result<Self, Error> {
        let malformed = || Error::PeerSignatureLine { line: at };
        let (name, encoded) =
            line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or_else(malformed)?;
        let bytes = base64::decode("signature line", encoded)?;
        match bytes.split_first_chunk::<4>() {
            Some((key_id, blob)) if !blob.is_empty() => Self::new(name, *key_id, blob.to_vec()),
            _ => Err(malformed()),
        }
    }
}

/// The line without its line feed.
impl fmt::Display for NoteLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_id.as_slice(), &self.blob].concat();
        write!(f, "{DASH}{} {}", self.name, base64::encode(&bytes))
    }
}

/// Key names are not empty and have no Unicode space, no ASCII control character and no `+`.
pub(crate) fn check_key_name(name: &str) -> Result<(), Error> {
    let bad = |c: char| c.is_whitespace() || c.is_ascii_control() || c == '+';
    if name.is_empty() || name.contains(bad) {
        return Err(Error::PeerKeyName { name: name.into() });
    }
    Ok(())
}
