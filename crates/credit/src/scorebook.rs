use alloc::{
    collections::{BTreeMap, btree_map::Entry},
    vec::Vec,
};

use auditmesh_types::{MemberId, Observation, Round, Scorer, Standing};

use crate::{
    AllocationChain, AllocationReceipt, Contribution, Error, Trust, TrustChange, ranking,
    record::Record,
    weight::{check_max, governance_weight_ppm},
};

/// Scores the members of a federation, round by round.
///
/// For each member it counts proofs, stored bytes, statements and agreed statements. Accuracy is agreed statements over
/// statements made (0 where none was made), participation is statements over rounds, storage is whole thousandths of 10^9
/// bytes; all rounded down. A round moves trust by +2 (agreed), −5 (made a statement that was not the agreed one) or −3
/// (made none, or was not observed), and appends one allocation a member to the chain, by name.
///
/// Governance weight never replaces the count of a Byzantine quorum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scorebook {
    max_credit_micro: u128,
    records: BTreeMap<MemberId, Record>,
    rounds: u64,
    last: Option<Round>,
    chain: AllocationChain,
    receipts: Vec<AllocationReceipt>,
}

impl Scorebook {
    /// The most members of a book.
    pub const MAX_MEMBERS: usize = 1000;

    /// A book for `members`, in which `max_credit_micro` of credit gives full governance weight
    /// ([`crate::weight::DEFAULT_MAX_CREDIT_MICRO`] unless the federation agreed on another).
    ///
    /// # Errors
    /// [`Error::MisuseMaxCredit`], [`Error::MisuseMemberCount`], [`Error::MisuseDuplicateMember`].
    pub fn new(members: impl IntoIterator<Item = MemberId>, max_credit_micro: u128) -> Result<Self, Error> {
        check_max(max_credit_micro)?;
        let mut records = BTreeMap::new();
        for member in members {
            if records.len() == Self::MAX_MEMBERS {
                return Err(Error::MisuseMemberCount { got: Self::MAX_MEMBERS + 1, max: Self::MAX_MEMBERS });
            }
            match records.entry(member) {
                Entry::Vacant(slot) => slot.insert(Record::default()),
                Entry::Occupied(slot) => {
                    return Err(Error::MisuseDuplicateMember { member: slot.key().clone() });
                }
            };
        }
        if records.is_empty() {
            return Err(Error::MisuseMemberCount { got: 0, max: Self::MAX_MEMBERS });
        }
        let (chain, receipts) = (AllocationChain::default(), Vec::new());
        Ok(Self { max_credit_micro, records, rounds: 0, last: None, chain, receipts })
    }

    /// Every member's standing, best first.
    ///
    /// # Errors
    /// None that a book made by [`Scorebook::new`] can run into; the arithmetic it rests on checks its input once more.
    pub fn standings(&self) -> Result<Vec<Standing>, Error> {
        standings(&self.records, self.rounds, self.max_credit_micro)
    }

    /// What `member` has contributed so far, if it is in the book.
    #[must_use]
    pub fn contribution(&self, member: &MemberId) -> Option<Contribution> {
        self.records.get(member).map(|record| record.contribution(self.rounds))
    }

    /// How far `member` is trusted, if it is in the book.
    #[must_use]
    pub fn trust(&self, member: &MemberId) -> Option<Trust> {
        self.records.get(member).map(|record| record.trust)
    }

    /// Moves the trust of `member` for what happened outside a round: a sync, inactivity, a person's word.
    ///
    /// # Errors
    /// [`Error::MisuseUnknownMember`].
    pub fn adjust(&mut self, member: &MemberId, change: TrustChange) -> Result<Trust, Error> {
        let unknown = || Error::MisuseUnknownMember { member: member.clone() };
        let record = self.records.get_mut(member).ok_or_else(unknown)?;
        record.trust = record.trust.apply(change);
        Ok(record.trust)
    }

    /// How many rounds were scored.
    #[must_use]
    pub const fn rounds(&self) -> u64 {
        self.rounds
    }

    /// The allocations of all rounds, except those that were released.
    #[must_use]
    pub const fn chain(&self) -> &AllocationChain {
        &self.chain
    }

    /// Hands out the allocations held so far, to be stored elsewhere; see [`AllocationChain::release`].
    pub fn release(&mut self) -> Vec<crate::Allocation> {
        self.chain.release()
    }

    /// The receipts of the last round, by member name.
    #[must_use]
    pub fn receipts(&self) -> &[AllocationReceipt] {
        &self.receipts
    }

    /// The observations by member, each checked.
    fn sort<'a>(
        &self,
        observed: &'a [Observation],
    ) -> Result<BTreeMap<&'a MemberId, &'a Observation>, Error> {
        let mut sorted = BTreeMap::new();
        for seen in observed {
            let member = &seen.member;
            if !self.records.contains_key(member) {
                return Err(Error::MisuseUnknownMember { member: member.clone() });
            }
            if seen.agreed && !seen.took_part {
                return Err(Error::MisuseAgreedUnheard { member: member.clone() });
            }
            if sorted.insert(member, seen).is_some() {
                return Err(Error::MisuseObservedTwice { member: member.clone() });
            }
        }
        Ok(sorted)
    }
}

impl Scorer for Scorebook {
    type Error = Error;

    /// Takes in a round. A member that is not among `observed` was silent.
    ///
    /// # Errors
    /// [`Error::MisuseRoundRepeated`], [`Error::MisuseUnknownMember`], [`Error::MisuseObservedTwice`],
    /// [`Error::MisuseAgreedUnheard`], [`Error::LocalOverflow`]. Nothing changes then.
    fn score(&mut self, round: Round, observed: &[Observation]) -> Result<Vec<Standing>, Error> {
        if let Some(last) = self.last.filter(|last| round <= *last) {
            return Err(Error::MisuseRoundRepeated { got: round, last });
        }
        let observed = self.sort(observed)?;
        // One round is one call, so 2^64 of them are out of reach.
        let rounds = self.rounds.saturating_add(1);
        let mut records = BTreeMap::new();
        for (member, record) in &self.records {
            records.insert(member.clone(), record.after(member, observed.get(member).copied())?);
        }
        let standings = standings(&records, rounds, self.max_credit_micro)?;
        let by_name: BTreeMap<_, _> = standings.iter().map(|standing| (&standing.member, standing)).collect();
        let (mut added, mut receipts) = (self.chain.successor(), Vec::with_capacity(by_name.len()));
        for (member, standing) in by_name {
            receipts.push(added.append(round, member.clone(), standing.credit_micro, standing.weight_ppm)?);
        }
        self.chain.join(added);
        (self.records, self.rounds, self.last, self.receipts) = (records, rounds, Some(round), receipts);
        Ok(standings)
    }
}

fn standings(records: &BTreeMap<MemberId, Record>, rounds: u64, max: u128) -> Result<Vec<Standing>, Error> {
    let mut credits = BTreeMap::new();
    for (member, record) in records {
        credits.insert(member.clone(), record.contribution(rounds).proof_credit()?);
    }
    let places = ranking(&credits).into_iter();
    let standing = |place: crate::Place| {
        let weight_ppm = governance_weight_ppm(place.credit_micro, max)?;
        let trust = records.get(&place.member).map_or(Trust::START, |record| record.trust).score();
        let crate::Place { rank, member, credit_micro } = place;
        Ok(Standing { member, rank, credit_micro, weight_ppm, trust })
    };
    places.map(standing).collect()
}
