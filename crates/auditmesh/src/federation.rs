use std::{collections::BTreeMap, error, fmt, sync::Arc, time::Duration};

use auditmesh_types::{
    Agreement, Alert, Anchor, Appended, Attestation, Authority, Ballot, Batch, Batcher, Certifier,
    Commitment, Decision, Detector, DriftReport, MemberId, MemberTree, Millis, Observation, Observer, Origin,
    Policy, Round, Sample, Scorer, Size, Standing, TreeHead, Verdict, Verified,
};
use tracing::{info_span, warn};

use crate::{
    Agreed, Anchored, Apart, Assembly, Error, Failure, Participant, Parts, RoundReport, Step, Watch,
    error::whole,
};

/// Of what one member says in a round, this many statements are counted: two convict it, more add nothing.
const STATEMENTS_A_MEMBER: usize = 2;

/// A federation: its members, and the parts they decide with.
///
/// [`Federation::round`] is the way of one batch, readable from top to bottom.
pub struct Federation<P: Parts> {
    pub(crate) parts: Assembly<P>,
    pub(crate) head: TreeHead,
    pub(crate) round: Round,
    /// The batch that is not agreed on yet, and how many attempts were made at it.
    pub(crate) open: Option<(Arc<Batch>, u32)>,
}

/// What a round returns: `None` when no event waits.
pub type RoundResult<P> = Result<Option<RoundReport<<P as Parts>::Certificate>>, Error<P>>;

impl<P: Parts> Federation<P> {
    /// Takes an event in; it waits for a batch.
    ///
    /// # Errors
    /// [`Error::Batcher`]: the event breaks a limit, repeats, or comes from an unknown source. It leaves no trace then.
    pub fn submit(&mut self, event: <P::Batcher as Batcher>::Event) -> Result<(), Error<P>> {
        self.parts.batcher.push(event).map_err(Error::Batcher)
    }

    /// Does one round: the batch that an undecided round left open, or the next one.
    ///
    /// `now` stands in the statements and in the anchor; `watch` is told when each step ends.
    ///
    /// # Errors
    /// When a shared part fails before anything was agreed; the batch stays open then, so that no member is asked to sign another
    /// root of that size. What members disagree about or fail at is no error but part of the [`RoundReport`].
    pub fn round(&mut self, now: Millis, watch: &mut impl Watch) -> RoundResult<P> {
        let mut course = Course { watch, until_decided: Some(Duration::ZERO), failures: Vec::new() };
        let Some((batch, attempt)) = course.step(Step::Order, |_| self.order()) else { return Ok(None) };
        let _span =
            info_span!("round", round = self.round.0, attempt, events = batch.records.len()).entered();

        let recorded = course.step(Step::Record, |failures| self.record(&batch, failures));
        let drift = course.step(Step::Detect, |failures| self.detect(failures))?;
        let statements = course.step(Step::Attest, |failures| self.attest(now, &drift, failures));
        let decision = course.step(Step::Agree, |_| self.agree(&batch, statements))?;
        let took = course.until_decided;

        let certificate = course.step(Step::Certify, |_| self.certify(&decision))?;
        let shown = decision.agreed().and_then(|head| majority(recorded, head));
        course.step(Step::Settle, |failures| self.settle(&decision, &batch, shown.is_some(), failures));
        let apart = apart(&decision, &drift, &course.failures);
        let standings = course.step(Step::Score, |failures| self.score(&batch, &decision, failures));
        let alerts = course.step(Step::Observe, |_| self.observe(&batch, &decision, &apart, took));

        let agreed = match (certificate, shown) {
            (Some(certificate), Some(Appended { batch_root, pairs, .. })) => {
                let verdict = course.step(Step::Judge, |_| self.judge());
                let anchored = course.step(Step::Anchor, |failures| self.keep(verdict, now, failures));
                Some(Agreed { batch_root, pairs, certificate, anchored })
            }
            _ => None,
        };
        let (round, failures) = (self.round, course.failures);
        Ok(Some(RoundReport {
            round,
            attempt,
            batch,
            drift,
            decision,
            apart,
            agreed,
            standings,
            alerts,
            failures,
        }))
    }

