//! What `round` prints, and which files it writes.

use serde_json::Value;

use crate::desk::{Desk, rounds};

/// The text with every measured time, and spaces at line ends, taken off.
fn without_times(text: &str) -> Vec<String> {
    let timeless = |line: &str| match line.starts_with("  took     ") {
        true => "  took".to_owned(),
        false => line.trim_end().to_owned(),
    };
    text.lines().map(timeless).collect()
}

/// The text that the report and the anchor file of a run without faults lead to.
fn expected(report: &Value, anchors: &str) -> Vec<String> {
    let mut text = Vec::new();
    let origin = report["origin"].as_str().unwrap();
    for (round, anchor) in rounds(report).iter().zip(anchors.lines().skip(1)) {
        let digest = anchor.rsplit(' ').next().unwrap();
        text.extend([
            format!("round {}", round["round"]),
            format!("  order    {} events in one order, whatever order they came in", round["events"]),
            format!("  record   size {}, root {}…", round["size"], &round["root"].as_str().unwrap()[..16]),
            "  drift    none: every member holds the same tree".to_owned(),
            "  attest   4 members made a valid statement".to_owned(),
            "  agree    agreed: 4/4 of the members: APAC-1 EU-1 EU-2 US-1".to_owned(),
            format!("  anchor   {} {}…", round["anchor"].as_str().unwrap(), &digest[..16]),
            "  took".to_owned(),
        ]);
    }
    let (size, root) = (&report["final"]["size"], report["final"]["root"].as_str().unwrap());
    let count = rounds(report).len();
    text.extend([
        String::new(),
        format!("{origin}: {count} of {count} rounds agreed, {size} entries logged"),
        format!("  root     {root} at size {size}"),
        "  quorum   3 of 4 members (threshold 0.67), survives 1 Byzantine".to_owned(),
        "  member     rank         credit   weight trust  apart in rounds".to_owned(),
    ]);
    for line in rounds(report).last().unwrap()["credits"].as_array().unwrap() {
        let (credit, weight) = (line["credit_micro"].as_u64().unwrap(), line["weight_ppm"].as_u64().unwrap());
        text.push(format!(
            "  {:<10} {:>4} {:>9}.{:04} {:>3}.{:04} {:>5}",
            line["member"].as_str().unwrap(),
            line["rank"].as_u64().unwrap(),
            credit / 1_000_000,
            credit % 1_000_000 / 100,
            weight / 1_000_000,
            weight % 1_000_000 / 100,
            line["trust"].as_u64().unwrap()
        ));
    }
    text.push("  took".to_owned());
    text
}

#[test]
fn a_run_prints_every_step_and_a_summary() {
    let desk = Desk::new();
    let out = desk.agreed("--rounds 3 --batch 25 --no-timings --out log");
    assert_eq!(without_times(&out), expected(&desk.json("log/report.json"), &desk.text("log/anchors.log")));
    let took = |line: &&str| line.starts_with("  took     ") && line.ends_with(" ms");
    assert_eq!(out.lines().filter(took).count(), 3, "{out}");
    assert!(out.lines().last().unwrap().ends_with(" events a second"), "{out}");
}

#[test]
fn json_prints_the_report_and_nothing_else() {
    let desk = Desk::new();
    let out = desk.agreed("--rounds 2 --batch 10 --json --out log --prove 3");
    assert_eq!(out.as_bytes(), desk.read("log/report.json"));
    let mut objects = serde_json::Deserializer::from_str(&out).into_iter::<Value>();
    assert!(objects.next().unwrap().unwrap().is_object());
    assert!(objects.next().is_none(), "more than one JSON value");
    assert!(out.ends_with("}\n") && !out.ends_with("\n\n"));
}

