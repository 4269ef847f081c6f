use auditmesh_bft::{Evidence, Height, Phase, Says, Signed, Statement, ValidatorIndex, View};

use super::script::signature;

/// What one member said or is about to say, and whether it is on disk. It never says what `docs/spec/bft.md` forbids, whatever it hears.
#[derive(Debug, Clone, Default)]
pub(super) struct OwnWord(Vec<(Statement, bool)>);

impl OwnWord {
    /// One more statement, that is not on disk yet.
    pub(super) fn add(&mut self, new: Statement) {
        if let Some(fault) = self.fault(&new) {
            panic!("`{new}` {fault}");
        }
        self.0.push((new, false));
    }

    /// Why it must not say this after all that it said.
    pub(super) fn fault(&self, new: &Statement) -> Option<String> {
        let mut highest_asked = View(0);
        let mut latest_commit = None;
        for old in self.of(new.height) {
            if old == *new || contradict(&old, new) {
                return Some(format!("after `{old}`"));
            }
            match old.says {
                Says::ViewChange { .. } => highest_asked = highest_asked.max(old.view),
                Says::Vote(Phase::Commit, value) => {
                    latest_commit = latest_commit.max(Some((old.view, value)))
                }
                Says::Vote(Phase::Prepare, _) => {}
            }
        }
        match new.says {
            Says::Vote(..) if new.view < highest_asked => {
                Some(format!("after it asked for view {highest_asked}"))
            }
            Says::ViewChange { prepared } if prepared != latest_commit => {
                Some(format!("after {latest_commit:?}"))
            }
            _ => None,
        }
    }

    /// It is on disk.
    pub(super) fn write(&mut self, statement: &Statement) {
        self.0.iter_mut().filter(|(said, _)| said == statement).for_each(|(_, written)| *written = true);
    }

    /// What was not on disk is lost.
    pub(super) fn crash(&mut self) {
        self.0.retain(|(_, written)| *written);
    }

    /// Whether it is on disk; `None` when it was never recorded.
    pub(super) fn find(&self, statement: &Statement) -> Option<bool> {
        self.0.iter().find(|(said, _)| said == statement).map(|(_, written)| *written)
    }

    /// What it said of a height, in order.
    pub(super) fn of(&self, height: Height) -> impl Iterator<Item = Statement> {
        self.0.iter().map(|(said, _)| *said).filter(move |said| said.height == height)
    }
}

/// Whether one member must not say both, by the table of `docs/spec/bft.md`, "Evidence"; `Evidence` says the same.
pub(super) fn contradict(one: &Statement, other: &Statement) -> bool {
    let by_table =
        one.height == other.height && (differ(one, other) || hides(one, other) || hides(other, one));
    let [one, other] = [one, other].map(|statement| Signed {
        by: ValidatorIndex(0),
        statement: *statement,
        signature: signature(0),
    });
    assert_eq!(Evidence::of(&one, &other).is_some(), by_table, "{one:?} {other:?}");
    by_table
}

/// Votes of one view for two values, or two requests for one view.
fn differ(one: &Statement, other: &Statement) -> bool {
    let alike = match (one.says, other.says) {
        (Says::Vote(_, x), Says::Vote(_, y)) => x == y,
        (Says::ViewChange { prepared: x }, Says::ViewChange { prepared: y }) => x == y,
        _ => true,
    };
    one.view == other.view && !alike
}

/// A COMMIT, and a request for a later view that names no certificate of that view for that value, and none of a later one.
fn hides(commit: &Statement, request: &Statement) -> bool {
    let (Says::Vote(Phase::Commit, value), Says::ViewChange { prepared }) = (commit.says, request.says)
    else {
        return false;
    };
    let named =
        prepared.is_some_and(|(view, other)| view > commit.view || (view == commit.view && other == value));
    request.view > commit.view && !named
}
