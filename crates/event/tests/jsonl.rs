//! JSON Lines: what is read of each built-in format, of added ones, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test may panic, and its numbers are small")]

use auditmesh_event::{
    Error, Event,
    jsonl::{Format, Line, Mapping, Place, default_id},
};
use auditmesh_types::{EventId, Kind, MemberId, Millis, NameError, Zone};
use proptest::prelude::*;

fn place(sequence: u64) -> Place {
    Place { zone: Zone::new("EU").unwrap(), node: MemberId::new("EU-1").unwrap(), sequence }
}

/// Format, id, time and kind of a line.
fn read(line: &str) -> (String, Option<String>, Option<u64>, String) {
    let mapping = Mapping::built_in();
    let Line { format, id, time, kind, zone, node, sequence, .. } = mapping.read(line.as_bytes()).unwrap();
    assert_eq!((zone, node, sequence), (None, None, None));
    (format.to_owned(), id.map(|id| id.to_string()), time.map(|time| time.0), kind.to_string())
}

fn expected(
    format: &str,
    id: Option<&str>,
    time: Option<u64>,
    kind: &str,
) -> (String, Option<String>, Option<u64>, String) {
    (format.to_owned(), id.map(str::to_owned), time, kind.to_owned())
}

fn refused(line: &str) -> Error {
    Mapping::built_in().read(line.as_bytes()).unwrap_err()
}

#[test]
fn cloudtrail() {
    let line = r#"{"eventTime":"2024-05-01T12:00:00Z","eventSource":"iam.example","eventName":"CreateUser","eventID":"c-1"}"#;
    assert_eq!(
        read(line),
        expected("cloudtrail", Some("c-1"), Some(1_714_564_800_000), "iam.example/CreateUser")
    );
    let line = r#"{"@timestamp":"2024-05-01T12:00:00.25Z","eventSource":null,"eventName":"CreateUser"}"#;
    assert_eq!(read(line), expected("cloudtrail", None, Some(1_714_564_800_250), "CreateUser"));
}

#[test]
fn windows() {
    let line = r#"{"Hostname":"dc.example","Channel":"Security","RecordNumber":9007199254740993,"EventID":4688,"EventTime":"2024-05-01 08:00:00","@timestamp":"2024-05-01T12:00:00Z","Keywords":-9214364837600034816}"#;
    assert_eq!(read(line), expected("windows", None, Some(1_714_564_800_000), "Security/4688"));
    // A time without an offset is none.
    let line = r#"{"Hostname":"dc","Channel":"Power Shell","RecordNumber":"7","EventID":1,"EventTime":"2024-05-01 08:00:00"}"#;
    assert_eq!(read(line), expected("windows", None, None, "Power_Shell/1"));
}

#[test]
fn zeek() {
    let line = r#"{"@stream":"conn","ts":1714564800.9999999,"uid":"C1"}"#;
    assert_eq!(read(line), expected("zeek", None, Some(1_714_564_800_999), "conn"));
    let line = r#"{"@stream":"dns","ts":"2024-05-01T12:00:00Z"}"#;
    assert_eq!(read(line), expected("zeek", None, Some(1_714_564_800_000), "dns"));
}

