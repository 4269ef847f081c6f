use std::{fmt, sync::Arc};

use arc_malachitebft_core_types as core;
use auditmesh_bft::{Height, Rotation, Settings, Validator, ValidatorSet, Value, ValueId, View};
use auditmesh_types::{Digest, MemberId};
use core::{NilOrVal, Round, VoteType};

use crate::{Ballot, Offer, Sealing};

/// Our values in the places that Malachite leaves open.
#[derive(Debug, Clone)]
pub struct Context {
    rotation: Arc<dyn Rotation>,
}

impl Context {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { rotation: Arc::clone(&settings.rotation) }
    }
}

/// A member's name; it stays the same when the set changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(pub(crate) Arc<str>);

impl Address {
    pub(crate) fn of(name: &MemberId) -> Self {
        Self(name.as_str().into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::Address for Address {}

/// A height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Level(pub(crate) Height);

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::Height for Level {
    const ZERO: Self = Self(Height(0));
    const INITIAL: Self = Self(Height(1));

    fn increment_by(&self, n: u64) -> Self {
        Self(Height(self.0.0.saturating_add(n)))
    }

    fn decrement_by(&self, n: u64) -> Option<Self> {
        self.0.0.checked_sub(n).map(|less| Self(Height(less)))
    }

    fn as_u64(&self) -> u64 {
        self.0.0
    }
}

/// A value; two are compared by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob(pub(crate) Value);

impl PartialOrd for Blob {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Blob {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.id().cmp(&other.0.id())
    }
}

/// The name of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlobId(pub(crate) ValueId);

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl core::Value for Blob {
    type Id = BlobId;

    fn id(&self) -> BlobId {
        BlobId(self.0.id())
    }
}

/// A member of a set, as Malachite asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    address: Address,
    key: Arc<[u8]>,
    weight: u64,
}

impl core::Validator<Context> for Seat {
    fn address(&self) -> &Address {
        &self.address
    }

    fn public_key(&self) -> &Arc<[u8]> {
        &self.key
    }

    fn voting_power(&self) -> u64 {
        self.weight
    }
}

/// A validator set: ours, and its members as Malachite asks for them, in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seats {
    set: Arc<ValidatorSet>,
    seats: Arc<[Seat]>,
}

impl Seats {
    pub(crate) fn new(set: &Arc<ValidatorSet>) -> Self {
        let seat = |Validator { name, key, weight }: &Validator| Seat {
            address: Address::of(name),
            key: key.as_slice().into(),
            weight: *weight,
        };
        let seats = set.iter().map(|(_, validator)| seat(validator)).collect();
        Self { set: Arc::clone(set), seats }
    }

    pub(crate) const fn set(&self) -> &Arc<ValidatorSet> {
        &self.set
    }

    /// Where a member stands.
    pub(crate) fn place(&self, address: &Address) -> Option<usize> {
        self.seats.binary_search_by(|seat| (*seat.address.0).cmp(&address.0)).ok()
    }

    pub(crate) fn hash(&self) -> Digest {
        self.set.hash()
    }
}

impl core::ValidatorSet<Context> for Seats {
    fn count(&self) -> usize {
        self.seats.len()
    }

    fn total_voting_power(&self) -> u64 {
        self.set.total()
    }

    fn get_by_address(&self, address: &Address) -> Option<&Seat> {
        self.place(address).and_then(|place| self.seats.get(place))
    }

    fn get_by_index(&self, index: usize) -> Option<&Seat> {
        self.seats.get(index)
    }
}

/// A part of a proposal; none is ever sent, since a proposal carries its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPart {}

impl core::ProposalPart<Context> for NoPart {
    fn is_first(&self) -> bool {
        match *self {}
    }

    fn is_last(&self) -> bool {
        match *self {}
    }
}

/// The view that a round is. Before the first round it is view 0.
pub(crate) fn view(round: Round) -> View {
    View(round.as_u32().map_or(0, u64::from))
}

impl core::Context for Context {
    type Address = Address;
    type Height = Level;
    type ProposalPart = NoPart;
    type Proposal = Offer;
    type Validator = Seat;
    type ValidatorSet = Seats;
    type Timeouts = core::LinearTimeouts;
    type Value = Blob;
    type Vote = Ballot;
    type Extension = ();
    type SigningScheme = Sealing;

    #[allow(clippy::expect_used, reason = "the rotation names a member of a set that is never empty")]
    fn select_proposer<'a>(&self, seats: &'a Seats, height: Level, round: Round) -> &'a Seat {
        let index = self.rotation.proposer(&seats.set, height.0, view(round));
        seats.seats.get(index.place()).or_else(|| seats.seats.first()).expect("a set is never empty")
    }

    fn new_proposal(&self, height: Level, round: Round, value: Blob, pol: Round, by: Address) -> Offer {
        Offer { height, round, value, pol, by }
    }

    fn new_prevote(&self, height: Level, round: Round, value: NilOrVal<BlobId>, by: Address) -> Ballot {
        Ballot { kind: VoteType::Prevote, height, round, value, by }
    }

    fn new_precommit(&self, height: Level, round: Round, value: NilOrVal<BlobId>, by: Address) -> Ballot {
        Ballot { kind: VoteType::Precommit, height, round, value, by }
    }
}
