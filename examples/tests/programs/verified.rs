//! What `verify` says when it proves something.

use crate::desk::{Desk, rounds};

/// Arguments for entry `index` of the folder `log`.
pub(crate) fn args(index: u64) -> String {
    format!("--policy log/policy --proof log/proof/{index}.tlog-proof --entry log/proof/{index}.entry")
}

/// What `verify` prints, line by line, when it proves `index`.
pub(crate) fn proved(desk: &Desk, index: u64) -> Vec<String> {
    let ran = desk.verify(&format!("{} --event log/proof/{index}.event", args(index)));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    ran.out.lines().map(str::to_owned).collect()
}

#[test]
fn the_first_a_middle_and_the_last_entry_are_proved() {
    let desk = Desk::new();
    let report = desk.report("--rounds 2 --batch 25 --out log --prove 0 24 49");
    let root = report["final"]["root"].as_str().unwrap();
    for (index, path) in [(0, 6), (24, 6), (49, 3)] {
        let lines = proved(&desk, index);
        let expected = [
            "PROVED".to_owned(),
            "log       auditmesh.example/eu-us-apac".to_owned(),
            format!("tree      size 50, root {root}"),
            format!("place     entry {index} is in it, by a path of {path} hashes"),
            "signed    by 4 of the log's operator keys".to_owned(),
            "rule      group members 3 of 4: 4 signed".to_owned(),
        ];
        assert_eq!(lines[..6], expected);
        for (line, member) in lines[6..10].iter().zip(["APAC-1", "EU-1", "EU-2", "US-1"]) {
            assert!(line.starts_with(&format!("          {member} at 2026-01-01T00:00:")), "{line}");
        }
        assert!(lines[10].starts_with("entry     "), "{}", lines[10]);
        let event = desk.read(&format!("log/proof/{index}.event"));
        let payload =
            format!("event     its {} payload bytes are the ones that were committed to", event.len() - 90);
        assert_eq!(lines[11..], [payload]);
    }
}

#[test]
fn the_entry_is_described_as_its_event_was() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 20 --out log --prove 7");
    let event = desk.read("log/proof/7.event");
    let payload: serde_json::Value = serde_json::from_slice(&event[90..]).unwrap();
    let text = |key: &str| payload[key].as_str().unwrap();
    let line = proved(&desk, 7).into_iter().find(|line| line.starts_with("entry ")).unwrap();
    let (start, id) = line.split_once(", id ").unwrap();
    assert_eq!(id, text("eventID"));
    assert!(
        start.starts_with(&format!("entry     {}/{} from ", text("eventSource"), text("eventName"))),
        "{start}"
    );
    assert!(start.ends_with(&format!(", at {}", text("eventTime"))), "{start}");
}

#[test]
fn the_event_is_optional() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 5 --out log --prove 2");
    let ran = desk.verify(&args(2));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.starts_with("PROVED\n") && !ran.out.contains("\nevent "), "{}", ran.out);
}

#[test]
fn five_of_seven_are_enough() {
    let desk = Desk::new();
    let faults = "--fault EU-3=silent --fault APAC-2=bad-signature";
    let report = desk.report(&format!("--members 7 --rounds 1 --batch 6 {faults} --out log --prove 5"));
    assert_eq!(rounds(&report)[0]["agree_ratio"], "5/7");
    let lines = proved(&desk, 5);
    assert_eq!(lines[4], "signed    by 5 of the log's operator keys");
    assert_eq!(lines[5], "rule      group members 5 of 7: 5 signed");
    let names: Vec<&str> = lines[6..11].iter().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(names, ["APAC-1", "EU-1", "EU-2", "US-1", "US-2"]);
}

#[test]
fn a_log_of_one_entry_is_proved_without_a_hash() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 1 --out log --prove 0");
    assert_eq!(proved(&desk, 0)[3], "place     entry 0 is in it, by a path of 0 hashes");
}
