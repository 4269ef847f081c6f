use alloc::{sync::Arc, vec::Vec};

use auditmesh_types::Millis;

use super::{
    Candidate, Certificate, Decided, Effect, Engine, Height, Message, Mutant, Phase, Prepared, Proposal,
    Record, Says, Signed, Spread, Value, ValueId, View, effect::Recipients, height_state::ViewState,
};

/// Proposals and votes, up to the decision.
impl Engine {
    /// The weight that decides.
    pub(super) fn quorum(&self) -> u64 {
        self.set.quorum().saturating_sub(u64::from(self.mutation.is(Mutant::QuorumOneShort)))
    }

    /// Proposes `value` in the current view.
    pub(super) fn propose(&mut self, value: Value, out: &mut Vec<Effect>) {
        let lineage = self.state.because.clone().into_iter().collect();
        self.put_forward(Arc::new(Candidate { value, lineage }), out);
    }

    /// Makes `candidate` the current view's, by our own PREPARE.
    pub(super) fn put_forward(&mut self, candidate: Arc<Candidate>, out: &mut Vec<Effect>) {
        let (set, view, id) = (Arc::clone(&self.set), self.state.view, candidate.value.id());
        let state = self.state.at(&set, view);
        if state.candidate.is_none() {
            state.candidate = Some(Arc::clone(&candidate));
            state.accepted = Some(true);
            self.say(view, Says::Vote(Phase::Prepare, id), Some(candidate), None, out);
        }
    }

    pub(super) fn proposal(&mut self, now: Millis, proposal: &Proposal, out: &mut Vec<Effect>) {
        let Proposal { candidate, prepare } = proposal;
        let (view, id) = (prepare.statement.view, candidate.value.id());
        let names = prepare.statement.vote() == Some((Phase::Prepare, id));
        if !names
            || prepare.by != self.proposer(view)
            || view.0.saturating_add(super::WINDOW) < self.state.view.0
        {
            return;
        }
        let justified = candidate.check(&self.set, self.height, view).is_ok();
        if !justified && !self.mutation.is(Mutant::NewViewWithoutQuorum) {
            // The PREPARE is signed, the justification is not: another may have put the two together.
            return self.vote(prepare, out);
        }
        for ask in candidate.lineage.iter().flat_map(|justification| &justification.asks) {
            self.notice(ask, out);
        }
        if view > self.state.view {
            self.enter(now, view, out);
        }
        let set = Arc::clone(&self.set);
        let state = self.state.at(&set, view);
        if state.candidate.is_none() {
            state.candidate = Some(Arc::clone(candidate));
        }
        self.vote(prepare, out);
        self.consider(view, out);
    }

    /// Asks the application about the view's candidate, if a vote of ours hangs on it.
    fn consider(&self, view: View, out: &mut Vec<Effect>) {
        let Some(ViewState { candidate: Some(candidate), accepted: None, .. }) = self.state.views.get(&view)
        else {
            return;
        };
        if view == self.state.view && self.state.asked <= view && !self.state.decided {
            out.push(Effect::Judge { height: self.height, value: candidate.value.clone() });
        }
    }

    pub(super) fn judged(&mut self, height: Height, value: ValueId, accepted: bool, out: &mut Vec<Effect>) {
        let view = self.state.view;
        if height != self.height || self.state.asked > view {
            return;
        }
        let Some(state) = self.state.views.get_mut(&view) else { return };
        let Some(candidate) = state.candidate.clone().filter(|it| it.value.id() == value) else { return };
        if state.accepted.replace(accepted).is_none() && accepted {
            let other =
                |said: &super::Statement| matches!(said.says, Says::Vote(Phase::Commit, x) if x != value);
            if self.state.said(view, other).is_none() {
                self.say(view, Says::Vote(Phase::Prepare, value), Some(candidate), None, out);
            }
        }
    }

    pub(super) fn vote(&mut self, vote: &Signed, out: &mut Vec<Effect>) {
        self.notice(vote, out);
        self.count(vote);
        self.progress(vote.statement.view, out);
    }

    /// Counts a vote of this height.
    pub(super) fn count(&mut self, vote: &Signed) {
        let set = Arc::clone(&self.set);
        self.state.count(&set, vote);
    }

