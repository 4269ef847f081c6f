//! What an engine was handed and keeps, and whom it must accuse for it.
//!
//! An engine that is handed two statements of one validator at one height that break a rule accuses that validator by the end of the
//! step, when it keeps the first: of its height and of the one before the votes of nine views, and of each validator the request and the COMMIT of the
//! highest view. Not looked at: contradictions at the next height before it begins, and the requests in a justification, which no engine keeps.

use std::collections::BTreeMap;

use auditmesh_bft::{
    Certificate, Evidence, Height, Message, Phase, Prepared, Says, Signed, ValidatorIndex, ValidatorSet,
    View, ViewChange,
};

use crate::federation::Federation;

/// How many views before and after its own an engine counts; the documentation of `Engine` says nine in all.
const COUNTED: u64 = 4;

/// Two statements that break a rule, and what brought the second.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) evidence: Evidence,
    via: &'static str,
    late: bool,
}

impl Due {
    /// The height, and who is to be accused.
    pub(crate) fn culprit(&self) -> (Height, ValidatorIndex) {
        let [first, _] = self.evidence.statements();
        (first.statement.height, first.by)
    }

    /// What happened, in a sentence without its subject.
    pub(crate) fn what(&self) -> String {
        let [first, second] = self.evidence.statements().map(|it| it.statement);
        let (late, offence) = (if self.late { "late " } else { "" }, self.evidence.offence());
        format!("was shown {offence} by a {late}{}: `{first}` and `{second}`", self.via)
    }
}

/// What one engine keeps.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    height: Height,
    view: View,
    current: Words,
    past: Words,
    next: Words,
}

/// Statements of one height.
#[derive(Debug, Default)]
struct Words {
    votes: BTreeMap<(View, ValidatorIndex, Phase), Signed>,
    asks: BTreeMap<ValidatorIndex, Signed>,
    commits: BTreeMap<ValidatorIndex, Signed>,
    /// The highest view of a request and of a COMMIT that came before the height began: the engine may have kept these.
    early_asks: BTreeMap<ValidatorIndex, View>,
    early_commits: BTreeMap<ValidatorIndex, View>,
}

impl Words {
    /// Something of a height that has not begun: of this the engine may keep what is of the highest view.
    fn foresee(&mut self, signed: &Signed) {
        let early = match signed.statement.says {
            Says::Vote(Phase::Prepare, _) => return,
            Says::Vote(Phase::Commit, _) => &mut self.early_commits,
            Says::ViewChange { .. } => &mut self.early_asks,
        };
        let highest = early.entry(signed.by).or_default();
        *highest = signed.statement.view.max(*highest);
    }

    /// What `signed` breaks a rule with.
    fn against(&self, signed: &Signed) -> Option<Evidence> {
        let (by, view) = (signed.by, signed.statement.view);
        let breaks = |first: &Signed| Evidence::of(first, signed);
        let ask = self.asks.get(&by);
        match signed.statement.says {
            Says::Vote(..) => {
                let votes = [Phase::Prepare, Phase::Commit].map(|phase| self.votes.get(&(view, by, phase)));
                votes.into_iter().chain([ask]).flatten().find_map(breaks)
            }
            Says::ViewChange { .. } => {
                let commits =
                    self.votes.iter().filter(|((_, who, phase), _)| (*who, *phase) == (by, Phase::Commit));
                let commits = commits.map(|(_, commit)| commit).chain(self.commits.get(&by));
                ask.into_iter().chain(commits).find_map(breaks)
            }
        }
    }

    /// Of two votes in one place the first is kept, of requests and COMMITs the first of the highest view.
    fn keep(&mut self, signed: &Signed) {
        let (by, view) = (signed.by, signed.statement.view);
        let (highest, early) = match signed.statement.says {
            Says::Vote(phase, _) => {
                self.votes.entry((view, by, phase)).or_insert_with(|| signed.clone());
                if phase == Phase::Prepare {
                    return;
                }
                (&mut self.commits, &self.early_commits)
            }
            Says::ViewChange { .. } => (&mut self.asks, &self.early_asks),
        };
        if early.get(&by).is_some_and(|early| view < *early) {
            return;
        }
        let kept = highest.entry(by).or_insert_with(|| signed.clone());
        if kept.statement.view < view {
            *kept = signed.clone();
        }
    }
}

