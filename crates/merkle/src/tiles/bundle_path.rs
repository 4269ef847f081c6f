use core::{fmt, str::FromStr};

use super::{FULL_WIDTH, position::Position};
use crate::{Error, TilePart};

/// The name of an entry bundle: `tile/entries/x001/x234/067.p/12`. Each has one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundlePath {
    position: Position,
}

impl BundlePath {
    /// The bundle of the entries below the tile of level 0 with the same index and width.
    ///
    /// # Errors
    /// [`Error::MisuseBundle`].
    pub fn new(index: u64, width: u16) -> Result<Self, Error> {
        let position = Position { index, width };
        if position.is_possible(0) {
            Ok(Self { position })
        } else {
            Err(Error::MisuseBundle { index, width })
        }
    }

    /// The index: the bundle begins with entry 256 × index.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.position.index
    }

    /// The number of entries.
    #[must_use]
    pub const fn width(self) -> u16 {
        self.position.width
    }

    /// Whether it has all 256 entries and will never be replaced.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.position.width == FULL_WIDTH
    }

    /// Of a bundle that [`Position::is_possible`] holds for.
    pub(super) const fn of_parts(position: Position) -> Self {
        Self { position }
    }
}

impl fmt::Display for BundlePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/entries/{}", self.position)
    }
}

/// Reads the one spelling of a bundle's name; without a leading slash.
///
/// # Errors
/// [`Error::PeerTilePath`] with the first part that is wrong.
impl FromStr for BundlePath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = |part, at| Error::PeerTilePath { part, at };
        let rest = text.strip_prefix("tile/entries/").ok_or(refused(TilePart::Prefix, 0))?;
        let at = text.len() - rest.len();
        let position = Position::parse(rest, at)?;
        if position.is_possible(0) { Ok(Self { position }) } else { Err(refused(TilePart::Index, at)) }
    }
}
