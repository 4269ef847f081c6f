use alloc::{sync::Arc, vec::Vec};

use super::{
    Candidate, Engine, Phase, Prepared, Record, RecordId, Says, Statement, View, evidence::offence,
    height_state::Own,
};
use crate::Error;

/// What survives a restart.
impl Engine {
    /// The records that matter from here on, in order: an engine restored from them says nothing else than this one would. They may
    /// take the place of all records written so far, and of those asked for whose `Persisted` has not come. To write these afterwards
    /// does no harm: a record that is there already is passed over.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Record> {
        let mut records: Vec<Record> = [Record::Height(self.height)].into();
        if self.state.silent {
            records.push(Record::Silent(self.height));
        }
        for own in &self.state.own {
            let view = self.state.views.get(&own.statement.view);
            let candidate = view.and_then(|view| view.candidate.clone());
            let prepared = self.state.prepared.as_ref();
            let certificate = prepared.map(|prepared| prepared.certificate.clone());
            let (candidate, certificate) = match own.statement.says {
                Says::Vote(Phase::Prepare, _) => (candidate, None),
                Says::Vote(Phase::Commit, value) => {
                    let mine = (own.statement.view, value);
                    let latest = prepared.filter(|prepared| prepared.named() == mine);
                    (latest.map(|it| Arc::clone(&it.candidate)), latest.and(certificate))
                }
                Says::ViewChange { .. } => (None, None),
            };
            records.push(Record::Said { statement: own.statement, candidate, certificate });
        }
        records
    }

    /// Brings back what was recorded, before [`Input::Start`](super::Input::Start). Records of heights that were applied are passed
    /// over. Records that end below the applied height have lost their tail: then the engine says nothing at its first height,
    /// and follows.
    ///
    /// # Errors
    /// [`Error::LocalRecordAhead`] when a record is of a height that cannot have begun, [`Error::LocalRecordTwice`] when a
    /// record contradicts an earlier one: these are not this member's records.
    /// # Cost
    /// O(records).
    pub fn restore(&mut self, records: &[Record]) -> Result<(), Error> {
        let last = records.iter().map(Record::height).max();
        if let Some(got) = last.filter(|last| *last > self.height) {
            return Err(Error::LocalRecordAhead { got, height: self.height });
        }
        let silenced = records.contains(&Record::Silent(self.height));
        self.state.silent = silenced || last.is_some_and(|last| last.next() < self.height);
        for record in records {
            let id = self.record();
            let Record::Said { statement, candidate, certificate } = record else { continue };
            if statement.height == self.height {
                self.recall(id, *statement, candidate.clone(), certificate.clone())?;
            }
        }
        Ok(())
    }

    fn recall(
        &mut self,
        id: RecordId,
        statement: Statement,
        candidate: Option<Arc<Candidate>>,
        certificate: Option<super::Certificate>,
    ) -> Result<(), Error> {
        if self.state.own.iter().any(|own| own.statement == statement) {
            return Ok(());
        }
        if self.state.own.iter().any(|own| offence(&own.statement, &statement).is_some()) {
            return Err(Error::LocalRecordTwice { height: statement.height, view: statement.view });
        }
        self.state.own.push(Own { id, statement, persisted: true, signature: None, said: false });
        let view = statement.view;
        let Says::Vote(phase, value) = statement.says else {
            self.state.asked = self.state.asked.max(view);
            return Ok(());
        };
        if view > self.state.view {
            self.state.enter(view);
        }
        let set = Arc::clone(&self.set);
        if let Some(candidate) = candidate.filter(|it| it.value.id() == value && self.state.counts(view)) {
            let state = self.state.at(&set, view);
            state.candidate = Some(candidate);
            state.accepted = Some(true);
            if phase == Phase::Prepare && self.me == Some(self.proposer(view)) {
                self.state.proposed = self.state.proposed.max(Some(view));
            }
        }
        let known = self.state.views.get(&view).and_then(|state| state.candidate.clone());
        if let (Some(certificate), Some(candidate)) = (certificate, known) {
            let newer = |old: &Prepared| old.certificate.view < view;
            if self.state.prepared.as_ref().is_none_or(newer) {
                self.state.prepared = Some(Prepared { certificate, candidate });
            }
        }
        if view == View(0) && self.me == Some(self.proposer(view)) {
            self.state.proposed = self.state.proposed.max(Some(view));
        }
        Ok(())
    }
}
