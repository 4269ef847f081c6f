//! What an engine asks for, and the rules of it.

use auditmesh_bft::{
    Certificate, Decided, Effect, Engine, Error, Evidence, Height, Justification, Message, Phase, Recipients,
    Record, RecordId, Says, SetAuthority, Signed, Statement, ValidatorIndex,
};
use auditmesh_types::Authority;

use super::{Any, Watched, origin};

impl Watched {
    pub(super) fn watch(&mut self, effect: &Effect) {
        let height = self.engine.height();
        match effect {
            Effect::Persist(id, record) => self.recorded(*id, record),
            Effect::Sign(_, statement) => {
                assert!(self.word.find(statement).is_some(), "`{statement}` is signed and not recorded");
            }
            Effect::Send { to, message, after } => self.sent(*to, message, *after),
            Effect::SetTimer(timer, at) => assert!(timer.height == height && *at >= self.now, "{timer:?}"),
            Effect::CancelTimer(_) => {}
            Effect::Propose { height: of, view } => {
                // It may have gone on to a later view in the same step.
                assert!(*of == height && *view <= self.engine.view());
                assert_eq!(Some(self.engine.proposer(*view)), self.me(), "it is not its turn");
            }
            Effect::Judge { height: of, .. } | Effect::Fetch(of) => assert_eq!(*of, height),
            Effect::Decide(decided) => self.decides(decided),
            Effect::Accuse(evidence) => self.accuses(evidence),
            Effect::Amnesia(statement) => {
                assert_eq!(self.word.find(statement), None, "`{statement}` is its own word");
                assert!(self.silent.contains(&height), "it is not recorded that it is silent");
            }
        }
    }

    fn me(&self) -> Option<ValidatorIndex> {
        self.engine.set_of(self.engine.height())?.position(&self.engine.settings().name)
    }

    fn recorded(&mut self, id: RecordId, record: &Record) {
        let height = self.engine.height();
        assert_eq!((id.0, record.height()), (self.next_record, height));
        self.next_record += 1;
        self.unwritten.push((id, record.clone()));
        match record {
            Record::Height(_) => {}
            Record::Silent(_) => drop(self.silent.insert(height)),
            Record::Said { statement, candidate, certificate } => {
                assert!(!self.silent.contains(&height) && self.decided < Some(height), "`{statement}`");
                self.word.add(*statement);
                let names = candidate
                    .as_ref()
                    .is_none_or(|it| statement.vote().is_some_and(|(_, id)| id == it.value.id()));
                assert!(names, "the value is not that of `{statement}`");
                self.may_say(statement, certificate.as_ref());
            }
        }
    }

    /// What it must hold before it says so.
    fn may_say(&self, statement: &Statement, certificate: Option<&Certificate>) {
        let Statement { height, view, says } = *statement;
        let me = self.me().expect("it is in the set");
        match says {
            Says::Vote(Phase::Prepare, value) => {
                // As proposer it may put forward again what others prepared.
                let again = self.engine.proposer(view) == me && view.0 > 0;
                assert!(again || self.fit.contains(&(height, value)), "`{statement}` was not judged");
            }
            Says::Vote(Phase::Commit, value) => {
                let why = certificate.expect("a COMMIT has a reason");
                assert_eq!(
                    (why.phase, why.height, why.view, why.value),
                    (Phase::Prepare, height, view, value)
                );
                let set = self.engine.set_of(height).expect("the current one");
                assert_eq!(why.check(set), Ok(()), "`{statement}`");
            }
            Says::ViewChange { .. } => assert!(certificate.is_none()),
        }
    }

    fn sent(&self, to: Recipients, message: &Message, after: Option<RecordId>) {
        let (me, set) = (self.me(), self.engine.set_of(message.height()).expect("the current one"));
        if let Recipients::One(to) = to {
            assert!(Some(to) != me && set.at(to).is_some(), "sent to {to}");
        }
        let own = match message {
            Message::Proposal(proposal) => Some(&proposal.prepare),
            Message::Vote(vote) => Some(vote),
            Message::ViewChange(change) => Some(&change.ask),
            Message::Certificate(_) => None,
        };
        assert_eq!(own.is_some(), after.is_some(), "{message:?}");
        if let Some(Signed { by, statement, .. }) = own {
            assert_eq!(Some(*by), me);
            assert_eq!(self.word.find(statement), Some(true), "`{statement}` is sent and not on disk");
            assert!(!self.silent.contains(&statement.height), "`{statement}` in silence");
        }
        self.is_sound(message.height(), message);
    }

    /// Where all that came was checked, what goes out passes the same checks.
    fn is_sound<T>(&self, height: Height, what: &T)
    where
        for<'a> SetAuthority<'a, Any>: Authority<T, Error = Error>,
    {
        if !self.trusting {
            let (origin, set) = (origin(), self.engine.set_of(height).expect("a height it knows"));
            assert_eq!(SetAuthority::new(&origin, set, &Any).expect("one scheme").check(what), Ok(()));
        }
    }

    fn decides(&mut self, decided: &Decided) {
        let height = self.engine.height();
        assert_eq!(decided.height(), height);
        assert!(self.decided < Some(height), "height {height} is decided twice");
        assert!(self.disk.contains(&Record::Height(height)), "height {height} is not on disk");
        self.is_sound(height, decided);
        self.decided = Some(height);
    }

    fn accuses(&mut self, evidence: &Evidence) {
        let (height, culprit) = (evidence.height(), evidence.culprit());
        let [first, second] = evidence.statements();
        assert_eq!(Evidence::of(second, first).as_ref(), Some(evidence));
        assert!(self.accused.insert((height, culprit)), "{culprit} is accused twice at height {height}");
        self.is_sound(height, evidence);
    }

    /// That what it holds is bounded: by the validators of three heights, not by what was sent.
    pub(in super::super) fn is_bounded(&self) {
        let held = format!("{:?}", self.engine);
        let count = |of: &str| held.matches(of).count();
        let of = |height: Option<u64>| {
            height.and_then(|it| self.engine.set_of(Height(it))).map_or(0, |set| set.len())
        };
        let height = self.engine.height().0;
        let (now, next, past) = (of(Some(height)), of(height.checked_add(1)), of(height.checked_sub(1)));
        // Nine views, a request of each, what it prepared, a decision that waits; of the next height two of each.
        let values = 9 + now + 1 + 1 + 2 * next;
        assert!(count("Value(") <= values, "{} values, at most {values}", count("Value("));
        let views = count("ViewState {");
        assert!(views <= 18, "{views} views, nine of this height and nine of the one before");
        if self.trusting {
            return;
        }
        let most = now.max(next).max(past);
        let lineage = Justification::MAX_LINEAGE * 2 * most;
        let votes = 9 * 2 * (now + past) + now + past;
        let requests = (now + next) * (1 + most + lineage) + past;
        let (own, prepared) = (self.word.of(Height(height)).count(), most + lineage);
        let early = next * (1 + lineage + 2) + 2 * next;
        // What it may propose again stands on one more justification, and what it decided waits.
        let signatures = votes + requests + own + early + 9 * lineage + 2 * prepared + 2 * most;
        let got = count("Signature(");
        assert!(got <= signatures, "{got} signatures, at most {signatures}");
    }
}

/// Where an engine is.
pub(in super::super) const fn place(engine: &Engine) -> (Height, auditmesh_bft::View) {
    (engine.height(), engine.view())
}
