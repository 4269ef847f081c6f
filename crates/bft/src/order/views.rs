use alloc::{sync::Arc, vec::Vec};

use auditmesh_types::Millis;

use super::{Effect, Engine, Justification, Mutant, Says, TimerKind, View, ViewChange};

/// From one view to a later one.
impl Engine {
    /// Asks for `view`, and votes in no earlier one from here on.
    pub(super) fn ask(&mut self, view: View, out: &mut Vec<Effect>) {
        if self.state.decided {
            return;
        }
        self.state.asked = self.state.asked.max(view);
        let prepared = self.state.prepared.as_ref().map(super::Prepared::named);
        let prepared = prepared.filter(|_| !self.mutation.is(Mutant::LockIgnored));
        self.say(view, Says::ViewChange { prepared }, None, None, out);
    }

    /// Takes a request.
    pub(super) fn view_change(&mut self, now: Millis, change: ViewChange, out: &mut Vec<Effect>) {
        if !change.is_sound(&self.set) {
            return;
        }
        if let Some(prepared) = &change.prepared {
            for vote in prepared.certificate.votes() {
                self.notice(&vote, out);
                self.count(&vote);
            }
        }
        self.notice(&change.ask, out);
        self.count_ask(now, change, out);
    }

    /// Counts a request, then goes along with others or leads, where that is due.
    pub(super) fn count_ask(&mut self, now: Millis, change: ViewChange, out: &mut Vec<Effect>) {
        self.state.keep_ask(change);
        if self.state.decided {
            return;
        }
        // More than may be faulty have left: one of them is honest, so its timer ran out.
        let join = self.state.asked_by(&self.set, self.set.faults().saturating_add(1));
        if join > self.state.asked && join > self.state.view {
            self.ask(join, out);
        }
        let enter = self.state.asked_by(&self.set, self.quorum());
        if enter > self.state.view {
            self.enter(now, enter, out);
        }
        self.lead(out);
    }

    /// Goes to `view`, which a quorum asked for.
    pub(super) fn enter(&mut self, now: Millis, view: View, out: &mut Vec<Effect>) {
        self.state.enter(view);
        self.state.because = None;
        if !self.mutation.is(Mutant::TimeoutNotReset) {
            self.set_timer(now, TimerKind::View, out);
        }
    }

    /// Proposes, when this view is ours and a quorum asked for it.
    pub(super) fn lead(&mut self, out: &mut Vec<Effect>) {
        let view = self.state.view;
        let due = self.me == Some(self.proposer(view)) && self.state.asked <= view && !self.state.decided;
        if !due || self.state.silent || self.state.proposed >= Some(view) {
            return;
        }
        if view == View(0) {
            return self.ask_proposal(out);
        }
        let asks = self.state.asks.iter().flatten().filter(|change| change.ask.statement.view == view);
        let weight: u64 = asks.clone().map(|change| self.set.weight(change.ask.by)).sum();
        if weight < self.quorum() {
            return;
        }
        let (because, highest) = Justification::join(view, asks);
        let again = highest.map(|prepared| prepared.candidate.again(Arc::clone(&because)));
        self.state.because = Some(because);
        match again {
            Some(candidate) => {
                self.state.proposed = Some(view);
                self.put_forward(candidate, out);
            }
            None => self.ask_proposal(out),
        }
    }
}
