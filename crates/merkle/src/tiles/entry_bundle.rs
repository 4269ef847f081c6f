use alloc::vec::Vec;

use auditmesh_types::{Digest, Hasher};

use super::FULL_WIDTH;
use crate::{Error, MAX_ENTRY_BYTES};

/// The entries of one bundle file: each behind its length as two bytes, the higher first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryBundle<'a> {
    entries: Vec<&'a [u8]>,
}

impl<'a> EntryBundle<'a> {
    /// The bundle of these entries, in order: 1 to 256.
    ///
    /// # Errors
    /// [`Error::MisuseBundleEntries`], [`Error::MisuseEntryTooLong`].
    pub fn new(entries: Vec<&'a [u8]>) -> Result<Self, Error> {
        check_width(entries.len())?;
        match entries.iter().find(|entry| entry.len() > MAX_ENTRY_BYTES) {
            Some(long) => Err(Error::MisuseEntryTooLong { got: long.len(), max: MAX_ENTRY_BYTES }),
            None => Ok(Self { entries }),
        }
    }

    /// Reads a bundle that must have exactly `width` entries and nothing after them. The entries are not copied.
    ///
    /// # Errors
    /// [`Error::MisuseBundleEntries`] (`width` is not 1 to 256), [`Error::PeerBundleTruncated`],
    /// [`Error::PeerBundleLeftOver`].
    /// # Cost
    /// O(width), one allocation.
    pub fn decode(bytes: &'a [u8], width: u16) -> Result<Self, Error> {
        check_width(usize::from(width))?;
        let mut entries = Vec::with_capacity(usize::from(width));
        let mut rest = bytes;
        for entry in 0..usize::from(width) {
            let truncated = |need, rest: &[u8]| Error::PeerBundleTruncated {
                entry,
                at: bytes.len() - rest.len(),
                need,
                have: rest.len(),
            };
            let (length, after) = rest.split_first_chunk().ok_or(truncated(2, rest))?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (bytes_of_entry, after) = after.split_at_checked(length).ok_or(truncated(length, after))?;
            entries.push(bytes_of_entry);
            rest = after;
        }
        match rest.len() {
            0 => Ok(Self { entries }),
            got => Err(Error::PeerBundleLeftOver { at: bytes.len() - got, got }),
        }
    }

    /// The bytes of the file.
    ///
    /// # Cost
    /// One copy, one allocation.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.entries.iter().map(|entry| 2 + entry.len()).sum());
        for entry in &self.entries {
            // No entry is longer than `MAX_ENTRY_BYTES`: `new` refuses it, and `decode` cannot read one.
            let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(entry);
        }
        bytes
    }

    /// The entries, in order.
    #[must_use]
    pub fn entries(&self) -> &[&'a [u8]] {
        &self.entries
    }

    /// The hashes of the entries: the bytes of the tile of level 0 with the same index and width.
    ///
    /// # Cost
    /// One hash an entry, in one call to the hasher; one allocation.
    pub fn leaf_hashes<H: Hasher + ?Sized>(&self, hasher: &H) -> Vec<Digest> {
        let mut leaves = alloc::vec![Digest::default(); self.entries.len()];
        hasher.leaves(&self.entries, &mut leaves);
        leaves
    }
}

fn check_width(got: usize) -> Result<(), Error> {
    let max = usize::from(FULL_WIDTH);
    if (1..=max).contains(&got) { Ok(()) } else { Err(Error::MisuseBundleEntries { got, max }) }
}
