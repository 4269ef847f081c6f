use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec,
    vec::Vec,
};

use super::{
    Candidate, Decided, Evidence, Justification, Phase, Prepared, RecordId, Signature, Signed, Statement,
    ValidatorIndex, ValidatorSet, View, ViewChange, count::Count,
};

/// How many views before the current one are still counted, and how many after it already.
pub(crate) const WINDOW: u64 = 4;

/// Everything an engine knows about the height it is at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HeightState {
    pub(crate) view: View,
    /// The highest view asked for; 0 when none was.
    pub(crate) asked: View,
    pub(crate) views: BTreeMap<View, ViewState>,
    /// Of each validator the request for the highest view.
    pub(crate) asks: Vec<Option<ViewChange>>,
    /// Of each validator the COMMIT of the highest view.
    pub(crate) commits: Vec<Option<Signed>>,
    /// The value of our latest COMMIT.
    pub(crate) prepared: Option<Prepared>,
    pub(crate) own: Vec<Own>,
    /// The highest view we proposed, or were asked to propose, in, and why we may.
    pub(crate) proposed: Option<View>,
    pub(crate) because: Option<Arc<Justification>>,
    pub(crate) accused: BTreeSet<ValidatorIndex>,
    /// Nothing is said at this height.
    pub(crate) silent: bool,
    pub(crate) decided: bool,
    /// The record by which this height begins, until it is on disk.
    pub(crate) beginning: Option<RecordId>,
    /// The decision, while that record is not on disk.
    pub(crate) held_back: Option<Decided>,
    /// The decision was asked for since the last repetition.
    pub(crate) fetched: bool,
}

/// What is known of one view.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ViewState {
    pub(crate) candidate: Option<Arc<Candidate>>,
    pub(crate) accepted: Option<bool>,
    pub(crate) prepares: Count,
    pub(crate) commits: Count,
}

/// A statement of our own on its way: it is said when it is both on disk and signed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Own {
    pub(crate) id: RecordId,
    pub(crate) statement: Statement,
    pub(crate) persisted: bool,
    pub(crate) signature: Option<Signature>,
    pub(crate) said: bool,
}

impl HeightState {
    pub(crate) fn new(set: &ValidatorSet) -> Self {
        Self {
            view: View(0),
            asked: View(0),
            views: BTreeMap::new(),
            asks: vec![None; set.len()],
            commits: vec![None; set.len()],
            prepared: None,
            own: Vec::new(),
            proposed: None,
            because: None,
            accused: BTreeSet::new(),
            silent: false,
            decided: false,
            beginning: None,
            held_back: None,
            fetched: false,
        }
    }

    /// Whether votes of `view` are counted.
    pub(crate) const fn counts(&self, view: View) -> bool {
        view.0 <= self.view.0.saturating_add(WINDOW) && view.0.saturating_add(WINDOW) >= self.view.0
    }

    /// The state of `view`, made when it is not there. The caller asks [`Self::counts`] first.
    pub(crate) fn at(&mut self, set: &ValidatorSet, view: View) -> &mut ViewState {
        self.views.entry(view).or_insert_with(|| ViewState::new(set))
    }

    /// Counts a vote, where it is the first of its validator in its phase and view.
    pub(crate) fn count(&mut self, set: &ValidatorSet, vote: &Signed) {
        let (Some((phase, _)), view) = (vote.statement.vote(), vote.statement.view) else { return };
        if !self.counts(view) || set.at(vote.by).is_none() {
            return;
        }
        let state = self.at(set, view);
        match phase {
            Phase::Prepare => return state.prepares.add(set, vote),
            Phase::Commit => state.commits.add(set, vote),
        }
        if let Some(kept) = self.commits.get_mut(vote.by.place())
            && kept.as_ref().is_none_or(|kept| kept.statement.view < view)
        {
            *kept = Some(vote.clone());
        }
    }

    /// Keeps a request, where it is for a later view than the one that its validator asked for before.
    pub(crate) fn keep_ask(&mut self, change: ViewChange) {
        if let Some(kept) = self.asks.get_mut(change.ask.by.place())
            && kept.as_ref().is_none_or(|kept| kept.ask.statement.view < change.ask.statement.view)
        {
            *kept = Some(change);
        }
    }

    /// What `signed` proves together with a statement that is held of its validator.
    pub(crate) fn proof(&self, signed: &Signed) -> Option<Evidence> {
        let votes =
            self.views.values().flat_map(|view| [view.prepares.of(signed.by), view.commits.of(signed.by)]);
        let ask = self.asks.get(signed.by.place()).and_then(Option::as_ref).map(|change| &change.ask);
        let commit = self.commits.get(signed.by.place()).and_then(Option::as_ref);
        votes.chain([ask, commit]).flatten().find_map(|held| Evidence::of(held, signed))
    }

    /// What is still of use when the height is over: statements, and who was accused; no value, and nothing of our own.
    pub(crate) fn over(self) -> Self {
        let mut past = Self { prepared: None, own: Vec::new(), because: None, held_back: None, ..self };
        past.views.values_mut().for_each(|view| view.candidate = None);
        past.asks.iter_mut().flatten().for_each(|change| change.prepared = None);
        past
    }

    /// Goes to `view` and forgets those too far behind.
    pub(crate) fn enter(&mut self, view: View) {
        self.view = view;
        self.views = self.views.split_off(&View(view.0.saturating_sub(WINDOW)));
    }

    /// What we said, or are about to say, of `view` in words that `like` accepts.
    pub(crate) fn said(&self, view: View, like: impl Fn(&Statement) -> bool) -> Option<&Own> {
        self.own.iter().rev().find(|own| own.statement.view == view && like(&own.statement))
    }

    /// The largest view for which requests for it or a later one weigh at least `weight`; 0 when there is none.
    pub(crate) fn asked_by(&self, set: &ValidatorSet, weight: u64) -> View {
        let asks = self.asks.iter().flatten();
        let mut views: Vec<(View, u64)> =
            asks.map(|change| (change.ask.statement.view, set.weight(change.ask.by))).collect();
        views.sort_by(|a, b| b.cmp(a));
        let mut sum = 0u64;
        let reached = views.into_iter().find(|(_, more)| {
            sum = sum.saturating_add(*more);
            sum >= weight
        });
        reached.map_or(View(0), |(view, _)| view)
    }
}

impl ViewState {
    pub(crate) fn new(set: &ValidatorSet) -> Self {
        Self { candidate: None, accepted: None, prepares: Count::new(set), commits: Count::new(set) }
    }

    /// The votes of a phase.
    pub(crate) const fn of(&self, phase: Phase) -> &Count {
        match phase {
            Phase::Prepare => &self.prepares,
            Phase::Commit => &self.commits,
        }
    }
}
