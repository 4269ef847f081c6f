use std::{collections::BTreeMap, fmt, mem, time::Duration};

use auditmesh_types::{
    Agreement, Alert, Anchor, Appended, Attestation, Authority, Ballot, Batch, Batcher, Certifier,
    Commitment, Decision, Detector, DriftReport, MemberId, MemberTree, Millis, Observation, Observer, Origin,
    Policy, Receipt, Round, Sample, Scorer, Standing, TreeHead, Verdict, Verified,
};
use tracing::{info_span, warn};

use crate::{Agreed, Apart, Assembly, Error, Participant, Parts, RoundReport, Step, Watch};

/// A federation: its members, and the parts they decide with.
///
/// [`Federation::round`] is the way of one batch, readable from top to bottom.
pub struct Federation<P: Parts> {
    pub(crate) parts: Assembly<P>,
    pub(crate) head: TreeHead,
    pub(crate) round: Round,
    pub(crate) open: Option<(Batch, u32)>,
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
    /// When a part fails; what members disagree about is no error but a [`RoundReport`].
    pub fn round(&mut self, now: Millis, watch: &mut impl Watch) -> RoundResult<P> {
        let mut laps = Laps { watch, until_decided: Some(Duration::ZERO) };
        let Some((batch, attempt)) = laps.step(Step::Order, || Ok(self.order()))? else { return Ok(None) };

        let recorded = laps.step(Step::Record, || self.record(&batch))?;
        let drift = laps.step(Step::Detect, || self.detect())?;
        let statements = laps.step(Step::Attest, || self.attest(now, &drift))?;
        let decision = laps.step(Step::Agree, || self.agree(statements))?;
        let took = laps.until_decided;

        let certificate = laps.step(Step::Certify, || self.certify(&decision))?;
        laps.step(Step::Settle, || self.settle(&decision, &batch, attempt))?;
        let apart = apart(&decision, &drift);
        let standings = laps.step(Step::Score, || self.score(&batch, &decision))?;
        let alerts = laps.step(Step::Observe, || Ok(self.observe(&batch, &decision, &apart, took)))?;

        let agreed = match (certificate, recorded.into_iter().find(|log| Some(log.head) == decision.agreed()))
        {
            (Some(certificate), Some(log)) => {
                let verdict = laps.step(Step::Judge, || Ok(self.judge()))?;
                let receipt = laps.step(Step::Anchor, || self.commit(&verdict, log.head, now))?;
                Some(Agreed { batch_root: log.batch_root, pairs: log.pairs, certificate, verdict, receipt })
            }
            _ => None,
        };
        Ok(Some(RoundReport {
            round: self.round,
            attempt,
            batch,
            drift,
            decision,
            apart,
            agreed,
            standings,
            alerts,
        }))
    }

    fn order(&mut self) -> Option<(Batch, u32)> {
        let (batch, attempt) = match self.open.take() {
            Some((batch, attempts)) => (batch, attempts + 1),
            None => (self.parts.batcher.seal(self.parts.batch_size)?, 1),
        };
        self.round = Round(self.round.0 + 1);
        Some((batch, attempt))
    }

    fn record(&mut self, batch: &Batch) -> Result<Vec<Appended>, Error<P>> {
        let stage =
            |member: &mut P::Member| member.record(batch).map_err(|why| Error::member(member.id(), why));
        self.parts.members.iter_mut().map(stage).collect()
    }

    fn detect(&self) -> Result<DriftReport, Error<P>> {
        let trees: Vec<MemberTree<'_>> =
            self.parts.members.iter().map(|m| (m.id(), m.tree().0, m.tree().1)).collect();
        self.parts.detector.detect(self.head.size, &trees).map_err(Error::Detector)
    }

    fn attest(&self, now: Millis, drift: &DriftReport) -> Result<Vec<Attestation>, Error<P>> {
        let mut statements = Vec::new();
        for member in &self.parts.members {
            let said =
                member.attest(self.round, now, drift).map_err(|why| Error::member(member.id(), why))?;
            statements.extend(said);
        }
        Ok(statements)
    }

    fn agree(&self, statements: Vec<Attestation>) -> Result<Decision, Error<P>> {
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
        self.parts.agreement.decide(self.round, &ballots).map_err(Error::Agreement)
    }

    fn certify(&self, decision: &Decision) -> Result<Option<Verified<P::Certificate>>, Error<P>> {
        let Some(_) = decision.agreed() else { return Ok(None) };
        self.parts.membership.certify(&decision.agreeing).map(Some).map_err(Error::Membership)
    }

    fn settle(&mut self, decision: &Decision, batch: &Batch, attempt: u32) -> Result<(), Error<P>> {
        let agreed = decision.agreed();
        for member in &mut self.parts.members {
            member.settle(agreed, batch).map_err(|why| Error::member(member.id(), why))?;
        }
        match agreed {
            Some(head) => self.head = head,
            None => self.open = Some((batch.clone(), attempt)),
        }
        Ok(())
    }

    /// Scores a decided round. In an undecided one nobody can be blamed or praised.
    fn score(&mut self, batch: &Batch, decision: &Decision) -> Result<Vec<Standing>, Error<P>> {
        let Some(_) = decision.agreed() else { return Ok(Vec::new()) };
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
        self.parts.scorer.score(self.round, &observed).map_err(Error::Scorer)
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

    fn commit(&mut self, verdict: &Verdict, head: TreeHead, at: Millis) -> Result<Option<Receipt>, Error<P>> {
        if *verdict != Verdict::Allow {
            return Ok(None);
        }
        let statement = self.parts.membership.statement(head);
        let commitment = Commitment { origin: self.parts.origin.clone(), head, statement, at };
        let receipt = self.parts.anchor.commit(&commitment).map_err(Error::Anchor)?;
        self.parts.anchor.check(&receipt, &commitment).map_err(Error::Anchor)?;
        Ok(Some(receipt))
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
}

impl<P: Parts> fmt::Debug for Federation<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<&MemberId> = self.parts.members.iter().map(Participant::id).collect();
        let mut out = f.debug_struct("Federation");
        out.field("origin", &self.parts.origin).field("members", &members);
        out.field("head", &self.head).field("round", &self.round).finish_non_exhaustive()
    }
}

/// Runs steps in their spans and adds up the time until the decision.
struct Laps<'a, W> {
    watch: &'a mut W,
    until_decided: Option<Duration>,
}

impl<W: Watch> Laps<'_, W> {
    fn step<T, E>(&mut self, step: Step, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let result = info_span!("step", name = step.name()).in_scope(work)?;
        let lap = self.watch.lap(step);
        self.until_decided = mem::take(&mut self.until_decided).zip(lap).map(|(sum, lap)| sum + lap);
        Ok(result)
    }
}

/// Who does not stand behind the leading head, and the gravest reason for each.
fn apart(decision: &Decision, drift: &DriftReport) -> Vec<(MemberId, Apart)> {
    let mut apart = BTreeMap::new();
    for member in &decision.absent {
        let drifted = drift.of(member).is_some() || drift.reference.is_none();
        apart.insert(member.clone(), if drifted { Apart::Drifted } else { Apart::Silent });
    }
    let agrees = |member: &MemberId| decision.agreeing.iter().any(|said| said.member == *member);
    for member in decision.bad_signatures.iter().filter(|member| !agrees(member)) {
        apart.insert(member.clone(), Apart::BadSignature);
    }
    apart.extend(decision.dissenting.iter().map(|member| (member.clone(), Apart::OtherHead)));
    apart.extend(decision.equivocators.iter().map(|found| (found.member.clone(), Apart::Equivocated)));
    apart.into_iter().collect()
}
