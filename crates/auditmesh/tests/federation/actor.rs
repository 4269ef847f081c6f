use std::{cell::RefCell, rc::Rc};

use auditmesh::{
    LocalMember, MemberError, Participant, attest, merkle,
    merkle::Tree,
    types::{
        Appended, Attestation, Attestor, Batch, Digest, DriftReport, Log, MemberId, Millis, Nodes, Round,
        Scheme, TreeHead,
    },
};

use super::{NAMES, id, local_member};

/// What a member does wrong in one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    Honest,
    /// It says nothing.
    Silent,
    /// It logs something that nobody else has, and as an honest member abstains.
    Drift,
    /// It logs something else, the same as all who do this, and signs that.
    DriftAndSign,
    /// It shows the right tree, signs another root of that size, and does not mind if that is agreed.
    SignOther,
    /// Its signature is changed in one place.
    BadSignature,
    /// It signs the right head and another root of that size.
    Equivocate,
    /// It sends its own statement in the name of this member beside its own.
    InNameOf(&'static str),
    /// It sends the statement of somebody who is no member beside its own.
    Stranger,
    /// It names another round than the one that runs.
    OtherRound,
    /// It sends what the others said in earlier rounds once more, as of this round, after its own.
    Replay,
    /// It does so before its own.
    ReplayFirst,
    /// It shows a head that its tree does not have.
    TreeContradicts,
    /// It logs the right batch and gives back another batch root and other leaf hashes.
    Misreport,
    /// Its log refuses the batch.
    LogRefuses,
    /// Its key does not answer.
    KeyOutOfReach,
    /// It cannot make the agreed batch durable.
    CannotSettle,
}

/// What was done, in the order in which it was done.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    /// The member staged a batch.
    Recorded(MemberId),
    /// The member's tree was looked at.
    Shown(MemberId),
    /// The member was told of drift and said this.
    Said(MemberId, DriftReport, Vec<Attestation>),
    /// The member was told what was agreed.
    Settled(MemberId, Option<TreeHead>),
}

/// All calls of all members.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal(Rc<RefCell<Vec<Call>>>);

impl Journal {
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.0.borrow().clone()
    }

    /// What `member` said over all rounds.
    pub(crate) fn said_by(&self, member: &str) -> Vec<Attestation> {
        let said = |call: Call| match call {
            Call::Said(who, _, statements) if who == id(member) => statements,
            _ => Vec::new(),
        };
        self.calls().into_iter().flat_map(said).collect()
    }

    fn note(&self, call: Call) {
        self.0.borrow_mut().push(call);
    }
}

/// An honest member that acts by a plan: fault `n` in the `n`th round it takes part in, honest once the plan is over.
#[derive(Debug)]
pub(crate) struct Actor {
    inner: LocalMember,
    plan: Vec<Fault>,
    turn: usize,
    journal: Journal,
}

pub(crate) type ActorError = MemberError<merkle::Error, attest::Error>;

impl Actor {
    pub(crate) fn new(plan: Vec<Fault>, inner: LocalMember, journal: Journal) -> Self {
        Self { inner, plan, turn: 0, journal }
    }

    /// Its tree, staged leaves included.
    pub(crate) fn log_tree(&self) -> &Tree<auditmesh::lanes::Lanes> {
        self.inner.log().tree()
    }

    /// The head of what it committed.
    pub(crate) fn committed(&self) -> TreeHead {
        self.inner.log().head()
    }

    fn fault(&self) -> Fault {
        self.turn.checked_sub(1).and_then(|turn| self.plan.get(turn)).copied().unwrap_or(Fault::Honest)
    }

