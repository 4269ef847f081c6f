use alloc::{string::String, vec::Vec};

use crate::{Ratio, Round, Severity};

/// What a finished round is measured by. Durations come in: nothing that observes reads a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The round.
    pub round: Round,
    /// Entries that entered the log.
    pub proofs: u64,
    /// From the batch's closing to the decision, in microseconds; `None` when nobody measured.
    pub took_us: Option<u64>,
    /// The agree ratio.
    pub agree: Ratio,
    /// Members that signed otherwise: dissenting, equivocating, or with a bad signature.
    pub dissent: u64,
    /// Events that wait.
    pub queue_depth: u64,
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The rule: `FED-AGREE-001`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What was seen and what is allowed, in one sentence.
    pub saw: String,
    /// What to do.
    pub action: &'static str,
}

/// Counts rounds and raises alerts.
pub trait Observer {
    /// Takes in a round; the alerts it raises, by rule.
    fn observe(&mut self, sample: &Sample) -> Vec<Alert>;
}
