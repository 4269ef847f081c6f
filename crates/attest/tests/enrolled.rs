//! A table of enrolled keys gives the verdicts of `verify_strict`, on odd keys and signatures too.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use auditmesh_attest::{Ed25519, EnrolledEd25519, Error};
use auditmesh_types::{Scheme, Verifier};
use curve25519_dalek::{
    EdwardsPoint, Scalar,
    constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION},
};
use proptest::prelude::*;
use sha2::{Digest, Sha512};

fn scalar(seed: u64) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&Sha512::digest(seed.to_be_bytes()).into())
}

/// A signature by a key of `torsion`, with a nonce of `nonce_torsion`: it holds for some messages only.
fn sign(seed: u64, torsion: usize, nonce_torsion: usize, message: &[u8]) -> ([u8; 32], [u8; 64]) {
    let (secret, nonce) = (scalar(seed), scalar(seed ^ 0x5555));
    let point = |scalar: Scalar, torsion: usize| -> EdwardsPoint {
        ED25519_BASEPOINT_POINT * scalar + EIGHT_TORSION[torsion % 8]
    };
    let key = point(secret, torsion).compress().to_bytes();
    let r = point(nonce, nonce_torsion).compress().to_bytes();
    let hash = Sha512::new().chain_update(r).chain_update(key).chain_update(message);
    let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice((nonce + k * secret).as_bytes());
    (key, signature)
}

/// The verdict of the table, which must be the one without.
fn verdict(key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
    let table = EnrolledEd25519::new([key]).unwrap();
    let verdict = table.verify(key, message, signature);
    assert_eq!(verdict, Ed25519.verify(key, message, signature), "{key:?} {signature:?}");
    verdict
}

#[test]
fn keys_and_nonces_with_a_part_of_small_order() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..256u64 {
        let place = usize::try_from(seed).unwrap();
        let message = seed.to_be_bytes();
        let (key, signature) = sign(seed, place, place / 8, &message);
        match verdict(&key, &message, &signature) {
            Ok(()) => accepted += 1,
            Err(error) => {
                assert_eq!(error, Error::PeerSignatureRefused { scheme: Scheme::Ed25519 });
                refused += 1;
            }
        }
    }
    assert!(accepted > 20 && refused > 100, "{accepted} accepted, {refused} refused");
}

#[test]
fn a_nonce_of_small_order_is_refused() {
    let secret = scalar(1);
    let key = (ED25519_BASEPOINT_POINT * secret).compress().to_bytes();
    for torsion in EIGHT_TORSION {
        let r = torsion.compress().to_bytes();
        let hash = Sha512::new().chain_update(r).chain_update(key).chain_update(b"m");
        let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
        let signature = [r, (k * secret).to_bytes()].concat();
        assert!(verdict(&key, b"m", &signature).is_err());
    }
}

#[test]
fn a_scalar_beyond_the_order_is_refused() {
    // The group's order, little-endian.
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let (key, mut signature) = sign(7, 0, 0, b"m");
    assert_eq!(verdict(&key, b"m", &signature), Ok(()));
    let mut carry = 0;
    for (byte, more) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    assert!(verdict(&key, b"m", &signature).is_err());
}

proptest! {
    #[test]
    fn changed_signatures_and_messages(seed: u64, at in 0usize..64, bit in 0u8..8, message: Vec<u8>) {
        let (key, mut signature) = sign(seed, 0, 0, &message);
        prop_assert_eq!(verdict(&key, &message, &signature), Ok(()));
        signature[at] ^= 1 << bit;
        prop_assert!(verdict(&key, &message, &signature).is_err());
    }
}
