//! The rules that every run keeps, looked at after each step.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use auditmesh_bft::{
    Decided, Evidence, Height, Message, Record, Recovered, Says, Signed, Statement, Torn, ValidatorIndex,
    ValueId, View,
};
use auditmesh_sim::{Action, Disk, Place, Violation, Watch, Write};

use crate::{
    app,
    federation::Federation,
    hearing::{Due, Hearing},
    keys::Gate,
    member::{Kept, Member, Note, RECORDS, Wire},
    memory::Held,
};

/// What is known of one seat.
#[derive(Debug, Default)]
struct Seen {
    honest: bool,
    /// What its disk holds of what it is about to say.
    durable: BTreeSet<Statement>,
    /// What its disk held, ever.
    persisted: BTreeMap<Height, BTreeSet<Statement>>,
    /// What it said, ever.
    said: BTreeMap<Height, Vec<Statement>>,
    /// The highest view it recorded a request for, by height.
    asked: BTreeMap<Height, View>,
    decided: Option<Height>,
    hearing: Hearing,
    /// For what its engine must have accused by the end of the step, and whom it has accused.
    due: Vec<Due>,
    accused: BTreeSet<(Height, ValidatorIndex)>,
}

/// All rules.
#[derive(Debug)]
pub(crate) struct Rules {
    federation: Rc<Federation>,
    seats: Vec<Seen>,
    agreed: BTreeMap<Height, ValueId>,
    /// The view in which each height was decided, the latest of all certificates.
    pub(crate) views: BTreeMap<Height, View>,
    /// Values that somebody proposed.
    proposed: BTreeSet<ValueId>,
    /// The highest view that an honest member was in.
    pub(crate) highest: View,
    pub(crate) figures: Figures,
    /// Whether what engines hold is counted now and then; what intakes hold always is.
    pub(crate) weighs: bool,
    /// The one rule that counts, where a test asks which would notice alone.
    pub(crate) only: Option<&'static str>,
}

/// What a run came across.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) decisions: u64,
    pub(crate) later_views: u64,
    pub(crate) accusations: u64,
    pub(crate) boots: u64,
    /// Records that a crash tore, and files that were found too short and changed at their end.
    pub(crate) torn: u64,
    pub(crate) short: u64,
    pub(crate) changed: u64,
    pub(crate) steps: u64,
    /// The most that was counted in a member.
    pub(crate) held: Held,
}

type Verdict = Result<(), Violation>;

fn broken(rule: &'static str, what: String) -> Verdict {
    Err(Violation::new(rule, what))
}

impl Rules {
    /// Passes over a rule that does not count.
    fn counts(&self, verdict: Verdict) -> Verdict {
        verdict.or_else(|violation| match self.only {
            Some(rule) if rule != violation.rule => Ok(()),
            _ => Err(violation),
        })
    }

    /// The rules for seats of which these are honest.
    pub(crate) fn new(federation: Rc<Federation>, honest: &[bool]) -> Self {
        let seat = |honest: &bool| Seen { honest: *honest, ..Seen::default() };
        Self {
            federation,
            seats: honest.iter().map(seat).collect(),
            agreed: BTreeMap::new(),
            views: BTreeMap::new(),
            proposed: BTreeSet::new(),
            highest: View(0),
            figures: Figures::default(),
            weighs: false,
            only: None,
        }
    }

    /// The highest view that the seat has asked for at `height`.
    pub(crate) fn asked(&self, seat: usize, height: Height) -> View {
        self.seats[seat].asked.get(&height).copied().unwrap_or_default()
    }

    /// The highest height at which the seat has decided.
    pub(crate) fn decided(&self, seat: usize) -> Height {
        self.seats[seat].decided.unwrap_or_default()
    }

    fn honest_member(&self, member: usize) -> bool {
        // The first seats are the members', in order; those of twins are lies both.
        self.seats.get(member).is_some_and(|seat| seat.honest)
    }

    fn on_decided(&mut self, place: Place, decided: &Decided) -> Verdict {
        let (height, id) = (decided.height(), decided.value().id());
        let before = self.seats[place.seat].decided.unwrap_or_default();
        if height != before.next() && height != before {
            return broken("integrity", format!("seat {} decides {height} after {before}", place.seat));
        }
        self.seats[place.seat].decided = Some(height);
        let agreed = *self.agreed.entry(height).or_insert(id);
        if agreed != id {
            let what = format!("height {height}: seat {} decides {:?}, another {agreed:?}", place.seat, id);
            return broken("agreement", what);
        }
        let previous = height.0.checked_sub(1).and_then(|below| self.agreed.get(&Height(below)).copied());
        if !app::is_fit(decided.value(), height, previous) || !self.proposed.contains(&id) {
            return broken(
                "validity",
                format!("seat {} decides {:?} at {height}", place.seat, decided.value()),
            );
        }
        let set = self.federation.set(height);
        if self.federation.gate(set, &self.federation.keyring()).decided(decided).is_none() {
            return broken(
                "certificates verify",
                format!("seat {} at height {height}: {decided:?}", place.seat),
            );
        }
        let view = self.views.entry(height).or_default();
        *view = decided.certificate.view.max(*view);
        self.figures.decisions += 1;
        self.figures.later_views += u64::from(decided.certificate.view > View(0));
        Ok(())
    }

