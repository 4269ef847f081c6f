//! COSE's names for the schemes that receipts are signed with.

use auditmesh_types::Scheme;
use coset::{
    Algorithm,
    iana::{self, EnumI64},
};

use crate::Error;

/// The algorithm under which `scheme` signs, and the length of its signatures.
pub(crate) const fn of(scheme: Scheme) -> Option<(iana::Algorithm, usize)> {
    match scheme {
        Scheme::Ed25519 => Some((iana::Algorithm::EdDSA, 64)),
        Scheme::MlDsa44 => Some((iana::Algorithm::ML_DSA_44, 2420)),
        _ => None,
    }
}

/// The scheme that an algorithm of a header stands for.
pub(crate) fn scheme(algorithm: Option<&Algorithm>) -> Result<Scheme, Error> {
    match algorithm {
        Some(Algorithm::Assigned(iana::Algorithm::EdDSA | iana::Algorithm::Ed25519)) => Ok(Scheme::Ed25519),
        Some(Algorithm::Assigned(iana::Algorithm::ML_DSA_44)) => Ok(Scheme::MlDsa44),
        Some(Algorithm::Assigned(other)) => Err(Error::PeerAlgorithm { got: Some(other.to_i64()) }),
        Some(Algorithm::PrivateUse(other)) => Err(Error::PeerAlgorithm { got: Some(*other) }),
        Some(Algorithm::Text(_)) | None => Err(Error::PeerAlgorithm { got: None }),
    }
}
