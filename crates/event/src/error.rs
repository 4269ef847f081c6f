use alloc::string::String;

use auditmesh_types::{EventId, MemberId, Millis, NameError, Zone};

/// Why an event, an entry, a line or a format is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two formats of one mapping have the same name.
    #[error("the mapping has a format named {name:?} already; give the new one another name")]
    MisuseFormatRepeated {
        /// The name.
        name: String,
    },
    /// A format without a field to recognise it by would claim every line.
    #[error("the format {name:?} names no field to recognise it by; name at least one")]
    MisuseFormatUnrecognisable {
        /// The format.
        name: String,
    },
    /// A source is resumed after it has sent events.
    #[error("the source {zone}/{node} has events already; resume it before the first push")]
    MisuseSourceStarted {
        /// The source's zone.
        zone: Zone,
        /// The source's node.
        node: MemberId,
    },
    /// No room for another event.
    #[error("{got} events wait, at most {allowed} may; seal a batch or fill the gaps first")]
    LocalQueueFull {
        /// How many wait.
        got: usize,
        /// How many may.
        allowed: usize,
    },
    /// Reading failed.
    #[cfg(feature = "std")]
    #[error("line {line} could not be read: {kind}")]
    LocalRead {
        /// The line that was being read, from 1.
        line: u64,
        /// What the operating system says.
        kind: std::io::ErrorKind,
    },
    /// A payload or a line of more bytes than allowed.
    #[error("the payload has {got} bytes, at most {allowed} are allowed")]
    PeerPayloadTooLarge {
        /// Its bytes.
        got: usize,
        /// The most allowed.
        allowed: usize,
    },
    /// A time that no calendar with four digits for the year can show.
    #[error("the time {got} ms since 1970 is after the year 9999; at most {allowed} ms is allowed")]
    PeerTimeTooLate {
        /// The event's time.
        got: Millis,
        /// The last allowed.
        allowed: Millis,
    },
    /// A time later than the receiver allows now.
    #[error("the time {} is in the future, at most {} is allowed; check the sender's clock", moment(*got), moment(*allowed))]
    PeerTimeInFuture {
        /// The event's time.
        got: Millis,
        /// The last allowed.
        allowed: Millis,
    },
    /// The source is not among the declared ones.
    #[error("the source {zone}/{node} is not a declared member")]
    PeerUnknownMember {
        /// The zone it names.
        zone: Zone,
        /// The node it names.
        node: MemberId,
    },
    /// A source used a sequence number twice.
    #[error("the source {zone}/{node} has sent sequence {sequence} before")]
    PeerSequenceRepeated {
        /// The source's zone.
        zone: Zone,
        /// The source's node.
        node: MemberId,
        /// The number.
        sequence: u64,
    },
    /// A source used a number below the first.
    #[error("the source {zone}/{node} sent sequence {got}, the first is {start}")]
    PeerSequenceBeforeStart {
        /// The source's zone.
        zone: Zone,
        /// The source's node.
        node: MemberId,
        /// The number.
        got: u64,
        /// The first number.
        start: u64,
    },
    /// A source left out at least one number.
    #[error("the source {zone}/{node} should go on with sequence {expected}, the next one here is {got}")]
    PeerSequenceGap {
        /// The source's zone.
        zone: Zone,
        /// The source's node.
        node: MemberId,
        /// The first number that is missing.
        expected: u64,
        /// The first number behind the gap.
        got: u64,
    },
    /// An id that another event has.
    #[error("an event with the id {id} came before")]
    PeerIdRepeated {
        /// The id.
        id: EventId,
    },
    /// The bytes do not begin as an entry does.
    #[error("an entry begins with \"auditmesh entry v1\" and a line feed, this does not")]
    PeerEntryTag,
    /// The entry ends too early.
    #[error("the entry ends in its {field}: {needed} bytes are needed, {got} are there")]
    PeerEntryTruncated {
        /// The field.
        field: &'static str,
        /// The bytes left.
        got: usize,
        /// The bytes the field takes.
        needed: usize,
    },
    /// Bytes after the end of the entry.
    #[error("{extra} bytes follow the end of the entry, none may")]
    PeerEntryTrailing {
        /// How many.
        extra: usize,
    },
    /// A name in an entry is not UTF-8.
    #[error("the {field} of the entry is not UTF-8")]
    PeerNameUtf8 {
        /// The field.
        field: &'static str,
    },
    /// A name in an entry is empty, too long, or has a forbidden character.
    #[error("the {field} of the entry is refused: {reason}")]
    PeerName {
        /// The field.
        field: &'static str,
        /// Why.
        reason: NameError,
    },
    /// Salt and payload are not those of the entry.
    #[error("salt and payload do not open the commitment")]
    PeerCommitmentMismatch,
    /// An event file that does not begin as one does.
    #[error("the header of the event file is wrong or ends at byte {at}")]
    PeerDisclosureHeader {
        /// The first wrong byte, or where the file ends.
        at: usize,
    },
    /// A line of more bytes than allowed. It was passed over; the next one can be read.
    #[error("line {line} has {got} bytes, at most {allowed} are allowed")]
    PeerLineTooLong {
        /// Its number, from 1.
        line: u64,
        /// Its bytes.
        got: u64,
        /// The most allowed.
        allowed: usize,
    },
    /// A line that is not UTF-8.
    #[error("the line is not UTF-8 at column {column}")]
    PeerUtf8 {
        /// The first wrong byte, from 1.
        column: usize,
    },
    /// A line that is not JSON.
    #[error("the line is not JSON at column {column}")]
    PeerJsonSyntax {
        /// The byte, from 1, at which it stops being JSON, or the one before it.
        column: usize,
    },
    /// A line that ends inside a JSON value.
    #[error("the line ends inside a JSON value at column {column}; it was cut off, or holds no value")]
    PeerJsonIncomplete {
        /// Its last byte, from 1; 0 in an empty line.
        column: usize,
    },
    /// A line that is JSON but no object.
    #[error("the line holds a JSON value that is no object, seen at column {column}")]
    PeerJsonNotObject {
        /// The byte at which that shows, from 1.
        column: usize,
    },
    /// Objects and arrays nested deeper than allowed.
    #[error("the line nests deeper than {allowed} levels at column {column}")]
    PeerJsonTooDeep {
        /// The byte that opens one level too many, from 1.
        column: usize,
        /// The most levels allowed.
        allowed: usize,
    },
    /// A field that the mapping reads stands twice in an object.
    #[error("the field {field:?} stands twice, which of the two counts is open")]
    PeerJsonFieldRepeated {
        /// The field.
        field: String,
    },
    /// A field that says where the event belongs is no name.
    #[error("the field {field:?} is refused: {reason}")]
    PeerFieldName {
        /// The field.
        field: String,
        /// Why.
        reason: NameError,
    },
    /// A field that says where the event belongs is of another type.
    #[error("the field {field:?} must hold {wanted}")]
    PeerFieldType {
        /// The field.
        field: String,
        /// What it must hold.
        wanted: &'static str,
    },
}

/// A time as people read it; the milliseconds themselves where no calendar has it.
fn moment(time: Millis) -> String {
    let known = i64::try_from(time.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    known.map_or_else(|| alloc::format!("{time} ms"), |moment| alloc::format!("{moment}"))
}
