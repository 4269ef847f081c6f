//! Finds out what a PEM file holds before it is read as a key.

use ed25519_dalek::pkcs8::{ALGORITHM_OID, ObjectIdentifier};
use ml_dsa::{
    MlDsa44 as Parameters,
    pkcs8::{
        PrivateKeyInfoRef, SecretDocument, SubjectPublicKeyInfoRef, der,
        spki::{AssociatedAlgorithmIdentifier, Document},
    },
};

use crate::{Error, KeyKind};

/// The most bytes a key file may have: an ML-DSA-44 public key takes about 1,900.
const MAX_BYTES: usize = 16 * 1024;

/// Refuses `pem` unless it holds a key of kind `want`.
pub(crate) fn check_kind(pem: &str, want: KeyKind) -> Result<(), Error> {
    if pem.len() > MAX_BYTES {
        return Err(Error::PeerTooLarge { what: "key file", got: pem.len(), max: MAX_BYTES });
    }
    let malformed = Error::MisuseKeyFile { want };
    let got = kind(pem).ok_or(malformed)?;
    if got == want { Ok(()) } else { Err(Error::MisuseKeyKind { got, want }) }
}

fn kind(pem: &str) -> Option<KeyKind> {
    match der::pem::decode_label(pem.as_bytes()).ok()? {
        "PRIVATE KEY" => {
            let (_, document) = SecretDocument::from_pem(pem).ok()?;
            let info = PrivateKeyInfoRef::try_from(document.as_bytes()).ok()?;
            Some(by_oid(
                info.algorithm.oid,
                KeyKind::Ed25519Private,
                KeyKind::MlDsa44Private,
                KeyKind::OtherPrivate,
            ))
        }
        "PUBLIC KEY" => {
            let (_, document) = Document::from_pem(pem).ok()?;
            let info = SubjectPublicKeyInfoRef::try_from(document.as_bytes()).ok()?;
            Some(by_oid(
                info.algorithm.oid,
                KeyKind::Ed25519Public,
                KeyKind::MlDsa44Public,
                KeyKind::OtherPublic,
            ))
        }
        _ => Some(KeyKind::OtherBlock),
    }
}

fn by_oid(oid: ObjectIdentifier, ed25519: KeyKind, ml_dsa44: KeyKind, other: KeyKind) -> KeyKind {
    if oid == ALGORITHM_OID {
        ed25519
    } else if oid == Parameters::ALGORITHM_IDENTIFIER.oid {
        ml_dsa44
    } else {
        other
    }
}
