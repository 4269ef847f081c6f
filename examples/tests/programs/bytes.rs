//! The same input and seed give the same bytes.

use std::process::Stdio;

use serde_json::Value;

use crate::desk::Desk;

/// The report without what is measured: seconds, and the alert about them.
fn without_measurements(mut report: Value) -> Value {
    for round in report["rounds"].as_array_mut().unwrap() {
        assert!(round.as_object_mut().unwrap().remove("seconds").is_some());
        round["alerts"].as_array_mut().unwrap().retain(|alert| alert["rule"] != "FED-LAT-002");
    }
    report
}

#[test]
fn without_timings_two_runs_write_the_same_bytes() {
    let desk = Desk::new();
    let args = "--rounds 3 --batch 100 --fault US-1=equivocate --prove 0 150 299 --no-timings";
    desk.agreed(&format!("{args} --out a"));
    desk.agreed(&format!("{args} --out b"));
    assert_eq!(desk.names("a"), desk.names("b"));
    for (name, bytes) in desk.files("a") {
        if !name.ends_with('/') {
            assert_eq!(bytes, desk.read(&format!("b/{name}")), "{name}");
            assert!(!bytes.is_empty() || name == ".lock", "{name}");
        }
    }
}

#[test]
fn with_timings_only_measurements_differ() {
    let desk = Desk::new();
    for out in ["a", "b"] {
        desk.agreed(&format!("--rounds 2 --batch 20 --prove 5 --out {out}"));
    }
    let (mut a, mut b) = (desk.files("a"), desk.files("b"));
    for files in [&mut a, &mut b] {
        files.remove("report.json").unwrap();
        files.remove("metrics.txt").unwrap();
    }
    assert_eq!(a, b);
    let measured = ["a/report.json", "b/report.json"].map(|name| desk.json(name));
    let [a, b] = measured.map(without_measurements);
    assert_eq!(a, b);

    let latency =
        |line: &&str| line.contains("round_seconds") || line.contains("p95") || line.contains("LAT");
    let kept = |name: &str| {
        let text = desk.text(name);
        let other = |line: &&str| !latency(line) && !line.starts_with("auditmesh_proofs_per_second ");
        text.lines().filter(other).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(kept("a/metrics.txt"), kept("b/metrics.txt"));
}

/// A round of many members takes longer than the alert about latency allows, in a debug build at least.
#[test]
fn a_slow_round_changes_only_its_seconds_and_the_alert_about_them() {
    let desk = Desk::new();
    let args = "--members 40 --rounds 1 --batch 1";
    let [a, b] = ["a", "b"].map(|_| without_measurements(desk.report(args)));
    assert_eq!(a, b);
    assert_eq!(a, desk.report(&format!("{args} --no-timings")));
}

#[test]
fn no_timings_leaves_them_out_and_nothing_else() {
    let desk = Desk::new();
    let with = desk.report("--rounds 2 --batch 10");
    let without = desk.report("--rounds 2 --batch 10 --no-timings");
    assert_eq!(without_measurements(with), without);
}

#[test]
fn another_seed_gives_another_log_and_other_keys() {
    let desk = Desk::new();
    let [one, two] = [1, 2].map(|seed| desk.report(&format!("--rounds 1 --batch 10 --seed {seed}")));
    assert_ne!(one["final"]["root"], two["final"]["root"]);
    for (a, b) in one["members"].as_array().unwrap().iter().zip(two["members"].as_array().unwrap()) {
        assert_eq!(a["name"], b["name"]);
        assert_ne!(a["did"], b["did"]);
    }
}

/// Whoever knows the seed can draw the keys and salts again.
#[test]
fn no_file_tells_the_seed() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 3 --seed 918273645546372819 --out log --prove 1");
    for (name, bytes) in desk.files("log") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("918273645546372819") && !text.contains("\"seed\""), "{name}");
    }
}

#[test]
fn another_seed_salts_the_same_lines_otherwise() {
    let desk = Desk::new();
    desk.write("lines.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    let [one, same, two] =
        [1, 1, 2].map(|seed| desk.report(&format!("--events lines.jsonl --no-timings --seed {seed}")));
    assert_eq!(one, same);
    assert_ne!(one["final"]["root"], two["final"]["root"]);
}

#[test]
fn no_file_tells_where_or_by_which_process_it_was_written() {
    let desk = Desk::new();
    let lines: String = (0..30).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    desk.write("input/lines.jsonl", lines);
    let [input, out] = ["input/lines.jsonl", "log"].map(|name| desk.path().join(name));
    let args =
        format!("--events {} --out {} --prove 0 --batch 10 --no-timings", input.display(), out.display());
    let child = desk.command("round", &args).stdout(Stdio::null()).spawn().unwrap();
    let pid = child.id().to_string();
    assert!(child.wait_with_output().unwrap().status.success());
    let place = desk.path().to_str().unwrap().to_owned();
    for (name, bytes) in desk.files("log") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for told in [place.as_str(), "lines.jsonl", ".partial", "/tmp", "/home"] {
            // Base64 may contain a slash and three letters.
            let base64 = told.len() < 6 && matches!(name.as_str(), "checkpoint" | "policy");
            assert!(base64 || name.ends_with(".tlog-proof") || !text.contains(told), "{told} in {name}");
        }
        assert!(!name.contains(&pid), "the process id in the name {name}");
    }
    for name in ["report.json", "metrics.txt"] {
        let text = desk.text(&format!("log/{name}"));
        let told = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').any(|word| word == pid);
        assert!(!told, "the process id in {name}");
    }
}
