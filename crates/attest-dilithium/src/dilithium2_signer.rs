use alloc::vec::Vec;
use core::fmt;

use auditmesh_types::{Scheme, Signer, Verifier as _};
use pqcrypto_dilithium::dilithium2;
use pqcrypto_traits::sign::{DetachedSignature as _, PublicKey as _, SecretKey as _};

use crate::{Dilithium2, Error};

/// Signed when a pair is read, to see that it is one.
const PROBE: &[u8] = b"auditmesh-attest-dilithium: are these keys a pair?";

/// A Dilithium2 key in memory. Signatures are deterministic.
///
/// The library's key type is `Copy` and cannot be wiped: copies of the key stay in memory until it is used again.
pub struct Dilithium2Signer {
    secret: dilithium2::SecretKey,
    public: Vec<u8>,
}

impl Dilithium2Signer {
    /// A new key from the operating system's randomness. The library takes no seed.
    ///
    /// # Panics
    /// Inside the library, when the operating system gives no randomness.
    #[must_use]
    pub fn generate() -> Self {
        let (public, secret) = dilithium2::keypair();
        Self { secret, public: public.as_bytes().to_vec() }
    }

    /// Reads a pair and refuses keys that do not belong together.
    ///
    /// # Errors
    /// [`Error::PeerLength`], [`Error::PeerWeakKey`], [`Error::MisuseKeyPair`].
    /// # Cost
    /// One signature and one verification.
    pub fn from_bytes(secret: &[u8], public: &[u8]) -> Result<Self, Error> {
        Dilithium2::read_key(public)?;
        let key = dilithium2::SecretKey::from_bytes(secret).map_err(|_| Error::PeerLength {
            what: "secret key",
            got: secret.len(),
            want: Dilithium2::SECRET_KEY_BYTES,
        })?;
        let signer = Self { secret: key, public: public.to_vec() };
        let signature = signer.sign(PROBE)?;
        Dilithium2.verify(public, PROBE, &signature).map_err(|_| Error::MisuseKeyPair)?;
        Ok(signer)
    }

    /// The secret key's bytes, to be kept where nobody else reads them.
    #[must_use]
    pub fn secret_key(&self) -> &[u8] {
        self.secret.as_bytes()
    }
}

impl Signer for Dilithium2Signer {
    type Error = Error;

    fn scheme(&self) -> Scheme {
        Scheme::Dilithium2
    }

    fn public_key(&self) -> &[u8] {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(dilithium2::detached_sign(message, &self.secret).as_bytes().to_vec())
    }
}

impl fmt::Debug for Dilithium2Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dilithium2Signer").finish_non_exhaustive()
    }
}
