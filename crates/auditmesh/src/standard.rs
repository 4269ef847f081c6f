use std::{collections::BTreeSet, marker::PhantomData};

use auditmesh_attest as attest;
use auditmesh_attest::{Ed25519Signer, MemberAttestor, Membership, MlDsa44Signer};
use auditmesh_bft::{Electorate, Tally, Threshold, TieBreak};
use auditmesh_credit::{Scorebook, weight::DEFAULT_MAX_CREDIT_MICRO};
use auditmesh_drift::TreeDetector;
use auditmesh_event::Sequencer;
use auditmesh_lanes::Lanes;
use auditmesh_merkle::BatchLog;
use auditmesh_metrics::RoundMetrics;
use auditmesh_policy::{RuleSet, anchor_fields, entry_fields};
use auditmesh_types::{Anchor, Batcher, ContractFacts, Facts, MemberId, Origin, Purpose, Signer, Zone};
use thiserror::Error;

use crate::{Assembly, Federation, Member, Participant, Parts};

/// A member that keeps its log in memory; `E` and `P` sign for it, by default with keys in this process.
pub type LocalMember<E = Ed25519Signer, P = MlDsa44Signer> = Member<BatchLog<Lanes>, MemberAttestor<E, P>>;

/// The parts that this workspace brings: members of type `M`, anchored in `A`, batches from `B`.
#[derive(Debug)]
pub struct Standard<M, A, B = Sequencer>(PhantomData<(M, A, B)>);

impl<M: Participant, A: Anchor, B: Batcher> Parts for Standard<M, A, B> {
    type Batcher = B;
    type Member = M;
    type Detector = TreeDetector;
    type Membership = Membership;
    type Certificate = attest::Certificate;
    type Agreement = Tally;
    type Scorer = Scorebook;
    type Observer = RoundMetrics;
    type Policy = RuleSet;
    type Anchor = A;
}

/// What a [`Builder`] gives: a federation of the standard parts, or why there is none.
pub type Built<M, A, B = Sequencer> = Result<Federation<Standard<M, A, B>>, BuildError>;

/// Puts a federation together from the standard parts, with every member in this process.
///
/// `E` and `P` are the members' signers: Ed25519 and ML-DSA-44, here or in another machine.
#[derive(Debug)]
pub struct Builder<E = Ed25519Signer, P = MlDsa44Signer> {
    origin: Origin,
    members: Vec<(Zone, MemberId, E, P)>,
    threshold: Threshold,
    tie_break: TieBreak,
    batch_size: usize,
    sequencer: Sequencer,
    contract: Option<ContractFacts>,
}

