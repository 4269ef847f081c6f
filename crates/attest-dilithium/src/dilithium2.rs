use auditmesh_types::{Scheme, Verifier};
use pqcrypto_dilithium::dilithium2;
use pqcrypto_traits::sign::{DetachedSignature as _, PublicKey as _};

use crate::Error;

/// Verifies Dilithium2 signatures with the portable C code of `pqcrypto-dilithium`.
///
/// # Cost
/// The key is expanded anew for every signature: the library keeps no expanded key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dilithium2;

impl Dilithium2 {
    /// The length of a public key. An ML-DSA-44 key is as long and means something else.
    pub const PUBLIC_KEY_BYTES: usize = dilithium2::public_key_bytes();
    /// The length of a secret key.
    pub const SECRET_KEY_BYTES: usize = dilithium2::secret_key_bytes();
    /// The length of a signature. An ML-DSA-44 signature is as long and means something else.
    pub const SIGNATURE_BYTES: usize = dilithium2::signature_bytes();
    /// The seed at the start of a public key; the vector `t1` follows.
    const SEED_BYTES: usize = 32;

    pub(crate) fn read_key(bytes: &[u8]) -> Result<dilithium2::PublicKey, Error> {
        let key = dilithium2::PublicKey::from_bytes(bytes).map_err(|_| Error::PeerLength {
            what: "public key",
            got: bytes.len(),
            want: Self::PUBLIC_KEY_BYTES,
        })?;
        if bytes.iter().skip(Self::SEED_BYTES).all(|byte| *byte == 0) {
            return Err(Error::PeerWeakKey);
        }
        Ok(key)
    }
}

impl Verifier for Dilithium2 {
    type Error = Error;

    fn scheme(&self) -> Scheme {
        Scheme::Dilithium2
    }

    fn check_key(&self, public_key: &[u8]) -> Result<(), Error> {
        Self::read_key(public_key).map(drop)
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        let key = Self::read_key(public_key)?;
        let length =
            Error::PeerLength { what: "signature", got: signature.len(), want: Self::SIGNATURE_BYTES };
        if signature.len() != Self::SIGNATURE_BYTES {
            return Err(length);
        }
        let signature = dilithium2::DetachedSignature::from_bytes(signature).map_err(|_| length)?;
        dilithium2::verify_detached_signature(&signature, message, &key)
            .map_err(|_| Error::PeerSignatureRefused)
    }
}
