use alloc::{format, vec::Vec};
use core::{fmt, str::FromStr};

use auditmesh_types::{Digest, Origin, Size, TreeHead};
use sha2::{Digest as _, Sha256};

use crate::{Error, KeyType, base64, decimal};

/// A log's head as it is signed: origin, size and root, each on its line. It has one encoding and no extension lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checkpoint {
    /// The log.
    pub origin: Origin,
    /// Its size and root.
    pub head: TreeHead,
}

impl Checkpoint {
    /// The SHA-256 of the text, signatures not included: the same on every node, whoever signed.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(format!("{self}")).into())
    }

    /// What a key of `key_type` named `name` signs at second `at`.
    ///
    /// # Errors
    /// [`Error::PeerTooLarge`] for a name of more than 255 bytes.
    /// # Source
    /// C2SP tlog-cosignature, "Ed25519 signed message" and "ML-DSA-44 signed message".
    pub fn cosigned_message(&self, key_type: KeyType, name: &str, at: u64) -> Result<Vec<u8>, Error> {
        signed_message(key_type, name, at, &format!("{self}"), self.origin.as_str(), self.head)
    }
}

/// What a key of `key_type` named `name` signs at second `at` of a checkpoint: its whole text, or its origin and head.
pub(crate) fn signed_message(
    key_type: KeyType,
    name: &str,
    at: u64,
    text: &str,
    origin: &str,
    head: TreeHead,
) -> Result<Vec<u8>, Error> {
    Ok(match key_type {
        KeyType::Ed25519 => text.as_bytes().to_vec(),
        KeyType::Ed25519Cosignature => format!("cosignature/v1\ntime {at}\n{text}").into_bytes(),
        KeyType::MlDsa44Cosignature => subtree_message(name, at, origin, head)?,
    })
}

/// What a line of type 0x06 signs for a whole tree.
fn subtree_message(name: &str, at: u64, origin: &str, head: TreeHead) -> Result<Vec<u8>, Error> {
    let mut message = b"subtree/v1\n\0".to_vec();
    push_short(&mut message, "key name", name)?;
    message.extend_from_slice(&at.to_be_bytes());
    push_short(&mut message, "origin", origin)?;
    message.extend_from_slice(&0u64.to_be_bytes());
    message.extend_from_slice(&head.size.0.to_be_bytes());
    message.extend_from_slice(head.root.as_bytes());
    Ok(message)
}

fn push_short(out: &mut Vec<u8>, what: &'static str, text: &str) -> Result<(), Error> {
    let length = u8::try_from(text.len()).map_err(|_| Error::PeerTooLarge {
        what,
        got: text.len(),
        max: usize::from(u8::MAX),
    })?;
    out.push(length);
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// The text that is signed, its last line feed included.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = base64::encode(self.head.root.as_bytes());
        write!(f, "{}\n{}\n{root}\n", self.origin, self.head.size)
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    /// Reads the three lines. At size 0 there is one root: the SHA-256 of nothing.
    fn from_str(text: &str) -> Result<Self, Error> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let &[origin, size, root] = lines.as_slice() else {
            return Err(match lines.len().checked_sub(3) {
                Some(got) => Error::PeerExtensionLines { got },
                None => Error::PeerCheckpointLines { got: lines.len() },
            });
        };
        let root = root.strip_suffix('\n').ok_or(Error::PeerCheckpointLines { got: 2 })?;
        let origin =
            Origin::new(origin.trim_end_matches('\n')).map_err(|source| Error::PeerOrigin { source })?;
        let size = Size(decimal::parse("tree size", size.trim_end_matches('\n'))?);
        let head = possible(TreeHead { size, root: digest("root hash", root)? })?;
        Ok(Self { origin, head })
    }
}

/// `head`, if a tree can have it: one without leaves has one root.
pub(crate) fn possible(head: TreeHead) -> Result<TreeHead, Error> {
    if head.size.0 == 0 && head.root.0 != <[u8; 32]>::from(Sha256::digest([])) {
        return Err(Error::PeerEmptyRoot { got: head.root });
    }
    Ok(head)
}

/// Reads the canonical base64 of 32 bytes.
pub(crate) fn digest(what: &'static str, text: &str) -> Result<Digest, Error> {
    let bytes = base64::decode(what, text)?;
    Digest::from_slice(&bytes).map_err(|_| Error::PeerLength { what, got: bytes.len(), want: 32 })
}
