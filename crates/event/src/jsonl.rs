//! JSON Lines: one JSON object a line, and data that says which of its fields are id, time and kind.
//!
//! The payload of an event is the line as it stands, without the line feed that ends it; nothing else is taken off, a
//! carriage return before it stays. A line is UTF-8, one object, at most [`Event::MAX_PAYLOAD_BYTES`] long and
//! [`Mapping::MAX_DEPTH`] levels deep. A field that the mapping reads may stand once; a repetition of any other is
//! none of our business. Numbers are read as text, so that none is rounded.
//!
//! [`Event::MAX_PAYLOAD_BYTES`]: crate::Event::MAX_PAYLOAD_BYTES

mod format;
mod line;
#[cfg(feature = "std")]
mod lines;
mod mapping;
mod scan;
mod time;

pub use format::{Format, PlaceFields, TimeField, TimeForm};
pub use line::{Line, Place, default_id};
#[cfg(feature = "std")]
pub use lines::{Lines, Numbered};
pub use mapping::Mapping;
