//! `report.json` holds what `docs/spec/report.md` says it holds.

use serde_json::Value;

use crate::{
    desk::{Desk, rounds},
    ordered::Ordered,
};

/// The example of `docs/spec/report.md`.
fn example() -> Ordered {
    let page = include_str!("../../../docs/spec/report.md");
    Ordered::parse(page.split("```").nth(1).unwrap().strip_prefix("json").unwrap())
}

/// Holds `got` against the example `want`: same keys in the same order, same types, and the same values but for those that the
/// example abbreviates. An array of the example may leave elements out.
fn compare(at: &str, want: &Ordered, got: &Ordered) {
    match (want, got) {
        (Ordered::Object(fields), Ordered::Object(_)) if at.ends_with(".seconds") => {
            assert!(fields.iter().all(|(key, _)| got.keys().contains(&key.as_str())), "{at}: {got:?}");
        }
        (Ordered::Object(fields), Ordered::Object(_)) => {
            assert_eq!(want.keys(), got.keys(), "keys of {at}");
            for (key, value) in fields {
                compare(&format!("{at}.{key}"), value, got.at(key));
            }
        }
        (Ordered::Array(elements), Ordered::Array(others)) => {
            assert_eq!(elements.is_empty(), others.is_empty(), "{at}: {got:?}");
            let mut others = others.iter();
            for (place, element) in elements.iter().enumerate() {
                let at = format!("{at}[{place}]");
                match element {
                    Ordered::Scalar(_) => assert!(others.any(|other| other == element), "{at}: {got:?}"),
                    _ => compare(&at, element, others.next().unwrap()),
                }
            }
        }
        (Ordered::Scalar(Value::String(text)), Ordered::Scalar(Value::String(other))) => {
            match (text.split_once('…'), text.as_str()) {
                (Some((start, _)), _) => assert!(other.starts_with(start), "{at}: {other}"),
                (None, "<64 hex digits>") => assert!(is_digest(other), "{at}: {other}"),
                (None, text) => assert_eq!(text, other, "{at}"),
            }
        }
        _ => assert_eq!(want, got, "{at}"),
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The page shows the first round of a run whose member US-1 diverges.
#[test]
fn the_example_of_the_page_is_what_the_program_writes() {
    let desk = Desk::new();
    // Round times decide about one alert, and a debug build on a busy machine is slow.
    let out = desk.agreed("--rounds 1 --fault US-1=diverge --json --no-timings --out log");
    let (mut want, got) = (example(), Ordered::parse(&out));
    if let Ordered::Object(fields) = &mut want {
        for (_, value) in fields.iter_mut().filter(|(key, _)| key == "rounds") {
            let Ordered::Array(rounds) = value else { panic!("rounds is no array") };
            let Ordered::Object(round) = &mut rounds[0] else { panic!("a round is no object") };
            assert_eq!(round.pop().unwrap().0, "seconds", "the last key of a round");
        }
    }
    compare("report", &want, &got);
}

#[test]
fn seconds_name_every_step() {
    let desk = Desk::new();
    let report = Ordered::parse(&desk.agreed("--rounds 2 --batch 5 --json"));
    let want = example().at("rounds").elements()[0].keys().into_iter().map(str::to_owned).collect::<Vec<_>>();
    for round in report.at("rounds").elements() {
        assert_eq!(round.keys(), want);
        let seconds = round.at("seconds");
        let mut steps = seconds.keys();
        steps.sort_unstable();
        let all = [
            "agree", "anchor", "attest", "certify", "detect", "judge", "observe", "order", "record", "score",
            "settle",
        ];
        assert_eq!(steps, all);
        for step in steps {
            let Ordered::Scalar(took) = seconds.at(step) else { panic!("{step} is no number") };
            assert!(
                took.is_f64() && took.as_f64().is_some_and(|took| (0.0..60.0).contains(&took)),
                "{step}: {took}"
            );
        }
    }
}

#[test]
fn defaults_are_ten_rounds_of_a_thousand_events() {
    let desk = Desk::new();
    let report = desk.report("--no-timings");
    let top = |key: &str| report[key].clone();
    assert!(report.get("seed").is_none());
    assert_eq!(
        (top("format"), top("origin")),
        ("auditmesh report v1".into(), "auditmesh.example/eu-us-apac".into())
    );
    assert_eq!((top("threshold"), top("batch")), ("0.67".into(), 1000.into()));
    assert_eq!((top("quorum"), top("tolerates")), (3.into(), 1.into()));
    assert_eq!(rounds(&report).len(), 10);
    assert_eq!(report["final"]["size"], 10_000);
    assert_eq!(report["final"]["undecided"], 0);
}

#[test]
fn sums_are_consistent() {
    let desk = Desk::new();
    let report = desk.report("--rounds 4 --batch 30 --members 7 --no-timings");
    let mut size = 0;
    for (round, number) in rounds(&report).iter().zip(1u64..) {
        size += round["events"].as_u64().unwrap();
        assert_eq!((&round["round"], &round["attempt"]), (&number.into(), &1.into()));
        assert_eq!((&round["outcome"], &round["agree_ratio"]), (&"agreed".into(), &"7/7".into()));
        assert_eq!((&round["size"], &round["anchor"]), (&size.into(), &format!("memory:{number}").into()));
        for key in ["root", "batch_root"] {
            assert!(is_digest(round[key].as_str().unwrap()), "{key} of round {number}");
        }
        for key in ["dissent", "drift", "denied", "alerts", "failures"] {
            assert_eq!(round[key], Value::Array(Vec::new()), "{key} of round {number}");
        }
        let ranks: Vec<u64> =
            round["credits"].as_array().unwrap().iter().map(|line| line["rank"].as_u64().unwrap()).collect();
        assert_eq!(ranks, [1, 2, 3, 4, 5, 6, 7]);
        assert!(round.get("seconds").is_none());
    }
    assert_eq!(size, 120);
    let (first, last) = (&rounds(&report)[0], &rounds(&report)[3]);
    assert_eq!(first["root"], first["batch_root"], "the first batch is the whole log");
    assert_ne!(last["root"], last["batch_root"]);
    assert_eq!(report["final"]["size"], size);
    assert_eq!(report["final"]["root"], last["root"]);
    assert_eq!((&report["quorum"], &report["tolerates"]), (&5.into(), &2.into()));
}

#[test]
fn members_are_spread_over_three_zones() {
    let desk = Desk::new();
    let report = desk.report("--rounds 1 --batch 2 --members 7 --fault US-2=silent");
    let members = report["members"].as_array().unwrap();
    let names: Vec<&str> = members.iter().map(|member| member["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["EU-1", "US-1", "APAC-1", "EU-2", "US-2", "APAC-2", "EU-3"]);
    let mut dids = Vec::new();
    for member in members {
        let name = member["name"].as_str().unwrap();
        assert_eq!(name.split('-').next(), member["zone"].as_str());
        assert_eq!(member["fault"], if name == "US-2" { "silent".into() } else { Value::Null });
        dids.push(member["did"].as_str().unwrap());
    }
    assert!(dids.iter().all(|did| did.starts_with("did:key:z6Mk")), "{dids:?}");
    dids.sort_unstable();
    dids.dedup();
    assert_eq!(dids.len(), 7);
}

#[test]
fn a_federation_that_survives_nobody_is_not_anchored() {
    let desk = Desk::new();
    let report = desk.report("--members 3 --rounds 2 --batch 5 --out log");
    let why = "RESIL-002: tolerates: the quorum survives 0 Byzantine members; it must survive at least 1";
    for round in rounds(&report) {
        assert_eq!((&round["outcome"], &round["anchor"]), (&"agreed".into(), &Value::Null));
        assert_eq!(round["denied"], serde_json::json!([why]));
    }
    assert_eq!((&report["tolerates"], &report["final"]["size"]), (&0.into(), &10.into()));
    assert_eq!(desk.text("log/anchors.log"), "auditmesh anchor v1\n");
    let text = desk.agreed("--members 3 --rounds 2 --batch 5");
    assert_eq!(
        text.matches(&format!("  anchor   denied by the policy\n           {why}\n")).count(),
        2,
        "{text}"
    );
}

#[test]
fn the_threshold_stands_in_the_report_as_it_was_given() {
    let desk = Desk::new();
    for threshold in ["0.67", ">=2/3", ">2/3", "N-f"] {
        let report = desk.report(&format!("--rounds 1 --batch 2 --threshold {threshold}"));
        assert_eq!((&report["threshold"], &report["quorum"]), (&threshold.into(), &3.into()));
    }
}
