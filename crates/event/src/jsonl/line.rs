use alloc::{format, string::String};
use core::fmt::Write as _;

use auditmesh_types::{EventId, Kind, MemberId, Millis, Zone};
use sha2::{Digest as _, Sha256};

use crate::{Error, Event};

const ID_TAG: &[u8] = b"auditmesh id v1\n";

/// What a line says about its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line: the payload.
    pub payload: &'a [u8],
    /// The format it was recognised as, [`super::Mapping::UNRECOGNISED`] when none knows it.
    pub format: &'a str,
    /// The id, when it has a valid one.
    pub id: Option<EventId>,
    /// The zone, when the format carries one.
    pub zone: Option<Zone>,
    /// The node, when the format carries one.
    pub node: Option<MemberId>,
    /// The sequence number, when the format carries one.
    pub sequence: Option<u64>,
    /// The time, when it has one that can be read.
    pub time: Option<Millis>,
    /// The kind; `event` when the line has none.
    pub kind: Kind,
}

/// Where an event belongs: its source, and its number there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The zone.
    pub zone: Zone,
    /// The node.
    pub node: MemberId,
    /// The sequence number.
    pub sequence: u64,
}

impl Line<'_> {
    /// Where the line says it belongs, and `otherwise` where it says nothing.
    ///
    /// A line's word is not proof: ask for it only when its sender may speak for that source.
    #[must_use]
    pub fn place(&self, otherwise: Place) -> Place {
        Place {
            zone: self.zone.clone().unwrap_or(otherwise.zone),
            node: self.node.clone().unwrap_or(otherwise.node),
            sequence: self.sequence.unwrap_or(otherwise.sequence),
        }
    }

    /// The event of the line, at `place`.
    ///
    /// Without an id of its own it gets [`default_id`]; without a time, `previous`: that of the line before it, 0 for the
    /// first. `salt`: 32 random bytes, used for this line alone.
    ///
    /// # Errors
    /// As [`Event::check`].
    pub fn event(&self, place: Place, previous: Millis, salt: [u8; 32]) -> Result<Event, Error> {
        let id = self.id.clone().map_or_else(|| default_id(&place, &salt, self.payload), Ok)?;
        let Place { zone, node, sequence } = place;
        let time = self.time.unwrap_or(previous);
        let event = Event {
            id,
            zone,
            node,
            sequence,
            time,
            kind: self.kind.clone(),
            salt,
            payload: self.payload.to_vec(),
        };
        event.check()?;
        Ok(event)
    }
}

/// The id of a line that has none: `h-` and the first 16 bytes, in hexadecimal, of SHA-256 of `auditmesh id v1\n`, the salt, the zone
/// and the node each behind a length byte, the sequence as eight bytes, and the line.
///
/// Like the commitment it says nothing of the line to who does not have the salt, and nothing any more once the salt is erased.
///
/// # Errors
/// None in practice: 34 characters of `h-0123456789abcdef` are always a valid id.
pub fn default_id(place: &Place, salt: &[u8; 32], line: &[u8]) -> Result<EventId, Error> {
    let mut hash = Sha256::new();
    hash.update(ID_TAG);
    hash.update(salt);
    for name in [place.zone.as_str(), place.node.as_str()] {
        let [.., length] = name.len().to_be_bytes();
        hash.update([length]);
        hash.update(name);
    }
    hash.update(place.sequence.to_be_bytes());
    hash.update(line);
    let mut text = String::from("h-");
    for byte in hash.finalize().iter().take(16) {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    EventId::new(text).map_err(|reason| Error::PeerName { field: "id", reason })
}

/// A kind out of `text`: what may not stand in a name becomes `_`, the rest is cut at the last character that fits.
pub(super) fn kind_of(text: &str) -> Option<Kind> {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    let mut clean: String = text.chars().map(|c| if forbidden(c) { '_' } else { c }).collect();
    let fits =
        clean.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= Kind::MAX_BYTES);
    let end = fits.last().unwrap_or(0);
    clean.truncate(end);
    Kind::new(clean).ok()
}

/// Joins the parts of a candidate; `None` when one of them is missing.
pub(super) fn joined(parts: impl Iterator<Item = Option<String>>) -> Option<String> {
    parts.reduce(|left, right| Some(format!("{}/{}", left?, right?))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn kinds_are_made_valid() {
        assert_eq!(kind_of("a b+c\td").unwrap().as_str(), "a_b_c_d");
        assert_eq!(kind_of(""), None);
        let cut = kind_of(&"é".repeat(100)).unwrap();
        assert_eq!(cut.as_str(), "é".repeat(64));
        let odd = kind_of(&("x".to_string() + &"é".repeat(100))).unwrap();
        assert_eq!(odd.as_str().len(), 127);
    }

    #[test]
    fn a_candidate_needs_all_its_parts() {
        let some = |text: &str| Some(text.to_string());
        assert_eq!(joined([some("a"), some("b"), some("c")].into_iter()), some("a/b/c"));
        assert_eq!(joined([some("a"), None, some("c")].into_iter()), None);
        assert_eq!(joined([].into_iter()), None);
    }
}
