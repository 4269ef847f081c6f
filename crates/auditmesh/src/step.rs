use std::{fmt, time::Duration};

/// A step of a round, in the order in which a round takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The batch is closed and ordered.
    Order,
    /// Every member stages it in its own log.
    Record,
    /// The members' trees are compared.
    Detect,
    /// Every member signs what it holds.
    Attest,
    /// The statements are checked and counted.
    Agree,
    /// Those who agree become a certificate.
    Certify,
    /// Every member commits what was agreed.
    Settle,
    /// Members are scored.
    Score,
    /// The round is measured.
    Observe,
    /// The policy is asked whether the anchor may be made.
    Judge,
    /// The agreed head is anchored.
    Anchor,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 11] = [
        Self::Order,
        Self::Record,
        Self::Detect,
        Self::Attest,
        Self::Agree,
        Self::Certify,
        Self::Settle,
        Self::Score,
        Self::Observe,
        Self::Judge,
        Self::Anchor,
    ];

    /// Its name, as spans, reports and metrics write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Record => "record",
            Self::Detect => "detect",
            Self::Attest => "attest",
            Self::Agree => "agree",
            Self::Certify => "certify",
            Self::Settle => "settle",
            Self::Score => "score",
            Self::Observe => "observe",
            Self::Judge => "judge",
            Self::Anchor => "anchor",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Told when a step ends. The federation reads no clock; whoever drives it may.
pub trait Watch {
    /// `step` has ended; how long it took, if that is measured.
    fn lap(&mut self, step: Step) -> Option<Duration>;
}

/// Measures nothing.
impl Watch for () {
    fn lap(&mut self, _: Step) -> Option<Duration> {
        None
    }
}
