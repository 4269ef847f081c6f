use alloc::vec::Vec;

use auditmesh_types::{Authority, Digest, Hasher, Index, TreeHead};

use crate::{Error, Sha256, verify_consistency, verify_inclusion};

/// Speaks for one tree head that is trusted: what it verifies is in that tree, of that size.
///
/// The head must come from where it was agreed on, as a certificate; this type takes it as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeAuthority<H = Sha256> {
    head: TreeHead,
    hasher: H,
}

/// A leaf, and why it is in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The leaf's hash.
    pub leaf: Digest,
    /// Where it stands.
    pub index: Index,
    /// The siblings from the leaf to the root.
    pub path: Vec<Digest>,
}

/// An older head, and why the tree continues it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    /// The older head.
    pub old: TreeHead,
    /// The hashes of the consistency proof.
    pub path: Vec<Digest>,
}

impl TreeAuthority {
    /// Speaks for `head`.
    #[must_use]
    pub const fn new(head: TreeHead) -> Self {
        Self::with_hasher(head, Sha256)
    }
}

impl<H> TreeAuthority<H> {
    /// Speaks for `head`, hashing with `hasher`.
    #[must_use]
    pub const fn with_hasher(head: TreeHead, hasher: H) -> Self {
        Self { head, hasher }
    }

    /// The head it speaks for.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }
}

impl<H: Hasher> Authority<Inclusion> for TreeAuthority<H> {
    type Error = Error;

    fn check(&self, value: &Inclusion) -> Result<(), Error> {
        let TreeHead { size, root } = &self.head;
        verify_inclusion(&self.hasher, &value.leaf, value.index, *size, &value.path, root)
    }
}

impl<H: Hasher> Authority<Prefix> for TreeAuthority<H> {
    type Error = Error;

    fn check(&self, value: &Prefix) -> Result<(), Error> {
        verify_consistency(&self.hasher, &value.old, &self.head, &value.path)
    }
}