    fn say(
        &mut self,
        round: Round,
        now: Millis,
        drift: &DriftReport,
    ) -> Result<Vec<Attestation>, ActorError> {
        let head = self.inner.tree().0;
        let other = TreeHead { root: Digest([0xee; 32]), ..head };
        let sign = |head| self.inner.attestor().attest(round, head, now).unwrap();
        Ok(match self.fault() {
            Fault::Silent => Vec::new(),
            Fault::DriftAndSign => vec![sign(head)],
            Fault::SignOther => vec![sign(other)],
            Fault::BadSignature => {
                let own = sign(head);
                vec![Attestation { signed: spoiled(own.signed), ..own }]
            }
            Fault::Equivocate => vec![sign(other), sign(head)],
            Fault::InNameOf(victim) => vec![Attestation { member: id(victim), ..sign(head) }, sign(head)],
            Fault::Stranger => {
                let stranger = local_member("XX-9", super::empty_log());
                vec![stranger.attestor().attest(round, head, now).unwrap(), sign(head)]
            }
            Fault::OtherRound => vec![Attestation { round: Round(round.0 + 1), ..sign(head) }],
            Fault::Replay | Fault::ReplayFirst => {
                let others = NAMES.iter().filter(|name| id(name) != *self.inner.id());
                let old = others.flat_map(|name| self.journal.said_by(name));
                let old = old.filter(|said| said.round < round && said.head.size < head.size);
                let old = old.map(|said| Attestation { round, ..said });
                match self.fault() {
                    Fault::Replay => [sign(head)].into_iter().chain(old).collect(),
                    _ => old.chain([sign(head)]).collect(),
                }
            }
            Fault::KeyOutOfReach => {
                return Err(MemberError::Attestor(attest::Error::LocalSigning { scheme: Scheme::MlDsa44 }));
            }
            _ => self.inner.attest(round, now, drift)?,
        })
    }
}

impl Participant for Actor {
    type Error = ActorError;

    fn id(&self) -> &MemberId {
        self.inner.id()
    }

    fn record(&mut self, batch: &Batch) -> Result<Appended, ActorError> {
        self.turn += 1;
        self.journal.note(Call::Recorded(self.id().clone()));
        match self.fault() {
            Fault::Drift => self.inner.record(&altered(batch, self.id().as_str())),
            Fault::DriftAndSign => self.inner.record(&altered(batch, "conspiracy")),
            Fault::LogRefuses => Err(MemberError::Log(merkle::Error::MisuseEmptyBatch)),
            Fault::Misreport => {
                let truth = self.inner.record(batch)?;
                let pairs = truth.pairs.into_iter().map(|(id, _)| (id, Digest([0xee; 32]))).collect();
                Ok(Appended { head: truth.head, batch_root: Digest([0xee; 32]), pairs })
            }
            _ => self.inner.record(batch),
        }
    }

    fn tree(&self) -> (TreeHead, &dyn Nodes) {
        self.journal.note(Call::Shown(self.id().clone()));
        let (head, nodes) = self.inner.tree();
        match self.fault() {
            Fault::TreeContradicts => (TreeHead { root: Digest([0xee; 32]), ..head }, nodes),
            _ => (head, nodes),
        }
    }

    fn attest(
        &mut self,
        round: Round,
        now: Millis,
        drift: &DriftReport,
    ) -> Result<Vec<Attestation>, ActorError> {
        let said = self.say(round, now, drift);
        let statements = said.as_ref().map_or(Vec::new(), Clone::clone);
        self.journal.note(Call::Said(self.id().clone(), drift.clone(), statements));
        said
    }

    fn settle(&mut self, agreed: Option<TreeHead>, batch: &Batch) -> Result<(), ActorError> {
        self.journal.note(Call::Settled(self.id().clone(), agreed));
        match self.fault() {
            Fault::CannotSettle => Err(MemberError::Log(merkle::Error::MisuseEmptyBatch)),
            Fault::SignOther if agreed.is_some_and(|head| head.root == Digest([0xee; 32])) => {
                self.inner.settle(None, batch)
            }
            _ => self.inner.settle(agreed, batch),
        }
    }
}

/// The batch with more bytes in its last entry.
fn altered(batch: &Batch, more: &str) -> Batch {
    let mut batch = batch.clone();
    batch.records.last_mut().unwrap().entry.extend_from_slice(more.as_bytes());
    batch
}

/// The note with another base64 digit in the middle of its last signature.
fn spoiled(mut signed: Vec<u8>) -> Vec<u8> {
    let at = signed.len() - 100;
    signed[at] = if signed[at] == b'A' { b'B' } else { b'A' };
    signed
}
