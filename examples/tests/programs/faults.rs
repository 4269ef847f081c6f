//! Members that misbehave: what the others agree on all the same, and what is said of the one.

use serde_json::{Value, json};

use crate::desk::{Desk, named, rounds};

const TWO_ROUNDS: &str = "--rounds 2 --batch 40 --no-timings";

/// Two rounds in which US-1 of four has `fault`: agreed by the three others on the root of the run without it, with `reason`
/// said of US-1, less trust in it every round, and no alert. Gives the report.
fn one_of_four(fault: &str, reason: &str) -> Value {
    let desk = Desk::new();
    let report = desk.report(&format!("{TWO_ROUNDS} --fault US-1={fault} --out log"));
    let honest = desk.report(TWO_ROUNDS);
    assert_eq!(report["final"], honest["final"]);
    let mut trust = 50;
    for (round, without) in rounds(&report).iter().zip(rounds(&honest)) {
        assert_eq!((&round["outcome"], &round["agree_ratio"]), (&"agreed".into(), &"3/4".into()));
        assert_eq!((&round["root"], &round["batch_root"]), (&without["root"], &without["batch_root"]));
        assert_eq!(round["dissent"], json!([{ "member": "US-1", "reason": reason }]));
        assert_eq!(round["alerts"], json!([]));
        let (line, before) = (named(&round["credits"], "member", "US-1"), trust);
        trust = line["trust"].as_u64().unwrap();
        assert!(trust < before, "{fault}: trust went from {before} to {trust}");
        assert_eq!(line["rank"], 4);
        for other in ["APAC-1", "EU-1", "EU-2"] {
            let same = named(&without["credits"], "member", other);
            let other = named(&round["credits"], "member", other);
            assert_eq!((&other["trust"], &other["credit_micro"]), (&same["trust"], &same["credit_micro"]));
        }
    }
    assert_eq!(named(&report["members"], "name", "US-1")["fault"], fault);
    assert!(desk.names("log").contains(&"checkpoint".to_owned()));
    let checkpoint = desk.text("log/checkpoint");
    assert_eq!(
        checkpoint.lines().filter(|line| line.starts_with("\u{2014} US-1 ")).count(),
        0,
        "US-1 is certified"
    );
    assert_eq!(checkpoint.lines().filter(|line| line.starts_with('\u{2014}')).count(), 6);
    report
}

fn drift_of(report: &Value) -> Vec<&Value> {
    rounds(report).iter().map(|round| &round["drift"]).collect()
}

#[test]
fn who_diverges_is_found_with_its_leaves() {
    let report = one_of_four("diverge", "other-head");
    for (drift, leaves) in drift_of(&report).into_iter().zip([[0, 20], [40, 60]]) {
        let [line] = drift.as_array().unwrap().as_slice() else { panic!("{drift}") };
        assert_eq!((&line["member"], &line["against"]), (&"US-1".into(), &"APAC-1".into()));
        assert_eq!((&line["divergent"], &line["score"]), (&2.into(), &"2/40".into()));
        assert_eq!((&line["severity"], &line["alert"]), (&"low".into(), &false.into()));
        assert_eq!(line["first_leaves"], json!(leaves));
        assert!(line["actions"].as_array().unwrap().contains(&"withhold the signature".into()));
    }
}

#[test]
fn who_encodes_payloads_again_drifts_in_every_leaf_and_abstains() {
    let report = one_of_four("reserialise", "drifted");
    for (drift, first) in drift_of(&report).into_iter().zip([0, 40]) {
        let [line] = drift.as_array().unwrap().as_slice() else { panic!("{drift}") };
        assert_eq!((&line["member"], &line["against"]), (&"US-1".into(), &"APAC-1".into()));
        assert_eq!((&line["divergent"], &line["score"]), (&40.into(), &"40/40".into()));
        assert_eq!((&line["severity"], &line["alert"]), (&"critical".into(), &true.into()));
        assert_eq!(line["first_leaves"], json!((first..first + 10).collect::<Vec<u64>>()));
        let actions = line["actions"].as_array().unwrap();
        assert!(actions.contains(&"check that payloads are hashed as received".into()), "{actions:?}");
    }
}

#[test]
fn who_is_silent_is_missed() {
    let report = one_of_four("silent", "silent");
    assert_eq!(drift_of(&report), [&json!([]), &json!([])]);
}

#[test]
fn whose_signature_is_broken_is_not_counted() {
    let report = one_of_four("bad-signature", "bad-signature");
    assert_eq!(drift_of(&report), [&json!([]), &json!([])]);
}

#[test]
fn who_signs_two_roots_is_convicted() {
    let report = one_of_four("equivocate", "equivocated");
    assert_eq!(drift_of(&report), [&json!([]), &json!([])]);
    let desk = Desk::new();
    let out = desk.agreed(&format!("{TWO_ROUNDS} --fault US-1=equivocate"));
    for round in rounds(&report) {
        let (size, root) = (&round["size"], &round["root"].as_str().unwrap()[..16]);
        let evidence: Vec<&str> =
            out.lines().filter(|line| line.contains(&format!("{size}:{root}…"))).map(str::trim).collect();
        let [evidence] = evidence[..] else { panic!("{evidence:?}") };
        assert!(evidence.starts_with("evidence against US-1: "), "{evidence}");
        assert_eq!(evidence.matches(&format!("{size}:")).count(), 2, "{evidence}");
    }
    assert!(out.contains("equivocated ×2"), "{out}");
}

