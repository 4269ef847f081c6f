use alloc::vec::Vec;
use core::{error, fmt};

/// Which rule decides whether a signature is valid. The rule, not the key's length, tells schemes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Ed25519, RFC 8032, strict verification: no weak key, no non-canonical encoding, one at a time.
    Ed25519,
    /// ML-DSA-44, FIPS 204 with an empty context.
    MlDsa44,
    /// Dilithium2 as `pqcrypto-dilithium` 0.5 has it: a draft from before FIPS 204. Not ML-DSA.
    Dilithium2,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::MlDsa44 => "ML-DSA-44",
            Self::Dilithium2 => "Dilithium2",
        })
    }
}

/// Makes signatures with one key. Fallible: the key may live in another machine.
pub trait Signer {
    /// Why a signature could not be made. Says nothing about the key.
    type Error: error::Error + 'static;

    /// The rule its signatures follow.
    fn scheme(&self) -> Scheme;

    /// The public key, in the encoding of the scheme.
    fn public_key(&self) -> &[u8];

    /// Signs `message`.
    ///
    /// # Errors
    /// When the key is out of reach or refuses.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error>;
}

/// Checks signatures of one scheme, one at a time; the verdict is the same on every machine.
pub trait Verifier {
    /// Why a signature is refused.
    type Error: error::Error + 'static;

    /// The rule it follows.
    fn scheme(&self) -> Scheme;

    /// Whether `public_key` may be enrolled: well formed and not weak.
    ///
    /// # Errors
    /// When it may not.
    fn check_key(&self, public_key: &[u8]) -> Result<(), Self::Error>;

    /// Verifies `signature` over `message` by `public_key`.
    ///
    /// # Errors
    /// When key or signature are malformed, or the signature does not verify.
    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Self::Error>;
}
