//! The observer suite accepts plain limits and refuses faulty ones.

use auditmesh_conformance::{Edge, observer, rejects};
use auditmesh_types::{Alert, Observer, Ratio, Sample, Severity};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    AgreeAtTheEdge,
    AgreeInMillionths,
    TookAtTheEdge,
    QueueNever,
    DissentAtTheEdge,
    UnmeasuredIsSlow,
    Unsorted,
    SaysNothing,
    Twice,
    Remembers,
    AlwaysAlerts,
    Narrow,
}

struct Limits(Flaw, bool);

impl Observer for Limits {
    fn observe(&mut self, sample: &Sample) -> Vec<Alert> {
        let flaw = self.0;
        let two_thirds = Ratio::share(2, 3);
        let disagree = match flaw {
            Flaw::AgreeAtTheEdge => sample.agree <= two_thirds,
            Flaw::AgreeInMillionths => sample.agree.ppm() < 666_666,
            _ => sample.agree < two_thirds,
        };
        let limit = if flaw == Flaw::TookAtTheEdge { 499_999 } else { 500_000 };
        let slow = sample.took_us.map_or(flaw == Flaw::UnmeasuredIsSlow, |took| took > limit);
        let waits = match flaw {
            Flaw::QueueNever => false,
            Flaw::Narrow => {
                sample.queue_depth.to_be_bytes()[4..] > *1_000u32.to_be_bytes().as_slice()
                    && sample.queue_depth != u64::MAX
            }
            _ => sample.queue_depth > 1_000,
        };
        let dissent = sample.dissent > u64::from(flaw != Flaw::DissentAtTheEdge);
        let rules = [
            ("FED-AGREE-001", disagree),
            ("FED-DISSENT-004", dissent),
            ("FED-QUEUE-003", waits),
            ("FED-TOOK-002", slow),
            ("FED-ZZZ-999", flaw == Flaw::AlwaysAlerts),
        ];
        let alert = |rule| Alert {
            rule,
            severity: Severity::High,
            saw: if flaw == Flaw::SaysNothing { String::new() } else { "beyond the limit".into() },
            action: "look",
        };
        let mut alerts: Vec<Alert> = rules.iter().filter(|rule| rule.1).map(|rule| alert(rule.0)).collect();
        if flaw == Flaw::Unsorted {
            alerts.reverse();
        }
        if flaw == Flaw::Twice && alerts.len() > 1 {
            alerts.insert(0, alerts[0].clone());
        }
        if flaw == Flaw::Remembers && self.1 && alerts.is_empty() {
            alerts.push(alert("FED-AGREE-001"));
        }
        self.1 = true;
        alerts
    }
}

fn run(flaw: Flaw) {
    let edges = [
        Edge::agree_below("FED-AGREE-001", Ratio::share(2, 3)),
        Edge::took_above("FED-TOOK-002", 500_000),
        Edge::queue_above("FED-QUEUE-003", 1_000),
        Edge::dissent_above("FED-DISSENT-004", 1),
    ];
    observer(|| Limits(flaw, false), &edges);
}

#[test]
fn accepts_plain_limits() {
    run(Flaw::None);
}

#[test]
fn refuses_faulty_limits() {
    for (flaw, rule) in [
        (Flaw::AgreeAtTheEdge, "observer/quiet-at-the-edge"),
        (Flaw::AgreeInMillionths, "observer/fires-beyond-the-edge"),
        (Flaw::TookAtTheEdge, "observer/quiet-at-the-edge"),
        (Flaw::QueueNever, "observer/fires-beyond-the-edge"),
        (Flaw::DissentAtTheEdge, "observer/quiet-at-the-edge"),
        (Flaw::UnmeasuredIsSlow, "observer/unmeasured"),
        (Flaw::Unsorted, "observer/by-rule"),
        (Flaw::SaysNothing, "observer/says"),
        (Flaw::Twice, "observer/fires-beyond-the-edge"),
        (Flaw::Remembers, "observer/calm"),
        (Flaw::AlwaysAlerts, "observer/calm"),
        (Flaw::Narrow, "observer/extremes"),
    ] {
        rejects(rule, || run(flaw));
    }
}