impl<E: Signer + 'static, P: Signer + 'static> Builder<E, P> {
    /// A federation that keeps the log `origin`: no member yet, threshold 0.67, 1,000 events a batch, nothing known of the anchor.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            members: Vec::new(),
            threshold: Threshold::at_least_0_67(),
            tie_break: TieBreak::default(),
            batch_size: BatchLog::DEFAULT_LIMIT,
            sequencer: Sequencer::new(),
            contract: None,
        }
    }

    /// Adds a member with its two keys: the operator key signs the log's checkpoints, the cosigner key binds them to its name.
    #[must_use]
    pub fn member(mut self, zone: Zone, id: MemberId, operator: E, cosigner: P) -> Self {
        self.members.push((zone, id, operator, cosigner));
        self
    }

    /// What share of the members must agree.
    #[must_use]
    pub fn threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// Which of several heads with equal weight a report shows as leading. It decides nothing: a tie stays a tie.
    #[must_use]
    pub fn tie_break(mut self, tie_break: TieBreak) -> Self {
        self.tie_break = tie_break;
        self
    }

    /// How many events a batch holds at most.
    #[must_use]
    pub fn batch_size(mut self, events: usize) -> Self {
        self.batch_size = events;
        self
    }

    /// How events are taken in; the builder itself declares the members as the only sources.
    #[must_use]
    pub fn sequencer(mut self, sequencer: Sequencer) -> Self {
        self.sequencer = sequencer;
        self
    }

    /// What is known of the place where heads are anchored; [`auditmesh_anchor::CONTRACT`] for the anchors of this workspace. The policy denies
    /// every anchor as long as nothing is known.
    #[must_use]
    pub fn contract(mut self, facts: ContractFacts) -> Self {
        self.contract = Some(facts);
        self
    }

    /// The federation, anchored in `anchor`.
    ///
    /// # Errors
    /// As [`Builder::build_with`].
    pub fn build<A: Anchor>(self, anchor: A) -> Built<LocalMember<E, P>, A> {
        self.build_with(anchor, |member| member)
    }

    /// The federation, each member replaced by what `wrap` makes of it.
    ///
    /// # Errors
    /// [`BuildError`]: the threshold is unsafe or cannot be live for that many members, a name or key stands twice, a limit is broken.
    pub fn build_with<M: Participant, A: Anchor>(
        self,
        anchor: A,
        wrap: impl Fn(LocalMember<E, P>) -> M,
    ) -> Built<M, A> {
        self.build_ordered(anchor, wrap, |sequencer| sequencer)
    }

    /// As [`Builder::build_with`], with the batches that `order` makes of the sequencer's: such as [`Ordered`](crate::Ordered) ones.
    ///
    /// # Errors
    /// As [`Builder::build_with`].
    pub fn build_ordered<M: Participant, A: Anchor, B: Batcher>(
        self,
        anchor: A,
        wrap: impl Fn(LocalMember<E, P>) -> M,
        order: impl FnOnce(Sequencer) -> B,
    ) -> Built<M, A, B> {
        let count = self.members.len();
        let checked = self.threshold.checked_for(count as u64)?;
        let quorum = usize::try_from(checked.quorum()).unwrap_or(usize::MAX);
        let ids: Vec<MemberId> = self.members.iter().map(|(_, id, ..)| id.clone()).collect();
        let sources: Vec<(Zone, MemberId)> =
            self.members.iter().map(|(zone, id, ..)| (zone.clone(), id.clone())).collect();
        let zones: BTreeSet<&Zone> = sources.iter().map(|(zone, _)| zone).collect();
        let facts = Facts {
            entry: Some(entry_fields()),
            anchor: Some(anchor_fields()),
            purpose: Some(Purpose::Evidence),
            contract: self.contract,
            zones: u32::try_from(zones.len()).ok(),
            tolerates: u32::try_from(checked.faults()).ok(),
        };

        let (mut members, mut enrolled) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (_, id, operator, cosigner) in self.members {
            enrolled.push(attest::Member::new(
                id.clone(),
                &self.origin,
                operator.public_key(),
                cosigner.public_key(),
            )?);
            let attestor = MemberAttestor::new(id.clone(), self.origin.clone(), operator, cosigner)?;
            members.push(wrap(Member::new(
                id,
                BatchLog::with_hasher(Lanes::new()).with_limit(self.batch_size)?,
                attestor,
            )));
        }
        Ok(Federation::new(Assembly {
            batch_size: self.batch_size,
            facts,
            members,
            batcher: order(self.sequencer.with_members(sources)),
            detector: TreeDetector::new(),
            membership: Membership::new(self.origin.clone(), enrolled, quorum)?,
            agreement: Tally::new(Electorate::equal(ids.clone())?, self.threshold, self.tie_break)?,
            scorer: Scorebook::new(ids, DEFAULT_MAX_CREDIT_MICRO)?,
            observer: RoundMetrics::new(),
            policy: RuleSet::house(),
            anchor,
            origin: self.origin,
        })?)
    }
}

/// Why a federation cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The threshold, the electorate or the tie-break.
    #[error(transparent)]
    Count(#[from] auditmesh_bft::Error),
    /// The members or their keys.
    #[error(transparent)]
    Attest(#[from] attest::Error),
    /// The logs.
    #[error(transparent)]
    Log(#[from] auditmesh_merkle::Error),
    /// The scores.
    #[error(transparent)]
    Score(#[from] auditmesh_credit::Error),
    /// The members do not begin with the same log.
    #[error(transparent)]
    Assembly(#[from] crate::AssemblyError),
}
