use auditmesh_types::{Scheme, Verifier};
use ed25519_dalek::{Signature, VerifyingKey};

use crate::Error;

/// Ed25519 as this house means it: `verify_strict`, one signature at a time.
///
/// Refused besides what RFC 8032 refuses: weak (small-order) keys and nonces, and keys that are not in their canonical
/// encoding. The same rule holds for enrolment and for verification.
///
/// # Cost
/// Below a tenth of a millisecond, the key's decompression included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ed25519;

impl Ed25519 {
    pub(crate) const KEY_BYTES: usize = 32;
    pub(crate) const SIGNATURE_BYTES: usize = 64;

    /// Decompresses a key and refuses weak and non-canonical ones.
    pub(crate) fn expand(public_key: &[u8]) -> Result<VerifyingKey, Error> {
        let scheme = Scheme::Ed25519;
        let bytes: &[u8; Self::KEY_BYTES] = public_key.try_into().map_err(|_| Error::PeerLength {
            what: "Ed25519 public key",
            got: public_key.len(),
            want: Self::KEY_BYTES,
        })?;
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| Error::PeerMalformedKey { scheme })?;
        if key.is_weak() {
            return Err(Error::PeerWeakKey { scheme });
        }
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(Error::PeerMalformedKey { scheme });
        }
        Ok(key)
    }

    pub(crate) fn verify_expanded(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        let bytes: &[u8; Self::SIGNATURE_BYTES] = signature.try_into().map_err(|_| Error::PeerLength {
            what: "Ed25519 signature",
            got: signature.len(),
            want: Self::SIGNATURE_BYTES,
        })?;
        key.verify_strict(message, &Signature::from_bytes(bytes))
            .map_err(|_| Error::PeerSignatureRefused { scheme: Scheme::Ed25519 })
    }
}

impl Verifier for Ed25519 {
    type Error = Error;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn check_key(&self, public_key: &[u8]) -> Result<(), Error> {
        Self::expand(public_key).map(drop)
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        Self::verify_expanded(&Self::expand(public_key)?, message, signature)
    }
}
