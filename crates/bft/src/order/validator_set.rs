use alloc::{sync::Arc, vec::Vec};
use core::fmt;

use auditmesh_types::{Digest, MemberId, Scheme};
use sha2::{Digest as _, Sha256};

use crate::{Error, Threshold, threshold::wide_len};

/// The place of a validator in its [`ValidatorSet`], from 0, in the order of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValidatorIndex(pub u16);

impl ValidatorIndex {
    /// As an index into a list that has one element for each validator.
    #[must_use]
    pub const fn place(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for ValidatorIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A member that votes on the order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Validator {
    /// Its name.
    pub name: MemberId,
    /// Its public key, in the encoding of the set's scheme: at most [`ValidatorSet::MAX_KEY_BYTES`].
    pub key: Vec<u8>,
    /// What its vote weighs; 1 where all count the same.
    pub weight: u64,
}

/// Who decides a height, in the order of names. Its hash stands in everything the validators sign.
#[derive(Clone, PartialEq, Eq)]
pub struct ValidatorSet {
    scheme: Scheme,
    validators: Vec<Validator>,
    total: u64,
    hash: Digest,
}

impl ValidatorSet {
    /// The most validators a set may have.
    pub const MAX_VALIDATORS: usize = 1_000;
    /// The most bytes a public key may have.
    pub const MAX_KEY_BYTES: usize = 4_096;

    /// Puts a set together; the order in which the validators are given does not matter.
    ///
    /// # Errors
    /// [`Error::MisuseMemberCount`], [`Error::MisuseDuplicateMember`], [`Error::MisuseDuplicateKey`], [`Error::MisuseZeroWeight`], [`Error::MisuseWeightOverflow`],
    /// [`Error::MisuseKeyLength`].
    /// # Cost
    /// A sort and one hash over names and keys.
    pub fn new(scheme: Scheme, mut validators: Vec<Validator>) -> Result<Arc<Self>, Error> {
        let (got, max) = (wide_len(validators.len()), wide_len(Self::MAX_VALIDATORS));
        if got == 0 || got > max {
            return Err(Error::MisuseMemberCount { got, min: 1, max });
        }
        validators.sort_by(|a, b| a.name.cmp(&b.name));
        for pair in validators.windows(2) {
            if let [a, b] = pair
                && a.name == b.name
            {
                return Err(Error::MisuseDuplicateMember { member: a.name.clone() });
            }
        }
        let mut keys: Vec<&Validator> = validators.iter().collect();
        keys.sort_by(|a, b| a.key.cmp(&b.key));
        for pair in keys.windows(2) {
            if let [a, b] = pair
                && a.key == b.key
            {
                return Err(Error::MisuseDuplicateKey { first: a.name.clone(), second: b.name.clone() });
            }
        }
        let mut total = 0u64;
        for validator in &validators {
            if validator.weight == 0 {
                return Err(Error::MisuseZeroWeight { member: validator.name.clone() });
            }
            if validator.key.len() > Self::MAX_KEY_BYTES {
                let (member, got) = (validator.name.clone(), validator.key.len());
                return Err(Error::MisuseKeyLength { member, got, max: Self::MAX_KEY_BYTES });
            }
            let sum = u128::from(total) + u128::from(validator.weight);
            total =
                u64::try_from(sum).map_err(|_| Error::MisuseWeightOverflow { got: sum, max: u64::MAX })?;
        }
        let hash = hash(scheme, &validators);
        Ok(Arc::new(Self { scheme, validators, total, hash }))
    }

    /// A set whose validators, given by name and public key, all count the same.
    ///
    /// # Errors
    /// As [`ValidatorSet::new`].
    pub fn equal<K: AsRef<[u8]>>(
        scheme: Scheme,
        validators: impl IntoIterator<Item = (MemberId, K)>,
    ) -> Result<Arc<Self>, Error> {
        let equal = |(name, key): (MemberId, K)| Validator { name, key: key.as_ref().to_vec(), weight: 1 };
        Self::new(scheme, validators.into_iter().take(Self::MAX_VALIDATORS + 1).map(equal).collect())
    }

    /// Whose rule the signatures follow.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// SHA-256 over scheme, names, keys and weights; `docs/spec/bft.md` has the bytes.
    #[must_use]
    pub const fn hash(&self) -> Digest {
        self.hash
    }

    /// How many validators it has, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a set is never empty")]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.validators.len()
    }

    /// The validators, in the order of their indices.
    pub fn iter(&self) -> impl Iterator<Item = (ValidatorIndex, &Validator)> {
        (0..).map(ValidatorIndex).zip(&self.validators)
    }

    /// The validator at `index`.
    #[must_use]
    pub fn at(&self, index: ValidatorIndex) -> Option<&Validator> {
        self.validators.get(index.place())
    }

    /// Where `name` stands.
    #[must_use]
    pub fn position(&self, name: &MemberId) -> Option<ValidatorIndex> {
        let place = self.validators.binary_search_by(|validator| validator.name.cmp(name)).ok()?;
        u16::try_from(place).ok().map(ValidatorIndex)
    }

    /// The weight of the validator at `index`; 0 for nobody.
    #[must_use]
    pub fn weight(&self, index: ValidatorIndex) -> u64 {
        self.at(index).map_or(0, |validator| validator.weight)
    }

    /// The weight of all.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The weight that may be faulty: `floor((W - 1) / 3)`.
    #[must_use]
    pub const fn faults(&self) -> u64 {
        Threshold::faults(self.total)
    }

    /// The smallest weight that is a quorum: `W - floor((W - 1) / 3)`, which is the same as more than two thirds.
    #[must_use]
    pub const fn quorum(&self) -> u64 {
        self.total - self.faults()
    }
}

impl core::hash::Hash for ValidatorSet {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl fmt::Debug for ValidatorSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ValidatorSet({} of weight {}, {})", self.validators.len(), self.total, self.hash)
    }
}

fn hash(scheme: Scheme, validators: &[Validator]) -> Digest {
    let mut hash = Sha256::new_with_prefix(b"auditmesh/validator-set/v1\0");
    let scheme: u8 = match scheme {
        Scheme::Ed25519 => 1,
        Scheme::MlDsa44 => 2,
        Scheme::Dilithium2 => 3,
        _ => 0,
    };
    hash.update([scheme]);
    hash.update(wide_len(validators.len()).to_be_bytes());
    for Validator { name, key, weight } in validators {
        for part in [name.as_str().as_bytes(), key] {
            hash.update(wide_len(part.len()).to_be_bytes());
            hash.update(part);
        }
        hash.update(weight.to_be_bytes());
    }
    Digest(hash.finalize().into())
}
