use auditmesh_types::{Alert, Observer, Ratio, Round, Sample};

/// The two sides of one alert rule: rounds after which it must be quiet, and rounds after which it must fire.
///
/// The constructors make the closest two sides of a limit on one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The rule: `FED-AGREE-001`.
    pub rule: &'static str,
    /// Rounds that do not raise it, none of them.
    pub quiet: Vec<Sample>,
    /// Rounds of which the last one raises it.
    pub firing: Vec<Sample>,
}

impl Edge {
    /// A rule that fires when the agree ratio is below `limit`, not at it. `limit`: above zero.
    #[must_use]
    pub fn agree_below(rule: &'static str, limit: Ratio) -> Self {
        let (num, den) = (limit.num() * 1_000_000, limit.den() * 1_000_000);
        let side = |num| Sample { agree: Ratio::share(num, den), ..Self::calm() };
        Self::sides(rule, side(num), side(num - 1))
    }

    /// A rule that fires when a round takes more than `limit` microseconds.
    #[must_use]
    pub fn took_above(rule: &'static str, limit: u64) -> Self {
        let side = |took| Sample { took_us: Some(took), ..Self::calm() };
        Self::sides(rule, side(limit), side(limit + 1))
    }

    /// A rule that fires when more than `limit` events wait.
    #[must_use]
    pub fn queue_above(rule: &'static str, limit: u64) -> Self {
        let side = |queue_depth| Sample { queue_depth, ..Self::calm() };
        Self::sides(rule, side(limit), side(limit + 1))
    }

    /// A rule that fires when more than `limit` members signed otherwise.
    #[must_use]
    pub fn dissent_above(rule: &'static str, limit: u64) -> Self {
        let side = |dissent| Sample { dissent, ..Self::calm() };
        Self::sides(rule, side(limit), side(limit + 1))
    }

    /// A round in which nothing is wrong: all agree at once, nothing waits.
    #[must_use]
    pub fn calm() -> Sample {
        Sample {
            round: Round(1),
            proofs: 10,
            took_us: Some(1),
            agree: Ratio::ONE,
            dissent: 0,
            queue_depth: 0,
        }
    }

    fn sides(rule: &'static str, quiet: Sample, firing: Sample) -> Self {
        Self { rule, quiet: vec![quiet], firing: vec![firing] }
    }
}

/// The contract of [`Observer`], with the limits that `edges` names; `make` makes one that has seen nothing.
///
/// Rules: `observer/calm`, `observer/quiet-at-the-edge`, `observer/fires-beyond-the-edge`, `observer/by-rule`,
/// `observer/says`, `observer/same-again`, `observer/unmeasured`, `observer/extremes`.
pub fn observer<O: Observer>(make: impl Fn() -> O, edges: &[Edge]) {
    assert!(!edges.is_empty(), "the suite needs the edges of the rules it holds the observer to");
    let rounds = |samples: &[Sample]| watch(&make, samples);
    let calm = rounds(&vec![Edge::calm(); 5]);
    rule!("observer/calm", calm.iter().all(Vec::is_empty), "alerts in calm rounds: {calm:?}");
    let unmeasured = Sample { took_us: None, ..Edge::calm() };
    let alerts = rounds(&[unmeasured.clone(), unmeasured]);
    rule!("observer/unmeasured", alerts.iter().all(Vec::is_empty), "alerts when nobody measured: {alerts:?}");
    for edge in edges {
        let name = edge.rule;
        let raised = |alerts: &Vec<Alert>| alerts.iter().any(|alert| alert.rule == name);
        let alerts = rounds(&edge.quiet);
        let silent = !alerts.iter().any(raised);
        rule!("observer/quiet-at-the-edge", silent, "{name} fired over {:?}: {alerts:?}", edge.quiet);
        let alerts = rounds(&edge.firing);
        let fired = alerts.last().is_some_and(raised);
        rule!(
            "observer/fires-beyond-the-edge",
            fired,
            "{name} did not fire over {:?}: {alerts:?}",
            edge.firing
        );
        same!(
            "observer/same-again",
            rounds(&edge.firing),
            alerts,
            "{name}: the same rounds, another observer"
        );
    }
    together(&make, edges);
    extremes(&make, edges);
}

fn watch<O: Observer>(make: impl Fn() -> O, samples: &[Sample]) -> Vec<Vec<Alert>> {
    let mut observer = make();
    let mut alerts = Vec::new();
    for (round, sample) in (1..).map(Round).zip(samples) {
        let raised = observer.observe(&Sample { round, ..sample.clone() });
        let ascending = raised.windows(2).all(|pair| pair[0].rule <= pair[1].rule);
        rule!("observer/by-rule", ascending, "round {round}: not by rule: {raised:?}");
        for alert in &raised {
            let said = !alert.rule.is_empty() && !alert.saw.is_empty() && !alert.action.is_empty();
            rule!("observer/says", said, "round {round}: an alert without words: {alert:?}");
        }
        alerts.push(raised);
    }
    alerts
}

/// The worst of every figure that `edges` name, in one sample.
fn worst(edges: &[Edge]) -> Sample {
    edges.iter().filter_map(|edge| edge.firing.last()).fold(Edge::calm(), |worst, sample| Sample {
        took_us: worst.took_us.max(sample.took_us),
        agree: worst.agree.min(sample.agree),
        dissent: worst.dissent.max(sample.dissent),
        queue_depth: worst.queue_depth.max(sample.queue_depth),
        ..worst
    })
}

/// All rules that one round can break fire in it, each once.
fn together<O: Observer>(make: impl Fn() -> O, edges: &[Edge]) {
    let alerts = watch(&make, &[worst(edges)]).concat();
    for edge in edges.iter().filter(|edge| edge.firing.len() == 1) {
        let count = alerts.iter().filter(|alert| alert.rule == edge.rule).count();
        same!("observer/fires-beyond-the-edge", count, 1, "{} in a round that breaks every rule", edge.rule);
    }
}

/// The largest numbers are counted without a panic, again and again, and raise what the edge raises.
fn extremes<O: Observer>(make: impl Fn() -> O, edges: &[Edge]) {
    let last = Sample {
        round: Round(u64::MAX),
        proofs: u64::MAX,
        took_us: Some(u64::MAX),
        agree: Ratio::ZERO,
        dissent: u64::MAX,
        queue_depth: u64::MAX,
    };
    let mut observer = make();
    for _ in 0..3 {
        let alerts = observer.observe(&last);
        for edge in edges.iter().filter(|edge| edge.firing.len() == 1) {
            let fired = alerts.iter().any(|alert| alert.rule == edge.rule);
            rule!(
                "observer/extremes",
                fired,
                "{} did not fire over the largest numbers: {alerts:?}",
                edge.rule
            );
        }
    }
}
