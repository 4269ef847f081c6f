use core::fmt;

/// A part of a tile's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TilePart {
    /// `tile/`, or `tile/entries/`.
    Prefix,
    /// The level and the slash after it.
    Level,
    /// The groups of three digits, or the number they spell.
    Index,
    /// The number after `.p/`.
    Width,
}

impl fmt::Display for TilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Prefix => "prefix",
            Self::Level => "level",
            Self::Index => "index",
            Self::Width => "width",
        })
    }
}
