//! Arguments that are refused, and folders that are left alone.

use std::fs;

use crate::{desk::Desk, verified};

/// The first line of what the parser of the command line says.
fn parser_says(args: &str) -> String {
    let err = Desk::new().refused(args);
    assert!(err.ends_with("For more information, try '--help'.\n"), "{err}");
    err.lines().next().unwrap().to_owned()
}

fn says(args: &str) -> String {
    Desk::new().refused(args)
}

#[test]
fn a_threshold_that_is_unsafe() {
    let why = "two quorums of 33 may share only 16, and 16 may be faulty; use N-f";
    assert_eq!(
        says("--threshold 0.66 --members 50 --out log"),
        format!("round: --threshold: threshold 0.66 is unsafe for 50 members: {why}\n")
    );
    let why = "two quorums of 2 may share only 0, and 1 may be faulty; use N-f";
    assert_eq!(
        says("--threshold 0.5 --out log"),
        format!("round: --threshold: threshold 0.5 is unsafe for 4 members: {why}\n")
    );
}

#[test]
fn a_threshold_that_is_not_live() {
    for threshold in ["1.0", "0.76", ">3/4"] {
        let said = says(&format!("--threshold {threshold} --out log"));
        let start = format!(
            "round: --threshold: threshold {threshold} is not live for 4 members: it needs 4, and only 3 remain"
        );
        assert!(said.starts_with(&start) && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn a_threshold_that_is_none() {
    let write = "write >=2/3, >2/3, 0.67 or N-f";
    assert_eq!(
        parser_says("--threshold two-thirds --out log"),
        format!(
            "error: invalid value 'two-thirds' for '--threshold <THRESHOLD>': this is no threshold (a fraction is written 2/3 or 0.67); {write}"
        )
    );
    assert_eq!(
        parser_says("--threshold >=2/0 --out log"),
        format!(
            "error: invalid value '>=2/0' for '--threshold <THRESHOLD>': this is no threshold (the fraction 2/0 has no value); {write}"
        )
    );
}

#[test]
fn numbers_out_of_range() {
    let cases = [
        ("--members 2", "'2' for '--members <MEMBERS>': 2 is not in 3..=100"),
        ("--members 101", "'101' for '--members <MEMBERS>': 101 is not in 3..=100"),
        ("--batch 0", "'0' for '--batch <BATCH>': 0 is not in 1..=100000"),
        ("--batch 100001", "'100001' for '--batch <BATCH>': 100001 is not in 1..=100000"),
        ("--rounds 0", "'0' for '--rounds <K>': 0 is not in 1..=4294967295"),
    ];
    for (args, why) in cases {
        assert_eq!(parser_says(&format!("{args} --out log")), format!("error: invalid value {why}"));
    }
    let said = parser_says("--seed -1");
    assert!(said.contains("'-1'"), "{said}");
    let said = parser_says("--seed 18446744073709551616");
    assert!(said.starts_with("error: invalid value '18446744073709551616' for '--seed <SEED>'"), "{said}");
}

#[test]
fn a_hundred_members_is_allowed() {
    let report = Desk::new().report("--members 100 --rounds 1 --batch 1 --no-timings");
    assert_eq!(
        (&report["quorum"], &report["tolerates"], &report["final"]["size"]),
        (&67.into(), &33.into(), &1.into())
    );
}

#[test]
fn faults_that_cannot_be() {
    assert_eq!(
        says("--fault EU-9=silent --out log"),
        "round: --fault EU-9: no such member; there are EU-1 US-1 APAC-1 EU-2\n"
    );
    assert_eq!(
        says("--fault US-1=silent --fault US-1=diverge --out log"),
        "round: --fault US-1: given twice; a member has one fault\n"
    );
    let kinds = "one of diverge, silent, bad-signature, equivocate, reserialise";
    assert_eq!(
        parser_says("--fault US-1=asleep --out log"),
        format!(
            "error: invalid value 'US-1=asleep' for '--fault <MEMBER=KIND>': \"asleep\" is no fault; {kinds}"
        )
    );
    assert_eq!(
        parser_says("--fault US-1 --out log"),
        "error: invalid value 'US-1' for '--fault <MEMBER=KIND>': write MEMBER=KIND, as in US-1=silent"
    );
}

#[test]
fn a_proof_needs_a_folder() {
    let said = Desk::new().refused("--prove 0");
    assert!(
        said.starts_with("error: the following required arguments were not provided:\n  --out <DIR>\n"),
        "{said}"
    );
}

#[test]
fn a_proof_beyond_a_log_whose_size_is_known() {
    let said = says("--rounds 2 --batch 3 --prove 2 6 5 --out log");
    assert_eq!(said, "round: --prove 6: there will be 6 entries; ask for a lower index\n");
    let said = says("--prove 10000 --out log");
    assert_eq!(said, "round: --prove 10000: there will be 10000 entries; ask for a lower index\n");
}

/// The log was published by then, and what is published stays: only the proof is missing.
#[test]
fn a_proof_beyond_a_log_that_was_read() {
    let desk = Desk::new();
    desk.write("in.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    let ran = desk.round("--events in.jsonl --prove 2 3 --out log");
    assert_eq!(ran.status, Some(2));
    let why = "leaf 3 was asked for in a tree of 3 leaves: ask for a lower index";
    assert_eq!(ran.err, format!("round: --prove 3: {why}\n"));
    assert_eq!(desk.json("log/report.json")["final"]["size"], 3);
    assert_eq!(desk.verify(&verified::args(2)).status, Some(0));
    assert!(!desk.names("log").contains(&"proof/3.tlog-proof".to_owned()));
}

#[test]
fn a_folder_that_exists_is_left_alone() {
    let desk = Desk::new();
    desk.write("file", "mine");
    desk.write("folder/file", "mine");
    for out in ["folder", "folder/", "."] {
        let said = desk.refused(&format!("--rounds 1 --batch 1 --out {out}"));
        let why = "holds something else than a log; name a new folder";
        assert_eq!(said, format!("round: --out {out}: {why}\n"));
    }
    for out in ["file", "folder/file"] {
        let said = desk.refused(&format!("--rounds 1 --batch 1 --out {out}"));
        assert_eq!(said, format!("round: --out {out}: is there and is no folder; name a new one\n"));
    }
}

/// Files by name.
type Files<'a> = &'a [(&'a str, &'a [u8])];

/// A folder that a run locked and did nothing more with, or began without agreeing on anything, is gone on with; one that looks
/// like it and holds something else is not.
#[test]
fn only_what_a_run_leaves_before_its_first_checkpoint_is_taken_for_a_log() {
    let desk = Desk::new();
    let run = "--rounds 1 --batch 3 --out";
    desk.agreed("--rounds 1 --batch 3 --seed 7 --out other");
    desk.agreed(&format!("{run} like"));
    let (policy, mine) = (desk.read("like/policy"), b"precious\n".to_vec());
    let chain = b"auditmesh anchor v1\n".to_vec();
    let something = "holds something else than a log; name a new folder";
    let another =
        "what was begun there has another policy: other members, keys or threshold; name a new folder";
    let cases: [(Files, &str); 9] = [
        (&[("policy", &mine)], something),
        (&[("policy", &policy)], something),
        (&[("tile", &mine)], something),
        (&[("tile/0/000", &mine)], something),
        (&[("report.json", &mine)], something),
        (&[("notes", &mine)], something),
        (&[("anchors.log", &chain), ("metrics.txt", &mine)], something),
        (&[("anchors.log", &chain), ("policy", &mine)], another),
        (&[("anchors.log", &chain), ("policy", &desk.read("other/policy"))], another),
    ];
    for (place, (files, why)) in cases.into_iter().enumerate() {
        let folder = format!("e{place}");
        for (name, bytes) in [(".lock", &b""[..])].iter().chain(files) {
            desk.write(&format!("{folder}/{name}"), bytes);
        }
        let said = desk.refused(&format!("{run} {folder}"));
        assert_eq!(said, format!("round: --out {folder}: {why}\n"), "{files:?}");
    }
    desk.write("unlocked/anchors.log", &chain);
    assert!(desk.refused(&format!("{run} unlocked")).ends_with(&format!(": {something}\n")));

    let begun: [Files; 3] = [
        &[(".written", b"half")],
        &[("anchors.log", &chain)],
        &[("anchors.log", &chain), ("policy", &policy)],
    ];
    for (place, files) in begun.into_iter().enumerate() {
        for (name, bytes) in [(".lock", &b""[..])].iter().chain(files) {
            desk.write(&format!("b{place}/{name}"), bytes);
        }
        desk.agreed(&format!("{run} b{place}"));
        assert_eq!(desk.read(&format!("b{place}/policy")), policy);
    }
}

/// As a volume is when it was just mounted.
#[test]
fn an_empty_folder_is_filled_and_emptied_again_when_nothing_comes_of_it() {
    let desk = Desk::new();
    fs::create_dir(desk.path().join("empty")).unwrap();
    desk.write("bad.jsonl", "{");
    desk.refused("--events bad.jsonl --out empty");
    assert_eq!(desk.names("empty"), [""; 0]);
    desk.agreed("--rounds 1 --batch 3 --out empty --prove 2");
    let proof = "--policy empty/policy --proof empty/proof/2.tlog-proof --entry empty/proof/2.entry";
    assert_eq!(desk.verify(proof).status, Some(0));
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_nowhere_is_left_alone() {
    let desk = Desk::new();
    std::os::unix::fs::symlink("nowhere", desk.path().join("link")).unwrap();
    let said = desk.refused("--rounds 1 --batch 1 --out link");
    assert_eq!(said, "round: --out link: is there and is no folder; name a new one\n");
    assert_eq!(desk.files("")["link"], b"nowhere");
}

#[test]
fn a_parent_that_is_missing_is_not_made() {
    let desk = Desk::new();
    desk.write("file", "mine");
    for out in ["no/such/folder", "file/folder"] {
        let said = desk.refused(&format!("--rounds 1 --batch 1 --out {out}"));
        assert!(said.starts_with(&format!("round: --out {out}: ")) && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn what_is_unknown() {
    assert_eq!(parser_says("--quorum 3"), "error: unexpected argument '--quorum' found");
    assert_eq!(parser_says("events.jsonl"), "error: unexpected argument 'events.jsonl' found");
}