    /// Sees whether our own signature stands under what our records do not hold.
    pub(super) fn notice(&mut self, signed: &Signed, out: &mut Vec<Effect>) {
        let ours = Some(signed.by) == self.me && signed.statement.height == self.height;
        if ours && !self.state.silent && !self.state.own.iter().any(|own| own.statement == signed.statement) {
            self.state.silent = true;
            let id = self.record();
            out.push(Effect::Persist(id, Record::Silent(self.height)));
            out.push(Effect::Amnesia(signed.statement));
        }
    }

    /// Acts on what `view` has come to: a decision, or a quorum that prepared.
    pub(super) fn progress(&mut self, view: View, out: &mut Vec<Effect>) {
        let quorum = self.quorum();
        let committed = |said: &super::Statement| matches!(said.says, Says::Vote(Phase::Commit, _));
        let Some(state) = self.state.views.get(&view).filter(|_| !self.state.decided) else { return };
        if let Some(value) = state.commits.leader(quorum) {
            let statement =
                super::Statement { height: self.height, view, says: Says::Vote(Phase::Commit, value) };
            let certificate = state.commits.certificate(&statement, Phase::Commit, value);
            self.conclude(certificate, true, out);
        } else if let Some(value) = state.prepares.leader(quorum)
            && self.state.said(view, committed).is_none()
        {
            let statement =
                super::Statement { height: self.height, view, says: Says::Vote(Phase::Prepare, value) };
            let certificate = state.prepares.certificate(&statement, Phase::Prepare, value);
            self.commit(certificate, true, out);
        }
    }

    /// Decides by `certificate`, or asks for the value when it is not here.
    fn conclude(&mut self, certificate: Certificate, collected: bool, out: &mut Vec<Effect>) {
        let state = self.state.views.get(&certificate.view);
        let candidate = state.and_then(|state| state.candidate.clone());
        let Some(candidate) = candidate.filter(|it| it.value.id() == certificate.value) else {
            return self.fetch(out);
        };
        if collected {
            self.spread_certificate(&certificate, out);
        }
        self.decide(Decided { certificate, candidate }, out);
    }

    /// Commits to what a quorum prepared in the current view.
    fn commit(&mut self, certificate: Certificate, collected: bool, out: &mut Vec<Effect>) {
        let (view, value) = (certificate.view, certificate.value);
        if view != self.state.view || self.state.asked > view {
            return;
        }
        let Some(state) = self.state.views.get(&view) else { return };
        let Some(candidate) = state.candidate.clone().filter(|it| it.value.id() == value) else { return };
        let other = |said: &super::Statement| match said.says {
            Says::Vote(Phase::Prepare, x) => x != value,
            Says::Vote(Phase::Commit, _) => true,
            Says::ViewChange { .. } => false,
        };
        if self.state.said(view, other).is_some() || self.me.is_none() || self.state.silent {
            return;
        }
        let prepared = |said: &super::Statement| matches!(said.says, Says::Vote(Phase::Prepare, _));
        let unrecorded = self.state.said(view, prepared).is_none().then(|| Arc::clone(&candidate));
        if collected {
            self.spread_certificate(&certificate, out);
        }
        self.state.prepared = Some(Prepared { certificate: certificate.clone(), candidate });
        self.say(view, Says::Vote(Phase::Commit, value), unrecorded, Some(certificate), out);
    }

    /// Takes a collector's certificate.
    pub(super) fn certificate(&mut self, certificate: &Certificate, out: &mut Vec<Effect>) {
        if !self.state.counts(certificate.view) || certificate.check(&self.set).is_err() {
            return;
        }
        for vote in certificate.votes() {
            self.notice(&vote, out);
            self.count(&vote);
        }
        if self.state.decided {
            return;
        }
        match certificate.phase {
            Phase::Prepare => self.commit(certificate.clone(), false, out),
            Phase::Commit => self.conclude(certificate.clone(), false, out),
        }
    }

    /// As the collector, tells the others.
    fn spread_certificate(&self, certificate: &Certificate, out: &mut Vec<Effect>) {
        let collects = self.settings.spread == Spread::Collector
            && Some(self.proposer(certificate.view)) == self.me
            && self.set.len() > 1;
        if collects {
            let message = Message::Certificate(certificate.clone());
            out.push(Effect::Send { to: Recipients::Others, message, after: None });
        }
    }

    /// As the collector, tells the others again what they prepared.
    pub(super) fn repeat_certificates(&self, out: &mut Vec<Effect>) {
        if let Some(prepared) = &self.state.prepared
            && prepared.certificate.view == self.state.view
        {
            self.spread_certificate(&prepared.certificate, out);
        }
    }
}
