use alloc::vec::Vec;

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{Error, shape::Shape};

/// Says that a leaf stands at an index of a tree of a size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Where the leaf stands.
    pub index: Index,
    /// The tree's leaves.
    pub size: Size,
    /// The siblings from the leaf to the root.
    pub path: Vec<Digest>,
}

impl InclusionProof {
    /// Verifies that `leaf` is where the proof says in the tree with `root`.
    ///
    /// `size` is the proof's own: whoever trusts a signed head compares the two, or asks
    /// [`TreeAuthority`](crate::TreeAuthority).
    ///
    /// # Errors
    /// As [`verify_inclusion`].
    /// # Cost
    /// As [`verify_inclusion`].
    pub fn verify<H: Hasher + ?Sized>(&self, hasher: &H, leaf: &Digest, root: &Digest) -> Result<(), Error> {
        verify_inclusion(hasher, leaf, self.index, self.size, &self.path, root)
    }
}

/// Verifies that `leaf` is the hash of entry `index` of the tree of `size` leaves with `root`.
///
/// `path`: at most 64 digests, leaf to root. `size`: number of leaves, above `index`.
///
/// # Errors
/// [`Error::PeerIndexBeyondSize`] (every index, when the size is 0), [`Error::PeerPathLength`],
/// [`Error::PeerRootMismatch`].
/// # Cost
/// One hash a digest of the path, O(log size); no allocation. A path of another length is refused unhashed.
/// # Source
/// RFC 9162 §2.1.3.2.
pub fn verify_inclusion<H: Hasher + ?Sized>(
    hasher: &H,
    leaf: &Digest,
    index: Index,
    size: Size,
    path: &[Digest],
    root: &Digest,
) -> Result<(), Error> {
    let got = root_from_inclusion(hasher, leaf, index, size, path)?;
    if got == *root { Ok(()) } else { Err(Error::PeerRootMismatch { got, want: *root }) }
}

/// The root to which `leaf` at `index` of `size` and `path` lead. It proves nothing until it is compared with a root
/// that is trusted.
///
/// # Errors
/// [`Error::PeerIndexBeyondSize`], [`Error::PeerPathLength`].
/// # Cost
/// One hash a digest of the path; no allocation.
/// # Source
/// RFC 9162 §2.1.3.2.
pub fn root_from_inclusion<H: Hasher + ?Sized>(
    hasher: &H,
    leaf: &Digest,
    index: Index,
    size: Size,
    path: &[Digest],
) -> Result<Digest, Error> {
    if index.0 >= size.0 {
        return Err(Error::PeerIndexBeyondSize { index, size });
    }
    let shape = Shape::of(index.0, size.0 - 1);
    if path.len() != shape.len() {
        return Err(Error::PeerPathLength { got: path.len(), want: shape.len() });
    }
    let (inner, border) = path.split_at(shape.inner);
    let root = inner.iter().enumerate().fold(*leaf, |below, (level, sibling)| match index.0 >> level & 1 {
        0 => hasher.node(&below, sibling),
        _ => hasher.node(sibling, &below),
    });
    Ok(border.iter().fold(root, |below, sibling| hasher.node(sibling, &below)))
}
