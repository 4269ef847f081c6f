use alloc::{string::String, vec::Vec};
use core::fmt;

use auditmesh_types::{Scheme, Signer};
use ml_dsa::{
    MlDsa44 as Parameters, Seed, Signer as _, SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding, der::zeroize::Zeroize as _},
};

use crate::{Error, KeyKind, PublicKey, Zeroizing, key_file};

/// An ML-DSA-44 key in memory. Signatures are deterministic; the key is wiped when it is dropped.
///
/// # Cost
/// Some tens of kilobytes: seed, expanded key and expanded public key. How many attempts a signature takes depends on
/// key and message.
pub struct MlDsa44Signer {
    key: SigningKey<Parameters>,
    public: Vec<u8>,
}

impl MlDsa44Signer {
    /// The key that FIPS 204 derives from a 32-byte seed. The seed must come from a source of randomness and be kept
    /// nowhere else.
    ///
    /// # Source
    /// FIPS 204, algorithm 6.
    #[must_use]
    pub fn from_seed(mut seed: [u8; 32]) -> Self {
        let mut copy = Seed::from(seed);
        let key = SigningKey::from_seed(&copy);
        seed.zeroize();
        copy.zeroize();
        Self::from_key(key)
    }

    fn from_key(key: SigningKey<Parameters>) -> Self {
        let public = key.as_ref().encode().to_vec();
        Self { key, public }
    }

    /// The public half, ready to verify.
    ///
    /// # Errors
    /// [`Error::PeerWeakKey`], which no seed is known to lead to.
    pub fn public(&self) -> Result<PublicKey, Error> {
        PublicKey::ml_dsa44(&self.public)
    }

    /// The private key as a PKCS#8 PEM file that holds the seed alone.
    ///
    /// # Errors
    /// [`Error::MisuseKeyFile`] when encoding fails, which it does not for a key in memory.
    /// # Source
    /// RFC 9881 §6, the choice `seed`.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, Error> {
        self.key
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| Error::MisuseKeyFile { want: KeyKind::MlDsa44Private })
    }

    /// Reads a PKCS#8 PEM file that holds the seed alone; the expanded forms are refused.
    ///
    /// # Errors
    /// [`Error::MisuseKeyKind`] for another sort of key, [`Error::MisuseKeyFile`] for a malformed file.
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        let want = KeyKind::MlDsa44Private;
        key_file::check_kind(pem, want)?;
        SigningKey::from_pkcs8_pem(pem).map(Self::from_key).map_err(|_| Error::MisuseKeyFile { want })
    }
}

impl Signer for MlDsa44Signer {
    type Error = Error;

    fn scheme(&self) -> Scheme {
        Scheme::MlDsa44
    }

    fn public_key(&self) -> &[u8] {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature =
            self.key.try_sign(message).map_err(|_| Error::LocalSigning { scheme: Scheme::MlDsa44 })?;
        Ok(signature.encode().to_vec())
    }
}

impl fmt::Debug for MlDsa44Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MlDsa44Signer").finish_non_exhaustive()
    }
}
