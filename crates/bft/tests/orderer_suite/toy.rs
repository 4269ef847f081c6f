use std::fmt;

use auditmesh_types::{Scheme, Signer, Verifier};

/// A signature is the key and the message: it binds both, and anyone can make it. For tests in which nobody forges.
#[derive(Debug, Clone)]
pub(crate) struct ToySigner(pub(crate) [u8; 1]);

/// Checks toy signatures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToyVerifier;

/// Not the key's signature of the message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wrong;

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the key and the message")
    }
}

impl std::error::Error for Wrong {}

impl Signer for ToySigner {
    type Error = Wrong;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn public_key(&self) -> &[u8] {
        &self.0
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Wrong> {
        Ok([&self.0, message].concat())
    }
}

impl Verifier for ToyVerifier {
    type Error = Wrong;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn check_key(&self, _: &[u8]) -> Result<(), Wrong> {
        Ok(())
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Wrong> {
        if [public_key, message].concat() == signature { Ok(()) } else { Err(Wrong) }
    }
}
