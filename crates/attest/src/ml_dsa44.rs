use auditmesh_types::{Scheme, Verifier};
use ml_dsa::{EncodedVerifyingKey, MlDsa44 as Parameters, Signature, Verifier as _, VerifyingKey};

use crate::Error;

/// ML-DSA-44 of FIPS 204 with an empty context.
///
/// A key whose vector `t1` is zero is refused, at enrolment and at verification: FIPS 204 defines verification for it,
/// and anyone can then make signatures that verify.
///
/// # Cost
/// The greater part is the key's expansion, a matrix of 16 polynomials, which [`PublicKey`](crate::PublicKey) keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MlDsa44;

impl MlDsa44 {
    pub(crate) const KEY_BYTES: usize = 1312;
    pub(crate) const SIGNATURE_BYTES: usize = 2420;
    const SEED_BYTES: usize = 32;

    /// Expands a key and refuses weak ones.
    pub(crate) fn expand(public_key: &[u8]) -> Result<VerifyingKey<Parameters>, Error> {
        let encoded = EncodedVerifyingKey::<Parameters>::try_from(public_key).map_err(|_| {
            Error::PeerLength { what: "ML-DSA-44 public key", got: public_key.len(), want: Self::KEY_BYTES }
        })?;
        if public_key.iter().skip(Self::SEED_BYTES).all(|byte| *byte == 0) {
            return Err(Error::PeerWeakKey { scheme: Scheme::MlDsa44 });
        }
        Ok(VerifyingKey::decode(&encoded))
    }

    pub(crate) fn verify_expanded(
        key: &VerifyingKey<Parameters>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        if signature.len() != Self::SIGNATURE_BYTES {
            return Err(Error::PeerLength {
                what: "ML-DSA-44 signature",
                got: signature.len(),
                want: Self::SIGNATURE_BYTES,
            });
        }
        let refused = Error::PeerSignatureRefused { scheme: Scheme::MlDsa44 };
        let signature = Signature::<Parameters>::try_from(signature).map_err(|_| refused.clone())?;
        key.verify(message, &signature).map_err(|_| refused)
    }
}

impl Verifier for MlDsa44 {
    type Error = Error;

    fn scheme(&self) -> Scheme {
        Scheme::MlDsa44
    }

    fn check_key(&self, public_key: &[u8]) -> Result<(), Error> {
        Self::expand(public_key).map(drop)
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        Self::verify_expanded(&Self::expand(public_key)?, message, signature)
    }
}
