#[cfg(feature = "peers")]
use std::collections::BTreeMap;
use std::{cell::Cell, rc::Rc};

#[cfg(feature = "peers")]
use arc_malachitebft_signing_ed25519 as theirs;
use auditmesh::{
    attest::{self, Ed25519Signer, EnrolledEd25519},
    types::{Scheme, Signer, Verifier},
};
#[cfg(feature = "peers")]
use ed25519_dalek::VerifyingKey;

/// Who makes and checks signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signatures {
    /// `attest`: strict, by tables of the keys that were made beforehand.
    Strict,
    /// `verify_strict` of `ed25519-dalek`, with keys that were expanded beforehand. Who signs is as with [`Signatures::Strict`].
    #[cfg(feature = "peers")]
    Dalek,
    /// What Malachite's project publishes, by the rule of ZIP 215, with keys that were expanded beforehand.
    #[cfg(feature = "peers")]
    Zip215,
    /// Nobody: 64 zeros stand for one, and all are believed.
    None,
}

/// Signs with a real key, or puts 64 zeros where a signature stands.
#[allow(missing_debug_implementations, reason = "it is a key")]
pub enum Signing {
    /// A key of ours.
    Strict(Box<Ed25519Signer>),
    /// A key of theirs, and its public half.
    #[cfg(feature = "peers")]
    Zip215(Box<theirs::PrivateKey>, [u8; 32]),
    /// No key, under this public one.
    None([u8; 32]),
}

impl Signing {
    /// The key of member `n`.
    pub(crate) fn of(n: usize, signatures: Signatures) -> Self {
        let seed = [u8::try_from(n).unwrap(); 32];
        match signatures {
            Signatures::Strict => Self::Strict(Box::new(Ed25519Signer::from_seed(seed))),
            #[cfg(feature = "peers")]
            Signatures::Dalek => Self::of(n, Signatures::Strict),
            #[cfg(feature = "peers")]
            Signatures::Zip215 => {
                let key = theirs::PrivateKey::from(seed);
                let public = *key.public_key().as_bytes();
                Self::Zip215(Box::new(key), public)
            }
            Signatures::None => Self::None(seed),
        }
    }
}

impl Signer for Signing {
    type Error = attest::Error;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn public_key(&self) -> &[u8] {
        match self {
            Self::Strict(signer) => signer.public_key(),
            #[cfg(feature = "peers")]
            Self::Zip215(_, public) => public,
            Self::None(name) => name,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, attest::Error> {
        match self {
            Self::Strict(signer) => signer.sign(message),
            #[cfg(feature = "peers")]
            Self::Zip215(key, _) => Ok(key.sign(message).to_bytes().to_vec()),
            Self::None(_) => Ok(vec![0; 64]),
        }
    }
}

/// Checks signatures, or believes them, and counts how many.
#[derive(Debug, Clone)]
pub struct Checking {
    rule: Rule,
    count: Rc<Cell<u64>>,
}

#[derive(Debug, Clone)]
enum Rule {
    Strict(Rc<EnrolledEd25519>),
    #[cfg(feature = "peers")]
    Dalek(Rc<BTreeMap<[u8; 32], VerifyingKey>>),
    #[cfg(feature = "peers")]
    Zip215(Rc<BTreeMap<[u8; 32], theirs::PublicKey>>),
    None,
}

impl Checking {
    /// One that checks with the keys of `count` members, and adds to `checks`.
    pub(crate) fn new(count: usize, signatures: Signatures, checks: Rc<Cell<u64>>) -> Self {
        let rule = match signatures {
            Signatures::Strict => {
                let keys = (0..count).map(|n| Signing::of(n, signatures).public_key().to_vec());
                Rule::Strict(Rc::new(EnrolledEd25519::new(keys).unwrap()))
            }
            #[cfg(feature = "peers")]
            Signatures::Dalek => {
                let key = |n| {
                    let public = Signing::of(n, signatures).public_key().try_into().unwrap();
                    (public, VerifyingKey::from_bytes(&public).unwrap())
                };
                Rule::Dalek(Rc::new((0..count).map(key).collect()))
            }
            #[cfg(feature = "peers")]
            Signatures::Zip215 => {
                let key = |n| theirs::PrivateKey::from([u8::try_from(n).unwrap(); 32]).public_key();
                Rule::Zip215(Rc::new((0..count).map(key).map(|key| (*key.as_bytes(), key)).collect()))
            }
            Signatures::None => Rule::None,
        };
        Self { rule, count: checks }
    }
}

impl Verifier for Checking {
    type Error = attest::Error;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn check_key(&self, _: &[u8]) -> Result<(), attest::Error> {
        Ok(())
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), attest::Error> {
        self.count.set(self.count.get() + 1);
        #[cfg(feature = "peers")]
        let refused = attest::Error::PeerSignatureRefused { scheme: Scheme::Ed25519 };
        match &self.rule {
            Rule::Strict(keys) => keys.verify(public_key, message, signature),
            #[cfg(feature = "peers")]
            Rule::Dalek(keys) => {
                let signature =
                    ed25519_dalek::Signature::from_slice(signature).map_err(|_| refused.clone())?;
                let key = keys.get(public_key).ok_or_else(|| refused.clone())?;
                key.verify_strict(message, &signature).map_err(|_| refused)
            }
            #[cfg(feature = "peers")]
            Rule::Zip215(keys) => {
                let signature = theirs::Signature::try_from(signature).map_err(|_| refused.clone())?;
                let holds = keys.get(public_key).is_some_and(|key| key.verify(message, &signature).is_ok());
                if holds { Ok(()) } else { Err(refused) }
            }
            Rule::None => Ok(()),
        }
    }
}
