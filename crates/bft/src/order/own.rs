use alloc::{sync::Arc, vec::Vec};

use auditmesh_types::Millis;

use super::{
    Candidate, Certificate, Effect, Engine, Message, Mutant, Phase, Proposal, Record, RecordId, Says,
    Signature, Signed, Spread, Statement, View, ViewChange, effect::Recipients, height_state::Own,
};

/// Our own statements: recorded and signed, then said and counted.
impl Engine {
    /// Sets out to say something: at most one vote of each phase, and one request, of each view.
    pub(super) fn say(
        &mut self,
        view: View,
        says: Says,
        candidate: Option<Arc<Candidate>>,
        certificate: Option<Certificate>,
        out: &mut Vec<Effect>,
    ) {
        if self.me.is_none() || self.state.silent || self.state.decided {
            return;
        }
        let statement = Statement { height: self.height, view, says };
        if self.state.said(view, |said| same_kind(said, &statement)).is_some() {
            return;
        }
        let id = self.record();
        let own = Own { id, statement, persisted: false, signature: None, said: false };
        self.state.own.push(own);
        out.push(Effect::Persist(id, Record::Said { statement, candidate, certificate }));
        out.push(Effect::Sign(id, statement));
    }

    pub(super) fn persisted(&mut self, now: Millis, id: RecordId, out: &mut Vec<Effect>) {
        for own in self.state.own.iter_mut().filter(|own| own.id <= id) {
            own.persisted = true;
        }
        self.state.beginning = self.state.beginning.filter(|beginning| *beginning > id);
        self.hand_over(out);
        self.speak(now, out);
    }

    pub(super) fn signed(&mut self, now: Millis, id: RecordId, signature: Signature, out: &mut Vec<Effect>) {
        if let Some(own) = self.state.own.iter_mut().find(|own| own.id == id) {
            own.signature = Some(signature);
        }
        self.speak(now, out);
    }

    /// Says what is on disk and signed, and counts it.
    fn speak(&mut self, now: Millis, out: &mut Vec<Effect>) {
        let early = self.mutation.is(Mutant::SendBeforePersist);
        let silent = self.state.silent;
        let ready = |own: &Own| !silent && !own.said && own.signature.is_some() && (own.persisted || early);
        while let Some(own) = self.state.own.iter_mut().find(|own| ready(own)) {
            own.said = true;
            let (id, statement) = (own.id, own.statement);
            if let Some(message) = self.message_of(id) {
                self.spread(id, &message, out);
                self.message_of_own(now, message, &statement, out);
            }
        }
    }

    /// Counts what we said as if it had come from outside.
    fn message_of_own(
        &mut self,
        now: Millis,
        message: Message,
        statement: &Statement,
        out: &mut Vec<Effect>,
    ) {
        match message {
            Message::Proposal(Proposal { prepare, .. }) => self.count(&prepare),
            Message::Vote(vote) => self.count(&vote),
            Message::ViewChange(change) => self.count_ask(now, change, out),
            Message::Certificate(_) => {}
        }
        self.progress(statement.view, out);
    }

    /// What we said under `id`, as it is sent.
    fn message_of(&self, id: RecordId) -> Option<Message> {
        let own = self.state.own.iter().find(|own| own.id == id)?;
        let (statement, signature) = (own.statement, own.signature.clone()?);
        let signed = Signed { by: self.me?, statement, signature };
        Some(match statement.says {
            Says::Vote(Phase::Prepare, _) if signed.by == self.proposer(statement.view) => {
                let candidate = self.state.views.get(&statement.view)?.candidate.clone()?;
                Message::Proposal(Proposal { candidate, prepare: signed })
            }
            Says::Vote(..) => Message::Vote(signed),
            Says::ViewChange { prepared } => {
                // What was said before is said again as it was: we may have prepared something later since.
                let said = self.state.asks.get(signed.by.place()).and_then(Option::as_ref);
                if let Some(said) = said.filter(|said| said.ask.statement == statement) {
                    return Some(Message::ViewChange(said.clone()));
                }
                let shown = self.state.prepared.clone().filter(|it| Some(it.named()) == prepared);
                if shown.is_none() && prepared.is_some() {
                    return None;
                }
                Message::ViewChange(ViewChange { ask: signed, prepared: shown })
            }
        })
    }

    /// Sends it to those who need it: votes to the collector, where there is one, and all else to everybody.
    fn spread(&self, id: RecordId, message: &Message, out: &mut Vec<Effect>) {
        let collector = self.proposer(message.view());
        let to = match (message, self.settings.spread) {
            (Message::Vote(_), Spread::Collector) if Some(collector) == self.me => return,
            (Message::Vote(_), Spread::Collector) => Recipients::One(collector),
            _ => Recipients::Others,
        };
        if self.set.len() > 1 {
            out.push(Effect::Send { to, message: message.clone(), after: Some(id) });
        }
    }

    /// Says again what matters at this view, and asks again for signatures that failed.
    pub(super) fn repeat(&self, out: &mut Vec<Effect>) {
        if self.state.silent {
            return;
        }
        for own in &self.state.own {
            let current = match own.statement.says {
                Says::Vote(..) => own.statement.view == self.state.view,
                Says::ViewChange { .. } => own.statement.view >= self.state.view,
            };
            if current && own.signature.is_none() {
                out.push(Effect::Sign(own.id, own.statement));
            } else if current
                && own.said
                && let Some(message) = self.message_of(own.id)
            {
                self.spread(own.id, &message, out);
            }
        }
        self.repeat_certificates(out);
    }
}

/// Whether two statements of one view stand in each other's place.
fn same_kind(a: &Statement, b: &Statement) -> bool {
    match (a.says, b.says) {
        (Says::Vote(x, _), Says::Vote(y, _)) => x == y,
        (Says::ViewChange { .. }, Says::ViewChange { .. }) => true,
        _ => false,
    }
}
