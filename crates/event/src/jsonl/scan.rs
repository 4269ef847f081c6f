use alloc::{borrow::ToOwned, collections::BTreeMap, string::String, vec, vec::Vec};
use core::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::{Deserializer, error::Category, value::RawValue};

use crate::Error;

/// The fields of one object that somebody reads, as they are written.
#[derive(Debug)]
pub(super) struct Fields<'a>(Vec<Option<&'a str>>);

impl<'a> Fields<'a> {
    /// Whether the object has the field, whatever it holds.
    pub(super) fn has(&self, field: usize) -> bool {
        self.raw(field).is_some()
    }

    /// The string that the field holds.
    pub(super) fn string(&self, field: usize) -> Option<String> {
        self.raw(field).filter(|raw| raw.starts_with('"')).and_then(|raw| serde_json::from_str(raw).ok())
    }

    /// The number that the field holds, as it is written.
    pub(super) fn number(&self, field: usize) -> Option<&'a str> {
        self.raw(field).filter(|raw| raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
    }

    /// The string, not empty, or the number that the field holds.
    pub(super) fn text(&self, field: usize) -> Option<String> {
        let string = self.string(field).filter(|text| !text.is_empty());
        string.or_else(|| self.number(field).map(ToOwned::to_owned))
    }

    fn raw(&self, field: usize) -> Option<&'a str> {
        self.0.get(field).copied().flatten()
    }
}

/// Reads the top level of the one object that `line` is, and checks all of it.
pub(super) fn object<'a>(
    line: &'a [u8],
    fields: &BTreeMap<String, usize>,
    depth: usize,
) -> Result<Fields<'a>, Error> {
    let text = core::str::from_utf8(line).map_err(|e| Error::PeerUtf8 { column: e.valid_up_to() + 1 })?;
    let mut json = Deserializer::from_str(text);
    let top = Top { fields }.deserialize(&mut json);
    let (found, repeated) = top.and_then(|top| json.end().map(|()| top)).map_err(|e| refusal(line, &e))?;
    if let Some(column) = too_deep(line, depth) {
        return Err(Error::PeerJsonTooDeep { column, allowed: depth });
    }
    match repeated.and_then(|number| fields.iter().find(|(_, known)| **known == number)) {
        Some((field, _)) => Err(Error::PeerJsonFieldRepeated { field: field.clone() }),
        None => Ok(Fields(found)),
    }
}

fn refusal(line: &[u8], error: &serde_json::Error) -> Error {
    // The parser starts counting again behind a line feed; a single value may contain some.
    let before = line.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let column = before.map(<[u8]>::len).sum::<usize>() + error.column();
    match error.classify() {
        Category::Eof => Error::PeerJsonIncomplete { column },
        Category::Data => Error::PeerJsonNotObject { column: column.max(1) },
        Category::Syntax | Category::Io => Error::PeerJsonSyntax { column },
    }
}

/// Where JSON, known to be right, opens level `allowed` + 1. What skips values does not count levels, so this does.
fn too_deep(line: &[u8], allowed: usize) -> Option<usize> {
    let (mut level, mut quoted, mut escaped) = (0usize, false, false);
    for (at, byte) in line.iter().enumerate() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' if level == allowed => return Some(at + 1),
            b'{' | b'[' => level += 1,
            b'}' | b']' => level = level.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Keeps the fields that are read, skips the rest.
struct Top<'f> {
    fields: &'f BTreeMap<String, usize>,
}

/// The fields as they are written, and the number of one that stands twice.
type Found<'de> = (Vec<Option<&'de str>>, Option<usize>);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = Found<'de>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = vec![None; self.fields.len()];
        let mut repeated = None;
        while let Some(number) = map.next_key_seed(Key { fields: self.fields })? {
            let slot = number.and_then(|number| Some((number, found.get_mut(number)?)));
            let Some((number, slot)) = slot else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if slot.replace(map.next_value::<&'de RawValue>()?.get()).is_some() {
                repeated.get_or_insert(number);
            }
        }
        Ok((found, repeated))
    }
}

/// The number of a field, if it is read.
struct Key<'f> {
    fields: &'f BTreeMap<String, usize>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.fields.get(name).copied())
    }
}
