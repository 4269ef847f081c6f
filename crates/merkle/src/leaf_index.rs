use alloc::collections::BTreeSet;

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{Error, Tree};

/// Where each leaf hash stands, kept beside a tree by whoever looks leaves up by what they are.
///
/// Equal entries have equal leaf hashes, so a hash may stand at several indices. It takes about 40 bytes a leaf and
/// the room of the search tree around them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeafIndex {
    size: u64,
    places: BTreeSet<(Digest, Index)>,
}

impl LeafIndex {
    /// The index of a tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, places: BTreeSet::new() }
    }

    /// How many leaves are indexed.
    #[must_use]
    pub const fn size(&self) -> Size {
        Size(self.size)
    }

    /// Indexes the leaves of `tree` up to `size` that are not indexed yet. The tree must be the one that was followed
    /// before, and what it has up to `size` final: nothing is ever taken back.
    ///
    /// # Errors
    /// [`Error::MisuseSizeBeyondTree`], [`Error::MisuseRange`] (more is indexed already),
    /// [`Error::MisusePruned`] (the tree dropped what is to be indexed). Nothing is indexed then.
    /// # Cost
    /// O(log size) comparisons a leaf; no hash.
    pub fn follow<H: Hasher>(&mut self, tree: &Tree<H>, size: Size) -> Result<(), Error> {
        let reached = tree.reached(size)?;
        if size < self.size() {
            return Err(Error::MisuseRange { start: self.size(), end: size });
        }
        // It is not above what the tree has reached.
        let from = tree.reached(self.size())?;
        if from < reached {
            tree.kept_leaf(from)?;
        }
        self.places.extend(tree.leaves(from..reached).zip(self.size..).map(|(leaf, at)| (leaf, Index(at))));
        self.size = size.0;
        Ok(())
    }

    /// The indices at which `leaf` stands, ascending.
    ///
    /// # Cost
    /// O(log size) comparisons, and one step an index.
    #[must_use]
    pub fn positions(&self, leaf: &Digest) -> impl DoubleEndedIterator<Item = Index> + '_ {
        self.places.range((*leaf, Index(0))..=(*leaf, Index(u64::MAX))).map(|(_, index)| *index)
    }

    /// The lowest index at which `leaf` stands.
    ///
    /// # Cost
    /// O(log size) comparisons.
    #[must_use]
    pub fn first(&self, leaf: &Digest) -> Option<Index> {
        self.positions(leaf).next()
    }
}
