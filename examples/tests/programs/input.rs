//! Events that are refused: one sentence that names the file and the line or field, and nothing left behind.

use std::{io::Write, process::Stdio};

use crate::desk::{Desk, rounds};

/// A line that says itself where it belongs.
fn native(node: &str, sequence: u64, id: &str) -> String {
    let zone = node.split('-').next().unwrap();
    format!(
        r#"{{"zone":"{zone}","node":"{node}","sequence":{sequence},"id":"{id}","time":"2026-01-01T00:00:00Z","kind":"test"}}"#
    )
}

/// Runs `round` over a file that holds `bytes`; gives the one sentence with which it is refused.
fn refusal(bytes: impl AsRef<[u8]>) -> String {
    let desk = Desk::new();
    desk.write("in.jsonl", bytes);
    sentence(desk.refused("--events in.jsonl --out log"))
}

/// What `round` said, which must be one line.
fn sentence(err: String) -> String {
    let said = err.strip_prefix("round: ").and_then(|said| said.strip_suffix('\n'));
    let said = said.unwrap_or_else(|| panic!("{err:?}"));
    assert!(!said.contains('\n'), "{err:?}");
    said.to_owned()
}

/// Asserts that a sentence names the place first and ends with the reason.
fn assert_said(said: &str, at: &str, why: &str) {
    assert!(said.starts_with(&format!("{at}: ")) && said.ends_with(why), "{said:?}, not {at}: … {why}");
}

#[test]
fn a_line_that_is_no_json() {
    assert_eq!(refusal("{\"a\":1}\n{\"a\":,}\n"), "in.jsonl:2: the line is not JSON at column 6");
    assert_eq!(refusal("{\"a\":1} {\"b\":2}\n"), "in.jsonl:1: the line is not JSON at column 9");
    assert_eq!(refusal("\u{feff}{\"a\":1}\n"), "in.jsonl:1: the line is not JSON at column 1");
}

#[test]
fn a_line_that_was_cut_off() {
    let why = "the line ends inside a JSON value at column 5; it was cut off, or holds no value";
    assert_eq!(refusal("{\"a\":1}\n\n{\"a\":"), format!("in.jsonl:3: {why}"));
}

#[test]
fn a_line_of_a_megabyte() {
    let long = format!("{{\"a\":1}}\n{{\"a\":\"{}\"}}\n", "x".repeat(1 << 20));
    assert_eq!(refusal(long), "in.jsonl: line 2 has 1048584 bytes, at most 524288 are allowed");
}

#[test]
fn a_file_without_events() {
    assert_eq!(refusal(""), "--events in.jsonl: the file is empty; give at least one JSON line");
    assert_eq!(refusal("\n\n\n"), "in.jsonl: holds no JSON line");
}

#[test]
fn a_second_file_without_events() {
    let desk = Desk::new();
    desk.write("a.jsonl", "{\"a\":1}\n");
    desk.write("blank.jsonl", "\n");
    desk.write("empty.jsonl", "");
    let said = sentence(desk.refused("--events a.jsonl blank.jsonl --out log"));
    assert_eq!(said, "blank.jsonl: holds no JSON line");
    let said = sentence(desk.refused("--events a.jsonl empty.jsonl --out log"));
    assert_eq!(said, "--events empty.jsonl: the file is empty; give at least one JSON line");
}

#[test]
fn an_id_that_came_before() {
    let said = refusal(format!("{}\n{}\n", native("EU-1", 1, "e-1"), native("US-1", 1, "e-1")));
    assert_said(&said, "in.jsonl:2", "an event with the id e-1 came before");
    let desk = Desk::new();
    desk.write("a.jsonl", native("EU-1", 1, "e-1"));
    desk.write("b.jsonl", native("EU-1", 2, "e-1"));
    let said = sentence(desk.refused("--events a.jsonl b.jsonl --out log"));
    assert_said(&said, "b.jsonl:1", "an event with the id e-1 came before");
    let said = sentence(desk.refused("--events a.jsonl a.jsonl --out log"));
    assert_said(&said, "a.jsonl:1", "the source EU/EU-1 has sent sequence 1 before");
}

#[test]
fn an_id_that_came_before_in_an_earlier_batch() {
    let desk = Desk::new();
    desk.write("in.jsonl", format!("{}\n{}\n", native("EU-1", 1, "e-1"), native("EU-1", 2, "e-1")));
    let ran = desk.round("--events in.jsonl --batch 1 --out log");
    assert_eq!(ran.status, Some(2));
    assert_said(&sentence(ran.err), "in.jsonl:2", "an event with the id e-1 came before");
    assert_eq!(desk.text("log/checkpoint").lines().nth(1), Some("1"));
}

