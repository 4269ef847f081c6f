//! `attest_dilithium`: C code over bytes that anyone may send, held against the `ml-dsa` crate.
//!
//! The scheme differs from FIPS 204 in what stands before the message alone, so that the standard's internal verification, over the bare
//! message, is a second implementation of it, and the standard's keys are keys of it.

use std::sync::OnceLock;

use auditmesh_attest_dilithium::{Dilithium2, Dilithium2Signer, Error};
use auditmesh_types::{Signer, Verifier};
use ml_dsa::{B32, EncodedVerifyingKey, ExpandedSigningKey, MlDsa44, Signature, VerifyingKey};

use super::take;

const KEY: usize = Dilithium2::PUBLIC_KEY_BYTES;
const SECRET: usize = Dilithium2::SECRET_KEY_BYTES;
const SIGNATURE: usize = Dilithium2::SIGNATURE_BYTES;

/// What the pair of [`pair`] signed.
pub(crate) const MESSAGE: &[u8] = b"auditmesh.example/eu-us-apac\n7\n";

/// A pair that is the same each time, and its signature of [`MESSAGE`].
pub(crate) struct Pair {
    pub(crate) public: Vec<u8>,
    pub(crate) secret: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

#[expect(deprecated, reason = "the library under test takes expanded keys alone")]
pub(crate) fn pair() -> &'static Pair {
    static PAIR: OnceLock<Pair> = OnceLock::new();
    PAIR.get_or_init(|| {
        let key = ExpandedSigningKey::<MlDsa44>::from_seed(&B32::from([91; 32]));
        let (public, secret) = (key.verifying_key().encode().to_vec(), key.to_expanded().to_vec());
        let signer = Dilithium2Signer::from_bytes(&secret, &public).expect("a pair");
        let signature = signer.sign(MESSAGE).expect("a key in memory signs");
        Pair { public, secret, signature }
    })
}

/// `attest_dilithium::{Dilithium2, Dilithium2Signer}`: lengths and weak keys are refused and named, verdicts are those of `ml-dsa`, a
/// changed copy of what is good is not, and a pair that is read signs. Input: what is asked, then: 0 a key; 1 a signature; 2 two lengths
/// of two bytes, a key, a signature, a message; 3 changes of three bytes to key, signature and message; 4 a secret key; 5 changes
/// to a secret key and its public key; 6 a signature under a weak key.
pub(super) fn dilithium(bytes: &[u8]) -> bool {
    let [what, rest @ ..] = bytes else { return false };
    let good = pair();
    match what % 7 {
        0 => {
            assert_eq!(Dilithium2.check_key(rest).err(), key_fault(rest));
            key_fault(rest).is_none()
        }
        1 => {
            let verified = judged(&good.public, MESSAGE, rest);
            assert_eq!(verified, rest == good.signature, "nobody made that signature");
            verified
        }
        2 => free(rest).unwrap_or(false),
        3 => changed(good, rest).unwrap_or(false),
        4 => pair_is_read(good, rest, &good.public),
        6 => {
            let weak = [&good.public[..32], &[0; KEY - 32]].concat();
            assert_eq!(Dilithium2.verify(&weak, MESSAGE, rest), Err(Error::PeerWeakKey));
            pair_is_read(good, &good.secret, &weak)
        }
        _ => {
            let mut both = [good.secret.as_slice(), &good.public].concat();
            let Some(()) = apply(&mut both, rest) else { return false };
            let (secret, public) = both.split_at(SECRET);
            pair_is_read(good, secret, public)
        }
    }
}

/// Why a key is refused, from the documentation.
fn key_fault(key: &[u8]) -> Option<Error> {
    if key.len() != KEY {
        return Some(Error::PeerLength { what: "public key", got: key.len(), want: KEY });
    }
    key[32..].iter().all(|byte| *byte == 0).then_some(Error::PeerWeakKey)
}

/// The verdict, which is that of the other implementation, and the reason of a refusal.
fn judged(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let length = Error::PeerLength { what: "signature", got: signature.len(), want: SIGNATURE };
    let want = match key_fault(key) {
        Some(fault) => Err(fault),
        None if signature.len() != SIGNATURE => Err(length),
        None if elsewhere(key, message, signature) => Ok(()),
        None => Err(Error::PeerSignatureRefused),
    };
    let got = Dilithium2.verify(key, message, signature);
    assert_eq!(got, want);
    got.is_ok()
}

/// What `ml-dsa` says of a signature over the bare message.
fn elsewhere(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = EncodedVerifyingKey::<MlDsa44>::try_from(key).expect("of the right length");
    let signature = Signature::<MlDsa44>::try_from(signature);
    signature.is_ok_and(|signature| VerifyingKey::decode(&key).verify_internal(message, &signature))
}

fn free(mut rest: &[u8]) -> Option<bool> {
    let [key, signature] =
        [take(&mut rest)?, take(&mut rest)?].map(|two| usize::from(u16::from_be_bytes(two)));
    let (key, rest) = rest.split_at_checked(key)?;
    let (signature, message) = rest.split_at_checked(signature)?;
    Some(judged(key, message, signature))
}

fn changed(good: &Pair, changes: &[u8]) -> Option<bool> {
    let mut all = [good.public.as_slice(), &good.signature, MESSAGE].concat();
    let before = all.clone();
    apply(&mut all, changes)?;
    let (key, rest) = all.split_at(KEY);
    let (signature, message) = rest.split_at(SIGNATURE);
    let verified = judged(key, message, signature);
    assert_eq!(verified, all == before, "a changed copy");
    Some(verified)
}

/// Lays bit patterns over bytes: two bytes of place, one of pattern.
fn apply(bytes: &mut [u8], changes: &[u8]) -> Option<()> {
    let (changes, []) = changes.as_chunks::<3>() else { return None };
    for [high, low, pattern] in changes {
        let place = usize::from(u16::from_be_bytes([*high, *low])) % bytes.len();
        bytes[place] ^= pattern;
    }
    Some(())
}

/// A pair that is read keeps its keys and signs the same each time; the genuine one signs what verifies.
fn pair_is_read(good: &Pair, secret: &[u8], public: &[u8]) -> bool {
    let genuine = secret == good.secret && public == good.public;
    let signer = match Dilithium2Signer::from_bytes(secret, public) {
        Ok(signer) => signer,
        Err(why) => {
            let length = Error::PeerLength { what: "secret key", got: secret.len(), want: SECRET };
            let length = (secret.len() != SECRET).then_some(length);
            let want = key_fault(public).or(length).unwrap_or(Error::MisuseKeyPair);
            assert_eq!(why, want);
            assert!(!genuine, "the pair is refused");
            return false;
        }
    };
    assert_eq!((signer.secret_key(), signer.public_key()), (secret, public));
    // The secret key repeats the seed of the public one and has its hash.
    assert!(public == good.public, "no pair");
    assert!(secret[..32] == good.secret[..32] && secret[64..128] == good.secret[64..128], "no pair");
    let signature = signer.sign(MESSAGE).expect("a key in memory signs");
    assert_eq!(signer.sign(MESSAGE).as_ref(), Ok(&signature));
    assert_eq!(signature.len(), SIGNATURE);
    if genuine {
        assert!(signature == good.signature && judged(public, MESSAGE, &signature));
    }
    true
}
