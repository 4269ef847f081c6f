use alloc::{
    borrow::ToOwned,
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use auditmesh_types::{EventId, Kind, MemberId, Millis, NameError, Zone};

use super::{
    Format, Line, TimeForm,
    line::{joined, kind_of},
    scan::{self, Fields},
    time::time_of,
};
use crate::{Error, Event};

/// An ordered list of formats; the first that recognises a line reads it.
#[derive(Debug, Clone)]
pub struct Mapping {
    formats: Vec<Reading>,
    /// The number of every field that some format reads.
    fields: BTreeMap<String, usize>,
}

/// A format with the numbers of its fields.
#[derive(Debug, Clone)]
struct Reading {
    name: String,
    recognised_by: Vec<usize>,
    id: Vec<Vec<usize>>,
    time: Vec<(usize, TimeForm)>,
    kind: Vec<Vec<usize>>,
    place: Option<[(usize, String); 3]>,
}

impl Default for Mapping {
    fn default() -> Self {
        Self::built_in()
    }
}

impl Mapping {
    /// The name under which a line goes that no format recognises.
    pub const UNRECOGNISED: &str = "json";

    /// The kind of a line that has none.
    pub const DEFAULT_KIND: &str = "event";

    /// How many levels of objects and arrays a line may have, the outermost counted: what `serde_json` reads by default.
    pub const MAX_DEPTH: usize = 127;

    /// A mapping that recognises nothing yet.
    #[must_use]
    pub fn empty() -> Self {
        Self { formats: Vec::new(), fields: BTreeMap::new() }
    }

    /// The formats that [`Format`] knows, in this order: native, CloudTrail, Windows, Zeek, syslog.
    #[must_use]
    pub fn built_in() -> Self {
        let mut mapping = Self::empty();
        for format in
            [Format::native(), Format::cloudtrail(), Format::windows(), Format::zeek(), Format::syslog()]
        {
            let reading = mapping.reading(&format);
            mapping.formats.push(reading);
        }
        mapping
    }

    /// Adds a format before all others, so that it is asked first.
    ///
    /// # Errors
    /// [`Error::MisuseFormatUnrecognisable`], [`Error::MisuseFormatRepeated`].
    pub fn add(&mut self, format: &Format) -> Result<(), Error> {
        let name = || format.name.clone();
        if format.recognised_by.is_empty() {
            return Err(Error::MisuseFormatUnrecognisable { name: name() });
        }
        if format.name == Self::UNRECOGNISED || self.formats.iter().any(|known| known.name == format.name) {
            return Err(Error::MisuseFormatRepeated { name: name() });
        }
        let reading = self.reading(format);
        self.formats.insert(0, reading);
        Ok(())
    }

    /// The names of the formats, in the order in which they are asked.
    pub fn formats(&self) -> impl Iterator<Item = &str> {
        self.formats.iter().map(|format| format.name.as_str())
    }

    /// Reads what `line` says about its event. The line has no line feed at its end.
    ///
    /// # Errors
    /// [`Error::PeerPayloadTooLarge`], [`Error::PeerUtf8`], [`Error::PeerJsonSyntax`], [`Error::PeerJsonIncomplete`],
    /// [`Error::PeerJsonNotObject`], [`Error::PeerJsonTooDeep`], [`Error::PeerJsonFieldRepeated`]; for a format that
    /// carries the event's place, [`Error::PeerFieldName`] and [`Error::PeerFieldType`].
    /// # Cost
    /// Three passes over the line; allocates for the fields that are read, not for the rest.
    pub fn read<'a>(&'a self, line: &'a [u8]) -> Result<Line<'a>, Error> {
        let allowed = Event::MAX_PAYLOAD_BYTES;
        if line.len() > allowed {
            return Err(Error::PeerPayloadTooLarge { got: line.len(), allowed });
        }
        let found = scan::object(line, &self.fields, Self::MAX_DEPTH)?;
        let mut read = Line {
            payload: line,
            format: Self::UNRECOGNISED,
            id: None,
            zone: None,
            node: None,
            sequence: None,
            time: None,
            kind: default_kind()?,
        };
        let known = |format: &&Reading| format.recognised_by.iter().all(|field| found.has(*field));
        let Some(format) = self.formats.iter().find(known) else { return Ok(read) };
        read.format = &format.name;
        read.id = format.id.iter().find_map(|fields| EventId::new(text(&found, fields)?).ok());
        read.time = format.time.iter().find_map(|(field, form)| time(&found, *field, *form));
        if let Some(kind) = format.kind.iter().find_map(|fields| kind_of(&text(&found, fields)?)) {
            read.kind = kind;
        }
        if let Some([zone, node, sequence]) = &format.place {
            read.zone = name(&found, zone, Zone::new)?;
            read.node = name(&found, node, MemberId::new)?;
            read.sequence = integer(&found, sequence)?;
        }
        Ok(read)
    }

    fn reading(&mut self, format: &Format) -> Reading {
        let mut number = |field: &String| {
            let next = self.fields.len();
            *self.fields.entry(field.clone()).or_insert(next)
        };
        let mut numbers = |fields: &Vec<String>| fields.iter().map(&mut number).collect::<Vec<_>>();
        Reading {
            name: format.name.clone(),
            recognised_by: numbers(&format.recognised_by),
            id: format.id.iter().map(&mut numbers).collect(),
            kind: format.kind.iter().map(&mut numbers).collect(),
            time: format.time.iter().map(|time| (number(&time.field), time.form)).collect(),
            place: format.place.as_ref().map(|place| {
                [&place.zone, &place.node, &place.sequence].map(|field| (number(field), field.clone()))
            }),
        }
    }
}

fn default_kind() -> Result<Kind, Error> {
    Kind::new(Mapping::DEFAULT_KIND).map_err(|reason| Error::PeerName { field: "kind", reason })
}

fn text(found: &Fields<'_>, fields: &[usize]) -> Option<String> {
    joined(fields.iter().map(|field| found.text(*field)))
}

fn time(found: &Fields<'_>, field: usize, form: TimeForm) -> Option<Millis> {
    time_of(&found.text(field)?, form)
}

/// The name in a field that carries the event's place; `None` when the field is not there.
fn name<T>(
    found: &Fields<'_>,
    (number, field): &(usize, String),
    make: impl FnOnce(String) -> Result<T, NameError>,
) -> Result<Option<T>, Error> {
    if !found.has(*number) {
        return Ok(None);
    }
    let text =
        found.string(*number).ok_or(Error::PeerFieldType { field: field.to_owned(), wanted: "a string" })?;
    make(text).map(Some).map_err(|reason| Error::PeerFieldName { field: field.to_owned(), reason })
}

fn integer(found: &Fields<'_>, (number, field): &(usize, String)) -> Result<Option<u64>, Error> {
    if !found.has(*number) {
        return Ok(None);
    }
    let value = found.number(*number).and_then(|digits| digits.parse().ok());
    let wanted = "an integer from 0 to 18446744073709551615";
    value.map(Some).ok_or_else(|| Error::PeerFieldType { field: field.to_string(), wanted })
}
