use alloc::{borrow::ToOwned, vec::Vec};

use auditmesh_types::{Content, Field};

/// The fields of the house's entry, in their order, with what they hold.
#[must_use]
pub fn entry_fields() -> Vec<Field> {
    declare(&[
        ("zone", Content::Label),
        ("node", Content::Label),
        ("sequence", Content::ProofId),
        ("time", Content::Time),
        ("kind", Content::Label),
        ("id", Content::Label),
        ("commitment", Content::Digest),
    ])
}

/// The fields of the house's anchor, [`Commitment`](auditmesh_types::Commitment), with what they hold.
#[must_use]
pub fn anchor_fields() -> Vec<Field> {
    declare(&[
        ("origin", Content::ProofId),
        ("size", Content::ProofId),
        ("root", Content::Digest),
        ("statement", Content::Digest),
        ("at", Content::Time),
    ])
}

fn declare(fields: &[(&str, Content)]) -> Vec<Field> {
    fields.iter().map(|(name, holds)| Field { name: (*name).to_owned(), holds: *holds }).collect()
}