    /// Asks the policy and anchors the head that was agreed last: for a head whose anchor failed.
    ///
    /// # Errors
    /// [`Error::Anchor`].
    pub fn anchor(&mut self, at: Millis) -> Result<Anchored, Error<P>> {
        match self.judge() {
            Verdict::Deny(reasons) => Ok(Anchored::Denied(reasons)),
            Verdict::Allow => self.commit(at).map_err(Error::Anchor),
        }
    }

    fn order(&mut self) -> Option<(Arc<Batch>, u32)> {
        let (batch, attempts) = match self.open.take() {
            Some(open) => open,
            None => (Arc::new(self.parts.batcher.seal(self.parts.batch_size)?), 0),
        };
        self.round = Round(self.round.0 + 1);
        self.open = Some((Arc::clone(&batch), attempts + 1));
        Some((batch, attempts + 1))
    }

    fn record(&mut self, batch: &Batch, failures: &mut Vec<Failure>) -> Vec<Appended> {
        let mut recorded = Vec::with_capacity(self.parts.members.len());
        for member in &mut self.parts.members {
            match member.record(batch) {
                Ok(appended) => recorded.push(appended),
                Err(why) => failures.push(Failure::of(Step::Record, member.id(), &why)),
            }
        }
        recorded
    }

    fn detect(&self, failures: &[Failure]) -> Result<DriftReport, Error<P>> {
        let well = |member: &&P::Member| {
            !failures.iter().any(|failure| failure.member.as_ref() == Some(member.id()))
        };
        let mut trees: Vec<MemberTree<'_>> = Vec::new();
        for member in self.parts.members.iter().filter(well) {
            let (head, nodes) = member.tree();
            trees.push((member.id(), head, nodes));
        }
        if trees.is_empty() {
            return Ok(DriftReport::default());
        }
        let mut drift = self.parts.detector.detect(self.head.size, &trees).map_err(Error::Detector)?;
        let holds = |head: TreeHead| {
            let honest =
                trees.iter().filter(|(id, held, _)| *held == head && !drift.contradicting.contains(id));
            honest.count()
        };
        // Members that failed are not among the trees, but they are members: what most of the rest hold may be held by few.
        drift.reference = drift.reference.filter(|head| 2 * holds(*head) > self.parts.members.len());
        Ok(drift)
    }

    fn attest(&mut self, now: Millis, drift: &DriftReport, failures: &mut Vec<Failure>) -> Vec<Attestation> {
        let mut statements = Vec::new();
        for member in &mut self.parts.members {
            if failures.iter().any(|failure| failure.member.as_ref() == Some(member.id())) {
                continue;
            }
            match member.attest(self.round, now, drift) {
                Ok(said) => statements.extend(said.into_iter().take(STATEMENTS_A_MEMBER)),
                Err(why) => failures.push(Failure::of(Step::Attest, member.id(), &why)),
            }
        }
        statements
    }

    fn agree(&self, batch: &Batch, statements: Vec<Attestation>) -> Result<Decision, Error<P>> {
        let check = |statement: Attestation| {
            let member = statement.member.clone();
            self.parts.membership.verify(statement).map_or_else(
                |why| {
                    warn!(%member, %why, "statement refused");
                    Ballot::Refused { member: member.clone() }
                },
                Ballot::Valid,
            )
        };
        let ballots: Vec<Ballot> = statements.into_iter().map(check).collect();
        let size = Size(self.head.size.0 + batch.records.len() as u64);
        self.parts.agreement.decide(self.round, size, &ballots).map_err(Error::Agreement)
    }

