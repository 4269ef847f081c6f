use alloc::vec::Vec;

use super::Wire;
use crate::Error;

/// Bytes that are read from the front. Every refusal says where.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// `max`: the most bytes that a `what` may have.
    pub(super) const fn new(bytes: &'a [u8], what: &'static str, max: usize) -> Result<Self, Error> {
        if bytes.len() > max {
            return Err(Error::PeerLength { what, got: bytes.len(), max });
        }
        Ok(Self { bytes, at: 0 })
    }

    /// The next `want` bytes.
    pub(super) fn take(&mut self, want: usize) -> Result<&'a [u8], Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest.get(..want).ok_or(Error::PeerShort { at: self.at, want, got: rest.len() })?;
        self.at = self.at.saturating_add(want);
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let at = self.at;
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| Error::PeerShort { at, want: N, got: taken.len() })
    }

    /// A byte that tells one thing from another, and where it stands.
    pub(super) fn tag(&mut self) -> Result<(u8, usize), Error> {
        let at = self.at;
        self.array().map(|[tag]: [u8; 1]| (tag, at))
    }

    pub(super) fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_be_bytes)
    }

    /// A length or count of `N` bytes.
    pub(super) fn length<const N: usize>(&mut self, what: &'static str, max: usize) -> Result<usize, Error> {
        let digits: [u8; N] = self.array()?;
        let got =
            digits.iter().fold(0usize, |sum, digit| sum.saturating_mul(256).saturating_add((*digit).into()));
        if got > max { Err(Error::PeerLength { what, got, max }) } else { Ok(got) }
    }

    /// `count` things of at least `least` bytes each.
    pub(super) fn list<T: Wire>(&mut self, count: usize, least: usize) -> Result<Vec<T>, Error> {
        let room = self.bytes.len().saturating_sub(self.at) / least.max(1);
        let mut list = Vec::with_capacity(count.min(room));
        for _ in 0..count {
            list.push(T::read(self)?);
        }
        Ok(list)
    }

    /// Nothing may be left.
    pub(super) const fn finish(self) -> Result<(), Error> {
        if self.at < self.bytes.len() {
            return Err(Error::PeerTrailing { at: self.at, got: self.bytes.len() - self.at });
        }
        Ok(())
    }
}

/// Writes a length or count in the last `N` bytes of its number. What does not fit is written as the largest, which is beyond
/// every limit.
pub(super) fn write_length<const N: usize>(length: usize, out: &mut Vec<u8>) {
    let digits = length.to_be_bytes();
    let (high, low) = digits.split_at(digits.len().saturating_sub(N));
    if high.iter().any(|digit| *digit != 0) {
        out.extend_from_slice(&[u8::MAX; N]);
    } else {
        out.extend_from_slice(low);
    }
}
