use alloc::{string::String, sync::Arc, vec::Vec};
use core::fmt;

use auditmesh_types::Scheme;
use ml_dsa::{
    MlDsa44 as Parameters,
    pkcs8::{DecodePublicKey, EncodePublicKey, LineEnding, spki::Document},
};

use crate::{Ed25519, Error, KeyKind, MlDsa44, key_file};

/// A public key that was checked once and is kept expanded, so that verifying costs no more than it must.
///
/// Clones share the expanded form: about 200 bytes for Ed25519, 20 kB for ML-DSA-44.
#[derive(Clone)]
pub struct PublicKey {
    bytes: Vec<u8>,
    expanded: Expanded,
}

#[derive(Clone)]
enum Expanded {
    Ed25519(Arc<ed25519_dalek::VerifyingKey>),
    MlDsa44(Arc<ml_dsa::VerifyingKey<Parameters>>),
}

impl PublicKey {
    /// Checks and expands an Ed25519 key of 32 bytes.
    ///
    /// # Errors
    /// [`Error::PeerLength`], [`Error::PeerMalformedKey`], [`Error::PeerWeakKey`].
    pub fn ed25519(bytes: &[u8]) -> Result<Self, Error> {
        let expanded = Expanded::Ed25519(Arc::new(Ed25519::expand(bytes)?));
        Ok(Self { bytes: bytes.to_vec(), expanded })
    }

    /// Checks and expands an ML-DSA-44 key of 1,312 bytes.
    ///
    /// # Errors
    /// [`Error::PeerLength`], [`Error::PeerWeakKey`].
    pub fn ml_dsa44(bytes: &[u8]) -> Result<Self, Error> {
        let expanded = Expanded::MlDsa44(Arc::new(MlDsa44::expand(bytes)?));
        Ok(Self { bytes: bytes.to_vec(), expanded })
    }

    /// The rule its signatures follow.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        match self.expanded {
            Expanded::Ed25519(_) => Scheme::Ed25519,
            Expanded::MlDsa44(_) => Scheme::MlDsa44,
        }
    }

    /// The key's bytes in the encoding of its scheme.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Verifies `signature` over `message`.
    ///
    /// # Errors
    /// [`Error::PeerLength`], [`Error::PeerSignatureRefused`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        match &self.expanded {
            Expanded::Ed25519(key) => Ed25519::verify_expanded(key, message, signature),
            Expanded::MlDsa44(key) => MlDsa44::verify_expanded(key, message, signature),
        }
    }

    const fn kind(&self) -> KeyKind {
        match self.expanded {
            Expanded::Ed25519(_) => KeyKind::Ed25519Public,
            Expanded::MlDsa44(_) => KeyKind::MlDsa44Public,
        }
    }

    /// The key as SPKI, DER encoded.
    pub(crate) fn to_spki(&self) -> Result<Document, Error> {
        let document = match &self.expanded {
            Expanded::Ed25519(key) => key.to_public_key_der(),
            Expanded::MlDsa44(key) => key.to_public_key_der(),
        };
        document.map_err(|_| Error::MisuseKeyFile { want: self.kind() })
    }

    /// The key as an SPKI PEM file.
    ///
    /// # Errors
    /// [`Error::MisuseKeyFile`] when encoding fails, which it does not for a key in memory.
    /// # Source
    /// RFC 8410 §4; RFC 9881 §4.
    pub fn to_pem(&self) -> Result<String, Error> {
        let want = self.kind();
        self.to_spki()?.to_pem("PUBLIC KEY", LineEnding::LF).map_err(|_| Error::MisuseKeyFile { want })
    }

    /// Reads an SPKI PEM file that must hold a key of `scheme`.
    ///
    /// # Errors
    /// [`Error::MisuseKeyKind`] for another sort of key, [`Error::MisuseKeyFile`] for a malformed file,
    /// [`Error::PeerWeakKey`], [`Error::PeerMalformedKey`]; [`Error::MisuseScheme`] for a scheme without key files.
    pub fn from_pem(scheme: Scheme, pem: &str) -> Result<Self, Error> {
        match scheme {
            Scheme::Ed25519 => {
                let want = KeyKind::Ed25519Public;
                key_file::check_kind(pem, want)?;
                let key = ed25519_dalek::pkcs8::PublicKeyBytes::from_public_key_pem(pem)
                    .map_err(|_| Error::MisuseKeyFile { want })?;
                Self::ed25519(&key.to_bytes())
            }
            Scheme::MlDsa44 => {
                let want = KeyKind::MlDsa44Public;
                key_file::check_kind(pem, want)?;
                let key = ml_dsa::VerifyingKey::<Parameters>::from_public_key_pem(pem)
                    .map_err(|_| Error::MisuseKeyFile { want })?;
                Self::ml_dsa44(&key.encode())
            }
            got => Err(Error::MisuseScheme { got, want: Scheme::Ed25519 }),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.scheme() == other.scheme() && self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| self.bytes.get(at).copied().unwrap_or(0));
        write!(f, "PublicKey({} {a:02x}{b:02x}{c:02x}{d:02x}…)", self.scheme())
    }
}
