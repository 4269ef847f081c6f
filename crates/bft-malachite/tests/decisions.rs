//! What a decision of Malachite's core proves, to whom, and what it does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where it fails")]

use std::{cell::RefCell, collections::VecDeque, convert::Infallible, fmt, rc::Rc, sync::Arc};

use arc_malachitebft_core_types::SigningScheme as _;
use auditmesh_attest::{Ed25519, Ed25519Signer};
use auditmesh_bft::{
    Applied, Decided, Height, Ledger, Notice, Orderer, Phase, RecordStore, SetAuthority, Settings, Signature,
    Transport, ValidatorSet, Value, View,
};
use auditmesh_bft_malachite::{Entry, Error, Malachite, Member, Packet, PrecommitAuthority, Sealing};
use auditmesh_types::{Authority, MemberId, Millis, Origin, Scheme, Signer};

type Queue = Rc<RefCell<VecDeque<(usize, Packet)>>>;

/// An application that wants one thing at each height up to the first.
struct Once {
    set: Arc<ValidatorSet>,
    decided: Vec<Decided>,
}

impl Ledger for Once {
    type Error = Infallible;

    fn propose(&mut self, height: Height) -> Result<Option<Vec<u8>>, Infallible> {
        Ok((height == Height(1)).then(|| b"a value".to_vec()))
    }

    fn judge(&self, _: Height, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, Infallible> {
        self.decided.push(decided.clone());
        Ok(Arc::clone(&self.set))
    }

    fn applied(&self) -> Applied {
        Applied { height: Height(0), set: Arc::clone(&self.set), next_set: Arc::clone(&self.set) }
    }

    fn decided(&self, _: Height) -> Option<Decided> {
        None
    }
}

struct Mail(Queue);

impl Transport<Packet> for Mail {
    fn send(&mut self, to: &MemberId, packet: &Packet) {
        let to = (0..4).find(|n| name(*n) == *to).unwrap();
        self.0.borrow_mut().push_back((to.into(), packet.clone()));
    }
}

/// A disk that fails at the entry whose number it is given, and then on.
struct Disk {
    left: usize,
}

#[derive(Debug)]
struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the disk is full")
    }
}

impl std::error::Error for Full {}

impl RecordStore<Entry> for Disk {
    type Error = Full;

    fn read(&mut self) -> Result<Vec<Entry>, Full> {
        Ok(Vec::new())
    }

    fn append(&mut self, _: &Entry) -> Result<(), Full> {
        self.left = self.left.checked_sub(1).ok_or(Full)?;
        Ok(())
    }

    fn replace(&mut self, _: &[Entry]) -> Result<(), Full> {
        Ok(())
    }
}

type Whole = Malachite<(Once, Ed25519Signer, Ed25519, Disk, Mail)>;

fn name(n: u8) -> MemberId {
    MemberId::new(format!("M-{n}")).unwrap()
}

fn federation() -> Origin {
    Origin::new("example/order").unwrap()
}

fn set() -> Arc<ValidatorSet> {
    let key = |n| Ed25519Signer::from_seed([n; 32]).public_key().to_vec();
    ValidatorSet::equal(Scheme::Ed25519, (0..4).map(|n| (name(n), key(n)))).unwrap()
}

fn start(n: u8, left: usize, queue: &Queue) -> Result<Whole, Box<dyn std::error::Error + Send + Sync>> {
    let member = Member {
        ledger: Once { set: set(), decided: Vec::new() },
        signer: Ed25519Signer::from_seed([n; 32]),
        verifier: Ed25519,
        store: Disk { left },
        transport: Mail(Rc::clone(queue)),
    };
    Malachite::start(Millis(0), Settings::new(federation(), name(n)), member)
}

/// Four members decide one height; what the first one of them decided.
fn decided() -> Decided {
    let queue = Queue::default();
    let mut members: Vec<Whole> = (0..4).map(|n| start(n, usize::MAX, &queue).unwrap()).collect();
    loop {
        let (to, packet) = queue.borrow_mut().pop_front().expect("a decision before silence");
        let notices = members[to].receive(Millis(0), &name(0), packet).unwrap();
        for notice in notices {
            if let Notice::Decided(decided) = notice {
                assert_eq!(members[to].ledger().decided, std::slice::from_ref(&decided));
                return decided;
            }
        }
    }
}

fn check(decided: &Decided) -> Result<(), Error> {
    PrecommitAuthority::new(&federation(), &set(), &Ed25519).unwrap().check(decided)
}

#[test]
fn a_decision_convinces_whoever_knows_the_set() {
    let decided = decided();
    assert_eq!(check(&decided), Ok(()));
    assert_eq!(decided.certificate.signatures.len(), 3);
}

