//! The text, read by a small strict parser of OpenMetrics 1.0.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};

use auditmesh_metrics::{RoundMetrics, Rule};
use auditmesh_types::{Observer, Ratio, Round, Sample};
use proptest::prelude::*;

#[derive(Debug, Default, PartialEq)]
struct Family {
    kind: String,
    unit: String,
    help: String,
    /// Name, labels as they stand, value.
    samples: Vec<(String, String, String)>,
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part) && (whole == "0" || !whole.starts_with('0')),
        None => digits(text) && (text == "0" || !text.starts_with('0')),
    }
}

/// Labels `name="value"`, of which there is at most one here. Gives (name, value).
fn label(text: &str) -> Result<(&str, &str), String> {
    let (name, rest) = text.split_once("=\"").ok_or("no label value")?;
    let value = rest.strip_suffix('"').ok_or("no closing quote")?;
    let plain = value.replace(r"\\", "").replace(r#"\""#, "").replace(r"\n", "");
    match is_name(name) && !plain.contains(['\\', '"', '\n']) {
        true => Ok((name, value)),
        false => Err(format!("bad label {text}")),
    }
}

fn sample(families: &mut BTreeMap<String, Family>, current: &str, line: &str) -> Result<(), String> {
    let (series, value) = line.rsplit_once(' ').ok_or("no value")?;
    let (name, labels) = match series.split_once('{') {
        Some((name, labels)) => (name, labels.strip_suffix('}').ok_or("no closing brace")?),
        None => (series, ""),
    };
    let family = families.get_mut(current).ok_or("a sample before its description")?;
    let suffix = name.strip_prefix(current).ok_or_else(|| format!("{name} is not of {current}"))?;
    let allowed: &[&str] = match family.kind.as_str() {
        "counter" => &["_total"],
        "gauge" => &[""],
        _ => &["_bucket", "_sum", "_count"],
    };
    let known = allowed.contains(&suffix) && is_number(value);
    let labelled = labels.is_empty() || label(labels).is_ok();
    let bucket = (suffix == "_bucket") == labels.starts_with("le=");
    if !(known && labelled && bucket) {
        return Err(format!("bad sample {line}"));
    }
    family.samples.push((name.into(), labels.into(), value.into()));
    Ok(())
}

fn parse(text: &str) -> Result<BTreeMap<String, Family>, String> {
    let body = text.strip_suffix("# EOF\n").ok_or("no # EOF at the end")?;
    let mut families = BTreeMap::<String, Family>::new();
    let mut current = String::new();
    for line in body.split_terminator('\n') {
        let Some(description) = line.strip_prefix("# ") else {
            sample(&mut families, &current, line)?;
            continue;
        };
        let [what, name, rest] = description.splitn(3, ' ').collect::<Vec<_>>()[..] else {
            return Err(format!("bad description {line}"));
        };
        if !is_name(name) || !name.starts_with("auditmesh_") || rest.is_empty() {
            return Err(format!("bad name {name}"));
        }
        if name != current && families.contains_key(name) {
            return Err(format!("{name} is interleaved"));
        }
        current = name.into();
        let family = families.entry(current.clone()).or_default();
        let slot = match what {
            "TYPE" if ["counter", "gauge", "histogram"].contains(&rest) => &mut family.kind,
            "UNIT" if name.ends_with(&format!("_{rest}")) => &mut family.unit,
            "HELP" => &mut family.help,
            _ => return Err(format!("bad description {line}")),
        };
        if !slot.is_empty() || !family.samples.is_empty() {
            return Err(format!("{line} comes late or twice"));
        }
        *families
            .get_mut(&current)
            .map(|family| match what {
                "TYPE" => &mut family.kind,
                "UNIT" => &mut family.unit,
                _ => &mut family.help,
            })
            .ok_or("unreachable")? = rest.into();
    }
    check(&families)?;
    Ok(families)
}

fn check(families: &BTreeMap<String, Family>) -> Result<(), String> {
    for (name, family) in families {
        if family.kind.is_empty() || family.help.is_empty() {
            return Err(format!("{name} has no type or no help"));
        }
        let series: BTreeSet<_> = family.samples.iter().map(|(name, labels, _)| (name, labels)).collect();
        if series.len() != family.samples.len() {
            return Err(format!("{name} has a series twice"));
        }
        if family.kind == "histogram" {
            histogram(name, family)?;
        }
    }
    Ok(())
}

fn histogram(name: &str, family: &Family) -> Result<(), String> {
    let buckets: Vec<_> = family.samples.iter().filter(|sample| sample.0.ends_with("_bucket")).collect();
    let bounds: Vec<&str> = buckets.iter().map(|sample| label(&sample.1).unwrap().1).collect();
    let counts: Vec<u64> = buckets.iter().map(|sample| sample.2.parse().unwrap()).collect();
    let (last, finite) = bounds.split_last().ok_or("no bucket")?;
    if !finite.iter().all(|bound| is_number(bound) && bound.contains('.')) {
        return Err(format!("{name} has a bound that is not canonical"));
    }
    let bounds: Vec<u64> = finite.iter().map(|bound| micros(bound)).collect();
    let total = family.samples.iter().find(|sample| sample.0 == format!("{name}_count")).ok_or("no count")?;
    let sound = *last == "+Inf"
        && bounds.windows(2).all(|pair| pair[0] < pair[1])
        && counts.is_sorted()
        && counts.last() == Some(&total.2.parse().unwrap());
    if sound { Ok(()) } else { Err(format!("{name} has unsound buckets")) }
}

/// Seconds with at most six places in microseconds.
fn micros(text: &str) -> u64 {
    let (whole, part) = text.split_once('.').unwrap();
    format!("{whole}{part:0<6}").parse().unwrap()
}

fn value(families: &BTreeMap<String, Family>, family: &str, series: &str) -> String {
    let family = &families[&format!("auditmesh_{family}")];
    let found = family.samples.iter().find(|(name, labels, _)| {
        *name == format!("auditmesh_{series}")
            || format!("{name}{{{labels}}}") == format!("auditmesh_{series}")
    });
    found.unwrap_or_else(|| panic!("no {series}")).2.clone()
}

/// The example of the specification.
const FROZEN: &str = "\
# TYPE auditmesh_rounds counter
# HELP auditmesh_rounds Rounds that ended.
auditmesh_rounds_total 2
# TYPE auditmesh_unmeasured_rounds counter
# HELP auditmesh_unmeasured_rounds Rounds whose latency nobody measured.
auditmesh_unmeasured_rounds_total 0
# TYPE auditmesh_proofs counter
# HELP auditmesh_proofs Entries that entered the log.
auditmesh_proofs_total 90
# TYPE auditmesh_dissents counter
# HELP auditmesh_dissents Dissenting nodes, summed over the rounds.
auditmesh_dissents_total 1
# TYPE auditmesh_alerts counter
# HELP auditmesh_alerts Rounds in which an alert rule fired.
auditmesh_alerts_total{rule=\"FED-AGREE-001\"} 1
auditmesh_alerts_total{rule=\"FED-DISS-003\"} 0
auditmesh_alerts_total{rule=\"FED-LAT-002\"} 0
# TYPE auditmesh_agree_ratio gauge
# UNIT auditmesh_agree_ratio ratio
# HELP auditmesh_agree_ratio Agree ratio of the last round, rounded down.
auditmesh_agree_ratio 0.666666666
# TYPE auditmesh_dissent_nodes gauge
# HELP auditmesh_dissent_nodes Nodes that signed otherwise in the last round.
auditmesh_dissent_nodes 1
# TYPE auditmesh_queue_depth gauge
# HELP auditmesh_queue_depth Events that wait after the last round.
auditmesh_queue_depth 7
# TYPE auditmesh_round_p95_seconds gauge
# UNIT auditmesh_round_p95_seconds seconds
# HELP auditmesh_round_p95_seconds Latency that 95 in 100 of the last rounds do not exceed.
auditmesh_round_p95_seconds 0.0125
# TYPE auditmesh_proofs_per_second gauge
# HELP auditmesh_proofs_per_second Proofs in a second of measured rounds.
auditmesh_proofs_per_second 5142.857
# TYPE auditmesh_round_seconds histogram
# UNIT auditmesh_round_seconds seconds
# HELP auditmesh_round_seconds Time from the closing of a batch to the decision.
auditmesh_round_seconds_bucket{le=\"0.001\"} 0
auditmesh_round_seconds_bucket{le=\"0.0025\"} 0
auditmesh_round_seconds_bucket{le=\"0.005\"} 1
auditmesh_round_seconds_bucket{le=\"0.01\"} 1
auditmesh_round_seconds_bucket{le=\"0.025\"} 2
auditmesh_round_seconds_bucket{le=\"0.05\"} 2
auditmesh_round_seconds_bucket{le=\"0.1\"} 2
auditmesh_round_seconds_bucket{le=\"0.25\"} 2
auditmesh_round_seconds_bucket{le=\"0.5\"} 2
auditmesh_round_seconds_bucket{le=\"1.0\"} 2
auditmesh_round_seconds_bucket{le=\"2.5\"} 2
auditmesh_round_seconds_bucket{le=\"5.0\"} 2
auditmesh_round_seconds_bucket{le=\"10.0\"} 2
auditmesh_round_seconds_bucket{le=\"+Inf\"} 2
auditmesh_round_seconds_sum 0.0175
auditmesh_round_seconds_count 2
# EOF
";

#[test]
fn the_text_is_that_of_the_specification() {
    let mut metrics = RoundMetrics::new();
    let sample = |proofs, took, agree, dissent, queue_depth| {
        let took_us = Some(took);
        Sample { round: Round(1), proofs, took_us, agree, dissent, queue_depth }
    };
    metrics.observe(&sample(50, 5_000, Ratio::ONE, 0, 0));
    metrics.observe(&sample(40, 12_500, Ratio::new(2, 3).unwrap(), 1, 7));
    assert_eq!(metrics.to_openmetrics(), FROZEN);
    assert!(parse(FROZEN).is_ok());
}

#[test]
fn before_the_first_round_all_is_described_and_little_known() {
    let families = parse(&RoundMetrics::new().to_openmetrics()).unwrap();
    assert_eq!(families.len(), 11);
    for unknown in ["agree_ratio", "dissent_nodes", "queue_depth", "round_p95_seconds", "proofs_per_second"] {
        assert_eq!(families[&format!("auditmesh_{unknown}")].samples, []);
    }
    assert_eq!(value(&families, "rounds", "rounds_total"), "0");
    assert_eq!(value(&families, "alerts", "alerts_total{rule=\"FED-LAT-002\"}"), "0");
    assert_eq!(value(&families, "round_seconds", "round_seconds_sum"), "0.0");
}

#[test]
fn every_figure_stands_in_the_text() {
    let mut metrics = RoundMetrics::new();
    let agree = Ratio::new(2, 3).unwrap();
    let sample =
        Sample { round: Round(1), proofs: 50, took_us: Some(5_000), agree, dissent: 2, queue_depth: 7 };
    metrics.observe(&sample);
    metrics.observe(&Sample { took_us: Some(100_001), ..sample.clone() });
    metrics.observe(&Sample { took_us: None, agree: Ratio::ONE, dissent: 1, ..sample });
    let families = parse(&metrics.to_openmetrics()).unwrap();
    for (family, series, expected) in [
        ("rounds", "rounds_total", "3"),
        ("unmeasured_rounds", "unmeasured_rounds_total", "1"),
        ("proofs", "proofs_total", "150"),
        ("dissents", "dissents_total", "5"),
        ("alerts", "alerts_total{rule=\"FED-AGREE-001\"}", "2"),
        ("alerts", "alerts_total{rule=\"FED-DISS-003\"}", "2"),
        ("alerts", "alerts_total{rule=\"FED-LAT-002\"}", "2"),
        ("agree_ratio", "agree_ratio", "1.0"),
        ("dissent_nodes", "dissent_nodes", "1"),
        ("queue_depth", "queue_depth", "7"),
        ("round_p95_seconds", "round_p95_seconds", "0.100001"),
        // 100 proofs in 105,001 us.
        ("proofs_per_second", "proofs_per_second", "952.371"),
        ("round_seconds", "round_seconds_bucket{le=\"0.0025\"}", "0"),
        ("round_seconds", "round_seconds_bucket{le=\"0.005\"}", "1"),
        ("round_seconds", "round_seconds_bucket{le=\"0.1\"}", "1"),
        ("round_seconds", "round_seconds_bucket{le=\"0.25\"}", "2"),
        ("round_seconds", "round_seconds_bucket{le=\"10.0\"}", "2"),
        ("round_seconds", "round_seconds_bucket{le=\"+Inf\"}", "2"),
        ("round_seconds", "round_seconds_sum", "0.105001"),
        ("round_seconds", "round_seconds_count", "2"),
    ] {
        assert_eq!(value(&families, family, series), expected, "{series}");
    }
    let units: Vec<_> =
        families.iter().filter(|(_, family)| !family.unit.is_empty()).map(|(name, _)| name).collect();
    assert_eq!(units, ["auditmesh_agree_ratio", "auditmesh_round_p95_seconds", "auditmesh_round_seconds"]);
}

#[test]
fn ids_of_own_rules_are_escaped() {
    let odd = Rule { id: "a\"b\\c\nd", ..Rule::AGREE };
    let text = RoundMetrics::new().with_rules([odd]).unwrap().to_openmetrics();
    parse(&text).unwrap();
    assert!(text.contains("auditmesh_alerts_total{rule=\"a\\\"b\\\\c\\nd\"} 0\n"));
}

#[test]
fn the_parser_is_strict() {
    let right = RoundMetrics::new().to_openmetrics();
    assert!(parse(&right).is_ok());
    for (from, to) in [
        ("# EOF\n", ""),
        ("# EOF\n", "# EOF\n\n"),
        ("rounds_total 0", "rounds 0"),
        ("rounds_total 0", "rounds_total 00"),
        ("rounds_total 0", "rounds_total  0"),
        ("le=\"+Inf\"", "le=\"12.0\""),
        ("le=\"1.0\"", "le=\"1\""),
        ("le=\"0.005\"", "le=\"0.001\""),
        ("# UNIT auditmesh_agree_ratio ratio", "# UNIT auditmesh_agree_ratio percent"),
        ("# TYPE auditmesh_proofs counter\n", ""),
        ("round_seconds_count 0", "round_seconds_count 1"),
    ] {
        assert!(right.contains(from), "{from}");
        assert!(parse(&right.replacen(from, to, 1)).is_err(), "{from} as {to}");
    }
}

proptest! {
    #[test]
    fn the_text_is_always_sound(
        drawn in prop::collection::vec((any::<u64>(), any::<Option<u64>>(), any::<u64>(), 1..=u64::MAX, any::<u64>()), 0..20),
    ) {
        let mut metrics = RoundMetrics::new();
        for (proofs, took_us, num, den, other) in drawn {
            let agree = Ratio::new(num, den).unwrap();
            metrics.observe(&Sample { round: Round(1), proofs, took_us, agree, dissent: other, queue_depth: other });
        }
        let families = parse(&metrics.to_openmetrics());
        prop_assert!(families.is_ok(), "{:?}", families);
        let families = families.unwrap();
        prop_assert_eq!(value(&families, "rounds", "rounds_total"), metrics.rounds().to_string());
        if let Some(p95) = metrics.p95_us() {
            prop_assert_eq!(micros(&value(&families, "round_p95_seconds", "round_p95_seconds")), p95);
        }
    }
}