#[test]
fn out_holds_the_published_files_and_no_other() {
    let desk = Desk::new();
    desk.agreed("--rounds 2 --batch 20 --out plain");
    // `.lock` is the publisher's: one writes at a time. The partial files of an earlier checkpoint stay for its readers until the
    // full ones stand.
    let plain = [
        ".lock",
        "anchors.log",
        "checkpoint",
        "metrics.txt",
        "policy",
        "report.json",
        "tile/",
        "tile/0/",
        "tile/0/000.p/",
        "tile/0/000.p/20",
    ];
    let tiles = [
        "tile/0/000.p/40",
        "tile/entries/",
        "tile/entries/000.p/",
        "tile/entries/000.p/20",
        "tile/entries/000.p/40",
    ];
    assert_eq!(desk.names("plain"), [&plain[..], &tiles[..]].concat());

    desk.agreed("--rounds 2 --batch 20 --out proved --prove 7 39");
    let proofs = ["39.entry", "39.event", "39.tlog-proof", "7.entry", "7.event", "7.tlog-proof"];
    let mut names: Vec<String> = [&plain[..], &tiles[..]].concat().into_iter().map(str::to_owned).collect();
    names.push("proof/".to_owned());
    names.extend(proofs.map(|name| format!("proof/{name}")));
    names.sort();
    assert_eq!(desk.names("proved"), names);
    assert_eq!(
        desk.names("").iter().filter(|name| name.matches('/').count() == 1 && name.ends_with('/')).count(),
        2
    );
}

#[test]
fn a_slash_behind_the_folder_changes_nothing() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 3 --no-timings --out a");
    desk.agreed("--rounds 1 --batch 3 --no-timings --out b/");
    assert_eq!(desk.files("a"), desk.files("b"));
}

#[test]
fn without_out_nothing_is_written() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 5");
    assert_eq!(desk.names(""), [""; 0]);
}

#[test]
fn an_entry_that_is_asked_for_twice_is_proved_once() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 5 --out log --prove 1 1 --prove 1");
    let proofs: Vec<String> =
        desk.names("log").into_iter().filter(|name| name.starts_with("proof/")).collect();
    assert_eq!(proofs, ["proof/", "proof/1.entry", "proof/1.event", "proof/1.tlog-proof"]);
}

#[test]
fn trace_prints_the_steps_to_standard_error_only() {
    let desk = Desk::new();
    let ran = desk.round("--rounds 1 --batch 5 --no-timings --json --trace");
    assert_eq!(ran.status, Some(0));
    assert_eq!(ran.out, desk.agreed("--rounds 1 --batch 5 --no-timings --json"));
    let steps: Vec<&str> = ran.err.lines().filter_map(|line| line.split('"').nth(1)).collect();
    let all = [
        "order", "record", "detect", "attest", "agree", "certify", "settle", "score", "observe", "judge",
        "anchor",
    ];
    assert_eq!(steps, all);
    assert!(!ran.err.contains('\u{1b}'), "colours where there is no terminal");
}

#[test]
fn help_names_every_option() {
    let desk = Desk::new();
    let help = desk.agreed("--help");
    let options = [
        "--events <FILE>...",
        "--mapping <FILE>",
        "--members <MEMBERS>",
        "--rounds <K>",
        "--batch <BATCH>",
        "--threshold <THRESHOLD>",
        "--fault <MEMBER=KIND>",
        "--seed <SEED>",
        "--keys <DIR>",
        "--write-keys <DIR>",
        "--out <DIR>",
        "--prove <INDEX>...",
        "--json",
        "--no-timings",
        "--trace",
    ];
    for option in options {
        assert!(help.contains(option), "{option} is missing in:\n{help}");
    }
    let verify = desk.verify("--help");
    assert_eq!((verify.status, verify.err.as_str()), (Some(0), ""));
    let options = ["policy", "proof", "entry", "event", "receipt", "consistency", "old", "checkpoint"];
    for option in options.map(|option| format!("--{option} <FILE>")) {
        assert!(verify.out.contains(&option), "{option} is missing in:\n{}", verify.out);
    }
    let prove = desk.prove("--help");
    assert_eq!((prove.status, prove.err.as_str()), (Some(0), ""));
    for option in
        ["<DIR>", "[INDEX]", "--consistency <OLD_SIZE>", "--out <FILE>", "--entry-out <FILE>", "--cose <KEY>"]
    {
        assert!(prove.out.contains(option), "{option} is missing in:\n{}", prove.out);
    }
}
