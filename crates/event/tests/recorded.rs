//! Real recordings, when there are some: every line parses, every id is unique, every event enters a batch.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic, and its numbers are small")]
#![cfg(feature = "std")]

use std::{collections::BTreeSet, fs::File, io::BufReader, path::Path};

use auditmesh_event::{
    Entry, Sequencer,
    jsonl::{Lines, Mapping, Place},
};
use auditmesh_types::{Batcher, MemberId, Millis, Zone};

/// Files that are known: their format, the number of records, and how many have an id of their own.
const KNOWN: [(&str, &str, u64, u64); 5] = [
    ("cloudtrail_invictus.jsonl", "cloudtrail", 2_900, 2_900),
    ("cloudtrail_otrf_ec2s3.jsonl", "cloudtrail", 103, 103),
    ("linux_auditd_otrf_log4shell.jsonl", "syslog", 50, 0),
    ("windows_otrf_purplesharp.jsonl", "windows", 25_993, 0),
    ("zeek_apt29_day1.jsonl", "zeek", 2_140, 0),
];

/// Reads one file as one source; gives the number of records and of ids they brought.
fn check(path: &Path, name: &str) -> (u64, u64) {
    let mapping = Mapping::built_in();
    let mut sequencer = Sequencer::new();
    let (zone, node) = (Zone::new("EU").unwrap(), MemberId::new("EU-1").unwrap());
    let format = KNOWN.iter().find(|known| known.0 == name).map(|known| known.1);
    let (mut previous, mut own, mut count) = (Millis(0), 0, 0);
    for line in Lines::new(BufReader::new(File::open(path).unwrap())) {
        let line = line.unwrap_or_else(|e| panic!("{name}: {e}"));
        let read = mapping.read(&line.bytes).unwrap_or_else(|e| panic!("{name}:{}: {e}", line.number));
        if let Some(format) = format {
            assert_eq!(read.format, format, "{name}:{}", line.number);
            assert!(read.time.is_some() && read.kind.as_str() != "event", "{name}:{}", line.number);
        }
        own += u64::from(read.id.is_some());
        let place = Place { zone: zone.clone(), node: node.clone(), sequence: line.number };
        let event = read.event(place, previous, [7; 32]).unwrap();
        previous = event.time;
        sequencer.push(event).unwrap_or_else(|e| panic!("{name}:{}: {e}", line.number));
        count += 1;
    }
    assert_eq!(sequencer.check_gaps(), Ok(()));
    let mut ids = BTreeSet::new();
    while let Some(batch) = sequencer.seal(1000) {
        for record in batch.records {
            assert_eq!(Entry::decode(&record.entry).unwrap().id(), &record.id);
            assert!(ids.insert(record.id), "{name}");
        }
    }
    assert_eq!(ids.len() as u64, count, "{name}");
    (count, own)
}

#[test]
#[ignore = "needs AUDITMESH_DATA, a folder of recorded events"]
fn every_recorded_line_becomes_an_entry() {
    let folder = std::env::var_os("AUDITMESH_DATA").expect("AUDITMESH_DATA names a folder of *.jsonl files");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    assert!(!paths.is_empty(), "no *.jsonl in the folder");
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = check(&path, &name);
        println!("{name}: {} records, {} with an id of their own", found.0, found.1);
        if let Some(known) = KNOWN.iter().find(|known| known.0 == name) {
            assert_eq!(found, (known.2, known.3), "{name}");
        }
    }
}
