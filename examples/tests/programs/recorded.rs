//! Lines as other software writes them, over several files at once.

use std::{collections::BTreeSet, env, fs};

use crate::{
    desk::{Desk, rounds},
    verified::proved,
};

const CLOUDTRAIL: &str = concat!(
    r#"{"eventVersion":"1.08","eventTime":"2024-03-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutObject","#,
    r#""eventID":"0f5e2c1a-1111-4222-8333-944445555666","userIdentity":{"userName":"眞子"},"size":9007199254740993}"#,
);
const WINDOWS: &str = concat!(
    r#"{"Channel":"Security","RecordNumber":18446744073709551615,"Hostname":"büro-7","EventID":4624,"#,
    r#""@timestamp":"2024-03-01T10:00:01.250Z","EventTime":"2024-03-01 11:00:01","Keywords":-9214364837600034816}"#,
);
const ZEEK: &str = r#"{"@stream":"conn","ts":1709287202.123456,"uid":"CHhAvVGS1DHFjwGM9","id.orig_h":"10.0.0.7","duration":0.1e-6}"#;
const SYSLOG: &str = concat!(
    r#"{"SyslogMessage":"Accepted publickey for chloé","TimeGenerated":"2024-03-01T10:00:03Z","#,
    r#""EventType":"sshd","ProcessID":4711}"#,
);
const SHAPELESS: &str = r#"{"note":"no shape at all","n":-0.0,"list":[1,[2,[3]]],"empty":{}}"#;

/// A desk with a file for each sort of line: line feeds, carriage returns, blank lines, no end of the last line.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("cloudtrail.jsonl", format!("{CLOUDTRAIL}\n"));
    desk.write("windows.jsonl", format!("{WINDOWS}\r\n"));
    desk.write("zeek.jsonl", format!("\n\n{ZEEK}\n\n"));
    desk.write("syslog.jsonl", SYSLOG);
    desk.write("shapeless.jsonl", format!("{SHAPELESS}\n{SHAPELESS}"));
    desk
}

const FILES: &str = "--events cloudtrail.jsonl windows.jsonl zeek.jsonl syslog.jsonl shapeless.jsonl";

#[test]
fn every_line_becomes_an_entry() {
    let desk = desk();
    let report = desk.report(FILES);
    assert_eq!((&report["final"]["size"], &report["final"]["undecided"]), (&6.into(), &0.into()));
    assert_eq!(rounds(&report).len(), 1);
    let report = desk.report(&format!("{FILES} --batch 4"));
    let events: Vec<u64> = rounds(&report).iter().map(|round| round["events"].as_u64().unwrap()).collect();
    assert_eq!(events, [4, 2]);
    let report = desk.report(&format!("{FILES} --batch 4 --rounds 1"));
    assert_eq!((rounds(&report).len(), &report["final"]["size"]), (1, &4.into()));
    let report = desk.report(&format!("{FILES} --batch 4 --rounds 9"));
    assert_eq!((rounds(&report).len(), &report["final"]["size"]), (2, &6.into()));
}

#[test]
fn entries_say_what_the_lines_say() {
    let desk = desk();
    desk.agreed(&format!("{FILES} --out log --prove 0 1 2 3 4 5"));
    let entry = |index| proved(&desk, index).into_iter().find(|line| line.starts_with("entry ")).unwrap();
    let entries: BTreeSet<String> = (0..6).map(entry).collect();
    let has = |start: &str| {
        let found: Vec<&String> = entries.iter().filter(|line| line[10..].starts_with(start)).collect();
        assert_eq!(found.len(), 1, "{start} in {entries:#?}");
    };
    let id = "0f5e2c1a-1111-4222-8333-944445555666";
    has(&format!("s3.amazonaws.com/PutObject from EU-1 in EU, number 1, at 2024-03-01T10:00:00Z, id {id}"));
    has("Security/4624 from US-1 in US, number 1, at 2024-03-01T10:00:01.25Z, id h-");
    has("conn from APAC-1 in APAC, number 1, at 2024-03-01T10:00:02.123Z, id h-");
    has("sshd from EU-2 in EU, number 1, at 2024-03-01T10:00:03Z, id h-");
    has("event from EU-1 in EU, number 2, at 2024-03-01T10:00:03Z, id h-");
    has("event from US-1 in US, number 2, at 2024-03-01T10:00:03Z, id h-");
}

#[test]
fn payloads_are_kept_byte_for_byte() {
    let desk = desk();
    desk.agreed(&format!("{FILES} --out log --prove 0 1 2 3 4 5"));
    let payload =
        |index| String::from_utf8(desk.read(&format!("log/proof/{index}.event"))[90..].to_vec()).unwrap();
    let mut got: Vec<String> = (0..6).map(payload).collect();
    let mut want = [CLOUDTRAIL, WINDOWS, ZEEK, SYSLOG, SHAPELESS, SHAPELESS].map(str::to_owned);
    want[1].push('\r');
    got.sort();
    want.sort();
    assert_eq!(got, want);
}