    fn certify(&self, decision: &Decision) -> Result<Option<Verified<P::Certificate>>, Error<P>> {
        let Some(_) = decision.agreed() else { return Ok(None) };
        self.parts.membership.certify(&decision.agreeing).map(Some).map_err(Error::Membership)
    }

    /// Ends the round for every member. The log moves on only when some member `shown` its way to the agreed head: what a lying quorum
    /// signed and nobody has is no log.
    fn settle(&mut self, decision: &Decision, batch: &Batch, shown: bool, failures: &mut Vec<Failure>) {
        let agreed = decision.agreed();
        for member in &mut self.parts.members {
            if let Err(why) = member.settle(agreed, batch) {
                failures.push(Failure::of(Step::Settle, member.id(), &why));
            }
        }
        if let Some(head) = agreed.filter(|_| shown) {
            (self.head, self.open) = (head, None);
        }
    }

    /// Scores a decided round. In an undecided one nobody can be blamed or praised.
    fn score(&mut self, batch: &Batch, decision: &Decision, failures: &mut Vec<Failure>) -> Vec<Standing> {
        let Some(_) = decision.agreed() else { return Vec::new() };
        let stored_bytes = batch.records.iter().map(|record| record.entry.len() as u64).sum();
        let observe = |member: &P::Member| {
            let agreed = decision.agreeing.iter().any(|said| said.member == *member.id());
            Observation {
                member: member.id().clone(),
                proofs: if agreed { batch.records.len() as u64 } else { 0 },
                stored_bytes,
                took_part: !decision.absent.contains(member.id()),
                agreed,
            }
        };
        let observed: Vec<Observation> = self.parts.members.iter().map(observe).collect();
        self.parts.scorer.score(self.round, &observed).unwrap_or_else(|why| {
            failures.push(Failure { step: Step::Score, member: None, why: whole(&why) });
            Vec::new()
        })
    }

    fn observe(
        &mut self,
        batch: &Batch,
        decision: &Decision,
        apart: &[(MemberId, Apart)],
        took: Option<Duration>,
    ) -> Vec<Alert> {
        let otherwise =
            |why: &Apart| matches!(why, Apart::OtherHead | Apart::Equivocated | Apart::BadSignature);
        self.parts.observer.observe(&Sample {
            round: self.round,
            proofs: decision.agreed().map_or(0, |_| batch.records.len() as u64),
            took_us: took.and_then(|took| u64::try_from(took.as_micros()).ok()),
            agree: decision.ratio,
            dissent: apart.iter().filter(|(_, why)| otherwise(why)).count() as u64,
            queue_depth: self.parts.batcher.depth() as u64,
        })
    }

    fn judge(&self) -> Verdict {
        self.parts.policy.judge(&self.parts.facts)
    }

    fn keep(&mut self, verdict: Verdict, at: Millis, failures: &mut Vec<Failure>) -> Anchored {
        if let Verdict::Deny(reasons) = verdict {
            return Anchored::Denied(reasons);
        }
        self.commit(at).unwrap_or_else(|why| {
            failures.push(Failure { step: Step::Anchor, member: None, why: whole(&why) });
            Anchored::Failed
        })
    }

    fn commit(&mut self, at: Millis) -> Result<Anchored, <P::Anchor as Anchor>::Error> {
        let (origin, head) = (self.parts.origin.clone(), self.head);
        let commitment = Commitment { origin, head, statement: self.parts.membership.statement(head), at };
        let receipt = self.parts.anchor.commit(&commitment)?;
        self.parts.anchor.check(&receipt, &commitment)?;
        Ok(Anchored::Kept(receipt))
    }
}

impl<P: Parts> Federation<P> {
    /// The log's origin.
    pub fn origin(&self) -> &Origin {
        &self.parts.origin
    }

    /// The head that was agreed last.
    pub fn head(&self) -> TreeHead {
        self.head
    }

    /// The members.
    pub fn members(&self) -> &[P::Member] {
        &self.parts.members
    }

