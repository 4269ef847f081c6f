//! What holds keys: a part of `attest`.

use auditmesh_attest::{Ed25519Signer, Error, MlDsa44Signer, PublicKey, VerifierKey, did_key as did};
use auditmesh_types::{Scheme, Signer};

use super::exact;

/// `attest::VerifierKey`: one encoding, and its id is that of its parts.
pub(super) fn vkey(bytes: &[u8]) -> bool {
    let Some(key) = exact::<VerifierKey>(bytes) else { return false };
    assert!(bytes.len() <= VerifierKey::MAX_BYTES && key.name().len() <= VerifierKey::MAX_NAME_BYTES);
    assert_eq!(VerifierKey::new(key.name(), key.key_type(), key.key().as_bytes()).as_ref(), Ok(&key));
    assert_eq!(key.key().scheme(), key.key_type().scheme());
    true
}

/// `attest::{Ed25519Signer, MlDsa44Signer}::from_pem`: what is read is written in a form that reads as the same key.
pub(super) fn pem_private(bytes: &[u8]) -> bool {
    let Ok(pem) = str::from_utf8(bytes) else { return false };
    let ed25519 = kept(pem, Ed25519Signer::from_pem, |key| key.to_pem().map(|pem| pem.to_string()));
    let ml_dsa44 = kept(pem, MlDsa44Signer::from_pem, |key| key.to_pem().map(|pem| pem.to_string()));
    assert!(!(ed25519 && ml_dsa44), "one file is read as two kinds of key");
    ed25519 || ml_dsa44
}

fn kept<S: Signer>(
    pem: &str,
    read: fn(&str) -> Result<S, Error>,
    write: fn(&S) -> Result<String, Error>,
) -> bool {
    let Ok(key) = read(pem) else { return false };
    let written = write(&key).expect("a key in memory is written");
    let again = read(&written).expect("what is written is read");
    assert_eq!(again.public_key(), key.public_key(), "another key");
    assert_eq!(write(&again).as_ref(), Ok(&written), "two forms of one key are written");
    true
}

/// `attest::PublicKey::from_pem`: what is read is written in a form that reads as the same key.
pub(super) fn pem_public(bytes: &[u8]) -> bool {
    let Ok(pem) = str::from_utf8(bytes) else { return false };
    let read = [Scheme::Ed25519, Scheme::MlDsa44].map(|scheme| {
        let Ok(key) = PublicKey::from_pem(scheme, pem) else { return false };
        assert_eq!(key.scheme(), scheme);
        let written = key.to_pem().expect("a key in memory is written");
        assert_eq!(PublicKey::from_pem(scheme, &written).as_ref(), Ok(&key), "another key");
        assert_eq!(did::encode(&key).is_ok(), scheme == Scheme::Ed25519);
        assert_eq!(did::fingerprint(&key).map(|name| name.len()), Ok("sha256:".len() + 64));
        true
    });
    assert_ne!(read, [true, true], "one file is read as two kinds of key");
    read.contains(&true)
}

/// `attest::did_key`: one encoding.
pub(super) fn did_key(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let Ok(key) = did::decode(text) else { return false };
    assert_eq!(did::encode(&key).as_deref(), Ok(text), "two names of one key");
    true
}
