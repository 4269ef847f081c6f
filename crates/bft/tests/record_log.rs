//! A file of records after a crash, after damage, and in the wrong hands.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "wire_samples/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]
mod wire_samples;

use auditmesh_bft::{Error, Record, RecordLog, Recovered, Torn};
use auditmesh_types::{MemberId, Origin};
use wire_samples::{World, federation, name};

const HEAD: usize = 28;

/// A file of the sample records, and where each frame begins; the last place is the end.
fn file() -> (Vec<Record>, Vec<u8>, Vec<usize>) {
    let records = World::new().records();
    let (mut log, mut bytes) = RecordLog::create(&federation(), &name(2), [9; 16]);
    let mut starts = vec![bytes.len()];
    for record in &records {
        bytes.extend(log.append(record));
        starts.push(bytes.len());
    }
    (records, bytes, starts)
}

fn recover(bytes: &[u8]) -> Result<Recovered, Error> {
    RecordLog::recover(&federation(), &name(2), bytes)
}

#[test]
fn whole_files_come_back_and_go_on() {
    let (records, bytes, _) = file();
    let found = recover(&bytes).unwrap();
    assert_eq!((&found.records, found.good_bytes, found.torn), (&records, bytes.len(), None));
    let mut log = found.log.unwrap();
    assert_eq!(log.next(), 4);
    let longer = [bytes, log.append(&records[0])].concat();
    let found = recover(&longer).unwrap();
    assert_eq!((found.records.len(), found.records.last(), found.torn), (5, records.first(), None));
    let nothing = Recovered { records: vec![], log: None, good_bytes: 0, torn: None };
    assert_eq!(recover(&[]), Ok(nothing));
}

/// After a tear at any byte: exactly the frames before it, and appending goes on there.
#[test]
fn torn_at_every_byte() {
    let (records, bytes, starts) = file();
    for length in 1..bytes.len() {
        let found = recover(&bytes[..length]).unwrap();
        let whole = starts.iter().filter(|start| **start <= length).count();
        let good = if whole == 0 { 0 } else { starts[whole - 1] };
        assert_eq!(found.records, records[..whole.saturating_sub(1)], "cut to {length}");
        assert_eq!(found.good_bytes, good, "cut to {length}");
        let torn = (good < length).then_some(Torn::Short { bytes: length - good });
        assert_eq!(found.torn, torn, "cut to {length}");
        let Some(mut log) = found.log else {
            assert_eq!(whole, 0, "cut to {length}");
            continue;
        };
        let mended = [&bytes[..good], &log.append(&records[0])].concat();
        let mended = recover(&mended).unwrap();
        assert_eq!((mended.records.len(), mended.torn), (whole, None), "cut to {length}");
    }
}

/// A file system that had extended the file before it wrote the data.
#[test]
fn torn_frames_that_end_in_zeroes() {
    let (records, bytes, starts) = file();
    let last = starts[starts.len() - 2];
    for length in last..bytes.len() {
        let mut torn = bytes.clone();
        torn[length..].fill(0);
        if torn == bytes {
            continue;
        }
        let found = recover(&torn).unwrap();
        assert_eq!((found.records.len(), found.good_bytes), (records.len() - 1, last), "{length}");
        assert_eq!(found.torn, Some(Torn::Changed { bytes: bytes.len() - last }), "{length}");
    }
}

/// Whatever byte is changed in whatever way, the file is refused, or the last frame alone is cut off.
#[test]
fn every_byte_changed() {
    let (records, mut bytes, starts) = file();
    let last = starts.len() - 2;
    let version = b"auditmesh/bft-records\0".len();
    for at in 0..bytes.len() {
        for mask in (0..8).map(|bit| 1 << bit) {
            bytes[at] ^= mask;
            let frame = starts.iter().rposition(|start| *start <= at);
            let outcome = recover(&bytes);
            match frame {
                None if at == version => {
                    let got = 1 ^ mask;
                    assert_eq!(outcome, Err(Error::LocalRecordVersion { got, want: 1 }), "{at}");
                }
                None => assert_eq!(outcome, Err(Error::LocalRecordDamaged { at: 0, sequence: 0 }), "{at}"),
                Some(frame) if frame == last => {
                    let found = outcome.unwrap();
                    assert_eq!(found.records, records[..last], "{at}");
                    assert_eq!(found.good_bytes, starts[last], "{at}");
                    let bytes = bytes.len() - starts[last];
                    assert_eq!(found.torn, Some(Torn::Changed { bytes }), "{at}");
                }
                Some(frame) => {
                    let (at, sequence) = (starts[frame], u64::try_from(frame).unwrap());
                    assert_eq!(outcome, Err(Error::LocalRecordDamaged { at, sequence }), "{at}");
                }
            }
            bytes[at] ^= mask;
        }
    }
}

