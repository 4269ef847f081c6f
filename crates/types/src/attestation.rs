use alloc::vec::Vec;
use core::{error, ops::Deref};

use crate::{MemberId, Millis, Round, TreeHead};

/// What one member says of one round: "this is the log I hold".
///
/// `signed` is the statement as it is published and kept as evidence. It binds the log's origin, the size and the root,
/// so a statement of one round cannot be passed off as one of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// Who speaks.
    pub member: MemberId,
    /// The round it was asked in; carried beside the signature, not under it.
    pub round: Round,
    /// The log as the member holds it.
    pub head: TreeHead,
    /// When it was signed.
    pub at: Millis,
    /// The signed statement: a checkpoint note with this member's lines alone.
    pub signed: Vec<u8>,
}

/// Speaks for one member: signs the head it holds.
pub trait Attestor {
    /// Why no statement could be made.
    type Error: error::Error + 'static;

    /// Signs `head`.
    ///
    /// # Errors
    /// When a key is out of reach.
    fn attest(&self, round: Round, head: TreeHead, at: Millis) -> Result<Attestation, Self::Error>;
}

/// A value whose signatures were checked. Only an [`Authority`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// Gives the value back, no longer marked as verified.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Knows whose word counts, and checks it.
pub trait Authority<T> {
    /// Why a value is refused.
    type Error: error::Error + 'static;

    /// Checks every signature that `value` rests on.
    ///
    /// # Errors
    /// The first reason to refuse it.
    fn check(&self, value: &T) -> Result<(), Self::Error>;

    /// Checks `value` and marks it.
    ///
    /// # Errors
    /// As [`Authority::check`].
    fn verify(&self, value: T) -> Result<Verified<T>, Self::Error> {
        self.check(&value)?;
        Ok(Verified(value))
    }
}
