//! What a search is for.

use core::fmt;

/// A rule that a state breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Which rule.
    pub(crate) rule: &'static str,
    /// Where it is seen.
    pub(crate) what: String,
    /// The steps that lead there from the beginning, once they are known.
    pub(crate) trace: Vec<String>,
}

impl Fault {
    pub(crate) fn new(rule: &'static str, what: impl Into<String>) -> Self {
        Self { rule, what: what.into(), trace: Vec::new() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "rule {:?} is broken: {}", self.rule, self.what)?;
        self.trace.iter().zip(1..).try_for_each(|(step, at)| writeln!(f, "{at:>4}. {step}"))
    }
}
