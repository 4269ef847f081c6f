use alloc::vec::Vec;

use auditmesh_types::{Origin, TreeHead};

use crate::{Error, SignedCheckpoint};

/// A checkpoint with the lines of those who agreed: what a federation publishes. Read, not verified; a
/// [`Membership`](crate::Membership) or a [`TrustPolicy`](crate::TrustPolicy) verifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    signed: SignedCheckpoint,
}

impl Certificate {
    /// Takes a signed checkpoint as a certificate.
    #[must_use]
    pub const fn new(signed: SignedCheckpoint) -> Self {
        Self { signed }
    }

    /// Reads a certificate.
    ///
    /// # Errors
    /// As [`SignedCheckpoint::parse`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        SignedCheckpoint::parse(bytes).map(Self::new)
    }

    /// The signed checkpoint.
    #[must_use]
    pub const fn signed(&self) -> &SignedCheckpoint {
        &self.signed
    }

    /// The log.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.signed.checkpoint().origin
    }

    /// The head that was agreed.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.signed.checkpoint().head
    }

    /// Writes the note.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.signed.to_bytes()
    }
}
