use alloc::vec::Vec;
use core::{fmt, str::FromStr};

use auditmesh_types::{Nodes, Size};

use super::{FULL_WIDTH, new_tiles, position::Position};
use crate::{Error, TilePart};

/// The name of a tile of hashes: `tile/0/x001/x234/067.p/12`.
///
/// Only names of tiles that some tree of at most 2⁴⁸ leaves has can be made; each has one spelling. They are ordered
/// by level, index and width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    level: u8,
    position: Position,
}

impl TilePath {
    /// The tile `index` of a level of tiles, with its first `width` hashes.
    ///
    /// `level`: 0 to 6; the hashes are those of complete subtrees of 256^`level` leaves. `width`: 1 to 256.
    ///
    /// # Errors
    /// [`Error::MisuseTile`].
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, Error> {
        let position = Position { index, width };
        match position.is_possible(level) {
            true => Ok(Self { level, position }),
            false => Err(Error::MisuseTile { level, index, width }),
        }
    }

    /// The level of tiles: 0 holds leaf hashes.
    #[must_use]
    pub const fn level(self) -> u8 {
        self.level
    }

    /// The index within the level.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.position.index
    }

    /// The number of hashes.
    #[must_use]
    pub const fn width(self) -> u16 {
        self.position.width
    }

    /// Whether it has all 256 hashes and will never be replaced.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.position.width == FULL_WIDTH
    }

    /// Of a tile that [`Position::is_possible`] holds for.
    pub(super) const fn of_parts(level: u8, position: Position) -> Self {
        Self { level, position }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, self.position)
    }
}

/// Reads the one spelling of a tile's name; without a leading slash.
///
/// # Errors
/// [`Error::PeerTilePath`] with the first part that is wrong.
impl FromStr for TilePath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = |part, at| Error::PeerTilePath { part, at };
        let rest = text.strip_prefix("tile/").ok_or(refused(TilePart::Prefix, 0))?;
        let at = text.len() - rest.len();
        let (level, rest) = match rest.as_bytes() {
            [digit @ b'0'..=b'6', b'/', ..] => (digit - b'0', &rest[2..]),
            _ => return Err(refused(TilePart::Level, at)),
        };
        let position = Position::parse(rest, at + 2)?;
        match position.is_possible(level) {
            true => Ok(Self { level, position }),
            false => Err(refused(TilePart::Index, at + 2)),
        }
    }
}

/// The bytes of a tile: its hashes, 32 bytes each, one after the other.
///
/// `nodes` may have grown beyond the size for which the tile is wanted: a tile's first hashes stay the same.
///
/// # Errors
/// [`Error::MisuseTileBeyondTree`].
/// # Cost
/// 32 bytes copied a hash; one allocation.
/// # Source
/// C2SP `tlog-tiles`, "Merkle Tree".
pub fn tile_bytes<N: Nodes + ?Sized>(nodes: &N, path: TilePath) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(usize::from(path.width()) * 32);
    let first = path.index() * u64::from(FULL_WIDTH);
    for index in first..first + u64::from(path.width()) {
        let level = path.level();
        let missing = Error::MisuseTileBeyondTree { level, index, size: nodes.size() };
        bytes.extend_from_slice(nodes.node(level * 8, index).ok_or(missing)?.as_bytes());
    }
    Ok(bytes)
}

/// Every tile that a tree of `new` leaves has and one of `old` leaves has not, with its bytes: a tree as files.
///
/// Back again: [`Tree::resume`](crate::Tree::resume).
///
/// # Errors
/// [`Error::MisuseRange`] (`old` is the larger), [`Error::PeerTreeTooLarge`]; of a tile
/// [`Error::MisuseTileBeyondTree`], also when its hashes were pruned.
/// # Cost
/// That of [`tile_bytes`], a tile at a time.
pub fn freeze<N: Nodes + ?Sized>(
    nodes: &N,
    old: Size,
    new: Size,
) -> Result<impl Iterator<Item = Result<(TilePath, Vec<u8>), Error>>, Error> {
    Ok(new_tiles(old, new)?.map(|path| Ok((path, tile_bytes(nodes, path)?))))
}