#[test]
fn two_silent_of_four_leave_no_quorum() {
    let desk = Desk::new();
    let args = "--rounds 2 --batch 20 --fault US-1=silent --fault EU-2=silent --no-timings";
    let ran = desk.round(&format!("{args} --out log --json"));
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""));
    assert_eq!(ran.out.as_bytes(), desk.read("log/report.json"));
    assert_eq!(desk.names("log"), [".lock", "anchors.log", "metrics.txt", "policy", "report.json"]);
    assert_eq!(desk.text("log/anchors.log"), "auditmesh anchor v1\n");

    let report = desk.json("log/report.json");
    // One attempt, and three more.
    assert_eq!(rounds(&report).len(), 4);
    for (round, number) in rounds(&report).iter().zip(1u64..) {
        assert_eq!((&round["round"], &round["attempt"]), (&number.into(), &number.into()));
        assert_eq!((&round["outcome"], &round["agree_ratio"]), (&"no quorum".into(), &"2/4".into()));
        let silent = ["EU-2", "US-1"].map(|member| json!({ "member": member, "reason": "silent" }));
        assert_eq!(round["dissent"], json!(silent));
        assert_eq!((&round["batch_root"], &round["anchor"]), (&Value::Null, &Value::Null));
        assert_eq!((&round["credits"], &round["events"]), (&json!([]), &20.into()));
        let alert = named(&round["alerts"], "rule", "FED-AGREE-001");
        assert_eq!(alert["severity"], "critical");
        assert_eq!(alert["saw"], "the agree ratio is 2/4, at least 67/100 is demanded");
        assert_eq!(round["alerts"].as_array().unwrap().len(), 1);
    }
    assert_eq!(report["final"], json!({ "size": 0, "root": null, "undecided": 20 }));

    let text = desk.round(args);
    assert_eq!(text.status, Some(1));
    for said in [
        "round 4 (attempt 4 at the same batch)\n",
        "  agree    no quorum: 2/4 of the members: APAC-1 EU-1\n",
        "0 of 4 rounds agreed, 0 entries logged\n",
        "  root     nothing was agreed\n",
        "  open     20 events wait: their batch was not agreed on\n",
    ] {
        assert!(text.out.contains(said), "{said:?} is missing in:\n{}", text.out);
    }
}

#[test]
fn two_dissenters_of_seven_are_outvoted_and_alerted_about() {
    let desk = Desk::new();
    let args = "--members 7 --rounds 1 --batch 20 --no-timings";
    let report = desk.report(&format!("{args} --fault US-1=diverge --fault EU-2=equivocate"));
    assert_eq!(report["final"], desk.report(args)["final"]);
    let [round] = rounds(&report) else { panic!("{report}") };
    assert_eq!((&round["outcome"], &round["agree_ratio"]), (&"agreed".into(), &"5/7".into()));
    let dissent = [("EU-2", "equivocated"), ("US-1", "other-head")];
    assert_eq!(
        round["dissent"],
        json!(dissent.map(|(member, reason)| json!({ "member": member, "reason": reason })))
    );
    let [alert] = round["alerts"].as_array().unwrap().as_slice() else { panic!("{round}") };
    assert_eq!((&alert["rule"], &alert["severity"]), (&"FED-DISS-003".into(), &"medium".into()));
    assert_eq!(alert["saw"], "the number of dissenting nodes is 2, it must be below 2");
}

#[test]
fn two_silent_of_seven_are_no_dissent() {
    let desk = Desk::new();
    let args = "--members 7 --rounds 1 --batch 20 --no-timings --fault US-1=silent --fault EU-2=silent";
    let report = desk.report(args);
    let [round] = rounds(&report) else { panic!("{report}") };
    assert_eq!((&round["agree_ratio"], &round["alerts"]), (&"5/7".into(), &json!([])));
}

/// No two members hold the same tree: there is nobody to compare with, nobody honest signs, and nothing is logged.
#[test]
fn members_that_are_evenly_split_agree_on_nothing() {
    let desk = Desk::new();
    let ran =
        desk.round("--rounds 1 --batch 20 --no-timings --json --fault US-1=diverge --fault EU-2=diverge");
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""));
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["final"], json!({ "size": 0, "root": null, "undecided": 20 }));
    for round in rounds(&report) {
        assert_eq!((&round["outcome"], &round["agree_ratio"]), (&"no quorum".into(), &"2/4".into()));
        let abstained = ["APAC-1", "EU-1"].map(|member| json!({ "member": member, "reason": "no-majority" }));
        assert_eq!(round["dissent"], json!(abstained));
    }
}

#[test]
fn every_fault_at_once_is_survived_by_sixteen() {
    let desk = Desk::new();
    let faults = [
        ("US-1", "diverge", "other-head"),
        ("EU-2", "silent", "silent"),
        ("US-2", "bad-signature", "bad-signature"),
    ];
    let more = [("APAC-2", "equivocate", "equivocated"), ("EU-3", "reserialise", "drifted")];
    let all: Vec<_> = faults.into_iter().chain(more).collect();
    let given: String = all.iter().map(|(member, fault, _)| format!(" --fault {member}={fault}")).collect();
    let args = "--members 16 --rounds 1 --batch 20 --no-timings";
    let report = desk.report(&format!("{args}{given}"));
    assert_eq!((&report["quorum"], &report["tolerates"]), (&11.into(), &5.into()));
    assert_eq!(report["final"], desk.report(args)["final"]);
    let [round] = rounds(&report) else { panic!("{report}") };
    assert_eq!(round["agree_ratio"], "11/16");
    for (member, _, reason) in all {
        assert_eq!(named(&round["dissent"], "member", member)["reason"], reason);
    }
    assert_eq!(round["dissent"].as_array().unwrap().len(), 5);
}