#[test]
fn every_byte_of_every_precommit_counts() {
    let right = decided();
    for place in 0..right.certificate.signatures.len() {
        let (by, Signature(bytes)) = right.certificate.signatures[place].clone();
        for at in 0..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[at] ^= 1;
            let mut wrong = right.clone();
            wrong.certificate.signatures[place].1 = Signature(changed.into());
            let refused = check(&wrong).unwrap_err();
            assert!(
                matches!(refused, Error::PeerPrecommit { by: culprit, height: Height(1), .. } if culprit == by),
                "{refused}"
            );
        }
    }
}

#[test]
fn precommits_are_bound_to_height_round_value_set_and_federation() {
    let right = decided();
    let precommit = |wrong: &Decided| matches!(check(wrong), Err(Error::PeerPrecommit { .. }));
    let mut wrong = right.clone();
    wrong.certificate.height = Height(2);
    assert!(precommit(&wrong));
    let mut wrong = right.clone();
    wrong.certificate.view = View(1);
    assert!(precommit(&wrong));
    let mut wrong = right.clone();
    let other = Value::new("another").unwrap();
    wrong.certificate.value = other.id();
    let got = right.candidate.value.id();
    let refused = auditmesh_bft::Error::PeerOtherValue { got, want: other.id() };
    assert_eq!(check(&wrong), Err(Error::Bft(refused)));
    Arc::make_mut(&mut wrong.candidate).value = other;
    assert!(precommit(&wrong));
    let elsewhere = Origin::new("example/other").unwrap();
    let refused = PrecommitAuthority::new(&elsewhere, &set(), &Ed25519).unwrap().check(&right);
    assert!(matches!(refused, Err(Error::PeerPrecommit { .. })));
    let mut wrong = right.clone();
    wrong.certificate.signatures.pop();
    let refused = auditmesh_bft::Error::PeerNoQuorum { got: 2, want: 3 };
    assert_eq!(check(&wrong), Err(Error::Bft(refused)));
    let mut wrong = right;
    wrong.certificate.phase = Phase::Prepare;
    let refused = auditmesh_bft::Error::PeerPhase { height: Height(1), view: View(0) };
    assert_eq!(check(&wrong), Err(Error::Bft(refused)));
}

#[test]
fn our_authority_does_not_take_it_for_one_of_our_engine() {
    let decided = decided();
    let (origin, set) = (federation(), set());
    let refused = SetAuthority::new(&origin, &set, &Ed25519).unwrap().check(&decided).unwrap_err();
    let first = decided.certificate.signatures[0].0;
    assert!(matches!(refused, auditmesh_bft::Error::PeerSignature { by, .. } if by == first), "{refused}");
}

#[test]
fn a_vote_whose_signature_does_not_hold_is_refused() {
    let queue = Queue::default();
    let mut members: Vec<Whole> = (0..4).map(|n| start(n, usize::MAX, &queue).unwrap()).collect();
    let offered = |(to, packet): &(usize, Packet)| match packet {
        Packet::Proposal(proposal) => Some((*to, proposal.clone())),
        _ => None,
    };
    let (to, mut proposal) = queue.borrow().iter().find_map(offered).unwrap();
    let other = Ed25519Signer::from_seed([9; 32]).sign(b"something else").unwrap();
    proposal.signature = Sealing::decode_signature(&other).unwrap();
    let before = queue.borrow().len();
    let notices = members[to].receive(Millis(0), &name(1), Packet::Proposal(proposal)).unwrap();
    assert!(matches!(notices[..], [Notice::Refused { .. }]), "{notices:?}");
    assert_eq!(queue.borrow().len(), before, "nothing is said of it");
}

/// Member 1 proposes at height 1: its disk fails at each of its entries in turn.
#[test]
fn nothing_is_sent_before_it_is_kept() {
    for left in 0..3 {
        let queue = Queue::default();
        let failed = start(1, left, &queue).err().expect("the disk fails at start");
        assert_eq!(failed.to_string(), "the disk is full");
        let votes = queue.borrow().iter().filter(|(_, packet)| matches!(packet, Packet::Vote(_))).count();
        let proposals = queue.borrow().iter().filter(|(_, it)| matches!(it, Packet::Proposal(_))).count();
        assert_eq!((proposals, votes), (0, 0), "with {left} entries kept");
    }
}

#[test]
fn a_member_that_failed_takes_nothing_in() {
    let queue = Queue::default();
    let proposer = start(1, usize::MAX, &queue).unwrap();
    assert_eq!(proposer.height(), Height(1));
    let mut failing = start(2, 0, &queue).unwrap();
    let (_, packet) = queue.borrow().iter().find(|(to, _)| *to == 2).cloned().unwrap();
    let failed = failing.receive(Millis(0), &name(1), packet.clone()).unwrap_err();
    assert_eq!(failed.to_string(), "the disk is full");
    let failed = failing.receive(Millis(0), &name(1), packet).unwrap_err();
    assert_eq!(failed.downcast_ref(), Some(&Error::LocalStopped { height: Height(1) }));
}
