//! Members that order values through `bft::Driver`, over channels in one process, on a clock of the test.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{collections::VecDeque, convert::Infallible, sync::Arc, sync::mpsc::Receiver};

use auditmesh::{
    attest::{Ed25519, Ed25519Signer},
    bft::{
        Applied, Channel, Decided, Driver, Height, Ledger, Member, MemoryRecords, Notice, Packet, Settings,
        ValidatorSet, mesh,
    },
    types::{MemberId, Millis, Origin, Scheme, Signer},
};

/// Decides the strings it is given, and nothing when it has none.
struct Strings {
    set: Arc<ValidatorSet>,
    waiting: VecDeque<&'static str>,
    decided: Vec<Decided>,
}

impl Ledger for Strings {
    type Error = Infallible;

    fn propose(&mut self, _: Height) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.waiting.front().map(|value| value.as_bytes().to_vec()))
    }

    fn judge(&self, _: Height, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, Infallible> {
        self.waiting.retain(|waiting| waiting.as_bytes() != decided.value().bytes());
        self.decided.push(decided.clone());
        Ok(Arc::clone(&self.set))
    }

    fn applied(&self) -> Applied {
        let height = self.decided.last().map_or(Height(0), Decided::height);
        Applied { height, set: Arc::clone(&self.set), next_set: Arc::clone(&self.set) }
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.decided.iter().find(|decided| decided.height() == height).cloned()
    }
}

type Node = Driver<(Strings, Ed25519Signer, Ed25519, MemoryRecords, Channel)>;

struct Room {
    nodes: Vec<Node>,
    inboxes: Vec<Receiver<(MemberId, Packet)>>,
    now: Millis,
}

impl Room {
    fn new() -> Self {
        let names: Vec<MemberId> = (0..4).map(|n| format!("M-{n}").parse().unwrap()).collect();
        let signer = |n: u8| Ed25519Signer::from_seed([n; 32]);
        let keys = (0..4).map(|n| (names[usize::from(n)].clone(), signer(n).public_key().to_vec()));
        let set = ValidatorSet::equal(Scheme::Ed25519, keys).unwrap();
        let (mut nodes, mut inboxes) = (Vec::new(), Vec::new());
        for (n, (transport, inbox)) in (0..4).zip(mesh(&names)) {
            let settings = Settings::new(Origin::new("example/room").unwrap(), names[usize::from(n)].clone());
            let ledger = Strings { set: Arc::clone(&set), waiting: VecDeque::new(), decided: Vec::new() };
            let (verifier, store) = (Ed25519, MemoryRecords::default());
            let member = Member { ledger, signer: signer(n), verifier, store, transport };
            nodes.push(Driver::start(Millis(0), settings, member).unwrap());
            inboxes.push(inbox);
        }
        Self { nodes, inboxes, now: Millis(0) }
    }

    /// Delivers to the members `there` until nothing comes any more; what comes for the others is lost.
    fn run(&mut self, there: &[usize]) -> Vec<(usize, Notice)> {
        let (mut notices, mut quiet) = (Vec::new(), 0);
        while quiet < 2 {
            quiet += 1;
            for (n, (node, inbox)) in self.nodes.iter_mut().zip(&self.inboxes).enumerate() {
                let came: Vec<_> = inbox.try_iter().collect();
                if !there.contains(&n) {
                    continue;
                }
                notices.extend(node.tick(self.now).unwrap().into_iter().map(|notice| (n, notice)));
                for (from, packet) in came {
                    quiet = 0;
                    let heard = node.receive(self.now, &from, packet).unwrap();
                    notices.extend(heard.into_iter().map(|notice| (n, notice)));
                }
            }
        }
        notices
    }

    fn order(&mut self, there: &[usize], value: &'static str) {
        for node in &mut self.nodes {
            node.ledger().waiting.push_back(value);
        }
        for _ in 0..64 {
            self.run(there);
            if there.iter().all(|n| !self.nodes[*n].ledger().waiting.contains(&value)) {
                return;
            }
            self.now = there.iter().filter_map(|n| self.nodes[*n].deadline()).min().unwrap();
        }
        unreachable!("{value} is not decided");
    }

    fn log(&mut self, n: usize) -> Vec<String> {
        let decided = self.nodes[n].ledger().decided.iter();
        decided.map(|decided| String::from_utf8_lossy(decided.value().bytes()).into_owned()).collect()
    }
}

#[test]
fn a_member_that_was_away_catches_up() {
    let mut room = Room::new();
    room.order(&[0, 1, 2, 3], "a");
    for value in ["b", "c", "d", "e"] {
        room.order(&[0, 1, 2], value);
    }
    assert_eq!(room.log(3), ["a"]);
    for _ in 0..3 {
        room.now = Millis(room.now.0 + 10_000);
        room.run(&[0, 1, 2, 3]);
    }
    assert_eq!(room.log(3), ["a", "b", "c", "d", "e"]);
    room.order(&[1, 2, 3], "f");
    assert_eq!(room.log(3), room.log(1));
}

#[test]
fn a_forged_decision_is_refused() {
    let mut room = Room::new();
    room.order(&[0, 1, 2], "a");
    let from: MemberId = "M-0".parse().unwrap();
    let genuine = room.nodes[0].ledger().decided[0].clone();
    let mut short = genuine.clone();
    short.certificate.signatures.truncate(2);
    let mut foreign = genuine.clone();
    foreign.certificate.signatures[0].1 = foreign.certificate.signatures[1].1.clone();
    for forged in [short, foreign] {
        let heard = room.nodes[3].receive(Millis(0), &from, Packet::Decided(forged)).unwrap();
        assert!(
            matches!(&heard[..], [Notice::Refused { from: Some(sender), .. }] if *sender == from),
            "{heard:?}"
        );
        assert_eq!(room.nodes[3].height(), Height(1));
    }
    let heard = room.nodes[3].receive(Millis(0), &from, Packet::Decided(genuine.clone())).unwrap();
    assert_eq!(heard, [Notice::Decided(genuine)]);
}

#[test]
fn nobody_decides_while_nothing_waits() {
    let mut room = Room::new();
    room.run(&[0, 1, 2, 3]);
    assert!((0..4).all(|n| room.nodes[n].height() == Height(1)));
    room.order(&[0, 1, 2, 3], "a");
    assert_eq!(room.now, Millis(0), "the proposer waits for the application, not for a timer");
}
