//! The bytes of messages, decisions, records and evidence: one encoding for each value. `docs/spec/bft.md` has them.

mod outer;
mod reader;
mod value;
mod vote;

use alloc::vec::Vec;

use super::{Decided, Evidence, Message, Packet, Record};
use crate::Error;
use reader::Reader;

/// The version that is written, and the only one that is read.
const VERSION: u8 = 1;

/// What has bytes of its own, inside or outside of something else.
trait Wire: Sized {
    fn write(&self, out: &mut Vec<u8>);
    fn read(input: &mut Reader<'_>) -> Result<Self, Error>;
}

/// What may be there: 0, or 1 and the thing itself.
impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_some()));
        if let Some(it) = self {
            it.write(out);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        match input.tag()? {
            (0, _) => Ok(None),
            (1, _) => T::read(input).map(Some),
            (got, at) => Err(Error::PeerTag { what: "presence mark", at, got }),
        }
    }
}

macro_rules! encoded {
    ($name:ident, $what:literal, $domain:literal) => {
        impl $name {
            /// The most bytes an encoding may have: 96 MiB, room for the largest value with the full lineage of 1,000 validators and
            /// ML-DSA-44 signatures.
            pub const MAX_BYTES: usize = 96 << 20;

            /// Its bytes; `docs/spec/bft.md` has them. No other bytes stand for the same value. What breaks a limit, such as a signature of
            /// more than 8,192 bytes, gets bytes that every decoder refuses.
            ///
            /// # Cost
            /// One copy.
            #[must_use]
            pub fn encode(&self) -> Vec<u8> {
                let mut out = Vec::with_capacity(256);
                out.extend_from_slice($domain);
                out.push(VERSION);
                self.write(&mut out);
                out
            }

            /// Reads what [`Self::encode`] writes. No signature is checked.
            ///
            /// # Errors
            /// [`Error::PeerLength`] for what is beyond a limit, [`Error::PeerShort`], [`Error::PeerTrailing`], [`Error::PeerDomain`],
            /// [`Error::PeerVersion`], [`Error::PeerTag`], [`Error::PeerVoterOrder`]; for evidence [`Error::PeerNoOffence`] and
            /// [`Error::PeerEvidenceOrder`].
            /// # Cost
            /// One copy, a hash over each value, and no more memory than a small multiple of `bytes`.
            pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
                let mut input = Reader::new(bytes, $what, Self::MAX_BYTES)?;
                if input.take($domain.len())? != $domain {
                    return Err(Error::PeerDomain { what: $what });
                }
                match input.tag()? {
                    (VERSION, _) => {}
                    (got, _) => return Err(Error::PeerVersion { what: $what, got, want: VERSION }),
                }
                let value = Self::read(&mut input)?;
                input.finish()?;
                Ok(value)
            }
        }
    };
}

encoded!(Message, "message", b"auditmesh/bft-message\0");
encoded!(Decided, "decision", b"auditmesh/bft-decided\0");
encoded!(Record, "record", b"auditmesh/bft-record\0");
encoded!(Evidence, "evidence", b"auditmesh/bft-evidence\0");
encoded!(Packet, "packet", b"auditmesh/bft-packet\0");
