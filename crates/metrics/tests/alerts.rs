//! Rules at their exact edges.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use auditmesh_metrics::{Condition, Error, RoundMetrics, Rule};
use auditmesh_types::{Alert, Observer, Ratio, Round, Sample, Severity};

fn calm() -> Sample {
    Sample {
        round: Round(1),
        proofs: 10,
        took_us: Some(1_000),
        agree: Ratio::ONE,
        dissent: 0,
        queue_depth: 3,
    }
}

fn fired(sample: &Sample) -> Vec<&'static str> {
    RoundMetrics::new().observe(sample).iter().map(|alert| alert.rule).collect()
}

#[test]
fn agreement_fires_below_67_of_100_and_not_at_it() {
    for ((num, den), fires) in [
        ((67, 100), false),
        ((670, 1000), false),
        ((669_999_999_999, 1_000_000_000_000), true),
        ((670_000_000_001, 1_000_000_000_000), false),
        ((2, 3), true),
        ((0, 1), true),
        ((1, 1), false),
    ] {
        let agree = Ratio::new(num, den).unwrap();
        let expected: &[_] = if fires { &["FED-AGREE-001"] } else { &[] };
        assert_eq!(fired(&Sample { agree, ..calm() }), expected, "{num}/{den}");
    }
}

#[test]
fn latency_fires_above_100_ms_and_not_at_it() {
    assert_eq!(fired(&Sample { took_us: Some(100_000), ..calm() }), [""; 0]);
    assert_eq!(fired(&Sample { took_us: Some(100_001), ..calm() }), ["FED-LAT-002"]);
    assert_eq!(fired(&Sample { took_us: None, ..calm() }), [""; 0]);
}

#[test]
fn latency_is_the_95th_percentile_of_the_window() {
    // 5 slow rounds of 100 are within the percentile, 6 are not.
    let mut metrics = RoundMetrics::new().with_window(100).unwrap();
    let slow = Sample { took_us: Some(200_000), ..calm() };
    for _ in 0..95 {
        assert_eq!(metrics.observe(&calm()), []);
    }
    for _ in 0..5 {
        assert_eq!(metrics.observe(&slow), []);
    }
    assert_eq!(metrics.observe(&slow)[0].rule, "FED-LAT-002");
    assert_eq!(metrics.p95_us(), Some(200_000));
    // It goes on firing in rounds that nobody measures, and stops when the slow ones have left the window.
    assert_eq!(metrics.observe(&Sample { took_us: None, ..calm() })[0].rule, "FED-LAT-002");
    // The window holds 94 calm rounds, then 6 slow ones; each calm one more pushes out a calm one first.
    for _ in 0..94 {
        assert_eq!(metrics.observe(&calm()).len(), 1);
    }
    assert_eq!(metrics.observe(&calm()), []);
}

#[test]
fn two_dissenting_nodes_fire_and_one_does_not() {
    for (dissent, expected) in [(0, &[][..]), (1, &[]), (2, &["FED-DISS-003"]), (u64::MAX, &["FED-DISS-003"])]
    {
        assert_eq!(fired(&Sample { dissent, ..calm() }), expected);
    }
}

#[test]
fn alerts_come_by_rule_with_severity_what_was_seen_and_what_to_do() {
    let bad = Sample { took_us: Some(100_001), agree: Ratio::new(1, 3).unwrap(), dissent: 2, ..calm() };
    let alerts = RoundMetrics::new().observe(&bad);
    let alert = |rule: Rule, severity, saw: &str| Alert {
        rule: rule.id,
        severity,
        saw: saw.into(),
        action: rule.action,
    };
    let agree = "the agree ratio is 1/3, at least 67/100 is demanded";
    let dissent = "the number of dissenting nodes is 2, it must be below 2";
    let latency = "the 95th percentile of latency is 100001 us, at most 100000 us are allowed";
    assert_eq!(
        alerts,
        [
            alert(Rule::AGREE, Severity::Critical, agree),
            alert(Rule::DISSENT, Severity::Medium, dissent),
            alert(Rule::LATENCY, Severity::Medium, latency),
        ]
    );
    assert_eq!(Rule::AGREE.action, "block the merge, start the drift diagnosis, notify operations");
}

#[test]
fn own_rules_replace_the_house_rules() {
    let queue = Rule { id: "A-1", condition: Condition::DissentAtLeast(1), ..Rule::DISSENT };
    let mut metrics = RoundMetrics::new().with_rules([Rule::AGREE, queue]).unwrap();
    assert_eq!(metrics.rules(), [queue, Rule::AGREE]);
    let alerts = metrics.observe(&Sample { dissent: 1, took_us: Some(u64::MAX), ..calm() });
    assert_eq!(alerts.iter().map(|alert| alert.rule).collect::<Vec<_>>(), ["A-1"]);
    assert_eq!(metrics.alerts().collect::<Vec<_>>(), [("A-1", 1), ("FED-AGREE-001", 0)]);
}

#[test]
fn misuse_is_refused() {
    let max = RoundMetrics::MAX_WINDOW;
    assert_eq!(RoundMetrics::new().with_window(0), Err(Error::MisuseWindow { got: 0, max }));
    assert_eq!(RoundMetrics::new().with_window(max + 1), Err(Error::MisuseWindow { got: max + 1, max }));
    assert!(RoundMetrics::new().with_window(max).is_ok());
    let twice = RoundMetrics::new().with_rules([Rule::AGREE, Rule::LATENCY, Rule::AGREE]);
    assert_eq!(twice, Err(Error::MisuseRuleRepeated { id: "FED-AGREE-001" }));
}
