use auditmesh_types::Size;

use super::{BundlePath, FULL_WIDTH, TilePath, position::Position};
use crate::{Error, MAX_LEAVES};

/// All tiles of a tree of `size` leaves, level by level, each level from its start.
///
/// # Errors
/// [`Error::PeerTreeTooLarge`].
pub fn tiles_of(size: Size) -> Result<Tiles, Error> {
    new_tiles(Size(0), size)
}

/// The tiles that a tree of `new` leaves has and one of `old` leaves has not: what is written when it grows. A partial
/// tile that became wider is among them, under its new name.
///
/// # Errors
/// [`Error::MisuseRange`] (`old` is the larger), [`Error::PeerTreeTooLarge`].
pub fn new_tiles(old: Size, new: Size) -> Result<Tiles, Error> {
    check(old, new)?;
    Ok(Tiles { old: old.0, new: new.0, level: 0, here: Positions::new(old.0, new.0) })
}

/// All entry bundles of a tree of `size` leaves, in order.
///
/// # Errors
/// [`Error::PeerTreeTooLarge`].
pub fn bundles_of(size: Size) -> Result<Bundles, Error> {
    new_bundles(Size(0), size)
}

/// The entry bundles that a tree of `new` leaves has and one of `old` leaves has not.
///
/// # Errors
/// [`Error::MisuseRange`] (`old` is the larger), [`Error::PeerTreeTooLarge`].
pub fn new_bundles(old: Size, new: Size) -> Result<Bundles, Error> {
    check(old, new)?;
    Ok(Bundles { here: Positions::new(old.0, new.0) })
}

fn check(old: Size, new: Size) -> Result<(), Error> {
    if old > new {
        return Err(Error::MisuseRange { start: old, end: new });
    }
    if new.0 > MAX_LEAVES {
        return Err(Error::PeerTreeTooLarge { got: new, max: MAX_LEAVES });
    }
    Ok(())
}

/// Gives tiles, see [`new_tiles`].
#[derive(Debug, Clone)]
pub struct Tiles {
    old: u64,
    new: u64,
    level: u8,
    here: Positions,
}

impl Iterator for Tiles {
    type Item = TilePath;

    fn next(&mut self) -> Option<TilePath> {
        loop {
            if let Some(position) = self.here.next() {
                return Some(TilePath::of_parts(self.level, position));
            }
            (self.old, self.new) = (self.old >> 8, self.new >> 8);
            if self.new == 0 {
                return None;
            }
            self.level += 1;
            self.here = Positions::new(self.old, self.new);
        }
    }
}

impl core::iter::FusedIterator for Tiles {}

/// Gives entry bundles, see [`new_bundles`].
#[derive(Debug, Clone)]
pub struct Bundles {
    here: Positions,
}

impl Iterator for Bundles {
    type Item = BundlePath;

    fn next(&mut self) -> Option<BundlePath> {
        self.here.next().map(BundlePath::of_parts)
    }
}

impl core::iter::FusedIterator for Bundles {}

/// The files of one level that are new or wider, where it grew up to `end` hashes.
#[derive(Debug, Clone)]
struct Positions {
    next: u64,
    end: u64,
}

impl Positions {
    fn new(old: u64, new: u64) -> Self {
        let next = if old == new { new.div_ceil(FULL_WIDTH.into()) } else { old / u64::from(FULL_WIDTH) };
        Self { next, end: new }
    }
}

impl Iterator for Positions {
    type Item = Position;

    fn next(&mut self) -> Option<Position> {
        let index = self.next;
        let left = self.end.checked_sub(index * u64::from(FULL_WIDTH)).filter(|left| *left > 0)?;
        self.next += 1;
        let width = u16::try_from(left).map_or(FULL_WIDTH, |left| left.min(FULL_WIDTH));
        Some(Position { index, width })
    }
}