    fn on_accused(&mut self, place: Place, evidence: &Evidence) -> Verdict {
        let [first, second] = evidence.statements();
        let height = first.statement.height;
        self.seats[place.seat].accused.insert((height, evidence.culprit()));
        self.figures.accusations += 1;
        let keyring = self.federation.keyring();
        let gate = self.federation.gate(self.federation.set(height), &keyring);
        if gate.signed(first).is_err() || gate.signed(second).is_err() {
            return broken("evidence verifies", format!("seat {}: {evidence:?}", place.seat));
        }
        let culprit = self.federation.member(evidence.culprit(), height);
        if culprit.is_none_or(|member| self.honest_member(member)) {
            let what = format!(
                "seat {} accuses {culprit:?} of `{}` and `{}`",
                place.seat, first.statement, second.statement
            );
            return broken("no honest member is accused", what);
        }
        Ok(())
    }

    /// Something of a member's own is sent: it must be on its disk, and fit to all it said before.
    fn on_said(&mut self, place: Place, signed: &Signed) -> Verdict {
        let statement = signed.statement;
        let seen = &mut self.seats[place.seat];
        let said = seen.said.entry(statement.height).or_default();
        if said.contains(&statement) {
            return Ok(());
        }
        if !seen.durable.contains(&statement) {
            return broken("durable before said", format!("seat {} says `{statement}`", place.seat));
        }
        let against = |earlier: &Statement| {
            let evidence = Evidence::of(&Signed { statement: *earlier, ..signed.clone() }, signed)?;
            Some(format!("`{earlier}`, then `{statement}`: {}", evidence.offence()))
        };
        if let Some(what) = said.iter().find_map(against) {
            let what = format!("seat {} says {what}", place.seat);
            return broken("no vote contradicts an earlier one", what);
        }
        // What was on disk before a crash counts, whether it was sent or not.
        let persisted = seen.persisted.get(&statement.height);
        if let Some(what) = persisted.into_iter().flatten().find_map(against) {
            let what = format!("seat {} has on disk or says {what}", place.seat);
            return broken("no vote contradicts a persisted one", what);
        }
        said.push(statement);
        Ok(())
    }

    /// A member is about to record what it will say.
    fn on_record(&mut self, place: Place, record: &Record) -> Verdict {
        if let Record::Silent(height) = record {
            // No disk here loses what was durable, but that of a liar.
            return broken(
                "no honest member falls silent",
                format!("seat {} at height {height}", place.seat),
            );
        }
        let Record::Said { statement, candidate, .. } = record else { return Ok(()) };
        let (height, view) = (statement.height, statement.view);
        let asked = self.seats[place.seat].asked.entry(height).or_default();
        match statement.says {
            Says::ViewChange { .. } => *asked = view.max(*asked),
            Says::Vote(..) if view < *asked => {
                let what = format!("seat {} asked for view {asked} and records `{statement}`", place.seat);
                return broken("no vote below the view asked for", what);
            }
            Says::Vote(..) => {}
        }
        let set = self.federation.set(height);
        match candidate {
            Some(candidate) if candidate.check(set, height, view).is_err() => {
                broken("new views have their quorum", format!("seat {} records `{statement}`", place.seat))
            }
            _ => Ok(()),
        }
    }

    fn on_sent(&mut self, place: Place, wire: &Wire) -> Verdict {
        let Wire::Order(message) = wire else { return Ok(()) };
        if let Message::Proposal(proposal) = message {
            self.proposed.insert(proposal.candidate.value.id());
        }
        if !self.seats[place.seat].honest {
            return Ok(());
        }
        let set = self.federation.set(message.height());
        let keyring = self.federation.keyring();
        let gate = Gate { signatures_alone: false, ..self.federation.gate(set, &keyring) };
        if gate.message(message).is_none() {
            return broken("what honest members send verifies", format!("seat {}: {message:?}", place.seat));
        }
        match message {
            Message::Proposal(proposal) => self.on_said(place, &proposal.prepare),
            Message::Vote(vote) => self.on_said(place, vote),
            Message::ViewChange(change) => self.on_said(place, &change.ask),
            Message::Certificate(_) => Ok(()),
        }
    }

    /// An engine is handed something: whoever contradicts what that engine keeps must be accused in this step.
    fn on_heard(&mut self, place: Place, wire: &Wire) {
        let Wire::Order(message) = wire else { return };
        if let Message::Proposal(proposal) = message {
            self.proposed.insert(proposal.candidate.value.id());
        }
        let seen = &mut self.seats[place.seat];
        if seen.honest {
            seen.due.extend(seen.hearing.hears(message, &self.federation));
        }
    }