    /// Who may speak, and how many of them make a quorum.
    pub fn membership(&self) -> &P::Membership {
        &self.parts.membership
    }

    /// What was measured.
    pub fn observer(&self) -> &P::Observer {
        &self.parts.observer
    }

    /// What members earned.
    pub fn scorer(&self) -> &P::Scorer {
        &self.parts.scorer
    }

    /// What waits to be ordered.
    pub fn batcher(&self) -> &P::Batcher {
        &self.parts.batcher
    }

    /// The same, to move its clock limit or to take events in another way.
    pub fn batcher_mut(&mut self) -> &mut P::Batcher {
        &mut self.parts.batcher
    }

    /// What members earned, to correct trust by hand or to hand allocations out.
    pub fn scorer_mut(&mut self) -> &mut P::Scorer {
        &mut self.parts.scorer
    }
}

impl<P: Parts> fmt::Debug for Federation<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<&MemberId> = self.parts.members.iter().map(Participant::id).collect();
        let mut out = f.debug_struct("Federation");
        out.field("origin", &self.parts.origin).field("members", &members);
        out.field("head", &self.head).field("round", &self.round).finish_non_exhaustive()
    }
}

impl Failure {
    fn of(step: Step, member: &MemberId, why: &dyn error::Error) -> Self {
        warn!(%member, %step, %why, "member failed");
        Self { step, member: Some(member.clone()), why: whole(why) }
    }
}

/// What goes along with a round: how long it took until the decision, and what failed on the way.
struct Course<'a, W> {
    watch: &'a mut W,
    until_decided: Option<Duration>,
    failures: Vec<Failure>,
}

impl<W: Watch> Course<'_, W> {
    fn step<T>(&mut self, step: Step, work: impl FnOnce(&mut Vec<Failure>) -> T) -> T {
        let result = info_span!("step", name = step.name()).in_scope(|| work(&mut self.failures));
        let lap = self.watch.lap(step);
        self.until_decided = self.until_decided.zip(lap).map(|(sum, lap)| sum.saturating_add(lap));
        result
    }
}

/// What most of those who recorded `head` say became of the batch. Those who agreed are a quorum, so most of them are honest.
fn majority(recorded: Vec<Appended>, head: TreeHead) -> Option<Appended> {
    let mut said: Vec<(usize, Appended)> = Vec::new();
    for appended in recorded.into_iter().filter(|appended| appended.head == head) {
        match said.iter_mut().find(|(_, other)| *other == appended) {
            Some((times, _)) => *times += 1,
            None => said.push((1, appended)),
        }
    }
    said.into_iter().max_by_key(|(times, _)| *times).map(|(_, appended)| appended)
}

/// Who does not stand behind the leading head, and the gravest reason for each.
fn apart(decision: &Decision, drift: &DriftReport, failures: &[Failure]) -> Vec<(MemberId, Apart)> {
    let mut apart = BTreeMap::new();
    let failed = |member: &MemberId| failures.iter().any(|failure| failure.member.as_ref() == Some(member));
    for member in &decision.absent {
        let why = match drift {
            _ if failed(member) => Apart::Failed,
            drift if drift.contradicting.contains(member) => Apart::Contradicts,
            drift if drift.of(member).is_some() => Apart::Drifted,
            drift if drift.reference.is_none() => Apart::NoMajority,
            _ => Apart::Silent,
        };
        apart.insert(member.clone(), why);
    }
    let agrees = |member: &MemberId| decision.agreeing.iter().any(|said| said.member == *member);
    for member in decision.bad_signatures.iter().filter(|member| !agrees(member)) {
        apart.insert(member.clone(), Apart::BadSignature);
    }
    apart.extend(decision.dissenting.iter().map(|member| (member.clone(), Apart::OtherHead)));
    apart.extend(decision.equivocators.iter().map(|found| (found.member.clone(), Apart::Equivocated)));
    apart.into_iter().collect()
}