/// What is published of a line is when, where and of which kind, not who or what.
#[test]
fn what_the_lines_tell_stays_out_of_the_log() {
    let desk = desk();
    desk.agreed(&format!("{FILES} --out log"));
    for (name, bytes) in desk.files("log") {
        let text = String::from_utf8_lossy(&bytes);
        for told in
            ["büro-7", "眞子", "CHhAvVGS1DHFjwGM9", "10.0.0.7", "chloé", "18446744073709551615", "no shape"]
        {
            assert!(!text.contains(told), "{told} in {name}");
        }
    }
}

/// A member that encodes such payloads again changes some of them, and is found.
#[test]
fn encoding_again_is_found_in_what_it_changes() {
    let desk = desk();
    desk.write("stable.jsonl", "{\"a\":1,\"b\":\"x\"}\n");
    let report = desk.report(&format!("{FILES} stable.jsonl --fault EU-2=reserialise --no-timings"));
    let [round] = rounds(&report) else { panic!("{report}") };
    assert_eq!(round["drift"].as_array().unwrap().len(), 1);
    assert_eq!((&round["drift"][0]["member"], &round["drift"][0]["score"]), (&"EU-2".into(), &"6/7".into()));
    assert_eq!(round["dissent"][0]["reason"], "drifted");
    assert_eq!(report["final"], desk.report(&format!("{FILES} stable.jsonl"))["final"]);
}

#[test]
fn lines_that_end_in_carriage_returns() {
    let desk = Desk::new();
    desk.write("lf.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}");
    desk.write("crlf.jsonl", "{\"a\":1}\r\n{\"a\":2}\r\n{\"a\":3}\r\n");
    let [lf, crlf] = ["lf", "crlf"].map(|name| desk.report(&format!("--events {name}.jsonl")));
    assert_eq!((&lf["final"]["size"], &crlf["final"]["size"]), (&3.into(), &3.into()));
    assert_ne!(lf["final"]["root"], crlf["final"]["root"], "a payload is hashed as received");
}

#[test]
fn blank_lines_are_passed_over() {
    let desk = Desk::new();
    desk.write("plain.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    desk.write("gaps.jsonl", "\n\r\n{\"a\":1}\n  \t\n\n{\"a\":2}\n\r\n");
    let [plain, gaps] =
        ["plain", "gaps"].map(|name| desk.report(&format!("--events {name}.jsonl --no-timings")));
    assert_eq!(plain, gaps);
}

#[test]
fn lines_of_sources_that_number_their_own() {
    let desk = Desk::new();
    let line = |node: &str, sequence: u64| {
        let zone = node.split('-').next().unwrap();
        format!(
            "{{\"zone\":\"{zone}\",\"node\":\"{node}\",\"sequence\":{sequence},\"id\":\"{node}/{sequence}\",\"time\":\"2026-01-01T00:00:0{sequence}Z\",\"kind\":\"own\"}}\n"
        )
    };
    desk.write("eu.jsonl", (1..=3).map(|sequence| line("EU-1", sequence)).collect::<String>());
    desk.write("us.jsonl", (1..=2).map(|sequence| line("US-1", sequence)).collect::<String>());
    let report = desk.report("--events eu.jsonl us.jsonl --out log --prove 0 1 2 3 4 --no-timings");
    assert_eq!(report["final"]["size"], 5);
    let ids: Vec<String> =
        (0..5).map(|index| proved(&desk, index)[10].rsplit(' ').next().unwrap().to_owned()).collect();
    assert_eq!(ids, ["EU-1/1", "US-1/1", "EU-1/2", "US-1/2", "EU-1/3"]);
    let swapped = desk.report("--events us.jsonl eu.jsonl --no-timings");
    assert_eq!(report["final"], swapped["final"], "the order of the files does not matter");
}

/// A line that numbers itself and lines that are dealt out share a source without a clash.
#[test]
fn lines_with_and_without_a_place_in_one_file() {
    let desk = Desk::new();
    let own =
        r#"{"zone":"EU","node":"EU-1","sequence":1,"id":"own","time":"2024-01-01T00:00:00Z","kind":"own"}"#;
    let dealt: String = (0..8).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    desk.write("mixed.jsonl", format!("{own}\n{dealt}"));
    assert_eq!(desk.report("--events mixed.jsonl")["final"]["size"], 9);
}

#[test]
#[ignore = "needs AUDITMESH_DATA, a folder of recorded events"]
fn recordings_are_logged_line_by_line() {
    let folder = env::var_os("AUDITMESH_DATA").expect("set AUDITMESH_DATA to a folder of *.jsonl files");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    assert!(!files.is_empty(), "no *.jsonl file in AUDITMESH_DATA");
    let desk = Desk::new();
    for path in files {
        let mut command = desk.command("round", "--json --no-timings");
        let output = command.arg("--events").arg(&path).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", path.display());
        assert!(output.status.success(), "{}", path.display());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let bytes = fs::read(&path).unwrap();
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
        assert_eq!(report["final"]["size"], lines, "{}", path.display());
        assert_eq!(report["final"]["undecided"], 0, "{}", path.display());
    }
}
