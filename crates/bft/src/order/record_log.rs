use alloc::{boxed::Box, vec::Vec};

use auditmesh_types::{Digest, MemberId, Origin};
use sha2::{Digest as _, Sha256};

use super::Record;
use crate::Error;

/// How [`Record`]s are written one after another into one file, and read back after a crash. It does no input or output: it gives the
/// bytes to append, and judges the bytes that are there.
///
/// Every frame is chained to all before it. Its head is checked by itself, so that a frame that was never finished is told from
/// one that was damaged later: behind the first nothing stands, behind the second stand more frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLog {
    header: Digest,
    chain: Digest,
    next: u64,
}

/// What a file of records holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The records, in order, without a gap.
    pub records: Vec<Record>,
    /// Goes on behind them; `None` when not even a header stands, so that the file is to be begun anew by [`RecordLog::create`].
    pub log: Option<RecordLog>,
    /// How many bytes are good. Cut the file to this length, durably, before anything is appended.
    pub good_bytes: usize,
    /// What stands behind them: the write that a crash cut off.
    pub torn: Option<Torn>,
}

/// A last frame that is not as it was to be written. It was never reported as persisted, unless the medium lost what it had promised to
/// keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Torn {
    /// The file ends within it.
    Short {
        /// How many bytes of it are there.
        bytes: usize,
    },
    /// There are enough bytes, and they are not those.
    Changed {
        /// How many bytes follow the good ones.
        bytes: usize,
    },
}

const DOMAIN: &[u8] = b"auditmesh/bft-records\0";
const VERSION: u8 = 1;
const SALT: usize = 16;
const DIGEST: usize = 32;
/// Length of the body, sequence number, check of the two.
const HEAD: usize = 4 + 8 + 16;

enum Frame<'b> {
    Whole {
        body: &'b [u8],
        chain: Digest,
        bytes: usize,
    },
    Not(Torn),
    /// Not as it was written, and something stands behind it.
    Damaged,
}

impl RecordLog {
    /// A log without records, and its header: the first bytes of the file.
    ///
    /// `salt`: 16 bytes that nobody else can foresee, new for each file. By it no value that another member proposes can be mistaken
    /// for a frame.
    #[must_use]
    pub fn create(federation: &Origin, name: &MemberId, salt: [u8; 16]) -> (Self, Vec<u8>) {
        let mut bytes = opening(federation, name);
        bytes.extend_from_slice(&salt);
        let log = Self::after(&bytes);
        bytes.extend_from_slice(log.header.as_bytes());
        (log, bytes)
    }

    /// The frame of the next record: append it, and make it durable before the engine hears of it.
    ///
    /// # Cost
    /// One encoding, one hash over it.
    #[must_use]
    pub fn append(&mut self, record: &Record) -> Vec<u8> {
        let body = record.encode();
        // A body that does not fit is beyond what `Record::decode` reads.
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let mut frame = Vec::with_capacity(HEAD.saturating_add(body.len()).saturating_add(DIGEST));
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(&self.next.to_be_bytes());
        frame.extend_from_slice(&self.head_check(length, self.next));
        frame.extend_from_slice(&body);
        self.chain = self.link(&frame);
        self.next = self.next.saturating_add(1);
        frame.extend_from_slice(self.chain.as_bytes());
        frame
    }

    /// The number of the record that is appended next, from 0.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Reads a whole file back. A last frame that is torn is no record; nothing before it is ever left out.
    ///
    /// # Errors
    /// [`Error::LocalRecordForeign`] for another member's file, [`Error::LocalRecordVersion`], [`Error::LocalRecordDamaged`] when the
    /// header, or a frame with others behind it, is not as it was written, [`Error::LocalRecordUnreadable`] for a whole frame that
    /// holds no record. Do not start the member then.
    /// # Cost
    /// One hash over the bytes; behind a torn frame one small hash for each place where a frame might begin.
    pub fn recover(federation: &Origin, name: &MemberId, bytes: &[u8]) -> Result<Recovered, Error> {
        let nothing = |torn| Recovered { records: Vec::new(), log: None, good_bytes: 0, torn };
        if bytes.is_empty() {
            return Ok(nothing(None));
        }
        let opening = opening(federation, name);
        let size = opening.len().saturating_add(SALT + DIGEST);
        let Some((header, mut rest)) = bytes.split_at_checked(size).filter(|_| bytes.starts_with(&opening))
        else {
            if bytes.len() < size && opening.iter().zip(bytes).all(|(want, got)| want == got) {
                return Ok(nothing(Some(Torn::Short { bytes: bytes.len() })));
            }
            return Err(foreign(bytes));
        };
        let (signed, digest) = header.split_at(size.saturating_sub(DIGEST));
        let mut log = Self::after(signed);
        if log.header.as_bytes() != digest {
            return Err(Error::LocalRecordDamaged { at: 0, sequence: 0 });
        }
        let (mut records, mut good_bytes, mut torn) = (Vec::new(), size, None);
        while !rest.is_empty() {
            match log.frame(rest) {
                Frame::Whole { body, chain, bytes } => {
                    let unreadable = |why| log.unreadable(good_bytes, why);
                    records.push(Record::decode(body).map_err(unreadable)?);
                    log = Self { header: log.header, chain, next: log.next.saturating_add(1) };
                    good_bytes = good_bytes.saturating_add(bytes);
                    rest = rest.get(bytes..).unwrap_or_default();
                }
                Frame::Not(how) if !log.goes_on_within(rest) => {
                    torn = Some(how);
                    break;
                }
                Frame::Not(_) | Frame::Damaged => {
                    return Err(Error::LocalRecordDamaged { at: good_bytes, sequence: log.next });
                }
            }
        }
        Ok(Recovered { records, log: Some(log), good_bytes, torn })
    }

