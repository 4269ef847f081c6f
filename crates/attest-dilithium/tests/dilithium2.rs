//! The adapter holds its scheme apart from ML-DSA, and refuses with reasons.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use auditmesh_attest_dilithium::{Dilithium2, Dilithium2Signer, Error};
use auditmesh_types::{Scheme, Signer, Verifier};
use ml_dsa::{EncodedVerifyingKey, MlDsa44, Signature, Signer as _, SigningKey, VerifyingKey};

#[test]
fn signs_deterministically_and_verifies() {
    let signer = Dilithium2Signer::generate();
    assert_eq!((signer.scheme(), Dilithium2.scheme()), (Scheme::Dilithium2, Scheme::Dilithium2));
    let signature = signer.sign(b"root").unwrap();
    assert_eq!(signature.len(), 2420);
    assert_eq!(signer.public_key().len(), 1312);
    assert_eq!(signature, signer.sign(b"root").unwrap());
    assert_eq!(Dilithium2.verify(signer.public_key(), b"root", &signature), Ok(()));
    assert_eq!(Dilithium2.verify(signer.public_key(), b"", &signature), Err(Error::PeerSignatureRefused));
}

#[test]
fn every_changed_byte_is_refused() {
    let signer = Dilithium2Signer::generate();
    let (message, signature) = (b"root".to_vec(), signer.sign(b"root").unwrap());
    for at in 0..signature.len() {
        let mut bad = signature.clone();
        bad[at] ^= 1;
        let verdict = Dilithium2.verify(signer.public_key(), &message, &bad);
        assert_eq!(verdict, Err(Error::PeerSignatureRefused), "signature byte {at}");
    }
    for at in 0..signer.public_key().len() {
        let mut key = signer.public_key().to_vec();
        key[at] ^= 1;
        let verdict = Dilithium2.verify(&key, &message, &signature);
        assert_eq!(verdict, Err(Error::PeerSignatureRefused), "key byte {at}");
    }
    for at in 0..message.len() {
        let mut bad = message.clone();
        bad[at] ^= 1;
        let verdict = Dilithium2.verify(signer.public_key(), &bad, &signature);
        assert_eq!(verdict, Err(Error::PeerSignatureRefused), "message byte {at}");
    }
}

#[test]
fn other_lengths_are_refused() {
    let signer = Dilithium2Signer::generate();
    let (key, signature) = (signer.public_key(), signer.sign(b"m").unwrap());
    for got in [0, 1, 2419, 2421] {
        let mut bad = signature.clone();
        bad.resize(got, 0);
        let want = Error::PeerLength { what: "signature", got, want: 2420 };
        assert_eq!(Dilithium2.verify(key, b"m", &bad), Err(want));
    }
    for got in [0, 1311, 1313] {
        let mut bad = key.to_vec();
        bad.resize(got, 0);
        let want = Error::PeerLength { what: "public key", got, want: 1312 };
        assert_eq!(Dilithium2.check_key(&bad), Err(want.clone()));
        assert_eq!(Dilithium2.verify(&bad, b"m", &signature), Err(want));
    }
}

#[test]
fn a_key_without_t1_is_weak() {
    let mut key = vec![0; 1312];
    key[..32].fill(7);
    assert_eq!(Dilithium2.check_key(&key), Err(Error::PeerWeakKey));
    assert_eq!(Dilithium2.verify(&key, b"m", &[0; 2420]), Err(Error::PeerWeakKey));
}

#[test]
fn a_pair_is_read_back_and_a_mixed_one_refused() {
    let (one, two) = (Dilithium2Signer::generate(), Dilithium2Signer::generate());
    let again = Dilithium2Signer::from_bytes(one.secret_key(), one.public_key()).unwrap();
    assert_eq!(again.sign(b"m"), one.sign(b"m"));
    let mixed = Dilithium2Signer::from_bytes(one.secret_key(), two.public_key());
    assert_eq!(mixed.unwrap_err(), Error::MisuseKeyPair);
    // 2,528 bytes is the length of a round-3 secret key.
    let round3 = Dilithium2Signer::from_bytes(&[0; 2528], one.public_key());
    assert_eq!(round3.unwrap_err(), Error::PeerLength { what: "secret key", got: 2528, want: 2560 });
    assert_eq!(format!("{one:?}"), "Dilithium2Signer { .. }");
}

/// What the library implements, found by another implementation: the draft's signatures satisfy the standard's internal
/// verification, and the standard's public functions, which prefix the message, refuse them.
#[test]
fn it_is_the_draft_without_the_standards_prefix() {
    let signer = Dilithium2Signer::generate();
    let bytes = signer.sign(b"root").unwrap();
    let encoded = EncodedVerifyingKey::<MlDsa44>::try_from(signer.public_key()).unwrap();
    let key = VerifyingKey::<MlDsa44>::decode(&encoded);
    let signature = Signature::<MlDsa44>::try_from(bytes.as_slice()).unwrap();
    assert!(key.verify_internal(b"root", &signature));
    assert!(!key.verify_with_context(b"root", b"", &signature));
}

#[test]
fn a_standard_signature_is_refused() {
    let standard = SigningKey::<MlDsa44>::from_seed(&[3; 32].into());
    let key = standard.as_ref().encode();
    let signature = standard.sign(b"root").encode();
    assert_eq!(Dilithium2.check_key(&key), Ok(()), "the lengths are equal, so the key alone tells nothing");
    assert_eq!(Dilithium2.verify(&key, b"root", &signature), Err(Error::PeerSignatureRefused));
}