#[test]
fn syslog() {
    let line =
        r#"{"SyslogMessage":"a=\"b\"","TimeGenerated":"2024-05-01T12:00:00.001Z","EventType":"EXECVE"}"#;
    assert_eq!(read(line), expected("syslog", None, Some(1_714_564_800_001), "EXECVE"));
    assert_eq!(read(r#"{"SyslogMessage":1}"#), expected("syslog", None, None, "event"));
}

#[test]
fn anything_else_is_an_event_too() {
    for line in ["{}", r#"{"time":"2024-05-01T12:00:00Z","id":"x"}"#, " {\"a\":[1,{}]}\r", r#"{"a":1,"a":2}"#]
    {
        assert_eq!(read(line), expected("json", None, None, "event"), "{line}");
    }
}

#[test]
fn native_lines_carry_their_place() {
    let mapping = Mapping::built_in();
    let line = br#"{"id":"e-1","zone":"US","node":"US-1","sequence":18446744073709551615,"time":1714564800500,"kind":"iam.CreateUser"}"#;
    let read = mapping.read(line).unwrap();
    assert_eq!(read.format, "auditmesh");
    let at = read.place(place(9));
    assert_eq!((at.zone.as_str(), at.node.as_str(), at.sequence), ("US", "US-1", u64::MAX));
    let event = read.event(at, Millis(3), [5; 32]).unwrap();
    assert_eq!((event.id.as_str(), event.time.0), ("e-1", 1_714_564_800_500));
    assert_eq!((event.kind.as_str(), event.sequence), ("iam.CreateUser", u64::MAX));
    let dated = br#"{"zone":"US","node":"US-1","sequence":1,"time":"2024-05-01T12:00:00Z"}"#;
    assert_eq!(mapping.read(dated).unwrap().time, Some(Millis(1_714_564_800_000)));
}

#[test]
fn a_native_line_must_have_its_place_right() {
    let line = |zone: &str, sequence: &str| format!(r#"{{"zone":{zone},"node":"N","sequence":{sequence}}}"#);
    let reason = NameError::MisuseCharacter { what: "zone", at: 1, found: ' ' };
    assert_eq!(refused(&line("\"a b\"", "1")), Error::PeerFieldName { field: "zone".into(), reason });
    let wanted = "a string";
    assert_eq!(refused(&line("7", "1")), Error::PeerFieldType { field: "zone".into(), wanted });
    let wanted = "an integer from 0 to 18446744073709551615";
    for sequence in ["\"1\"", "-1", "1.0", "1e3", "18446744073709551616", "null", "[1]"] {
        let reason = Error::PeerFieldType { field: "sequence".into(), wanted };
        assert_eq!(refused(&line("\"EU\"", sequence)), reason, "{sequence}");
    }
    assert!(Mapping::built_in().read(line("\"EU\"", "0").as_bytes()).is_ok());
}

#[test]
fn a_line_becomes_an_event_with_its_bytes_untouched() {
    let mapping = Mapping::built_in();
    let line = b"{\"n\": 1.0, \"big\":9007199254740993}\r";
    let event = mapping.read(line).unwrap().event(place(42), Millis(77), [5; 32]).unwrap();
    assert_eq!(event.payload, line);
    assert_eq!((event.zone, event.node, event.sequence), (place(0).zone, place(0).node, 42));
    assert_eq!((event.time, event.kind.as_str(), event.salt), (Millis(77), "event", [5; 32]));
    assert_eq!(event.id, default_id(&place(42), &[5; 32], line).unwrap());
    let late = mapping.read(line).unwrap().event(place(42), Millis(u64::MAX), [5; 32]);
    assert_eq!(late, Err(Error::PeerTimeTooLate { got: Millis(u64::MAX), allowed: Event::MAX_TIME }));
}

#[test]
fn the_default_id_is_frozen_and_depends_on_everything() {
    let line: &[u8] = br#"{"user":"ada","n":9007199254740993}"#;
    let id = |place: Place, line| default_id(&place, &[9; 32], line).unwrap();
    let first = id(place(42), line);
    assert_eq!(first.as_str(), "h-d637624f78cd44e39ab9bc123328df9f");
    let others = [
        id(place(43), line),
        id(place(42), &line[1..]),
        id(Place { zone: Zone::new("EUE").unwrap(), ..place(42) }, line),
        id(Place { node: MemberId::new("EU-2").unwrap(), ..place(42) }, line),
        default_id(&place(42), &[8; 32], line).unwrap(),
    ];
    assert!(others.iter().all(|other| *other != first));
}

#[test]
fn says_what_is_wrong_and_at_which_byte() {
    assert_eq!(refused(""), Error::PeerJsonIncomplete { column: 0 });
    assert_eq!(refused(r#"{"a":1"#), Error::PeerJsonIncomplete { column: 6 });
    assert_eq!(refused(r#"{"a":x}"#), Error::PeerJsonSyntax { column: 6 });
    assert_eq!(refused(r#"{"é":x}"#), Error::PeerJsonSyntax { column: 7 });
    assert_eq!(refused("{\"a\":\n 1,\n x}"), Error::PeerJsonSyntax { column: 12 });
    assert_eq!(refused("{} {}"), Error::PeerJsonSyntax { column: 4 });
    assert_eq!(refused("\u{feff}{}"), Error::PeerJsonSyntax { column: 1 });
    assert_eq!(refused("{\"a\":\"\u{1}\"}"), Error::PeerJsonSyntax { column: 6 });
    for other in ["[]", "\"a\"", "null", "true", "7"] {
        assert!(matches!(refused(other), Error::PeerJsonNotObject { .. }), "{other}");
    }
    let not_utf8 = Mapping::built_in().read(b"{\"a\":\"\xff\"}").unwrap_err();
    assert_eq!(not_utf8, Error::PeerUtf8 { column: 7 });
}

#[test]
fn a_field_that_is_read_may_stand_once() {
    let field = || "eventName".to_owned();
    let line = r#"{"eventName":"a","eventSource":"b","eventName":"a"}"#;
    assert_eq!(refused(line), Error::PeerJsonFieldRepeated { field: field() });
    // The same name, escaped.
    let line = r#"{"eventName":"a","\u0065ventName":"c"}"#;
    assert_eq!(refused(line), Error::PeerJsonFieldRepeated { field: field() });
    // Inside another object it is another field.
    let line = r#"{"eventName":"a","eventSource":"b","x":{"eventName":"c"}}"#;
    assert_eq!(read(line).3, "b/a");
}

#[test]
fn the_line_is_limited() {
    let line = |length: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(length - 8));
    let mapping = Mapping::built_in();
    assert!(mapping.read(line(Event::MAX_PAYLOAD_BYTES).as_bytes()).is_ok());
    let reason = Error::PeerPayloadTooLarge { got: 524_289, allowed: 524_288 };
    assert_eq!(refused(&line(Event::MAX_PAYLOAD_BYTES + 1)), reason);
    assert_eq!(
        refused(&line(1 << 20)),
        Error::PeerPayloadTooLarge { got: 1 << 20, allowed: Event::MAX_PAYLOAD_BYTES }
    );
}

#[test]
fn the_depth_is_limited_as_by_serde_json() {
    let nested =
        |levels: usize| format!(r#"{{"a":{}"]["{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
    let generic = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
    let (deepest, deeper) = (nested(Mapping::MAX_DEPTH), nested(Mapping::MAX_DEPTH + 1));
    assert!(generic(&deepest) && !generic(&deeper));
    assert!(Mapping::built_in().read(deepest.as_bytes()).is_ok());
    assert_eq!(refused(&deeper), Error::PeerJsonTooDeep { column: 6 + 126, allowed: 127 });
    // The same in a field that is read, and a bomb that never closes.
    let read = deeper.replace("\"a\"", "\"id\"");
    assert_eq!(refused(&read), Error::PeerJsonTooDeep { column: 7 + 126, allowed: 127 });
    let bomb = format!(r#"{{"a":{}"#, "[".repeat(500_000));
    assert_eq!(refused(&bomb), Error::PeerJsonIncomplete { column: 500_005 });
    let bomb = format!(r#"{{"a":{}{}}}"#, "[".repeat(250_000), "]".repeat(250_000));
    assert_eq!(refused(&bomb), Error::PeerJsonTooDeep { column: 6 + 126, allowed: 127 });
}

#[test]
fn formats_can_be_added_as_data() {
    let format: Format = serde_json::from_str(
        r#"{"name":"gate","recognised_by":["gate"],"id":[["gate","no"]],"kind":[["door"],["gate"]],
            "time":[{"field":"at","form":"milliseconds"},{"field":"at","form":"rfc3339"}]}"#,
    )
    .unwrap();
    let mut mapping = Mapping::built_in();
    mapping.add(&format).unwrap();
    let order: Vec<&str> = mapping.formats().collect();
    assert_eq!(order, ["gate", "auditmesh", "cloudtrail", "windows", "zeek", "syslog"]);
    // It is asked before the built-in ones.
    let line = br#"{"gate":"g","no":3,"at":1500.9,"door":"","SyslogMessage":""}"#;
    let read = mapping.read(line).unwrap();
    assert_eq!((read.format, read.kind.as_str(), read.time), ("gate", "g", Some(Millis(1500))));
    assert_eq!(read.id, Some(EventId::new("g/3").unwrap()));
    assert_eq!(mapping.add(&format), Err(Error::MisuseFormatRepeated { name: "gate".into() }));
    let named = Format { name: "json".into(), ..format.clone() };
    assert_eq!(mapping.add(&named), Err(Error::MisuseFormatRepeated { name: "json".into() }));
    let open = Format { name: "open".into(), recognised_by: vec![], ..format };
    assert_eq!(mapping.add(&open), Err(Error::MisuseFormatUnrecognisable { name: "open".into() }));
    assert_eq!(mapping.formats().count(), 6);
}

#[test]
fn an_invalid_id_is_no_id() {
    let line = |id: &str| format!(r#"{{"eventSource":"s","eventName":"n","eventID":{id}}}"#);
    let id = |text: &str| read(&line(text)).1;
    assert_eq!(id("\"a\\u002db\""), Some("a-b".to_owned()));
    assert_eq!(id("12"), Some("12".to_owned()));
    let long = format!("\"{}\"", "x".repeat(129));
    for bad in ["\"a b\"", "\"\"", "null", "true", "{}", "[\"a\"]", "1e+5", "\"\\ud800\"", &long] {
        assert_eq!(id(bad), None, "{bad}");
    }
}

/// A line of one of the formats with a byte or two changed: mostly broken, sometimes not.
fn changed() -> impl Strategy<Value = Vec<u8>> {
    let line = r#"{"eventSource":"s.x","a":[1,-2.5e3,{"b":null}],"eventName":"n\u0041","eventID":"i-1","z":"\"é","@timestamp":"2024-05-01T12:00:00Z"}"#;
    let change = (any::<prop::sample::Index>(), prop::sample::select(&b"{}[]\",:\\ue019.-x \xc3"[..]));
    prop::collection::vec(change, 0..3).prop_map(move |changes| {
        let mut bytes = line.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn agrees_with_a_generic_parser(line in changed()) {
        let mapping = Mapping::built_in();
        let read = mapping.read(&line);
        match serde_json::from_slice::<serde_json::Value>(&line) {
            Ok(serde_json::Value::Object(object)) => {
                let Ok(read) = read else {
                    return Err(TestCaseError::fail(format!("{read:?}")));
                };
                let text = |field: &str| object.get(field).and_then(|value| value.as_str());
                let known = object.contains_key("eventSource") && object.contains_key("eventName");
                prop_assert_eq!(read.format, if known { "cloudtrail" } else { "json" });
                let id = text("eventID").filter(|_| known).and_then(|id| EventId::new(id).ok());
                prop_assert_eq!(read.id, id);
                let kind = text("eventSource").zip(text("eventName"));
                let kind = kind.and_then(|(source, name)| Kind::new(format!("{source}/{name}")).ok());
                if let Some(kind) = kind.filter(|kind| known && kind.as_str().len() > 3 && !kind.as_str().contains("//")) {
                    prop_assert_eq!(read.kind, kind);
                }
            }
            // A generic parser also refuses numbers beyond a float and escapes that are no character.
            Err(e) if e.to_string().contains("surrogate") || e.to_string().contains("hex escape")
                || e.to_string().contains("out of range") => {}
            _ => prop_assert!(read.is_err()),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(line in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = Mapping::built_in().read(&line);
    }
}