/// A changed frame with a torn one behind it was whole once: nothing is left out in silence.
#[test]
fn changed_before_a_torn_frame() {
    let (_, bytes, starts) = file();
    let [.., before, last, end] = starts[..] else { panic!("five places") };
    for length in last + 1..end {
        let mut torn = bytes[..length].to_vec();
        torn[before + HEAD] ^= 1;
        assert_eq!(recover(&torn), Err(Error::LocalRecordDamaged { at: before, sequence: 2 }), "{length}");
    }
}

#[test]
fn frames_left_out_swapped_or_repeated() {
    let (_, bytes, starts) = file();
    let frame = |n: usize| &bytes[starts[n]..starts[n + 1]];
    let header = &bytes[..starts[0]];
    let damaged = |at, sequence| Err(Error::LocalRecordDamaged { at, sequence });
    let (second, third) = (starts[1], starts[2]);
    assert_eq!(recover(&[header, frame(0), frame(2)].concat()), damaged(second, 1));
    assert_eq!(recover(&[header, frame(1), frame(0)].concat()), damaged(starts[0], 0));
    assert_eq!(recover(&[header, frame(0), frame(1), frame(1), frame(2)].concat()), damaged(third, 2));
    assert_eq!(recover(&[header, frame(0), frame(0)].concat()), damaged(second, 1));
    // The same records in another file: its frames are no frames here.
    let (mut other, _) = RecordLog::create(&federation(), &name(2), [8; 16]);
    let foreign = other.append(&World::new().records()[0]);
    let found = recover(&[header, &foreign].concat()).unwrap();
    assert_eq!((found.records.len(), found.torn), (0, Some(Torn::Changed { bytes: foreign.len() })));
}

/// A value may hold anything, even what looks like frames of another salt: a tear within it stays a tear.
#[test]
fn values_that_look_like_frames() {
    let (_, bytes, starts) = file();
    let (mut other, _) = RecordLog::create(&federation(), &name(2), [8; 16]);
    let fake: Vec<u8> = (0..6).flat_map(|_| other.append(&Record::Height(wire_samples::HEIGHT))).collect();
    let value = auditmesh_bft::Value::new(fake).unwrap();
    let candidate = std::sync::Arc::new(auditmesh_bft::Candidate { value, lineage: Vec::new() });
    let statement = World::new().vote(2, 0, auditmesh_bft::Phase::Prepare, &candidate.value).statement;
    let record = Record::Said { statement, candidate: Some(candidate), certificate: None };
    let start = starts[1];
    let mut log = recover(&bytes[..start]).unwrap().log.unwrap();
    let frame = log.append(&record);
    for cut in 1..frame.len() {
        let found = recover(&[&bytes[..start], &frame[..cut]].concat()).unwrap();
        assert_eq!((found.good_bytes, found.torn), (start, Some(Torn::Short { bytes: cut })));
    }
}

#[test]
fn other_members_files() {
    let (_, bytes, starts) = file();
    let elsewhere = Origin::new("example/other").unwrap();
    let foreign = || Error::LocalRecordForeign { federation: federation(), name: name(2) };
    for bytes in [&bytes[..], &bytes[..starts[0]]] {
        assert_eq!(RecordLog::recover(&federation(), &name(1), bytes), Err(foreign()));
        assert_eq!(RecordLog::recover(&elsewhere, &name(2), bytes), Err(foreign()));
        let longer = MemberId::new("M-002-with-a-longer-name-than-the-whole-of-the-rest".repeat(3)).unwrap();
        assert_eq!(RecordLog::recover(&federation(), &longer, bytes), Err(foreign()));
    }
    let damaged = Err(Error::LocalRecordDamaged { at: 0, sequence: 0 });
    assert_eq!(recover(b"something else altogether"), damaged);
    assert_eq!(RecordLog::recover(&federation(), &name(1), &bytes[..starts[0] - 1]), damaged);
}

#[test]
fn whole_frames_that_hold_no_record() {
    let (records, bytes, starts) = file();
    let huge = vec![std::sync::Arc::clone(&World::new().thrice().lineage[0]); 17];
    let Record::Said { statement, .. } = records[1] else { panic!("a PREPARE") };
    let value = wire_samples::value("again");
    let candidate = Some(std::sync::Arc::new(auditmesh_bft::Candidate { value, lineage: huge }));
    let mut log = recover(&bytes[..starts[1]]).unwrap().log.unwrap();
    let frame = log.append(&Record::Said { statement, candidate, certificate: None });
    let why = Box::new(Error::PeerLength { what: "lineage", got: 17, max: 16 });
    let refused = Error::LocalRecordUnreadable { at: starts[1], sequence: 1, why };
    assert_eq!(recover(&[&bytes[..starts[1]], &frame].concat()), Err(refused));
}
