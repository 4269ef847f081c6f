use core::fmt;

use auditmesh_merkle::{
    MAX_ENTRY_BYTES,
    tiles::{BundlePath, FULL_WIDTH, TilePath},
};

use crate::MAX_CHECKPOINT_BYTES;

/// The name of a file of a log. There is no other way to name one: nothing that came as text reaches a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FileName {
    /// The signed checkpoint: `checkpoint`.
    Checkpoint,
    /// From which size to which a publisher is under way: `.publishing`. It stands from before the first file of a publication
    /// until after its last step, so that one which stands was interrupted. Of no use to readers.
    Intent,
    /// A tile of hashes.
    Tile(TilePath),
    /// An entry bundle.
    Bundle(BundlePath),
}

impl FileName {
    /// Whether it is a partial tile or bundle.
    #[must_use]
    pub const fn is_partial(self) -> bool {
        match self {
            Self::Checkpoint | Self::Intent => false,
            Self::Tile(path) => !path.is_full(),
            Self::Bundle(path) => !path.is_full(),
        }
    }

    /// The full file that takes the place of this tile or bundle, if a tree can have it.
    #[must_use]
    pub fn full(self) -> Option<Self> {
        match self {
            Self::Checkpoint | Self::Intent => None,
            Self::Tile(path) => TilePath::new(path.level(), path.index(), FULL_WIDTH).ok().map(Self::Tile),
            Self::Bundle(path) => BundlePath::new(path.index(), FULL_WIDTH).ok().map(Self::Bundle),
        }
    }

    /// The most bytes such a file may have.
    #[must_use]
    pub fn max_bytes(self) -> usize {
        match self {
            Self::Checkpoint => MAX_CHECKPOINT_BYTES,
            Self::Intent => 128,
            Self::Tile(path) => usize::from(path.width()) * 32,
            Self::Bundle(path) => usize::from(path.width()) * (2 + MAX_ENTRY_BYTES),
        }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint => f.write_str("checkpoint"),
            Self::Intent => f.write_str(".publishing"),
            Self::Tile(path) => path.fmt(f),
            Self::Bundle(path) => path.fmt(f),
        }
    }
}
