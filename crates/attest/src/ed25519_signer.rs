use alloc::{string::String, vec::Vec};
use core::fmt;

use auditmesh_types::{Scheme, Signer};
use ed25519_dalek::{
    Signer as _, SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes},
};
use ml_dsa::pkcs8::{LineEnding, der::zeroize::Zeroize as _};

use crate::{Error, KeyKind, PublicKey, Zeroizing, key_file};

/// An Ed25519 key in memory. Signatures are deterministic; the key is wiped when it is dropped.
pub struct Ed25519Signer {
    key: SigningKey,
    public: [u8; 32],
}

impl Ed25519Signer {
    /// The key that RFC 8032 derives from a 32-byte seed. The seed must come from a source of randomness and be kept
    /// nowhere else.
    #[must_use]
    pub fn from_seed(mut seed: [u8; 32]) -> Self {
        let key = SigningKey::from_bytes(&seed);
        seed.zeroize();
        let public = key.verifying_key().to_bytes();
        Self { key, public }
    }

    /// The public half, ready to verify.
    ///
    /// # Errors
    /// [`Error::PeerWeakKey`], which no seed is known to lead to.
    pub fn public(&self) -> Result<PublicKey, Error> {
        PublicKey::ed25519(&self.public)
    }

    /// The private key as a PKCS#8 PEM file, version 1: the seed alone.
    ///
    /// # Errors
    /// [`Error::MisuseKeyFile`] when encoding fails, which it does not for a key in memory.
    /// # Source
    /// RFC 8410 §7.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, Error> {
        KeypairBytes { secret_key: self.key.to_bytes(), public_key: None }
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| Error::MisuseKeyFile { want: KeyKind::Ed25519Private })
    }

    /// Reads a PKCS#8 PEM file. Where it carries the public key as well, the two must belong together.
    ///
    /// # Errors
    /// [`Error::MisuseKeyKind`] for another sort of key, [`Error::MisuseKeyFile`] for a malformed file.
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        let want = KeyKind::Ed25519Private;
        key_file::check_kind(pem, want)?;
        let key = SigningKey::from_pkcs8_pem(pem).map_err(|_| Error::MisuseKeyFile { want })?;
        let public = key.verifying_key().to_bytes();
        Ok(Self { key, public })
    }
}

impl Signer for Ed25519Signer {
    type Error = Error;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn public_key(&self) -> &[u8] {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature =
            self.key.try_sign(message).map_err(|_| Error::LocalSigning { scheme: Scheme::Ed25519 })?;
        Ok(signature.to_bytes().to_vec())
    }
}

impl fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ed25519Signer").finish_non_exhaustive()
    }
}
