//! Decisions that change the set: who is added votes two heights later, who is dropped follows, and each height counts by its own set.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

#[path = "orderer_suite/toy.rs"]
mod toy;

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    convert::Infallible,
    rc::Rc,
    sync::Arc,
};

use auditmesh_bft::{
    Applied, Decided, Driver, Error, Height, Ledger, Member, Packet, Record, RecordStore, SetAuthority,
    Settings, Transport, ValidatorSet,
};
use auditmesh_types::{Authority, MemberId, Millis, Origin, Scheme};
use toy::{ToySigner, ToyVerifier};

/// The last height that is decided.
const LAST: Height = Height(7);

fn name(n: u8) -> MemberId {
    MemberId::new(format!("M-{n}")).unwrap()
}

fn federation() -> Origin {
    Origin::new("example/sets").unwrap()
}

fn set(members: &[u8]) -> Arc<ValidatorSet> {
    ValidatorSet::equal(Scheme::Ed25519, members.iter().map(|n| (name(*n), [*n]))).unwrap()
}

/// An application whose values are the members of the set two heights on.
#[derive(Clone)]
struct Membership {
    sets: BTreeMap<Height, Arc<ValidatorSet>>,
    decided: Vec<Decided>,
}

impl Membership {
    fn new(members: &[u8]) -> Self {
        let sets = [Height(1), Height(2)].map(|height| (height, set(members)));
        Self { sets: sets.into(), decided: Vec::new() }
    }

    /// Whom every member proposes at a height, for two heights later.
    fn wanted(height: Height) -> &'static [u8] {
        match height {
            Height(1) => &[0, 1, 2, 3, 4],
            Height(..=4) => &[1, 2, 3, 4],
            _ => &[1, 2, 3, 4, 5, 6],
        }
    }
}

impl Ledger for Membership {
    type Error = Infallible;

    fn propose(&mut self, height: Height) -> Result<Option<Vec<u8>>, Infallible> {
        Ok((height <= LAST).then(|| Self::wanted(height).to_vec()))
    }

    fn judge(&self, _: Height, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, Infallible> {
        let set = set(decided.value().bytes());
        self.sets.insert(decided.height().next().next(), Arc::clone(&set));
        self.decided.push(decided.clone());
        Ok(set)
    }

    fn applied(&self) -> Applied {
        let height = self.decided.last().map_or(Height(0), Decided::height);
        let set = |height: Height| Arc::clone(&self.sets[&height]);
        Applied { height, set: set(height.next()), next_set: set(height.next().next()) }
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.decided.iter().find(|decided| decided.height() == height).cloned()
    }
}

#[derive(Default)]
struct Records(Vec<Record>);

impl RecordStore for Records {
    type Error = Infallible;

    fn read(&mut self) -> Result<Vec<Record>, Infallible> {
        Ok(self.0.clone())
    }

    fn append(&mut self, record: &Record) -> Result<(), Infallible> {
        self.0.push(record.clone());
        Ok(())
    }

    fn replace(&mut self, records: &[Record]) -> Result<(), Infallible> {
        self.0 = records.to_vec();
        Ok(())
    }
}

type Wire = Rc<RefCell<VecDeque<(MemberId, MemberId, Packet)>>>;

struct Post(MemberId, Wire);

impl Transport for Post {
    fn send(&mut self, to: &MemberId, packet: &Packet) {
        self.1.borrow_mut().push_back((self.0.clone(), to.clone(), packet.clone()));
    }
}

type Node = Driver<(Membership, ToySigner, ToyVerifier, Records, Post)>;

/// Seven drivers, of which the set in charge is a part. Nothing reaches or leaves member 3 from height 4 on.
struct House {
    nodes: BTreeMap<MemberId, Node>,
    wire: Wire,
}

impl House {
    fn new() -> Self {
        let wire = Wire::default();
        let node = |n: u8| {
            let member = Member {
                ledger: Membership::new(&[0, 1, 2, 3]),
                signer: ToySigner([n]),
                verifier: ToyVerifier,
                store: Records::default(),
                transport: Post(name(n), Rc::clone(&wire)),
            };
            let settings = Settings::new(federation(), name(n));
            (name(n), Driver::start(Millis(0), settings, member).unwrap())
        };
        Self { nodes: (0..7).map(node).collect(), wire }
    }

