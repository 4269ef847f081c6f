use alloc::{collections::BTreeMap, sync::Arc};
use core::fmt;

use auditmesh_types::{Scheme, Verifier};
use curve25519_dalek::{
    constants::ED25519_BASEPOINT_POINT, edwards::EdwardsPoint, scalar::Scalar, traits::Identity as _,
};
use sha2::{Digest as _, Sha512};

use crate::{Ed25519, Error, multiples::Multiples};

/// [`Ed25519`] with a table for each of the keys that are enrolled: the multiples that a verification would compute anew each time. The
/// verdicts are the same, of enrolled keys and of others.
///
/// A signature *(R, s)* of key *A* over *M* is accepted when *s* is below the group's order, *R* is not of small order, and *R* is the one
/// encoding of *sB − kA*, *k = H(R ‖ A ‖ M)*: what `verify_strict` computes, in another order. *R* is not decompressed, since the computed
/// point has its encoding or the signature is refused.
///
/// # Cost
/// At most 88 additions of points in place of two multiplications, in time that depends on what is verified (`cargo xtask figures bft` has it
/// beside `verify_strict` with expanded keys). 128 KiB a key, and 370 KiB for all of them. A clone shares both; a table that is made anew, the empty
/// one too, does not.
#[derive(Clone)]
pub struct EnrolledEd25519 {
    /// The multiples of the base point.
    base: Arc<Multiples<7>>,
    /// For each key the multiples of its negative. Narrower, since there is one for each.
    keys: BTreeMap<[u8; Ed25519::KEY_BYTES], Arc<Multiples<5>>>,
}

impl EnrolledEd25519 {
    /// A table of `keys`.
    ///
    /// # Errors
    /// As [`EnrolledEd25519::enrol`], for the first key that may not be enrolled.
    /// # Cost
    /// 2,368 additions of points, and what each key costs.
    pub fn new<K: AsRef<[u8]>>(keys: impl IntoIterator<Item = K>) -> Result<Self, Error> {
        let mut table = Self::default();
        keys.into_iter().try_for_each(|key| table.enrol(key.as_ref()))?;
        Ok(table)
    }

    /// Puts one more key into the table.
    ///
    /// # Errors
    /// [`Error::PeerLength`], [`Error::PeerMalformedKey`], [`Error::PeerWeakKey`], as [`Ed25519`] refuses keys.
    /// # Cost
    /// 816 additions of points.
    pub fn enrol(&mut self, public_key: &[u8]) -> Result<(), Error> {
        let key = Ed25519::expand(public_key)?;
        let negative = -key.to_edwards();
        self.keys.insert(key.to_bytes(), Arc::new(Multiples::of(negative)));
        Ok(())
    }

    /// How many keys are in the table.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether `signature` is one of `public_key`, whose negative's multiples are `table`.
    fn verify_by(
        &self,
        table: &Multiples<5>,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8; Ed25519::SIGNATURE_BYTES],
    ) -> Option<()> {
        let (r, s) = signature.split_first_chunk::<32>()?;
        let s = Option::<Scalar>::from(Scalar::from_canonical_bytes(s.try_into().ok()?))?;
        let hash = Sha512::new_with_prefix(r).chain_update(public_key).chain_update(message);
        let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
        let found = self.base.add_to(table.add_to(EdwardsPoint::identity(), &k), &s);
        (found.compress().as_bytes() == r && !found.is_small_order()).then_some(())
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
        let Some(table) = self.keys.get(public_key) else {
            return Ed25519.verify(public_key, message, signature);
        };
        let (got, want) = (signature.len(), Ed25519::SIGNATURE_BYTES);
        let bytes =
            signature.try_into().map_err(|_| Error::PeerLength { what: "Ed25519 signature", got, want })?;
        self.verify_by(table, public_key, message, bytes)
            .ok_or(Error::PeerSignatureRefused { scheme: Scheme::Ed25519 })
    }
}

impl Default for EnrolledEd25519 {
    fn default() -> Self {
        Self { base: Arc::new(Multiples::of(ED25519_BASEPOINT_POINT)), keys: BTreeMap::new() }
    }
}

impl fmt::Debug for EnrolledEd25519 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolledEd25519({} keys)", self.keys.len())
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
        let two = EnrolledEd25519::new(signers.each_ref().map(Ed25519Signer::public_key)).unwrap();
        let count = |table: &EnrolledEd25519| (table.len(), table.is_empty());
        assert_eq!(
            [&two, &table, &EnrolledEd25519::default()].map(count),
            [(2, false), (1, false), (0, true)]
        );
        assert_eq!(alloc::format!("{two:?}"), "EnrolledEd25519(2 keys)");
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
                assert_eq!(
                    verdict,
                    Err(Error::PeerSignatureRefused { scheme: Scheme::Ed25519 }),
                    "byte {at}"
                );
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
            assert_eq!(refused, EnrolledEd25519::default().check_key(key));
            assert!(refused.is_err(), "{key:?}");
        }
    }
}