impl Hearing {
    /// Where the engine is as a step begins.
    pub(crate) fn at(&mut self, height: Height, view: View) {
        if height != self.height {
            let [done, early] = [std::mem::take(&mut self.current), std::mem::take(&mut self.next)];
            if height == self.height.next() {
                (self.past, self.current) = (done, early);
            } else {
                self.past = Words::default();
            }
        }
        (self.height, self.view) = (height, view);
        self.current.votes = self.current.votes.split_off(&(
            View(view.0.saturating_sub(COUNTED)),
            ValidatorIndex(0),
            Phase::Prepare,
        ));
    }

    /// The engine is handed `message`: whom it must accuse for it.
    pub(crate) fn hears(&mut self, message: &Message, federation: &Federation) -> Vec<Due> {
        let (height, late) = (message.height(), message.height().next() == self.height);
        if height == self.height.next() {
            said(message).iter().for_each(|signed| self.next.foresee(signed));
        }
        if height != self.height && !late {
            return Vec::new();
        }
        let (via, statements) = handed(message, federation);
        let mut due = Vec::new();
        for signed in statements {
            let words = if late { &mut self.past } else { &mut self.current };
            let view = signed.statement.view;
            let vote = signed.statement.vote().is_some();
            if vote && !late && view.0.abs_diff(self.view.0) > COUNTED {
                continue;
            }
            due.extend(words.against(&signed).map(|evidence| Due { evidence, via, late }));
            // Of the height before, votes are taken in where some of the view are known.
            let known = |words: &Words| words.votes.keys().any(|(at, ..)| *at == view);
            if !late || !vote || known(words) {
                words.keep(&signed);
            }
        }
        due
    }
}

/// What is said in a message, sound or not.
fn said(message: &Message) -> Vec<Signed> {
    match message {
        Message::Vote(vote) => vec![vote.clone()],
        Message::Proposal(proposal) => vec![proposal.prepare.clone()],
        Message::Certificate(certificate) => certificate.votes().collect(),
        Message::ViewChange(change) => vec![change.ask.clone()],
    }
}

/// The statements in a message that is sound as a whole, in the order in which they count, and what the message is.
fn handed(message: &Message, federation: &Federation) -> (&'static str, Vec<Signed>) {
    let (height, view) = (message.height(), message.view());
    let set = federation.set(height);
    match message {
        // A vote that is none says nothing here.
        Message::Vote(vote) => ("vote", vote.statement.vote().map(|_| vote.clone()).into_iter().collect()),
        Message::Proposal(proposal) => {
            let prepare = &proposal.prepare;
            let named = prepare.statement.vote() == Some((Phase::Prepare, proposal.candidate.value.id()));
            let due = named && prepare.by == federation.rotation.proposer(set, height, view);
            ("proposal", due.then(|| prepare.clone()).into_iter().collect())
        }
        Message::Certificate(certificate) => ("certificate", votes(certificate, set)),
        Message::ViewChange(change) if !is_sound(change, set) => ("request", Vec::new()),
        Message::ViewChange(change) => {
            let shown = change.prepared.iter().flat_map(|prepared| votes(&prepared.certificate, set));
            ("request", shown.chain([change.ask.clone()]).collect())
        }
    }
}

fn votes(certificate: &Certificate, set: &ValidatorSet) -> Vec<Signed> {
    if certificate.check(set).is_ok() { certificate.votes().collect() } else { Vec::new() }
}

/// Whether a request shows what it names, and that is sound.
fn is_sound(change: &ViewChange, set: &ValidatorSet) -> bool {
    let statement = change.ask.statement;
    let Says::ViewChange { prepared: named } = statement.says else { return false };
    let shown = change.prepared.as_ref();
    statement.view > View(0)
        && named.is_none_or(|(at, _)| at < statement.view)
        && named == shown.map(Prepared::named)
        && shown.is_none_or(|prepared| prepared.check(set, statement.height).is_ok())
}
