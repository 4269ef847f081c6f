use alloc::vec::Vec;
use core::fmt;

use super::{Certificate, Decided, Height, Phase, Says, Signed, Statement, ValidatorIndex, ValueId, View};

/// Two signed statements of one validator that no honest one makes. Anyone who has the validator's key can check it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Evidence {
    first: Signed,
    second: Signed,
}

/// Which rule was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Offence {
    /// Two values in one phase of one view, or two view changes to one view that name different things as prepared.
    Equivocation,
    /// A COMMIT to a value other than the one it prepared in the same view.
    Contradiction,
    /// A view change that names nothing as late as an earlier view in which the validator sent a COMMIT.
    Amnesia,
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Equivocation => "equivocation",
            Self::Contradiction => "contradiction",
            Self::Amnesia => "amnesia",
        })
    }
}

impl Evidence {
    /// Joins two statements, if together they break a rule. Which comes first does not matter. The signatures are not looked at.
    #[must_use]
    pub fn of(a: &Signed, b: &Signed) -> Option<Self> {
        (a.by == b.by).then_some(())?;
        offence(&a.statement, &b.statement)?;
        let (first, second) = if a.statement <= b.statement { (a, b) } else { (b, a) };
        Some(Self { first: first.clone(), second: second.clone() })
    }

    /// Who broke it.
    #[must_use]
    pub const fn culprit(&self) -> ValidatorIndex {
        self.first.by
    }

    /// At which height.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.first.statement.height
    }

    /// Which rule.
    #[must_use]
    pub fn offence(&self) -> Offence {
        // `of` made it, so there is one.
        offence(&self.first.statement, &self.second.statement).unwrap_or(Offence::Equivocation)
    }

    /// The two statements, the lower first.
    #[must_use]
    pub const fn statements(&self) -> [&Signed; 2] {
        [&self.first, &self.second]
    }

    /// What two decisions of one height for different values prove: validators of more weight than may be faulty, each with its own
    /// evidence. Empty when the two do not differ, or are of different heights.
    ///
    /// Of two views, every quorum that let the second value in shares validators with the quorum that committed the first, and those
    /// must have hidden their COMMIT or contradicted it.
    #[must_use]
    pub fn of_fork(a: &Decided, b: &Decided) -> Vec<Self> {
        if a.height() != b.height() || a.certificate.value == b.certificate.value {
            return Vec::new();
        }
        let (early, late) = if a.certificate.view <= b.certificate.view { (a, b) } else { (b, a) };
        let at = early.certificate.view;
        if at == late.certificate.view {
            return Self::of_certificates(&early.certificate, &late.certificate);
        }
        let Some(entry) = late.candidate.lineage.iter().rfind(|justification| justification.view > at) else {
            return Vec::new();
        };
        let mut found: Vec<Self> = match &entry.highest {
            Some(prepared) if prepared.view == at => Self::of_certificates(&early.certificate, prepared),
            _ => Vec::new(),
        };
        for ask in &entry.asks {
            let commits = early.certificate.votes().find(|vote| vote.by == ask.by);
            let new = commits.and_then(|commit| Self::of(&commit, ask));
            found.extend(new.filter(|new| found.iter().all(|old| old.culprit() != new.culprit())));
        }
        found
    }

    /// What two certificates prove against those who stand in both.
    #[must_use]
    pub fn of_certificates(a: &Certificate, b: &Certificate) -> Vec<Self> {
        let pairs = a.votes().filter_map(|vote| Some((b.votes().find(|other| other.by == vote.by)?, vote)));
        pairs.filter_map(|(other, vote)| Self::of(&vote, &other)).collect()
    }
}

/// The rule that the two statements break together, if they do.
pub(super) fn offence(a: &Statement, b: &Statement) -> Option<Offence> {
    if a.height != b.height || a == b {
        return None;
    }
    match (&a.says, &b.says) {
        (Says::Vote(left, x), Says::Vote(right, y)) if a.view == b.view && x != y => {
            Some(if left == right { Offence::Equivocation } else { Offence::Contradiction })
        }
        (Says::ViewChange { .. }, Says::ViewChange { .. }) if a.view == b.view => Some(Offence::Equivocation),
        (Says::Vote(Phase::Commit, x), Says::ViewChange { prepared }) => {
            hides((a.view, *x), b.view, *prepared)
        }
        (Says::ViewChange { prepared }, Says::Vote(Phase::Commit, x)) => {
            hides((b.view, *x), a.view, *prepared)
        }
        _ => None,
    }
}

/// Whether a view change to `to` that names `prepared` hides the COMMIT `committed`.
fn hides(committed: (View, ValueId), to: View, prepared: Option<(View, ValueId)>) -> Option<Offence> {
    let honest = prepared.is_some_and(|named| named.0 > committed.0 || named == committed);
    (committed.0 < to && !honest).then_some(Offence::Amnesia)
}