    /// A file of records was read back: all that were whole, and what was torn is noticed and is none of them.
    fn on_read(&mut self, place: Place, read: &Recovered, file: &[Kept]) -> Verdict {
        match read.torn {
            Some(Torn::Short { .. }) => self.figures.short += 1,
            Some(Torn::Changed { .. }) => self.figures.changed += 1,
            None => {}
        }
        let torn = matches!(file.last(), Some(Kept::Torn(_)));
        if read.torn.is_some() != torn || !file.iter().filter_map(Kept::record).eq(&read.records) {
            let what = format!("seat {} reads {read:?} from {file:?}", place.seat);
            return broken("records are read back as they were written", what);
        }
        Ok(())
    }

    fn recall(&mut self, place: Place, records: &[Kept]) {
        let said = records.iter().filter_map(|kept| match kept.record()? {
            Record::Said { statement, .. } => Some(*statement),
            Record::Height(_) | Record::Silent(_) => None,
        });
        let seen = &mut self.seats[place.seat];
        seen.durable = said.collect();
        seen.asked.clear();
        for statement in &seen.durable {
            seen.persisted.entry(statement.height).or_default().insert(*statement);
            if matches!(statement.says, Says::ViewChange { .. }) {
                let asked = seen.asked.entry(statement.height).or_default();
                *asked = statement.view.max(*asked);
            }
        }
    }
}

impl Watch<Member> for Rules {
    fn booted(&mut self, place: Place, member: &Member, disk: &Disk<Kept>) -> Verdict {
        self.figures.boots += 1;
        let read = self.on_read(place, &member.recovered, disk.records(RECORDS));
        self.counts(read)?;
        self.recall(place, disk.records(RECORDS));
        let seen = &mut self.seats[place.seat];
        seen.hearing = Hearing::default();
        seen.accused.clear();
        seen.due.clear();
        let (was, is) = (seen.decided.unwrap_or_default(), member.app.height());
        if seen.honest && is > was {
            return self
                .counts(broken("integrity", format!("seat {} holds {is}, and decided {was}", place.seat)));
        }
        // A decision that was not durable yet is decided again.
        seen.decided = Some(is);
        Ok(())
    }

    fn before(&mut self, place: Place, member: &Member) {
        self.figures.steps += 1;
        let seen = &mut self.seats[place.seat];
        if seen.honest {
            self.highest = self.highest.max(member.engine.view());
            seen.hearing.at(member.engine.height(), member.engine.view());
        }
    }

    fn action(&mut self, place: Place, _: &Member, action: &Action<Member>) -> Verdict {
        let honest = self.seats[place.seat].honest;
        let verdict = match action {
            Action::Send { message, .. } => self.on_sent(place, message),
            Action::Note(Note::Proposed(id)) => {
                self.proposed.insert(*id);
                Ok(())
            }
            Action::Note(Note::Heard(wire)) => {
                self.on_heard(place, wire);
                Ok(())
            }
            Action::Persist { record: Kept::Frame(_, record), .. } if honest => self.on_record(place, record),
            Action::Note(Note::Decided(decided)) if honest => self.on_decided(place, decided),
            Action::Note(Note::Accused(evidence)) if honest => self.on_accused(place, evidence),
            Action::Note(Note::Amnesia(statement)) if honest => {
                broken("no honest member forgets", format!("seat {}: `{statement}`", place.seat))
            }
            _ => Ok(()),
        };
        self.counts(verdict)
    }

    fn after(&mut self, place: Place, member: &Member) -> Verdict {
        let seen = &mut self.seats[place.seat];
        let due = std::mem::take(&mut seen.due);
        let missed = due.iter().find(|due| !seen.accused.contains(&due.culprit()));
        let mut verdict = missed.map_or(Ok(()), |due| {
            let (height, index) = due.culprit();
            let what = due.what();
            let what = format!("seat {} at height {height}: validator {index} {what}", place.seat);
            broken("whoever contradicts itself is accused", what)
        });
        if seen.honest {
            let all = self.weighs && self.figures.steps.is_multiple_of(32);
            let held = if all { Held::by(member) } else { Held::aside(member) };
            self.figures.held = self.figures.held.max(held);
            verdict = verdict.and(held.check(self.federation.members, self.highest));
        }
        self.counts(verdict)
    }

    fn synced(&mut self, place: Place, store: usize, write: &Write<Kept>) -> Verdict {
        match write {
            Write::Append(Kept::Frame(_, Record::Said { statement, .. })) => {
                let seen = &mut self.seats[place.seat];
                seen.durable.insert(*statement);
                seen.persisted.entry(statement.height).or_default().insert(*statement);
            }
            Write::Replace(records) if store == RECORDS => self.recall(place, records),
            _ => {}
        }
        Ok(())
    }
}
