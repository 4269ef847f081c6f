use alloc::{format, string::String};

use auditmesh_types::{Alert, Ratio, Sample, Severity};

/// When a rule fires. Thresholds are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// The round's agree ratio is strictly below this.
    AgreeBelow(Ratio),
    /// The 95th percentile of the latencies in the window is strictly above this, in microseconds.
    P95AboveUs(u64),
    /// This many nodes or more dissent in the round.
    DissentAtLeast(u64),
}

/// An alert rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its id: `FED-AGREE-001`.
    pub id: &'static str,
    /// How bad it is when it fires.
    pub severity: Severity,
    /// When it fires.
    pub condition: Condition,
    /// What to do then.
    pub action: &'static str,
}

impl Rule {
    /// `FED-AGREE-001`: fewer than 67 in 100 agree.
    pub const AGREE: Self = Self {
        id: "FED-AGREE-001",
        severity: Severity::Critical,
        condition: Condition::AgreeBelow(Ratio::share(67, 100)),
        action: "block the merge, start the drift diagnosis, notify operations",
    };
    /// `FED-LAT-002`: rounds take longer than 100 ms.
    pub const LATENCY: Self = Self {
        id: "FED-LAT-002",
        severity: Severity::Medium,
        condition: Condition::P95AboveUs(100_000),
        action: "compare the members' round times, then look at links, disks and batch size",
    };
    /// `FED-DISS-003`: two nodes or more sign otherwise.
    pub const DISSENT: Self = Self {
        id: "FED-DISS-003",
        severity: Severity::Medium,
        condition: Condition::DissentAtLeast(2),
        action: "read the drift report of the dissenting nodes and keep them from signing until it is empty",
    };

    /// The rules of the house, by id.
    pub const HOUSE: [Self; 3] = [Self::AGREE, Self::DISSENT, Self::LATENCY];

    /// The alert, if the rule fires. `p95_us`: of the window, this round in it; `None` when nothing was measured.
    #[must_use]
    pub fn judge(&self, sample: &Sample, p95_us: Option<u64>) -> Option<Alert> {
        let saw = match self.condition {
            Condition::AgreeBelow(limit) => (sample.agree < limit)
                .then(|| format!("the agree ratio is {}, at least {limit} is demanded", sample.agree)),
            Condition::P95AboveUs(limit) => p95_us.filter(|p95| *p95 > limit).map(|p95| {
                format!("the 95th percentile of latency is {p95} us, at most {limit} us are allowed")
            }),
            Condition::DissentAtLeast(limit) => (sample.dissent >= limit).then(|| {
                format!("the number of dissenting nodes is {}, it must be below {limit}", sample.dissent)
            }),
        };
        let saw: String = saw?;
        Some(Alert { rule: self.id, severity: self.severity, saw, action: self.action })
    }
}
