//! Whose turn it is: the rotations that are provided beside plain lists, and others of an application's own, under the whole suite.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

mod orderer_suite;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    sync::Arc,
};

use auditmesh_bft::{
    ByWeight, Driver, Height, Member, Message, Packet, Proposal, Record, Rotation, RoundRobin, Settings,
    Spread, Validator, ValidatorIndex, ValidatorSet, View,
};
use auditmesh_types::{MemberId, Millis, Origin, Scheme};
use orderer_suite::{Disk, Kind, Mail, Notebook, Room, Seat, ToySigner, ToyVerifier, run};

/// From the last to the first.
#[derive(Debug, Default)]
struct Backwards;

impl Rotation for Backwards {
    fn name(&self) -> &str {
        "backwards"
    }

    fn proposer(&self, set: &ValidatorSet, height: Height, view: View) -> ValidatorIndex {
        let last = u16::try_from(set.len()).unwrap() - 1;
        ValidatorIndex(last - RoundRobin.proposer(set, height, view).0)
    }
}

/// Nobody in the first view, then one after the other.
#[derive(Debug, Default)]
struct NobodyFirst;

impl Rotation for NobodyFirst {
    fn name(&self) -> &str {
        "nobody-first"
    }

    fn proposer(&self, set: &ValidatorSet, height: Height, view: View) -> ValidatorIndex {
        if view == View(0) { ValidatorIndex(u16::MAX) } else { RoundRobin.proposer(set, height, view) }
    }
}

/// The engine under rotation `R`, votes spread to all or to the proposer.
struct Turning<R, const COLLECTED: bool>(PhantomData<R>);

impl<R: Rotation + Default + 'static, const COLLECTED: bool> Kind for Turning<R, COLLECTED> {
    type Packet = Packet;
    type Record = Record;
    type Orderer = Driver<(Notebook, ToySigner, ToyVerifier, Disk<Record>, Mail<Packet>)>;

    fn start(now: Millis, mut settings: Settings, seat: Seat<Self>) -> Self::Orderer {
        settings.rotation = Arc::new(R::default());
        settings.spread = if COLLECTED { Spread::Collector } else { Spread::AllToAll };
        let Seat { ledger, signer, verifier, disk, mail } = seat;
        let member = Member { ledger, signer, verifier, store: disk, transport: mail };
        Driver::start(now, settings, member).unwrap()
    }

    /// Every proposal is of the validator whose turn it is.
    fn vote(packet: &Packet) -> Option<(String, String)> {
        let Packet::Message(message) = packet else { return None };
        let vote = match message {
            Message::Vote(vote) => vote,
            Message::Proposal(Proposal { prepare, .. }) => {
                let statement = &prepare.statement;
                let set = set(&[1; 4]);
                assert_eq!(prepare.by, R::default().proposer(&set, statement.height, statement.view));
                prepare
            }
            _ => return None,
        };
        let (phase, value) = vote.statement.vote()?;
        let (height, view) = (vote.statement.height, vote.statement.view);
        Some((format!("{} {height} {view} {phase:?}", vote.by), format!("{value:?}")))
    }
}

fn set(weights: &[u64]) -> Arc<ValidatorSet> {
    let validator = |(n, weight): (usize, &u64)| Validator {
        name: MemberId::new(format!("M-{n}")).unwrap(),
        key: vec![u8::try_from(n).unwrap()],
        weight: *weight,
    };
    ValidatorSet::new(Scheme::Ed25519, weights.iter().enumerate().map(validator).collect()).unwrap()
}

fn settings(rotation: Arc<dyn Rotation>) -> Settings {
    let federation = Origin::new("example/order").unwrap();
    Settings { rotation, ..Settings::new(federation, MemberId::new("M-0").unwrap()) }
}

#[test]
fn one_comes_after_the_other() {
    let set = set(&[1, 1, 1, 1]);
    let turns: Vec<u16> = (0..9).map(|view| RoundRobin.proposer(&set, Height(2), View(view)).0).collect();
    assert_eq!(turns, [2, 3, 0, 1, 2, 3, 0, 1, 2]);
    let (height, view) = (Height(u64::MAX), View(u64::MAX));
    assert_eq!(RoundRobin.proposer(&set, height, view), ValidatorIndex(2), "2^65 - 2, of four");
}

/// Beside it a list that has each validator as often as it weighs.
#[test]
fn turns_are_as_many_as_the_weight() {
    for weights in [vec![1, 1, 1, 1], vec![1, 3, 2, 5], vec![7, 1, 1, 1, 4]] {
        let set = set(&weights);
        let mut list = Vec::new();
        for (n, weight) in weights.iter().enumerate() {
            list.extend((0..*weight).map(|_| n));
        }
        for height in 0..3 * list.len() {
            for view in 0..2 * weights.len() {
                let wanted = (list[height % list.len()] + view) % weights.len();
                let got = ByWeight.proposer(&set, Height(height as u64), View(view as u64));
                assert_eq!(got.place(), wanted, "height {height}, view {view}, {weights:?}");
            }
        }
    }
}

#[test]
fn engines_follow_any_rotation() {
    run::<Turning<Backwards, false>>();
    run::<Turning<ByWeight, false>>();
    assert_eq!(views::<Turning<Backwards, false>>(), [View(0); 8]);
    assert_eq!(views::<Turning<Backwards, true>>(), [View(0); 8]);
}

#[test]
fn a_view_of_nobody_passes() {
    run::<Turning<NobodyFirst, false>>();
    assert_eq!(views::<Turning<NobodyFirst, false>>(), [View(1); 8]);
    assert_eq!(views::<Turning<NobodyFirst, true>>(), [View(1); 8]);
}

/// The views in which eight heights are decided when nobody fails.
fn views<K: Kind>() -> Vec<View> {
    let mut room = Room::<K>::new(&[0, 1, 2, 3]);
    room.run(Height(8));
    room.check(Height(8));
    let book = room.books[0].borrow();
    book.decided.iter().map(|decided| decided.certificate.view).collect()
}

#[test]
fn settings_are_compared_by_the_name_of_their_rotation() {
    let hash = |settings: &Settings| {
        let mut hasher = DefaultHasher::new();
        settings.hash(&mut hasher);
        hasher.finish()
    };
    let all: [Arc<dyn Rotation>; 4] =
        [Arc::new(RoundRobin), Arc::new(ByWeight), Arc::new(Backwards), Arc::new(NobodyFirst)];
    for (at, one) in all.iter().enumerate() {
        for (place, other) in all.iter().enumerate() {
            let (one, other) = (settings(Arc::clone(one)), settings(Arc::clone(other)));
            assert_eq!(one == other, at == place, "{one:?} {other:?}");
            assert_eq!(hash(&one) == hash(&other), at == place, "{one:?} {other:?}");
        }
    }
    assert_eq!(settings(Arc::new(Backwards)), settings(Arc::new(Backwards)));
    let default = Settings::new(Origin::new("example/order").unwrap(), MemberId::new("M-0").unwrap());
    assert_eq!(default, settings(Arc::new(RoundRobin)));
}