    /// The log behind a header, of which `signed` is all but the digest.
    fn after(signed: &[u8]) -> Self {
        let header = Digest(Sha256::digest(signed).into());
        Self { header, chain: header, next: 0 }
    }

    fn head_check(&self, length: u32, sequence: u64) -> [u8; 16] {
        let hash = Sha256::new_with_prefix(b"auditmesh/bft-records/head\0")
            .chain_update(self.header.as_bytes())
            .chain_update(length.to_be_bytes())
            .chain_update(sequence.to_be_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        core::array::from_fn(|at| digest.get(at).copied().unwrap_or_default())
    }

    /// What the chain is after a frame with this head and body.
    fn link(&self, frame: &[u8]) -> Digest {
        let hash = Sha256::new_with_prefix(b"auditmesh/bft-records/frame\0")
            .chain_update(self.chain.as_bytes())
            .chain_update(frame);
        Digest(hash.finalize().into())
    }

    /// The length of the body and the sequence number, if a head stands at the front of `bytes`.
    fn head(&self, bytes: &[u8], plausible: impl Fn(u64) -> bool) -> Option<(usize, u64)> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let (length, sequence) = (u32::from_be_bytes(*length), u64::from_be_bytes(*sequence));
        let whole = plausible(sequence) && rest.starts_with(&self.head_check(length, sequence));
        whole.then_some((usize::try_from(length).unwrap_or(usize::MAX), sequence))
    }

    /// The frame at the front of `rest`.
    fn frame<'b>(&self, rest: &'b [u8]) -> Frame<'b> {
        let bytes = rest.len();
        if bytes < HEAD {
            return Frame::Not(Torn::Short { bytes });
        }
        let Some((length, _)) = self.head(rest, |sequence| sequence == self.next) else {
            return Frame::Not(Torn::Changed { bytes });
        };
        let signed = HEAD.saturating_add(length);
        let Some((frame, behind)) = rest.split_at_checked(signed) else {
            return Frame::Not(Torn::Short { bytes });
        };
        let Some(digest) = behind.first_chunk() else { return Frame::Not(Torn::Short { bytes }) };
        let chain = self.link(frame);
        if chain.as_bytes() != digest && behind.len() > DIGEST {
            return Frame::Damaged;
        }
        if chain.as_bytes() != digest {
            return Frame::Not(Torn::Changed { bytes });
        }
        let body = frame.get(HEAD..).unwrap_or_default();
        Frame::Whole { body, chain, bytes: signed.saturating_add(DIGEST) }
    }

    /// Whether a frame of this file begins in `rest`, other than the one that is due at its front: then that one was whole once.
    fn goes_on_within(&self, rest: &[u8]) -> bool {
        let most = self.next.saturating_add(u64::try_from(rest.len() / HEAD).unwrap_or(u64::MAX));
        let other = |at: usize, sequence: u64| sequence <= most && (at > 0 || sequence != self.next);
        let begins = |at: usize| self.head(rest.get(at..)?, |sequence| other(at, sequence));
        (0..rest.len()).any(|at| begins(at).is_some())
    }

    fn unreadable(&self, at: usize, why: Error) -> Error {
        Error::LocalRecordUnreadable { at, sequence: self.next, why: Box::new(why) }
    }
}

/// The part of a header that is known before the file is read.
fn opening(federation: &Origin, name: &MemberId) -> Vec<u8> {
    let mut bytes = DOMAIN.to_vec();
    bytes.push(VERSION);
    for text in [federation.as_str(), name.as_str()] {
        // Both have at most 255 bytes.
        bytes.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

/// Why a file whose header is not ours is refused.
fn foreign(bytes: &[u8]) -> Error {
    let damaged = Error::LocalRecordDamaged { at: 0, sequence: 0 };
    let Some((version, rest)) = bytes.strip_prefix(DOMAIN).and_then(<[u8]>::split_first) else {
        return damaged;
    };
    if *version != VERSION {
        return Error::LocalRecordVersion { got: *version, want: VERSION };
    }
    let text = |bytes: &'_ [u8]| {
        let (length, rest) = bytes.split_first()?;
        let (text, rest) = rest.split_at_checked(usize::from(*length))?;
        Some((core::str::from_utf8(text).ok()?.into(), rest.len()))
    };
    let named = || {
        let (federation, left) = text(rest)?;
        let (name, left) = text(rest.get(rest.len().checked_sub(left)?..)?)?;
        let signed = bytes.get(..bytes.len().checked_sub(left)?.checked_add(SALT)?)?;
        let digest = bytes.get(signed.len()..)?.first_chunk()?;
        let whole = RecordLog::after(signed).header.as_bytes() == digest;
        let federation: alloc::string::String = federation;
        whole.then_some((Origin::new(federation).ok()?, MemberId::new(name).ok()?))
    };
    named().map_or(damaged, |(federation, name)| Error::LocalRecordForeign { federation, name })
}
