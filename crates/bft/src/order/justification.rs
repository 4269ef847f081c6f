use alloc::{sync::Arc, vec::Vec};

use super::{
    Candidate, Certificate, Height, Phase, Prepared, Says, Signed, ValidatorSet, ValueId, View, ViewChange,
    certificate::check_quorum,
};
use crate::Error;

/// Why a value may be proposed in a later view: a quorum asked for the view, and this is the latest value that any of them
/// had prepared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Justification {
    /// The view.
    pub view: View,
    /// The requests, of a quorum, in ascending order of validators.
    pub asks: Vec<Signed>,
    /// The prepared certificate of the highest view that a request names; `None` when none names any.
    pub highest: Option<Certificate>,
}

impl Justification {
    /// The longest lineage that is carried. A value prepared again in more views than this loses the eldest of them, and with
    /// them the means to account for a fork between those.
    pub const MAX_LINEAGE: usize = 16;

    /// Joins the requests for `view`, given in the order of validators, with the prepared value that they leave open, if any.
    pub(crate) fn join<'a>(
        view: View,
        changes: impl Iterator<Item = &'a ViewChange> + Clone,
    ) -> (Arc<Self>, Option<&'a Prepared>) {
        let highest = changes
            .clone()
            .filter_map(|change| change.prepared.as_ref())
            .max_by_key(|it| it.certificate.view);
        let asks = changes.map(|change| change.ask.clone()).collect();
        let certificate = highest.map(|prepared| prepared.certificate.clone());
        (Arc::new(Self { view, asks, highest: certificate }), highest)
    }

    /// Checks everything but the signatures: a quorum that asks for this view, and `highest` as they say.
    ///
    /// # Errors
    /// [`Error::PeerStatement`], [`Error::PeerHighest`], and those of [`Certificate::check`].
    pub fn check(&self, set: &ValidatorSet, height: Height) -> Result<(), Error> {
        check_quorum(set, self.asks.iter().map(|ask| ask.by))?;
        let mut highest = None;
        for Signed { by, statement, .. } in &self.asks {
            let Says::ViewChange { prepared } = statement.says else {
                return Err(Error::PeerStatement { by: *by, got: *statement });
            };
            let later = prepared.is_some_and(|(view, _)| view >= self.view);
            if later || (statement.height, statement.view) != (height, self.view) {
                return Err(Error::PeerStatement { by: *by, got: *statement });
            }
            highest = highest.max(prepared);
        }
        let shown = self.highest.as_ref();
        // Of two values prepared in one view, which takes more than f liars, either may be shown.
        if highest.map(|(view, _)| view) != shown.map(|certificate| certificate.view) {
            return Err(Error::PeerHighest { view: self.view });
        }
        match shown {
            Some(certificate) if (certificate.height, certificate.phase) != (height, Phase::Prepare) => {
                Err(Error::PeerHighest { view: self.view })
            }
            Some(certificate) => certificate.check(set),
            None => Ok(()),
        }
    }
}

impl Candidate {
    /// Checks everything but the signatures: that this value may stand in `view`, by an unbroken line of justifications down
    /// to the view in which it was first proposed.
    ///
    /// # Errors
    /// [`Error::PeerUnjustified`], and those of [`Justification::check`].
    /// # Cost
    /// O(lineage × validators), no signature.
    pub fn check(&self, set: &ValidatorSet, height: Height, view: View) -> Result<(), Error> {
        let unjustified = |at: View| Error::PeerUnjustified { height, view: at };
        let mut at = Some(view);
        if self.lineage.len() > Justification::MAX_LINEAGE {
            return Err(unjustified(view));
        }
        for justification in &self.lineage {
            let due = at.filter(|at| *at > View(0)).ok_or_else(|| unjustified(justification.view))?;
            if justification.view != due {
                return Err(unjustified(due));
            }
            justification.check(set, height)?;
            at = None;
            if let Some(certificate) = &justification.highest {
                if certificate.value != self.value.id() {
                    return Err(unjustified(due));
                }
                at = Some(certificate.view);
            }
        }
        match at {
            Some(open) if open > View(0) && self.lineage.len() < Justification::MAX_LINEAGE => {
                Err(unjustified(open))
            }
            _ => Ok(()),
        }
    }

    /// This value proposed once more in a later view.
    pub(crate) fn again(&self, because: Arc<Justification>) -> Arc<Self> {
        let older = self.lineage.iter().take(Justification::MAX_LINEAGE - 1).cloned();
        let lineage = core::iter::once(because).chain(older).collect();
        Arc::new(Self { value: self.value.clone(), lineage })
    }
}

impl Prepared {
    /// What a request says of it.
    #[must_use]
    pub const fn named(&self) -> (View, ValueId) {
        (self.certificate.view, self.certificate.value)
    }

    /// Checks everything but the signatures.
    ///
    /// # Errors
    /// [`Error::PeerHighest`] when it is of another height or phase, and those of [`Certificate::check`] and
    /// [`Candidate::check`].
    pub fn check(&self, set: &ValidatorSet, height: Height) -> Result<(), Error> {
        let Certificate { view, phase, value, .. } = self.certificate;
        if (self.certificate.height, phase, value) != (height, Phase::Prepare, self.candidate.value.id()) {
            return Err(Error::PeerHighest { view });
        }
        self.certificate.check(set)?;
        self.candidate.check(set, height, view)
    }
}
