//! `attest::EnrolledEd25519`: a verifier of its own beside the library's.

use std::sync::LazyLock;

use auditmesh_attest::{Ed25519, EnrolledEd25519, Error};
use auditmesh_types::{Scheme, Verifier};
use curve25519_dalek::{
    constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION},
    edwards::CompressedEdwardsY,
    scalar::Scalar,
};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha512};

use super::take;

/// A table without keys, which takes some time to make.
static NONE: LazyLock<EnrolledEd25519> = LazyLock::new(EnrolledEd25519::default);

/// The order of the group, least significant byte first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// `attest::EnrolledEd25519`: a key is enrolled when it is canonical and not weak; the verdict, of keys in the table and of others, is
/// that of `verify_strict` and of `attest::Ed25519`, for the same reason. Input: 0, a key, a signature, a message; or another number, four
/// bytes that choose the key, its nonce and what is wrong with them ([`crafted`]), changes of two bytes behind how many, a message.
pub(crate) fn enrolled(bytes: &[u8]) -> bool {
    let Some((key, signature, message)) = asked(bytes) else { return false };
    let expanded = VerifyingKey::from_bytes(&key).ok();
    let canonical =
        |key: &VerifyingKey| CompressedEdwardsY(key.to_bytes()).decompress().map(|it| it.compress().0);
    let fit = expanded.filter(|it| !it.is_weak() && canonical(it) == Some(key));
    let mut table = NONE.clone();
    let taken = table.enrol(&key);
    assert_eq!(taken, Ed25519.check_key(&key));
    assert_eq!(
        (taken.is_ok(), table.len()),
        (fit.is_some(), usize::from(fit.is_some())),
        "a key that is {expanded:?}"
    );
    let strict =
        fit.is_some_and(|key| key.verify_strict(message, &Signature::from_bytes(&signature)).is_ok());
    let verdict = Ed25519.verify(&key, message, &signature);
    assert_eq!(verdict.is_ok(), strict);
    assert_eq!(NONE.verify(&key, message, &signature), verdict, "a key in no table");
    if taken.is_ok() {
        assert_eq!(table.verify(&key, message, &signature), verdict);
        let refused = Err(Error::PeerSignatureRefused { scheme: Scheme::Ed25519 });
        assert!(strict || verdict == refused, "{verdict:?}");
        let other = [message, &[0]].concat();
        assert_eq!(table.verify(&key, &other, &signature), Ed25519.verify(&key, &other, &signature));
        let short = Error::PeerLength { what: "Ed25519 signature", got: 63, want: 64 };
        assert_eq!(table.verify(&key, message, &signature[1..]), Err(short));
    }
    strict
}

fn asked(bytes: &[u8]) -> Option<([u8; 32], [u8; 64], &[u8])> {
    let mut rest = bytes;
    let [how] = take(&mut rest)?;
    if how == 0 {
        return Some((take(&mut rest)?, take(&mut rest)?, rest));
    }
    let ([key, nonce, order, count], mut changes) = (take(&mut rest)?, Vec::new());
    for _ in 0..count % 8 {
        changes.push(take::<2>(&mut rest)?);
    }
    let (key, signature) = crafted(how, key, nonce, order, rest);
    let mut both = [key.as_slice(), &signature].concat();
    for [place, pattern] in changes {
        let place = usize::from(place) % both.len();
        both[place] ^= pattern;
    }
    let (key, signature) = both.split_first_chunk()?;
    Some((*key, signature.try_into().ok()?, rest))
}

/// A signature *(R, s)* by key *A = aB + T* with *R = rB + U*, where *T* and *U* are of small order, and with a multiple of the order
/// added to *s*: good for a verifier that looks away. `how`, by its bits from 0: 1 leaves *aB* out, 2 leaves *rB* out, 3 takes another
/// encoding of *A*, 4 of *R*, 5 takes a key whose *y* is beyond the prime.
fn crafted(how: u8, key: u8, nonce: u8, order: u8, message: &[u8]) -> ([u8; 32], [u8; 64]) {
    let scalar = |bit: u8, number: u8| {
        if how & bit == 0 { Scalar::from(u64::from(number / 8) + 1) } else { Scalar::ZERO }
    };
    let (a, r) = (scalar(2, key), scalar(4, nonce));
    let point =
        |scalar, number: u8| ED25519_BASEPOINT_POINT * scalar + EIGHT_TORSION[usize::from(number % 8)];
    let written = |bit: u8, bytes: [u8; 32]| if how & bit == 0 { bytes } else { written_otherwise(bytes) };
    let public = match how & 32 {
        0 => written(8, point(a, key).compress().0),
        _ => beyond_prime(key % 19, key & 0x80),
    };
    let first = written(16, point(r, nonce).compress().0);
    let hash = Sha512::new().chain_update(first).chain_update(public).chain_update(message).finalize();
    let s = (r + Scalar::from_bytes_mod_order_wide(&hash.into()) * a).to_bytes();
    let s = (0..order % 16).fold(s, |s, _| plus_order(s));
    (public, [first, s].concat().try_into().expect("64 bytes"))
}

/// Another encoding that a careless decoder takes for the same point: a sign where *x* is 0, or *y* beyond the prime.
fn written_otherwise(mut bytes: [u8; 32]) -> [u8; 32] {
    let small = bytes[1..31].iter().all(|byte| *byte == 0) && bytes[31] & 0x7f == 0 && bytes[0] < 19;
    if small {
        return beyond_prime(bytes[0], bytes[31]);
    }
    bytes[31] ^= 0x80;
    bytes
}

/// The encoding of *y* as the prime and `y`.
fn beyond_prime(y: u8, sign: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    (bytes[0], bytes[31]) = (0xed + y, 0x7f | sign);
    bytes
}

/// The sum, where it fits into 32 bytes, and otherwise what fits of it.
fn plus_order(mut bytes: [u8; 32]) -> [u8; 32] {
    let mut carry = 0;
    for (byte, more) in bytes.iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    bytes
}
