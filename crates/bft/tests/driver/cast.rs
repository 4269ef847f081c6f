use std::{
    cell::{Cell, RefCell},
    error, fmt,
    rc::Rc,
    sync::Arc,
};

use auditmesh_bft::{
    Applied, Candidate, Certificate, Decided, Driver, Height, Ledger, Member, Message, Packet, Phase, Record,
    RecordStore, Says, Settings, Signature, Signed, Statement, Transport, ValidatorIndex, ValidatorSet,
    Value, View,
};
use auditmesh_conformance::sha256;
use auditmesh_types::{MemberId, Millis, Scheme, Signer};

use crate::wire_samples::{Bad, HEIGHT, Mac, federation, name};

/// What can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Append,
    Replace,
    Apply,
    Propose,
}

/// That it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken(pub(crate) Part);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} failed", self.0)
    }
}

impl error::Error for Broken {}

/// Which part fails once, after how many times that it works.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fault(Rc<Cell<Option<(Part, usize)>>>);

impl Fault {
    pub(crate) fn at(part: Part, after: usize) -> Self {
        Self(Rc::new(Cell::new(Some((part, after)))))
    }

    /// Whether it has not come yet.
    pub(crate) fn waits(&self) -> bool {
        self.0.get().is_some()
    }

    fn pass(&self, part: Part) -> Result<(), Broken> {
        match self.0.get() {
            Some((at, 0)) if at == part => {
                self.0.set(None);
                Err(Broken(part))
            }
            Some((at, left)) if at == part => {
                self.0.set(Some((part, left - 1)));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// An application that proposes [`proposal`] up to a height, and applied nothing that it could show below [`HEIGHT`].
pub(crate) struct Notes {
    pub(crate) set: Arc<ValidatorSet>,
    pub(crate) until: Height,
    pub(crate) decided: Vec<Decided>,
    fault: Fault,
}

/// What every member proposes.
pub(crate) fn proposal(height: Height) -> Value {
    Value::new(format!("a value of {height}")).unwrap()
}

impl Ledger for Notes {
    type Error = Broken;

    fn propose(&mut self, height: Height) -> Result<Option<Vec<u8>>, Broken> {
        self.fault.pass(Part::Propose)?;
        Ok((height <= self.until).then(|| proposal(height).bytes().to_vec()))
    }

    fn judge(&self, _: Height, _: &[u8]) -> Result<(), Broken> {
        Ok(())
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, Broken> {
        self.fault.pass(Part::Apply)?;
        self.decided.push(decided.clone());
        Ok(Arc::clone(&self.set))
    }

    fn applied(&self) -> Applied {
        Applied::fixed(self.decided.last().map_or(Height(HEIGHT.0 - 1), Decided::height), &self.set)
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.decided.iter().find(|decided| decided.height() == height).cloned()
    }
}

/// The key of validator `by`, whose signatures may be of other bytes than it was given.
pub(crate) struct Key {
    key: Vec<u8>,
    pub(crate) mood: Mood,
}

/// What a signer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Right,
    Wrong,
    Away,
}

impl Signer for Key {
    type Error = Bad;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn public_key(&self) -> &[u8] {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Bad> {
        match self.mood {
            Mood::Right => Ok(sha256(&[&self.key, message]).as_bytes().to_vec()),
            Mood::Wrong => Ok(vec![7; 32]),
            Mood::Away => Err(Bad("the key is away")),
        }
    }
}

type Records = Rc<RefCell<Vec<Record>>>;

/// A disk whose failed writes leave nothing behind.
pub(crate) struct Disk(pub(crate) Records, Fault);

impl RecordStore for Disk {
    type Error = Broken;

    fn read(&mut self) -> Result<Vec<Record>, Broken> {
        Ok(self.0.borrow().clone())
    }

    fn append(&mut self, record: &Record) -> Result<(), Broken> {
        self.1.pass(Part::Append)?;
        self.0.borrow_mut().push(record.clone());
        Ok(())
    }

    fn replace(&mut self, records: &[Record]) -> Result<(), Broken> {
        self.1.pass(Part::Replace)?;
        *self.0.borrow_mut() = records.to_vec();
        Ok(())
    }
}

/// Keeps what is sent, and insists that our own statements in it are on disk.
pub(crate) struct Post {
    me: ValidatorIndex,
    records: Records,
    sent: Rc<RefCell<Vec<Packet>>>,
}

impl Transport for Post {
    fn send(&mut self, _: &MemberId, packet: &Packet) {
        let signed = match packet {
            Packet::Message(Message::Proposal(proposal)) => Some(&proposal.prepare),
            Packet::Message(Message::Vote(vote)) => Some(vote),
            Packet::Message(Message::ViewChange(change)) => Some(&change.ask),
            _ => None,
        };
        if let Some(Signed { statement, .. }) = signed.filter(|signed| signed.by == self.me) {
            let said =
                |record: &Record| matches!(record, Record::Said { statement: it, .. } if it == statement);
            assert!(self.records.borrow().iter().any(said), "`{statement}` is sent and not on disk");
        }
        self.sent.borrow_mut().push(packet.clone());
    }
}

pub(crate) type Node = Driver<(Notes, Key, Mac, Disk, Post)>;

/// One member before it starts, and what it sends.
pub(crate) struct Setup {
    pub(crate) set: Arc<ValidatorSet>,
    pub(crate) by: u16,
    pub(crate) until: Height,
    pub(crate) decided: Vec<Decided>,
    pub(crate) mood: Mood,
    pub(crate) fault: Fault,
    pub(crate) sent: Rc<RefCell<Vec<Packet>>>,
}

impl Setup {
    /// Validator `by` of `set`, which has something to propose up to the height `until`.
    pub(crate) fn new(set: &Arc<ValidatorSet>, by: u16, until: u64) -> Self {
        Self {
            set: Arc::clone(set),
            by,
            until: Height(until),
            decided: Vec::new(),
            mood: Mood::Right,
            fault: Fault::default(),
            sent: Rc::default(),
        }
    }

    pub(crate) fn start(&self) -> Result<Node, Box<dyn error::Error + Send + Sync>> {
        let Self { set, by, until, decided, mood, fault, sent } = self;
        let (me, records) = (ValidatorIndex(*by), Records::default());
        let ledger =
            Notes { set: Arc::clone(set), until: *until, decided: decided.clone(), fault: fault.clone() };
        let member = Member {
            ledger,
            signer: Key { key: set.at(me).unwrap().key.clone(), mood: *mood },
            verifier: Mac,
            store: Disk(Rc::clone(&records), fault.clone()),
            transport: Post { me, records, sent: Rc::clone(sent) },
        };
        Driver::start(Millis(0), Settings::new(federation(), name(*by)), member)
    }
}

/// A vote of validator `by` in view 0 of any height, with its signature.
pub(crate) fn vote(set: &ValidatorSet, by: u16, height: Height, phase: Phase, value: &Value) -> Signed {
    let statement = Statement { height, view: View(0), says: Says::Vote(phase, value.id()) };
    let bytes = statement.signed_bytes(&federation(), set.hash());
    let key = &set.at(ValidatorIndex(by)).unwrap().key;
    Signed { by: ValidatorIndex(by), statement, signature: Signature(Arc::from(sha256(&[key, &bytes]).0)) }
}

/// A decision in view 0 of any height, by `voters`.
pub(crate) fn decided(set: &ValidatorSet, height: Height, value: &Value, voters: &[u16]) -> Decided {
    let signed = |by: &u16| (ValidatorIndex(*by), vote(set, *by, height, Phase::Commit, value).signature);
    let signatures = voters.iter().map(signed).collect();
    let certificate =
        Certificate { height, view: View(0), phase: Phase::Commit, value: value.id(), signatures };
    Decided { certificate, candidate: Arc::new(Candidate { value: value.clone(), lineage: Vec::new() }) }
}
