use alloc::{boxed::Box, string::String};
use core::error;

use crate::{Digest, Millis, Origin, TreeHead};

/// What is anchored elsewhere: hashes and the place of the proof, nothing of what was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// The log.
    pub origin: Origin,
    /// Its agreed head.
    pub head: TreeHead,
    /// The digest of the statement that was agreed on: the checkpoint's text without its signatures, which differ from
    /// node to node.
    pub statement: Digest,
    /// When it was agreed.
    pub at: Millis,
}

/// Where a commitment can be found again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Receipt {
    /// The anchor's name for it; unique within the anchor.
    pub id: String,
    /// The digest of what the anchor keeps under that name.
    pub digest: Digest,
}

/// Commits a root elsewhere and checks it back.
pub trait Anchor {
    /// Why a commitment is not made, found or right.
    type Error: error::Error + 'static;

    /// Makes the commitment durable, then says where it is. The same commitment twice gives the same receipt.
    ///
    /// # Errors
    /// When it could not be made durable, or contradicts an earlier one for the same size.
    fn commit(&mut self, commitment: &Commitment) -> Result<Receipt, Self::Error>;

    /// The receipt for the head of that log, if it was anchored.
    ///
    /// # Errors
    /// When the anchor cannot be read.
    fn find(&self, origin: &Origin, head: TreeHead) -> Result<Option<Receipt>, Self::Error>;

    /// Reads back what the anchor keeps under `receipt` and compares it with `commitment`.
    ///
    /// # Errors
    /// When nothing is there, or something else is.
    fn check(&self, receipt: &Receipt, commitment: &Commitment) -> Result<(), Self::Error>;
}

impl<A: Anchor + ?Sized> Anchor for Box<A> {
    type Error = A::Error;

    fn commit(&mut self, commitment: &Commitment) -> Result<Receipt, A::Error> {
        (**self).commit(commitment)
    }

    fn find(&self, origin: &Origin, head: TreeHead) -> Result<Option<Receipt>, A::Error> {
        (**self).find(origin, head)
    }

    fn check(&self, receipt: &Receipt, commitment: &Commitment) -> Result<(), A::Error> {
        (**self).check(receipt, commitment)
    }
}
