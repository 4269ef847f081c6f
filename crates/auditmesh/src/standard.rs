use std::{collections::BTreeSet, marker::PhantomData};

use auditmesh_attest as attest;
use auditmesh_attest::{Ed25519Signer, MemberAttestor, Membership, MlDsa44Signer};
use auditmesh_bft::{Electorate, Tally, Threshold, TieBreak};
use auditmesh_credit::{Scorebook, weight::DEFAULT_MAX_CREDIT_MICRO};
use auditmesh_drift::TreeDetector;
use auditmesh_event::Sequencer;
use auditmesh_merkle::BatchLog;
use auditmesh_metrics::RoundMetrics;
use auditmesh_policy::{RuleSet, anchor_fields, entry_fields};
use auditmesh_types::{Anchor, ContractFacts, Facts, MemberId, Origin, Purpose, Signer, Zone};
use thiserror::Error;

use crate::{Assembly, Federation, Member, Participant, Parts};

/// A member that keeps its log in memory and its keys in this process.
pub type LocalMember = Member<BatchLog, MemberAttestor<Ed25519Signer, MlDsa44Signer>>;

/// The parts that this workspace brings: members of type `M`, anchored in `A`.
#[derive(Debug)]
pub struct Standard<M, A>(PhantomData<(M, A)>);

impl<M: Participant, A: Anchor> Parts for Standard<M, A> {
    type Batcher = Sequencer;
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

/// Puts a federation together from the standard parts, with every member in this process.
#[derive(Debug)]
pub struct Builder {
    origin: Origin,
    members: Vec<(Zone, MemberId, Ed25519Signer, MlDsa44Signer)>,
    threshold: Threshold,
    tie_break: TieBreak,
    batch_size: usize,
    sequencer: Sequencer,
}

impl Builder {
    /// A federation that keeps the log `origin`: no member yet, threshold 0.67, 1,000 events a batch.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            members: Vec::new(),
            threshold: Threshold::at_least_0_67(),
            tie_break: TieBreak::default(),
            batch_size: BatchLog::DEFAULT_LIMIT,
            sequencer: Sequencer::new(),
        }
    }

    /// Adds a member with its two keys: the operator key signs the log's checkpoints, the cosigner key binds them to its name.
    #[must_use]
    pub fn member(
        mut self,
        zone: Zone,
        id: MemberId,
        operator: Ed25519Signer,
        cosigner: MlDsa44Signer,
    ) -> Self {
        self.members.push((zone, id, operator, cosigner));
        self
    }

    /// What share of the members must agree.
    #[must_use]
    pub fn threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// Which of several heads with equal weight is proposed again.
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

    /// The federation, anchored in `anchor`.
    ///
    /// # Errors
    /// As [`Builder::build_with`].
    pub fn build<A: Anchor>(self, anchor: A) -> Result<Federation<Standard<LocalMember, A>>, BuildError> {
        self.build_with(anchor, |member| member)
    }

    /// The federation, each member replaced by what `wrap` makes of it.
    ///
    /// # Errors
    /// [`BuildError`]: the threshold is unsafe or cannot be live for that many members, a name or key stands twice, a limit is broken.
    pub fn build_with<M: Participant, A: Anchor>(
        self,
        anchor: A,
        wrap: impl Fn(LocalMember) -> M,
    ) -> Result<Federation<Standard<M, A>>, BuildError> {
        let count = self.members.len();
        let checked = self.threshold.checked_for(count as u64)?;
        let quorum = usize::try_from(checked.quorum()).unwrap_or(usize::MAX);
        let ids: Vec<MemberId> = self.members.iter().map(|(_, id, ..)| id.clone()).collect();
        let sources: Vec<(Zone, MemberId)> =
            self.members.iter().map(|(zone, id, ..)| (zone.clone(), id.clone())).collect();
        let zones: BTreeSet<&Zone> = sources.iter().map(|(zone, _)| zone).collect();
        let facts = house_facts(zones.len(), checked.faults());

        let (mut members, mut enrolled) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (_, id, operator, cosigner) in self.members {
            enrolled.push(attest::Member::new(
                id.clone(),
                &self.origin,
                operator.public_key(),
                cosigner.public_key(),
            )?);
            let attestor = MemberAttestor::new(id.clone(), self.origin.clone(), operator, cosigner)?;
            members.push(wrap(Member::new(id, BatchLog::new().with_limit(self.batch_size)?, attestor)));
        }
        Ok(Federation::new(Assembly {
            batch_size: self.batch_size,
            facts,
            members,
            batcher: self.sequencer.with_members(sources),
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

/// What the house itself knows for its policy: the fields of its entry and its anchor, and an anchor that keeps hashes only.
#[must_use]
pub fn house_facts(zones: usize, tolerates: u64) -> Facts {
    let contract =
        ContractFacts { stores_balances: false, accepts_value: false, transfers: false, hash_only: true };
    Facts {
        entry: Some(entry_fields()),
        anchor: Some(anchor_fields()),
        purpose: Some(Purpose::Evidence),
        contract: Some(contract),
        zones: u32::try_from(zones).ok(),
        tolerates: u32::try_from(tolerates).ok(),
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
