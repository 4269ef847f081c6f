//! A log that is gone on with: after a run that ended, after one that was killed, and not at all.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use auditmesh_store_tiles::FolderStore;

use crate::desk::{Desk, rounds};

/// What an interrupted and an uninterrupted publication have in common: all that belongs to the log.
fn log(desk: &Desk, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = desk.files(folder);
    let own = ["report.json", "metrics.txt", ".written", ".writing"];
    files.retain(|name, _| !own.contains(&name.as_str()) && !name.starts_with("anchors.log.torn-"));
    files
}

fn size(desk: &Desk, folder: &str) -> u64 {
    desk.text(&format!("{folder}/checkpoint")).lines().nth(1).unwrap().parse().unwrap()
}

/// Starts `round`, waits until it tells of a round, which is published then, and a moment more, and stops it with `signal`.
#[cfg(unix)]
fn interrupted(desk: &Desk, args: &str, signal: &str, after: Duration) {
    let mut child = desk.command("round", args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(out.any(|line| line.unwrap().starts_with("  took")), "no round was done");
    thread::sleep(after);
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    child.wait().unwrap();
}

/// Stopped again and again, at another moment each time, then run to its end: the files are those of a run that nobody stopped.
#[test]
#[cfg(unix)]
fn a_run_that_was_killed_is_finished_by_the_same_command() {
    let desk = Desk::new();
    let args = "--rounds 20 --batch 30 --no-timings --prove 0 599";
    desk.agreed(&format!("{args} --out whole"));
    let (mut sizes, signals) = (Vec::new(), ["-KILL", "-INT", "-KILL"]);
    for (signal, moment) in signals.iter().cycle().zip([0, 3, 7, 1, 12, 5, 17, 9]) {
        interrupted(&desk, &format!("{args} --out log"), signal, Duration::from_millis(moment));
        sizes.push(size(&desk, "log"));
        let proof = desk.prove("log 0 --out proof --entry-out entry");
        assert_eq!((proof.status, proof.err.as_str()), (Some(0), ""));
        let proved = desk.verify("--policy log/policy --proof proof --entry entry");
        assert_eq!(
            proved.status,
            Some(0),
            "every moment leaves a log that can be proved from: {}",
            proved.out
        );
        for file in ["proof", "entry"] {
            fs::remove_file(desk.path().join(file)).unwrap();
        }
        assert!(desk.names("").iter().all(|name| !name.starts_with('.')), "something beside the folder");
        if sizes.last() == Some(&600) {
            break;
        }
    }
    assert!(sizes[0] < 600 && sizes.is_sorted() && sizes.iter().all(|size| size % 30 == 0), "{sizes:?}");
    desk.agreed(&format!("{args} --out log"));
    let (log, whole) = (log(&desk, "log"), log(&desk, "whole"));
    assert_eq!(log.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    for (name, bytes) in whole {
        assert_eq!(log[&name], bytes, "{name}");
    }
    assert_eq!(size(&desk, "log"), 600);
}

/// A kill between the anchor and the publication, and one between the tiles and the checkpoint, made by hand.
#[test]
fn what_was_anchored_or_written_and_not_published_is_done_again_as_it_was() {
    let desk = Desk::new();
    for (folder, rounds) in [("before", 2), ("after", 3)] {
        desk.agreed(&format!("--rounds {rounds} --batch 20 --no-timings --out {folder}"));
    }
    desk.agreed("--rounds 2 --batch 20 --no-timings --out log");
    for name in ["anchors.log", "tile/0/000.p/60"] {
        desk.write(&format!("log/{name}"), desk.read(&format!("after/{name}")));
    }
    desk.write("log/.publishing", "auditmesh publishing v1\n40 60\n");
    desk.write("log/tile/entries/000.p/60", "half a bun");
    desk.agreed("--rounds 3 --batch 20 --no-timings --out log");
    assert_eq!(log(&desk, "log"), log(&desk, "after"));

    // Another batch size: the anchored head comes first all the same.
    desk.agreed("--rounds 2 --batch 20 --no-timings --out other");
    desk.write("other/anchors.log", desk.read("after/anchors.log"));
    let report = desk.report("--rounds 8 --batch 10 --no-timings --out other");
    let sizes: Vec<u64> = rounds(&report).iter().map(|round| round["size"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [60, 70, 80]);
    assert!(desk.text("other/anchors.log").starts_with(&desk.text("after/anchors.log")));
}

/// An anchor over a head that the events do not lead to is not published over.
#[test]
fn another_head_than_the_anchored_one_is_not_published() {
    let desk = Desk::new();
    let lines = |last: u32| (0..4).chain([last]).map(|n| format!("{{\"n\":{n}}}\n")).collect::<String>();
    desk.write("in.jsonl", lines(4));
    desk.agreed("--events in.jsonl --batch 4 --no-timings --out other");
    desk.agreed("--events in.jsonl --batch 4 --rounds 1 --no-timings --out log");
    desk.write("log/anchors.log", desk.read("other/anchors.log"));
    desk.write("in.jsonl", lines(5));
    let ran = desk.round("--events in.jsonl --batch 4 --no-timings --out log");
    assert_eq!((ran.status, size(&desk, "log")), (Some(2), 4));
    let said = "round: the head of size 5 was not anchored and is not published: ";
    assert!(ran.err.starts_with(said) && ran.err.lines().count() == 1, "{}", ran.err);
}

#[test]
fn more_rounds_and_more_events_go_behind_the_old_ones() {
    let desk = Desk::new();
    desk.agreed("--rounds 2 --batch 100 --no-timings --out log");
    let before = desk.files("log");
    let ran = desk.round("--rounds 5 --batch 100 --no-timings --out log --prove 7 499");
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.out.starts_with("log holds 200 entries; going on behind them\n\nround 1\n"), "{}", ran.out);
    desk.agreed("--rounds 5 --batch 100 --no-timings --out whole --prove 7 499");
    let (grown, whole) = (log(&desk, "log"), log(&desk, "whole"));
    assert_eq!(grown, whole, "also the event behind an entry of the earlier run");
    assert!(grown.contains_key("proof/7.event"));
    assert!(before["anchors.log"].len() < whole["anchors.log"].len());

    desk.write("in.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    desk.agreed("--events in.jsonl --batch 2 --out lines");
    desk.write("in.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":3}\n");
    desk.write("more.jsonl", "{\"a\":1}\n");
    let report = desk.report("--events in.jsonl more.jsonl --batch 2 --out lines");
    assert_eq!((rounds(&report).len(), &report["final"]["size"]), (1, &5.into()));
}

#[test]
fn a_log_that_has_everything_stays_as_it_is() {
    let desk = Desk::new();
    desk.agreed("--rounds 3 --batch 20 --out log");
    let before = desk.files("log");
    let again = desk.report("--rounds 3 --batch 20 --out log");
    assert_eq!((rounds(&again).len(), &again["final"]["size"]), (0, &60.into()));
    desk.agreed("--rounds 1 --batch 20 --out log");
    assert_eq!(desk.files("log"), before, "the report is that of the run that logged something");
}

/// The attempts at a batch that found no quorum leave nothing that stands in the way.
#[test]
fn an_undecided_batch_is_logged_by_a_later_run() {
    let desk = Desk::new();
    let args = "--rounds 2 --batch 20 --no-timings";
    let ran = desk.round(&format!("{args} --fault US-1=silent --fault EU-2=silent --out log"));
    assert_eq!(ran.status, Some(1));
    desk.agreed(&format!("{args} --out log"));
    desk.agreed(&format!("{args} --out whole"));
    assert_eq!(log(&desk, "log"), log(&desk, "whole"));
}

#[test]
fn other_events_members_keys_or_thresholds_are_refused() {
    let desk = Desk::new();
    desk.write("a.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    desk.agreed("--events a.jsonl --out log");
    desk.write("b.jsonl", "{\"a\":1}\n{\"b\":2}\n{\"a\":3}\n");
    desk.write("short.jsonl", "{\"a\":1}\n");
    let advice = "give the events the log was made of, and further ones behind them, or name a new folder";
    let entries = "is not among the 2 entries of the log in --out";
    let policy = "the log there has another policy: other members, keys or threshold; name a new folder";
    let cases = [
        ("--events b.jsonl", format!("b.jsonl:2: {entries}; {advice}")),
        (
            "--events short.jsonl",
            format!("--out: the log holds 2 entries, but only 1 events are given; {advice}"),
        ),
        ("--rounds 1", format!("generated event 1: {entries}; {advice}")),
        ("--events a.jsonl --seed 2", format!("a.jsonl:1: {entries}; {advice}")),
        ("--events a.jsonl --members 5", format!("--out log: {policy}")),
        ("--events a.jsonl --keys keys", format!("--out log: {policy}")),
    ];
    for (member, seed) in ["EU-1", "US-1", "APAC-1", "EU-2"].into_iter().zip(1..) {
        let seed = [seed; 32];
        let keys = (
            auditmesh::attest::Ed25519Signer::from_seed(seed).to_pem().unwrap(),
            auditmesh::attest::MlDsa44Signer::from_seed(seed).to_pem().unwrap(),
        );
        desk.write(&format!("keys/{member}.operator.pem"), keys.0.as_bytes());
        desk.write(&format!("keys/{member}.cosigner.pem"), keys.1.as_bytes());
    }
    for (args, why) in cases {
        assert_eq!(desk.refused(&format!("{args} --out log")), format!("round: {why}\n"), "{args}");
    }
}

/// What somebody did to a file.
type Change = fn(&mut Vec<u8>);

#[test]
fn a_log_that_was_tampered_with_is_refused() {
    let desk = Desk::new();
    desk.agreed("--rounds 2 --batch 150 --seed 9 --out other");
    let changes: [(&str, Change, &str); 7] = [
        ("checkpoint", |bytes| bytes[60] ^= 1, "round: --out log: checkpoint: "),
        ("checkpoint", |bytes| bytes.truncate(40), "round: --out log: checkpoint: "),
        ("policy", |bytes| bytes.truncate(200), "round: --out log: policy: "),
        ("tile/0/001.p/44", |bytes| bytes[5] ^= 1, "round: --out log: the partial tiles of 300 leaves"),
        ("tile/0/000", |bytes| bytes[5] ^= 1, "round: --out log: tile/0/000 hashes to "),
        ("tile/entries/001.p/44", |bytes| bytes.truncate(9), "round: --out log: tile/entries/001.p/44 is no"),
        ("anchors.log", |bytes| bytes[40] ^= 1, "round: --out log: "),
    ];
    for (name, change, said) in changes {
        let desk = Desk::new();
        desk.agreed("--rounds 2 --batch 150 --out log");
        let mut bytes = desk.read(&format!("log/{name}"));
        change(&mut bytes);
        desk.write(&format!("log/{name}"), bytes);
        let err = desk.refused("--rounds 3 --batch 150 --out log");
        assert!(err.starts_with(said) && err.lines().count() == 1, "{name}: {err}");
    }
    for name in ["policy", "anchors.log", "tile/0/000"] {
        let desk = Desk::new();
        desk.agreed("--rounds 2 --batch 150 --out log");
        fs::remove_file(desk.path().join("log").join(name)).unwrap();
        let err = desk.refused("--rounds 3 --batch 150 --out log");
        assert!(err.contains(name) && err.lines().count() == 1, "{name}: {err}");
    }
    desk.agreed("--rounds 2 --batch 150 --out log");
    desk.write("log/checkpoint", desk.read("other/checkpoint"));
    let err = desk.refused("--rounds 3 --batch 150 --out log");
    assert!(err.starts_with("round: --out log: checkpoint: no log key named "), "{err}");
}

/// The anchors of an earlier day, of another log, or none: nothing is published over a gap in them.
#[test]
fn anchors_that_lack_what_is_published_are_refused() {
    let desk = Desk::new();
    for (folder, rounds) in [("log", 1), ("log", 3), ("old", 1), ("three", 0)] {
        match rounds {
            0 => desk.agreed("--members 3 --rounds 2 --batch 5 --out three"),
            _ => desk.agreed(&format!("--rounds {rounds} --batch 20 --out {folder}")),
        };
    }
    desk.agreed("--rounds 3 --batch 20 --seed 2 --out other");
    let restore = "restore the anchors.log that goes with it";
    let (run, right) = ("--rounds 4 --batch 20 --out log", desk.read("log/anchors.log"));
    for (anchors, at) in [(desk.read("old/anchors.log"), 20), (b"auditmesh anchor v1\n".to_vec(), 0)] {
        desk.write("log/anchors.log", anchors);
        let why = format!("anchors.log ends at size {at}, the log is published up to size 60; {restore}");
        assert_eq!(desk.refused(run), format!("round: --out log: {why}\n"));
    }
    desk.write("log/anchors.log", desk.read("other/anchors.log"));
    let said = desk.refused(run);
    assert!(said.contains("goes up to size 60 and has no line for the published 60"), "{said}");
    fs::remove_file(desk.path().join("log/anchors.log")).unwrap();
    let why = "anchors.log is missing; restore the copy whose last line is of size 60 or more";
    assert_eq!(desk.refused(run), format!("round: --out log: {why}\n"));
    desk.write("log/anchors.log", right);
    desk.agreed(run);
    assert_eq!(size(&desk, "log"), 80);

    // Three members anchor nothing, so nothing is missing.
    desk.agreed("--members 3 --rounds 4 --batch 5 --out three");
    assert_eq!(size(&desk, "three"), 20);
}

#[test]
fn two_runs_do_not_write_to_one_folder() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 3 --out log");
    let other = FolderStore::open(desk.path().join("log")).unwrap();
    let said = desk.refused("--rounds 2 --batch 3 --out log");
    let why = "log is open for writing elsewhere; only one writer at a time is allowed, close the other";
    assert_eq!(said, format!("round: --out log: {why}\n"));
    drop(other);
    desk.agreed("--rounds 2 --batch 3 --out log");
}
