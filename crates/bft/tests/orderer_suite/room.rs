use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    convert::Infallible,
    rc::Rc,
    sync::Arc,
};

use auditmesh_bft::{Height, Orderer, RecordStore, Settings, Transport, ValidatorSet};
use auditmesh_types::{MemberId, Millis, Origin, Scheme};

use super::{Kind, Notebook, Seat, ToySigner, ToyVerifier, notebook::Book};

/// What a member keeps; it outlives the member.
#[derive(Debug, Clone)]
pub(crate) struct Disk<R>(Rc<RefCell<Vec<R>>>);

impl<R: Clone> RecordStore<R> for Disk<R> {
    type Error = Infallible;

    fn read(&mut self) -> Result<Vec<R>, Infallible> {
        Ok(self.0.borrow().clone())
    }

    fn append(&mut self, record: &R) -> Result<(), Infallible> {
        self.0.borrow_mut().push(record.clone());
        Ok(())
    }

    fn replace(&mut self, records: &[R]) -> Result<(), Infallible> {
        *self.0.borrow_mut() = records.to_vec();
        Ok(())
    }
}

type Queue<T> = Rc<RefCell<VecDeque<(usize, usize, T)>>>;

/// One member's way to the others.
#[derive(Debug, Clone)]
pub(crate) struct Mail<T> {
    from: usize,
    queue: Queue<T>,
}

impl<T: Clone> Transport<T> for Mail<T> {
    fn send(&mut self, to: &MemberId, packet: &T) {
        let to = (0..4).find(|n| name(*n) == *to).unwrap();
        assert_ne!(to, self.from, "nobody sends to itself");
        self.queue.borrow_mut().push_back((self.from, to, packet.clone()));
    }
}

pub(crate) fn name(n: usize) -> MemberId {
    MemberId::new(format!("M-{n}")).unwrap()
}

pub(crate) fn set() -> Arc<ValidatorSet> {
    let keys = (0..4).map(|n| (name(n), [u8::try_from(n).unwrap()]));
    ValidatorSet::equal(Scheme::Ed25519, keys).unwrap()
}

pub(crate) fn settings(n: usize) -> Settings {
    Settings::new(Origin::new("example/order").unwrap(), name(n))
}

/// The members, and what lies between them.
pub(crate) struct Room<K: Kind> {
    members: Vec<Option<K::Orderer>>,
    pub(crate) books: Vec<Rc<RefCell<Book>>>,
    disks: Vec<Disk<K::Record>>,
    queue: Queue<K::Packet>,
    until: Rc<RefCell<Height>>,
    now: Millis,
    /// What was said where, by all members.
    votes: BTreeMap<String, String>,
    pub(crate) restart_every: Option<usize>,
    pub(crate) restarts: usize,
}

impl<K: Kind> Room<K> {
    /// A room in which the members `present` are started.
    pub(crate) fn new(present: &[usize]) -> Self {
        let (until, proposed) = (Rc::new(RefCell::new(Height(0))), Rc::new(RefCell::new(BTreeMap::new())));
        let book = |name| Book {
            name,
            set: set(),
            decided: Vec::new(),
            proposed: Rc::clone(&proposed),
            fit: BTreeSet::new(),
            refused: BTreeSet::new(),
            until: Rc::clone(&until),
            proposes_what_others_refuse: false,
        };
        let mut room = Self {
            members: (0..4).map(|_| None).collect(),
            books: (0..4).map(|n| Rc::new(RefCell::new(book(n)))).collect(),
            disks: (0..4).map(|_| Disk(Rc::default())).collect(),
            queue: Rc::default(),
            until,
            now: Millis(0),
            votes: BTreeMap::new(),
            restart_every: None,
            restarts: 0,
        };
        present.iter().for_each(|n| room.start(*n));
        room
    }

    /// Starts member `n`, or starts it again: its application and its disk are as they were.
    pub(crate) fn start(&mut self, n: usize) {
        self.members[n] = None;
        let seat = Seat {
            ledger: Notebook(Rc::clone(&self.books[n])),
            signer: ToySigner([u8::try_from(n).unwrap()]),
            verifier: ToyVerifier,
            disk: self.disks[n].clone(),
            mail: Mail { from: n, queue: Rc::clone(&self.queue) },
        };
        self.members[n] = Some(K::start(self.now, settings(n), seat));
    }

    /// Until all that are present have decided `until`.
    pub(crate) fn run(&mut self, until: Height) {
        *self.until.borrow_mut() = until;
        self.tick();
        for passed in 0.. {
            self.deliver();
            if self.members.iter().flatten().all(|member| member.height() > until) {
                return;
            }
            assert!(passed < 2_000, "no decision of {until}");
            let due = self.members.iter().flatten().filter_map(Orderer::deadline).min();
            self.now = self.now.max(due.expect("a member that waits has a timer"));
            self.tick();
        }
    }

    fn tick(&mut self) {
        for member in self.members.iter_mut().flatten() {
            assert!(member.tick(self.now).is_ok());
        }
    }

    fn deliver(&mut self) {
        for count in 1.. {
            let next = self.queue.borrow_mut().pop_front();
            let Some((from, to, packet)) = next else { return };
            self.hear(&packet);
            let Some(member) = &mut self.members[to] else { continue };
            assert!(member.receive(self.now, &name(from), packet).is_ok());
            if self.restart_every.is_some_and(|every| count % every == 0) && self.restarts < 300 {
                self.restarts += 1;
                self.start(to);
            }
        }
    }

    /// Nobody says two things in one place.
    fn hear(&mut self, packet: &K::Packet) {
        if let Some((place, said)) = K::vote(packet) {
            let first = self.votes.entry(place.clone()).or_insert_with(|| said.clone());
            assert_eq!(*first, said, "two things are said in {place}");
        }
    }

    /// All that are present agree on the heights up to `until`; each value was proposed, and whoever applied it either found it fit or had
    /// it from a quorum that did.
    pub(crate) fn check(&self, until: Height) {
        let present = || (0..4).filter(|n| self.members[*n].is_some());
        let reference: Vec<_> = self.books[present().next().unwrap()].borrow().decided.clone();
        assert_eq!(reference.last().map(auditmesh_bft::Decided::height), Some(until));
        for n in present() {
            let book = self.books[n].borrow();
            assert_eq!(book.decided.len(), reference.len());
            for (one, other) in book.decided.iter().zip(&reference) {
                assert_eq!((one.height(), one.value()), (other.height(), other.value()));
                one.certificate.check(&set()).unwrap();
            }
        }
        for decided in &reference {
            let (height, value) = (decided.height(), decided.value().bytes().to_vec());
            assert!(self.books[0].borrow().proposed.borrow()[&height].contains(&value));
            let fit = |n: usize| self.books[n].borrow().fit.contains(&(height, value.clone()));
            let found = (0..4).filter(|n| fit(*n)).count();
            assert!(found >= 3, "{found} members found the value of {height} fit");
        }
    }
}
