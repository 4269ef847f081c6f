//! What an engine and its intake hold is bounded by the validators and the views gone through, not by what is sent to them.

use auditmesh_bft::{Justification, View};
use auditmesh_sim::Violation;

use crate::member::Member;

/// Views whose votes are counted.
const VIEWS: usize = 9;

/// What members held at most: signatures and values in an engine, votes in an intake.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Held {
    pub(crate) signatures: usize,
    pub(crate) values: usize,
    pub(crate) aside: usize,
}

impl Held {
    /// What a member holds.
    pub(crate) fn by(member: &Member) -> Self {
        let engine = format!("{:?}", member.engine);
        let count = |what| engine.matches(what).count();
        Self { signatures: count("Signature("), values: count(" Value("), ..Self::aside(member) }
    }

    /// What its intake holds.
    pub(crate) fn aside(member: &Member) -> Self {
        let aside = member.intake.as_ref().map_or(0, auditmesh_bft::Intake::len);
        Self { aside, ..Self::default() }
    }

    /// The larger of each.
    pub(crate) fn max(self, other: Self) -> Self {
        Self {
            signatures: self.signatures.max(other.signatures),
            values: self.values.max(other.values),
            aside: self.aside.max(other.aside),
        }
    }

    /// Compares with what the documentation allows for `n` validators that have seen no later view than `highest`.
    ///
    /// # Errors
    /// When it is more.
    pub(crate) fn check(self, n: usize, highest: View) -> Result<(), Violation> {
        // An engine that lacks a rule may be in any view at all.
        let most = signatures(n, usize::try_from(highest.0.min(1 << 32)).unwrap());
        // As `Engine` says, and the table of bounds in `docs/spec/bft.md`.
        let bounds = [
            (self.signatures, most, "signatures in an engine"),
            (self.values, 3 * n + 11, "values in an engine"),
            (self.aside, 2 * VIEWS * 2 * n, "votes in an intake"),
        ];
        match bounds.into_iter().find(|(held, most, _)| held > most) {
            None => Ok(()),
            Some((held, most, what)) => {
                Err(Violation::new("memory is bounded", format!("{held} {what}, {most} are allowed")))
            }
        }
    }
}

/// The most signatures an engine of `n` validators holds that has seen no later view than `highest`.
fn signatures(n: usize, highest: usize) -> usize {
    let lineage = highest.min(Justification::MAX_LINEAGE) * 2 * n;
    let counted = VIEWS * (2 * n + lineage);
    let request = 1 + n + lineage;
    // Requests, latest COMMITs, what it prepared, why it may propose, what it said itself.
    let own = n * request + n + request + 2 * n + 3 * (highest + 1);
    // Of the next height a proposal, two votes and a request of each validator, and a certificate of each phase.
    let early = n * (1 + lineage + 2 + request) + 2 * n;
    // The height before and this one are counted alike.
    2 * counted + own + early
}