#[test]
fn a_gap_in_the_numbers_of_a_source() {
    let said = refusal(format!("{}\n{}\n", native("EU-1", 1, "e-1"), native("EU-1", 3, "e-3")));
    assert_said(
        &said,
        "in.jsonl:2",
        "the source EU/EU-1 should go on with sequence 2, the next one here is 3",
    );
    let said = refusal(native("EU-1", 2, "e-2"));
    assert_said(
        &said,
        "in.jsonl:1",
        "the source EU/EU-1 should go on with sequence 1, the next one here is 2",
    );
    let said = refusal(native("EU-1", 0, "e-0"));
    assert_said(&said, "in.jsonl:1", "the source EU/EU-1 sent sequence 0, the first is 1");
}

#[test]
fn a_clock_in_the_future() {
    let said = refusal(native("EU-1", 1, "e-1").replace("2026", "2999"));
    assert_said(&said, "in.jsonl:1", "is allowed; check the sender's clock");
    assert!(said.contains("the time 2999-01-01T00:00:00Z is in the future, at most 2"), "{said}");
}

#[test]
fn a_source_that_is_no_member() {
    let said = refusal(native("EU-9", 1, "e-1"));
    assert_said(&said, "in.jsonl:1", "the source EU/EU-9 is not a declared member");
    let said = refusal(native("US-1", 1, "e-1").replace("\"US\"", "\"EU\""));
    assert_said(&said, "in.jsonl:1", "the source EU/US-1 is not a declared member");
}

#[test]
fn a_field_of_another_type() {
    let said = refusal(native("EU-1", 1, "e-1").replace(":1,", ":\"1\","));
    assert_eq!(
        said,
        "in.jsonl:1: the field \"sequence\" must hold an integer from 0 to 18446744073709551615"
    );
    let said = refusal(native("EU-1", 1, "e-1").replace("\"EU-1\"", "7"));
    assert_eq!(said, "in.jsonl:1: the field \"node\" must hold a string");
    let said = refusal(native("EU-1", 1, "e-1").replace("\"kind\"", "\"id\""));
    assert_eq!(said, "in.jsonl:1: the field \"id\" stands twice, which of the two counts is open");
}

#[test]
fn bytes_that_are_no_text() {
    let said = refusal(b"{\"a\":1}\n{\"a\":\"\xff\"}\n");
    assert_eq!(said, "in.jsonl:2: the line is not UTF-8 at column 7");
}

#[test]
fn json_that_is_no_object() {
    let why = "the line holds a JSON value that is no object, seen at column";
    assert_eq!(refusal("{\"a\":1}\n\"x\"\n"), format!("in.jsonl:2: {why} 3"));
    assert_eq!(refusal("null"), format!("in.jsonl:1: {why} 4"));
}

#[test]
fn columns_count_from_one() {
    let why = "the line holds a JSON value that is no object, seen at column";
    assert_eq!(refusal("[1]"), format!("in.jsonl:1: {why} 1"));
}

#[test]
fn objects_in_objects_without_end() {
    let deep = format!("{}1{}", "{\"a\":".repeat(128), "}".repeat(128));
    assert_eq!(refusal(deep), "in.jsonl:1: the line nests deeper than 127 levels at column 636");
}

#[test]
fn a_file_that_is_not_there() {
    let desk = Desk::new();
    desk.write("a.jsonl", "{\"a\":1}\n");
    let said = sentence(desk.refused("--events a.jsonl none.jsonl --out log"));
    assert!(said.starts_with("--events none.jsonl: "), "{said}");
    let said = sentence(desk.refused("--events . --out log"));
    assert_eq!(said, ".: line 1 could not be read: is a directory");
}

/// What was agreed before the bad line was published and stays; once the line is mended, the same command goes on.
#[test]
fn a_bad_line_after_rounds_that_were_agreed() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\"\n");
    let ran = desk.round("--events in.jsonl --batch 1 --out log");
    assert_eq!(ran.status, Some(2));
    assert!(ran.out.contains("round 2\n") && !ran.out.contains("round 3\n"), "{}", ran.out);
    let why = "the line ends inside a JSON value at column 4; it was cut off, or holds no value";
    assert_eq!(ran.err, format!("round: in.jsonl:3: {why}\n"));
    assert_eq!(desk.text("log/checkpoint").lines().nth(1), Some("2"));
    let json = desk.round("--events in.jsonl --batch 1 --json");
    assert_eq!((json.status, json.out.as_str()), (Some(2), ""), "half a report");
    desk.write("in.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    let report = desk.report("--events in.jsonl --batch 1 --out log");
    assert_eq!((rounds(&report).len(), &report["final"]["size"]), (1, &3.into()));
}

/// `zcat events.gz | round --events /dev/stdin`, or `--events <(zcat events.gz)`.
#[test]
#[cfg(unix)]
fn events_come_through_a_pipe() {
    let desk = Desk::new();
    let mut command = desk.command("round", "--events /dev/stdin --json --no-timings");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that refuses without reading closes the pipe; what it says shows below.
    let _ = child.stdin.take().unwrap().write_all(b"{\"a\":1}\n{\"a\":2}\n");
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((rounds(&report).len(), &report["final"]["size"]), (1, &2.into()));
}