    /// Delivers, and lets the time pass where nothing is on its way, until all but member 3 have decided everything.
    fn run(&mut self) {
        let cut = |packet: &Packet| match packet {
            Packet::Message(message) => message.height() >= Height(4),
            Packet::Request(height) => *height >= Height(4),
            Packet::Decided(decided) => decided.height() >= Height(4),
        };
        for second in 0..600 {
            let now = Millis(1_000 * second);
            for node in self.nodes.values_mut() {
                node.tick(now).unwrap();
            }
            loop {
                let next = self.wire.borrow_mut().pop_front();
                let Some((from, to, packet)) = next else { break };
                if !((from == name(3) || to == name(3)) && cut(&packet)) {
                    self.nodes.get_mut(&to).unwrap().receive(now, &from, packet).unwrap();
                }
            }
            if self.nodes.iter().all(|(who, node)| *who == name(3) || node.height() > LAST) {
                return;
            }
        }
        let heights: Vec<_> = self.nodes.iter().map(|(who, node)| (who.clone(), node.height())).collect();
        panic!("not decided in ten minutes: {heights:?}");
    }
}

#[test]
fn each_height_is_decided_by_the_set_of_its_own() {
    let mut house = House::new();
    house.run();
    let sets: [&[u8]; 7] = [
        &[0, 1, 2, 3],
        &[0, 1, 2, 3],
        &[0, 1, 2, 3, 4],
        &[1, 2, 3, 4],
        &[1, 2, 3, 4],
        &[1, 2, 3, 4],
        &[1, 2, 3, 4, 5, 6],
    ];
    let of = |house: &mut House, n: u8| house.nodes.get_mut(&name(n)).unwrap().ledger().decided.clone();
    let decided = of(&mut house, 1);
    assert_eq!(decided.len(), sets.len());
    for (decided, members) in decided.iter().zip(sets) {
        let height = decided.height();
        let (set, federation) = (set(members), federation());
        let authority = SetAuthority::new(&federation, &set, &ToyVerifier).unwrap();
        assert!(authority.verify(decided.clone()).is_ok(), "{height}");
        let voters = decided.certificate.votes().map(|vote| set.at(vote.by).unwrap().name.clone());
        let voters: Vec<MemberId> = voters.collect();
        assert!(voters.len() >= members.len() - (members.len() - 1) / 3, "{height}: {voters:?}");
        if height >= Height(4) {
            assert!(voters.contains(&name(4)), "without member 3 a quorum needs the new one: {voters:?}");
        }
    }
    for n in [0, 2, 4, 5, 6] {
        let same = of(&mut house, n).iter().map(Decided::value).eq(decided.iter().map(Decided::value));
        assert!(same, "member {n} follows, in the set or not");
    }
    assert_eq!(of(&mut house, 3).len(), 3, "nothing was decided without a quorum");
}

#[test]
fn a_decision_by_the_set_of_another_height_is_refused() {
    let mut house = House::new();
    house.run();
    let decided = house.nodes.get_mut(&name(1)).unwrap().ledger().decided.clone();
    let (federation, old) = (federation(), set(&[0, 1, 2, 3]));
    let authority = SetAuthority::new(&federation, &old, &ToyVerifier).unwrap();
    for decided in decided.iter().filter(|decided| decided.height() >= Height(3)) {
        let refused = authority.verify(decided.clone()).unwrap_err();
        assert!(
            matches!(refused, Error::PeerSignature { .. } | Error::PeerUnknownValidator { .. }),
            "{}: {refused:?}",
            decided.height()
        );
    }
}
