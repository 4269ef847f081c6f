use alloc::collections::BTreeMap;

use auditmesh_types::{Scheme, Verifier};
use ed25519_dalek::VerifyingKey;

use crate::{Ed25519, Error};

/// [`Ed25519`] with a table of keys that are expanded once, when they are enrolled, instead of at every signature. The verdicts are the same,
/// of enrolled keys and of others.
///
/// # Cost
/// Of an enrolled key about a fifth less than [`Ed25519`]; 200 bytes a key.
#[derive(Debug, Clone, Default)]
pub struct EnrolledEd25519 {
    keys: BTreeMap<[u8; Ed25519::KEY_BYTES], VerifyingKey>,
}

impl EnrolledEd25519 {
    /// A table of `keys`.
    ///
    /// # Errors
    /// As [`EnrolledEd25519::enrol`], for the first key that may not be enrolled.
    pub fn new<K: AsRef<[u8]>>(keys: impl IntoIterator<Item = K>) -> Result<Self, Error> {
        let mut table = Self::default();
        keys.into_iter().try_for_each(|key| table.enrol(key.as_ref()))?;
        Ok(table)
    }

    /// Puts one more key into the table.
    ///
    /// # Errors
    /// [`Error::PeerLength`], [`Error::PeerMalformedKey`], [`Error::PeerWeakKey`], as [`Ed25519`] refuses keys.
    pub fn enrol(&mut self, public_key: &[u8]) -> Result<(), Error> {
        let key = Ed25519::expand(public_key)?;
        self.keys.insert(key.to_bytes(), key);
        Ok(())
    }

    /// How many keys are in the table.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether the table is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl Verifier for EnrolledEd25519 {
    type Error = Error;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn check_key(&self, public_key: &[u8]) -> Result<(), Error> {
        Ed25519.check_key(public_key)
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        match self.keys.get(public_key) {
            Some(key) => Ed25519::verify_expanded(key, message, signature),
            None => Ed25519.verify(public_key, message, signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use auditmesh_types::Signer as _;

    use super::*;
    use crate::Ed25519Signer;

    #[test]
    fn verdicts_are_those_without_a_table() {
        let signers = [1, 2].map(|seed| Ed25519Signer::from_seed([seed; 32]));
        let table = EnrolledEd25519::new([signers[0].public_key()]).unwrap();
        assert_eq!((table.len(), table.is_empty()), (1, false));
        let message = b"a statement";
        for signer in &signers {
            let signature = signer.sign(message).unwrap();
            for other in &signers {
                let key = other.public_key();
                let verdict = table.verify(key, message, &signature);
                assert_eq!(verdict, Ed25519.verify(key, message, &signature));
                assert_eq!(verdict.is_ok(), signer.public_key() == key);
            }
            for at in 0..signature.len() {
                let mut changed: Vec<u8> = signature.clone();
                changed[at] ^= 1;
                let verdict = table.verify(signer.public_key(), message, &changed);
                assert_eq!(verdict, Err(Error::PeerSignatureRefused { scheme: Scheme::Ed25519 }), "byte {at}");
            }
            let short = table.verify(signer.public_key(), message, &signature[1..]);
            assert_eq!(short, Err(Error::PeerLength { what: "Ed25519 signature", got: 63, want: 64 }));
        }
    }

    #[test]
    fn keys_are_refused_as_without_a_table() {
        // The neutral element is weak; no point has this y, and the third is a second encoding of y = 0.
        let mut weak = [0; 32];
        weak[0] = 1;
        let mut second = [0xff; 32];
        (second[0], second[31]) = (0xed, 0x7f);
        for key in [weak.as_slice(), &[2; 32], &second, &[1; 31]] {
            let refused = EnrolledEd25519::new([key]).map(|_| ());
            assert_eq!(refused, Ed25519.check_key(key));
            assert!(refused.is_err(), "{key:?}");
        }
    }
}
