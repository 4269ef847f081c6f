use core::fmt;

use super::FULL_WIDTH;
use crate::{Error, MAX_LEAVES, TilePart};

/// Five groups of three digits spell more than the largest index.
const MAX_GROUPS: usize = 5;

/// Where a file stands in its level, and how wide it is: the end of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Position {
    pub(super) index: u64,
    pub(super) width: u16,
}

impl Position {
    /// Whether a tree has such a tile. The largest has `MAX_LEAVES >> 8 * level` hashes on a level of tiles.
    pub(super) fn is_possible(self, level: u8) -> bool {
        let hashes = MAX_LEAVES.checked_shr(8 * u32::from(level)).unwrap_or(0);
        let end =
            self.index.checked_mul(FULL_WIDTH.into()).and_then(|start| start.checked_add(self.width.into()));
        (1..=FULL_WIDTH).contains(&self.width) && end.is_some_and(|end| end <= hashes)
    }

    /// Reads `x001/x234/067.p/12`; `from` is where that stands in the whole path.
    pub(super) fn parse(text: &str, from: usize) -> Result<Self, Error> {
        let refused = |part, at| Err(Error::PeerTilePath { part, at: from + at });
        let (groups, width) = match text.split_once(".p/") {
            None => (text, FULL_WIDTH),
            Some((groups, digits)) => match number(digits.as_bytes()) {
                Some(width @ 1..FULL_WIDTH) if !digits.starts_with('0') => (groups, width),
                _ => return refused(TilePart::Width, groups.len() + 3),
            },
        };
        let last = groups.split('/').count() - 1;
        let mut index = 0;
        for (nth, group) in groups.split('/').enumerate() {
            let digits = if nth < last { group.strip_prefix('x') } else { Some(group) };
            let value =
                digits.filter(|digits| digits.len() == 3).and_then(|digits| number(digits.as_bytes()));
            match value {
                Some(0) if nth == 0 && last > 0 => return refused(TilePart::Index, 0),
                Some(value) if nth < MAX_GROUPS => index = index * 1_000 + u64::from(value),
                _ => return refused(TilePart::Index, 0),
            }
        }
        Ok(Self { index, width })
    }
}

/// One to three decimal digits.
fn number(digits: &[u8]) -> Option<u16> {
    let decimal = (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    decimal.then(|| digits.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0')))
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.index.checked_ilog(1_000).unwrap_or(0);
        for above in (1..=groups).rev() {
            write!(f, "x{:03}/", self.index / 1_000u64.pow(above) % 1_000)?;
        }
        write!(f, "{:03}", self.index % 1_000)?;
        if self.width == FULL_WIDTH { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}
