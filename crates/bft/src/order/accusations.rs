use alloc::{collections::BTreeSet, vec::Vec};

use super::{
    Effect, Engine, Evidence, Height, Message, Mutant, Signed, ValidatorIndex, ViewChange, engine::Past,
};

/// Whoever contradicts itself is accused, whatever brought the second statement, and whether or not it is still of use.
impl Engine {
    /// What `signed` proves together with a statement that is held of its validator.
    pub(super) fn proof(&self, signed: &Signed) -> Option<Evidence> {
        let height = signed.statement.height;
        if height == self.height {
            self.state.proof(signed)
        } else if height == self.height.next() {
            self.early.proof(signed)
        } else {
            self.past.as_ref().and_then(|past| past.state.proof(signed))
        }
    }

    /// Accuses whoever contradicts itself by `signed`, before it is counted or kept.
    pub(super) fn examine(&mut self, signed: &Signed, out: &mut Vec<Effect>) {
        if let Some(evidence) = self.proof(signed) {
            self.accuse(evidence, out);
        }
    }

    /// Whether the validator of `signed` was accused at its height.
    pub(super) fn accused(&self, signed: &Signed) -> bool {
        let height = signed.statement.height;
        let accused = if height == self.height {
            Some(&self.state.accused)
        } else if height == self.height.next() {
            Some(&self.early.accused)
        } else {
            self.past.as_ref().filter(|_| height.next() == self.height).map(|past| &past.state.accused)
        };
        accused.is_some_and(|accused| accused.contains(&signed.by))
    }

    /// Accuses, once for each culprit and height.
    fn accuse(&mut self, evidence: Evidence, out: &mut Vec<Effect>) {
        let new =
            self.accused_at(evidence.height()).is_some_and(|accused| accused.insert(evidence.culprit()));
        if new && !self.mutation.is(Mutant::EvidenceDropped) {
            out.push(Effect::Accuse(evidence));
        }
    }

    fn accused_at(&mut self, height: Height) -> Option<&mut BTreeSet<ValidatorIndex>> {
        if height == self.height {
            Some(&mut self.state.accused)
        } else if height == self.height.next() {
            Some(&mut self.early.accused)
        } else {
            self.past.as_mut().filter(|_| height.next() == self.height).map(|past| &mut past.state.accused)
        }
    }

    /// A message of the height before: its votes, and the request that it is, are kept for what their validators may say yet.
    pub(super) fn late(&mut self, message: &Message) {
        let Some(Past { set, state }) = &mut self.past else { return };
        message.statements(|signed| state.count(set, signed));
        if let Message::ViewChange(change) = message
            && change.is_sound(set)
        {
            state.keep_ask(ViewChange { ask: change.ask.clone(), prepared: None });
        }
    }
}
