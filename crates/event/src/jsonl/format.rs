use alloc::{borrow::ToOwned, string::String, vec::Vec};

use serde::Deserialize;

/// How one sort of line is recognised, and which of its top-level fields say what. Plain data: it can be read from a
/// configuration file.
///
/// A *candidate* is a list of fields. It gives something when all of them hold a string (not empty) or a number; several
/// are joined with `/`, a number as it is written. The first candidate that gives something counts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// What it is called.
    pub name: String,
    /// The fields that a line must have, whatever they hold, to be of this format. At least one.
    pub recognised_by: Vec<String>,
    /// Candidates for the event's id. One that gives no valid id is passed over.
    #[serde(default)]
    pub id: Vec<Vec<String>>,
    /// Candidates for the event's time.
    #[serde(default)]
    pub time: Vec<TimeField>,
    /// Candidates for the event's kind. What may not stand in a kind becomes `_`, and the rest is cut at 128 bytes.
    #[serde(default)]
    pub kind: Vec<Vec<String>>,
    /// The fields that say where the event belongs, in lines that say so. A line that has them must have them right.
    #[serde(default)]
    pub place: Option<PlaceFields>,
}

/// A field that holds a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeField {
    /// The field.
    pub field: String,
    /// How the time is written.
    pub form: TimeForm,
}

/// How a time is written. Fractions of a millisecond are cut off; times before 1970 and after 9999 are no times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TimeForm {
    /// `2024-05-01T12:00:00.5Z`, with an offset: a local time without one is no time.
    Rfc3339,
    /// Seconds since 1970 as a decimal, `1714564800.5`.
    Seconds,
    /// Milliseconds since 1970 as a decimal.
    Milliseconds,
}

/// The fields that say where an event belongs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceFields {
    /// The field of the zone, a string.
    pub zone: String,
    /// The field of the node, a string.
    pub node: String,
    /// The field of the sequence, an integer.
    pub sequence: String,
}

impl Format {
    /// AuditMesh's own lines: `id`, `zone`, `node`, `sequence`, `time` (RFC 3339, or milliseconds), `kind`.
    #[must_use]
    pub fn native() -> Self {
        Self {
            place: Some(PlaceFields {
                zone: "zone".to_owned(),
                node: "node".to_owned(),
                sequence: "sequence".to_owned(),
            }),
            ..Self::of(
                "auditmesh",
                &["zone", "node", "sequence"],
                &[&["id"]],
                &[("time", TimeForm::Rfc3339), ("time", TimeForm::Milliseconds)],
                &[&["kind"]],
            )
        }
    }

    /// AWS CloudTrail records.
    #[must_use]
    pub fn cloudtrail() -> Self {
        Self::of(
            "cloudtrail",
            &["eventSource", "eventName"],
            &[&["eventID"]],
            &[("eventTime", TimeForm::Rfc3339), ("@timestamp", TimeForm::Rfc3339)],
            &[&["eventSource", "eventName"], &["eventName"]],
        )
    }

    /// Windows events as NXLog and Winlogbeat forward them. `EventTime` comes second: it is often a local time without
    /// an offset, which is no time. Host, channel and record number would name a record, but a host's name is often its owner's, and an
    /// id stays in the log for ever: none of the fields is an id.
    #[must_use]
    pub fn windows() -> Self {
        Self::of(
            "windows",
            &["Channel", "RecordNumber", "Hostname"],
            &[],
            &[("@timestamp", TimeForm::Rfc3339), ("EventTime", TimeForm::Rfc3339)],
            &[&["Channel", "EventID"], &["Channel"]],
        )
    }

    /// Zeek logs with their stream's name. Their `uid` names a connection, not a line, so that none of their fields is an
    /// id.
    #[must_use]
    pub fn zeek() -> Self {
        Self::of(
            "zeek",
            &["@stream", "ts"],
            &[],
            &[("ts", TimeForm::Seconds), ("ts", TimeForm::Rfc3339)],
            &[&["@stream"]],
        )
    }

    /// Syslog and auditd messages as Azure Monitor exports them.
    #[must_use]
    pub fn syslog() -> Self {
        Self::of(
            "syslog",
            &["SyslogMessage"],
            &[],
            &[("TimeGenerated", TimeForm::Rfc3339)],
            &[&["EventType"]],
        )
    }

    fn of(
        name: &str,
        recognised_by: &[&str],
        id: &[&[&str]],
        time: &[(&str, TimeForm)],
        kind: &[&[&str]],
    ) -> Self {
        let list = |fields: &[&str]| fields.iter().map(|&field| field.to_owned()).collect::<Vec<_>>();
        let lists = |candidates: &[&[&str]]| candidates.iter().map(|fields| list(fields)).collect();
        let times = time.iter().map(|&(field, form)| TimeField { field: field.to_owned(), form });
        Self {
            name: name.to_owned(),
            recognised_by: list(recognised_by),
            id: lists(id),
            time: times.collect(),
            kind: lists(kind),
            place: None,
        }
    }
}
