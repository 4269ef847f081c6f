use alloc::vec::Vec;
use core::fmt;

use auditmesh_types::Digest;

use crate::{Error, Event};

const TAG: &[u8] = b"auditmesh event v1\n";
const SALT: &[u8] = b"salt ";
const DIGITS: usize = 64;
const END: &[u8] = b"\n\n";

/// What the owner of an event keeps, and discloses to open the commitment: salt and payload.
///
/// `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The 32 random bytes that came with the event.
    pub salt: [u8; 32],
    /// The bytes as received.
    pub payload: Vec<u8>,
}

impl Disclosure {
    /// The bytes before the payload.
    pub const HEADER_BYTES: usize = TAG.len() + SALT.len() + DIGITS + END.len();

    /// What opens the commitment of `event`.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self { salt: event.salt, payload: event.payload.clone() }
    }

    /// The bytes of the event file.
    ///
    /// # Errors
    /// [`Error::PeerPayloadTooLarge`].
    /// # Source
    /// `docs/spec/event.md`.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        check_size(&self.payload)?;
        let mut out = Vec::with_capacity(Self::HEADER_BYTES + self.payload.len());
        out.extend_from_slice(TAG);
        out.extend_from_slice(SALT);
        out.extend(self.salt.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
        out.extend_from_slice(END);
        out.extend_from_slice(&self.payload);
        Ok(out)
    }

    /// Reads an event file.
    ///
    /// # Errors
    /// [`Error::PeerDisclosureHeader`] with the place of the first byte that is not as it must be,
    /// [`Error::PeerPayloadTooLarge`].
    /// # Source
    /// `docs/spec/event.md`.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut at = 0;
        expect(bytes, &mut at, TAG)?;
        expect(bytes, &mut at, SALT)?;
        let digits = bytes.get(at..).and_then(|rest| rest.get(..DIGITS));
        let digits = digits.ok_or(Error::PeerDisclosureHeader { at: bytes.len() })?;
        if let Some(wrong) = digits.iter().position(|d| !matches!(d, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Error::PeerDisclosureHeader { at: at + wrong });
        }
        let salt = core::str::from_utf8(digits).ok().and_then(|text| text.parse::<Digest>().ok());
        let Digest(salt) = salt.ok_or(Error::PeerDisclosureHeader { at })?;
        at += DIGITS;
        expect(bytes, &mut at, END)?;
        let payload = bytes.get(at..).unwrap_or_default();
        check_size(payload)?;
        Ok(Self { salt, payload: payload.to_vec() })
    }
}

impl fmt::Debug for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disclosure").field("payload_bytes", &self.payload.len()).finish_non_exhaustive()
    }
}

fn check_size(payload: &[u8]) -> Result<(), Error> {
    if payload.len() > Event::MAX_PAYLOAD_BYTES {
        return Err(Error::PeerPayloadTooLarge { got: payload.len(), allowed: Event::MAX_PAYLOAD_BYTES });
    }
    Ok(())
}

/// `nibble` is below 16.
fn digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + (nibble - 10) }
}

fn expect(bytes: &[u8], at: &mut usize, want: &[u8]) -> Result<(), Error> {
    for byte in want {
        if bytes.get(*at) != Some(byte) {
            return Err(Error::PeerDisclosureHeader { at: *at });
        }
        *at += 1;
    }
    Ok(())
}
