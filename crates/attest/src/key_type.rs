use core::fmt;

use auditmesh_types::Scheme;
use sha2::{Digest as _, Sha256};

use crate::Error;

/// What a note signature line means: the type byte of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyType {
    /// 0x01: Ed25519 over the note's text.
    Ed25519,
    /// 0x04: Ed25519 over a time and the checkpoint's text. It does not commit to the cosigner's name.
    Ed25519Cosignature,
    /// 0x06: ML-DSA-44 over name, time, origin, size and root.
    MlDsa44Cosignature,
}

impl KeyType {
    /// The byte as it stands in a verifier key.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Ed25519Cosignature => 0x04,
            Self::MlDsa44Cosignature => 0x06,
        }
    }

    /// Reads the byte.
    ///
    /// # Errors
    /// [`Error::PeerKeyType`].
    pub const fn from_byte(byte: u8) -> Result<Self, Error> {
        match byte {
            0x01 => Ok(Self::Ed25519),
            0x04 => Ok(Self::Ed25519Cosignature),
            0x06 => Ok(Self::MlDsa44Cosignature),
            got => Err(Error::PeerKeyType { got }),
        }
    }

    /// The signature scheme of its keys.
    #[must_use]
    pub const fn scheme(self) -> Scheme {
        match self {
            Self::Ed25519 | Self::Ed25519Cosignature => Scheme::Ed25519,
            Self::MlDsa44Cosignature => Scheme::MlDsa44,
        }
    }

    /// The short id of the key `public_key` under `name`: it finds a key, it does not authenticate one.
    ///
    /// # Source
    /// C2SP signed-note, "Signatures".
    #[must_use]
    pub fn key_id(self, name: &str, public_key: &[u8]) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', self.byte()])
            .chain_update(public_key)
            .finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ed25519 => "0x01 (Ed25519)",
            Self::Ed25519Cosignature => "0x04 (Ed25519 cosignature)",
            Self::MlDsa44Cosignature => "0x06 (ML-DSA-44 cosignature)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_round_trip_and_others_are_refused() {
        for byte in 0..=255u8 {
            match KeyType::from_byte(byte) {
                Ok(kind) => assert_eq!(kind.byte(), byte),
                Err(error) => {
                    assert!(![1, 4, 6].contains(&byte));
                    assert_eq!(error, Error::PeerKeyType { got: byte });
                }
            }
        }
    }
}
