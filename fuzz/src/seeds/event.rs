use auditmesh_event::{Disclosure, Entry, Event};
use auditmesh_types::{EventId, Kind, MemberId, Millis, Zone};

use super::Seed;

const NATIVE: &[u8] = br#"{"id":"e-42","zone":"EU","node":"EU-1","sequence":42,"time":"2024-05-01T12:00:00.5Z","kind":"iam.CreateUser","user":"\u0061da"}"#;

const LINES: &[(&str, &[u8])] = &[
    ("native", NATIVE),
    (
        "cloudtrail",
        br#"{"eventSource":"iam.amazonaws.com","eventName":"CreateUser","eventID":"7d3b","eventTime":"2024-05-01T12:00:00Z","requestParameters":{"tags":[]}}"#,
    ),
    (
        "windows",
        br#"{"Channel":"Security","RecordNumber":9007199254740993,"Hostname":"dc01","EventID":4624,"@timestamp":"2024-05-01T12:00:00.123+02:00"}"#,
    ),
    ("zeek", br#"{"@stream":"conn","ts":1588205199.82437,"uid":"C1","missed_bytes":0}"#),
    ("syslog", br#"{"SyslogMessage":"type=SYSCALL","TimeGenerated":"2024-05-01T12:00:00Z","EventType":"a b"}"#),
    ("other", b" {\"a\" : [ {\"b\":-1.5e+3}, null, true, \"\\ud83d\\ude00\" ] }\r"),
];

pub(super) fn seeds() -> Vec<Seed> {
    let small = event("e-42", br#"{"user":"ada","n":9007199254740993}"#);
    let empty = Event { time: Event::MAX_TIME, sequence: u64::MAX, ..event(&"i".repeat(128), b"") };
    let entry = |event: &Event| Entry::of(event).expect("within the limits").encode();
    let file = |event: &Event| Disclosure::of(event).encode().expect("within the limits");
    let mut seeds = vec![
        ("entry_decode", "small", entry(&small)),
        ("entry_decode", "long", entry(&empty)),
        ("disclosure_decode", "small", file(&small)),
        ("disclosure_decode", "empty", file(&empty)),
        ("jsonl_lines", "unended", [&[20, 3], b"one\n\ntwo\r\nthree".as_slice()].concat()),
        ("jsonl_lines", "ended", [&[255, 0], NATIVE, b"\n".as_slice()].concat()),
        ("jsonl_lines", "empty", vec![0, 0]),
    ];
    seeds.extend(LINES.iter().map(|(name, line)| ("jsonl_line", *name, line.to_vec())));
    seeds
}

fn event(id: &str, payload: &[u8]) -> Event {
    Event {
        id: EventId::new(id).expect("a valid id"),
        zone: Zone::new("EU").expect("a valid zone"),
        node: MemberId::new("EU-1").expect("a valid name"),
        sequence: 42,
        time: Millis(1_714_564_800_500),
        kind: Kind::new("iam.CreateUser").expect("a valid kind"),
        salt: std::array::from_fn(|at| u8::try_from(at).unwrap_or(0)),
        payload: payload.to_vec(),
    }
}
