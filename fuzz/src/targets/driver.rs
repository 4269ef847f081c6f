//! `bft::Driver`: one member whole, between an application, a disk and others that follow a script.

use std::{cell::RefCell, convert::Infallible, error, fmt, rc::Rc, sync::Arc};

use auditmesh_bft::{
    Applied, Decided, Driver, Error, Height, Ledger, Member, Message, Notice, Packet, Record, RecordStore,
    SetAuthority, Settings, Statement, Transport, ValidatorSet,
};
use auditmesh_types::{Authority, MemberId, Millis, Scheme, Signer};

use super::{
    engine::settings,
    order::{Any, origin},
    own_word::OwnWord,
    script::Script,
    watched::{name, set},
};

/// The most operations that are carried out.
const MOST: usize = 300;

/// What outlives a crash, and what fails.
#[derive(Default)]
struct World {
    records: Vec<Record>,
    decided: Vec<Decided>,
    word: OwnWord,
    /// What stood in a snapshot before its own record was written.
    early: Vec<Statement>,
    sent: usize,
    /// The next write or application fails, after it was done or before.
    fault: Option<Fault>,
    /// Whether there is something to propose.
    idle: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Before,
    After,
}

/// A disk or an application that failed.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it failed")
    }
}

impl error::Error for Broken {}

impl World {
    /// A statement is on disk.
    fn write(&mut self, statement: Statement) {
        self.word.add(statement);
        self.word.write(&statement);
    }
}

/// One view of the world, from each part of the member.
#[derive(Clone)]
struct Part(Rc<RefCell<World>>, Arc<ValidatorSet>, MemberId);

impl Part {
    /// Does it, unless it is to fail before; fails then or after.
    fn does(&self, what: impl FnOnce(&mut World)) -> Result<(), Broken> {
        let fault = self.0.borrow_mut().fault.take();
        if fault != Some(Fault::Before) {
            what(&mut self.0.borrow_mut());
        }
        if fault.is_some() { Err(Broken) } else { Ok(()) }
    }
}

impl Ledger for Part {
    type Error = Broken;

    fn propose(&mut self, _: Height) -> Result<Option<Vec<u8>>, Broken> {
        Ok((!self.0.borrow().idle).then(|| b"a".to_vec()))
    }

    fn judge(&self, _: Height, value: &[u8]) -> Result<(), Broken> {
        if value == b"b" { Err(Broken) } else { Ok(()) }
    }

    fn apply(&mut self, decided: &Decided) -> Result<Arc<ValidatorSet>, Broken> {
        let height = self.applied().height.next();
        assert_eq!(decided.height(), height, "decided out of order");
        let begun = |record: &Record| *record == Record::Height(height);
        assert!(self.0.borrow().records.iter().any(begun), "height {height} is not on disk");
        let (origin, value) = (origin(), decided.value().id());
        let authority = SetAuthority::new(&origin, &self.1, &Any).expect("one scheme");
        assert_eq!((authority.check(decided), decided.certificate.value), (Ok(()), value));
        self.does(|world| world.decided.push(decided.clone()))?;
        Ok(Arc::clone(&self.1))
    }

    fn applied(&self) -> Applied {
        Applied::fixed(self.0.borrow().decided.last().map_or(Height(0), Decided::height), &self.1)
    }

    fn decided(&self, height: Height) -> Option<Decided> {
        self.0.borrow().decided.iter().find(|decided| decided.height() == height).cloned()
    }
}

impl RecordStore for Part {
    type Error = Broken;

    fn read(&mut self) -> Result<Vec<Record>, Broken> {
        Ok(self.0.borrow().records.clone())
    }

    fn append(&mut self, record: &Record) -> Result<(), Broken> {
        self.does(|world| {
            if let Record::Said { statement, .. } = record {
                match world.early.iter().position(|early| early == statement) {
                    Some(known) => drop(world.early.remove(known)),
                    None => world.write(*statement),
                }
            }
            world.records.push(record.clone());
        })
    }

    fn replace(&mut self, records: &[Record]) -> Result<(), Broken> {
        let height = records.iter().map(Record::height).max().expect("the height it is at");
        let said = records.iter().filter_map(|record| match record {
            Record::Said { statement, .. } => Some(*statement),
            Record::Height(_) | Record::Silent(_) => None,
        });
        let said: Vec<Statement> = said.collect();
        let kept: Vec<Statement> = self.0.borrow().word.of(height).collect();
        // What is about to be recorded may stand behind the others already.
        let (before, early) = said.split_at_checked(kept.len()).expect("all that it said");
        assert_eq!(before, kept, "it forgets");
        self.does(|world| {
            world.records = records.to_vec();
            early.iter().for_each(|statement| world.write(*statement));
            world.early.extend(early);
        })
    }
}

impl Signer for Part {
    type Error = Infallible;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn public_key(&self) -> &[u8] {
        let me = self.1.position(&self.2).and_then(|place| self.1.at(place));
        me.map_or(&[], |validator| &validator.key)
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Infallible> {
        Ok(vec![0])
    }
}

impl Transport for Part {
    fn send(&mut self, to: &MemberId, packet: &Packet) {
        let mut world = self.0.borrow_mut();
        world.sent += 1;
        // Whoever asks in our name is answered.
        assert!(*to != self.2 || matches!(packet, Packet::Decided(_)), "sent to oneself");
        let signed = match packet {
            Packet::Message(Message::Proposal(proposal)) => &proposal.prepare,
            Packet::Message(Message::Vote(vote)) => vote,
            Packet::Message(Message::ViewChange(change)) => &change.ask,
            _ => return,
        };
        assert_eq!(Some(signed.by), self.1.position(&self.2));
        assert_eq!(
            world.word.find(&signed.statement),
            Some(true),
            "`{}` is sent and not on disk",
            signed.statement
        );
    }
}

/// `bft::Driver`: whatever packets come from whomever, and whatever fails, what it sends is on disk before and never contradicts what it sent
/// in any of its lives; heights are decided in order, each once; one that failed sends nothing more and says so. Input: whose driver and
/// settings as of `bft_engine`; which set; operations ([`operation`]).
pub(super) fn bft_driver(bytes: &[u8]) -> bool {
    let mut script = Script::new(bytes);
    let Some((settings, how)) = settings(&mut script) else { return false };
    let part = Part(Rc::default(), set(how >> 3), settings.name.clone());
    let mut life = Life { driver: start(Millis(0), &settings, &part), part, settings, now: Millis(0) };
    for _ in 0..MOST {
        if let Some(driver) = &life.driver {
            script.here.0 = driver.height();
        }
        if operation(&mut life, &mut script).is_none() {
            break;
        }
    }
    let world = life.part.0.borrow();
    !world.decided.is_empty()
}

type Node = Driver<(Part, Part, Any, Part, Part)>;

/// A member, while it runs.
struct Life {
    driver: Option<Node>,
    part: Part,
    settings: Settings,
    now: Millis,
}

/// `None` when something failed at once.
fn start(now: Millis, settings: &Settings, part: &Part) -> Option<Node> {
    let [ledger, signer, store, transport] = [(); 4].map(|()| part.clone());
    let member = Member { ledger, signer, verifier: Any, store, transport };
    let broken = part.0.borrow().fault.is_some();
    // It reads these like all others, and writes them no more.
    part.0.borrow_mut().early.clear();
    match Driver::start(now, settings.clone(), member) {
        Ok(driver) => {
            assert_eq!(part.0.borrow().early, [], "a snapshot says what was never recorded");
            Some(driver)
        }
        Err(why) => {
            assert!(broken && why.is::<Broken>(), "it does not start again: {why}");
            None
        }
    }
}

/// One operation: a packet from somebody; time that passes; a restart; something that is to fail; or that the application has nothing to
/// propose.
fn operation(life: &mut Life, script: &mut Script<'_>) -> Option<()> {
    let what = script.byte()?;
    let packet = match what % 8 {
        0..=2 => Packet::Message(script.message()?),
        3 => Packet::Decided(script.decided()?),
        4 => Packet::Request(script.height()?),
        5 => {
            life.now = Millis(life.now.0.saturating_add(1_000 * u64::from(script.byte()?)));
            life.call(|driver, now| driver.tick(now));
            return Some(());
        }
        6 => {
            life.driver = None;
            life.driver = start(life.now, &life.settings, &life.part);
            return Some(());
        }
        _ => {
            let how = script.byte()?;
            let mut world = life.part.0.borrow_mut();
            world.idle = how & 1 != 0;
            world.fault = [None, None, Some(Fault::Before), Some(Fault::After)][usize::from(how >> 6)];
            return Some(());
        }
    };
    // What stands in no order has no bytes, and is given all the same.
    let again = Packet::decode(&packet.encode());
    assert!(again.as_ref().is_err() || again.as_ref() == Ok(&packet), "{again:?} instead of {packet:?}");
    let from = name(what >> 3);
    life.call(|driver, now| driver.receive(now, &from, packet));
    Some(())
}

impl Life {
    fn call(
        &mut self,
        call: impl FnOnce(&mut Node, Millis) -> Result<Vec<Notice>, Box<dyn error::Error + Send + Sync>>,
    ) {
        let Some(driver) = &mut self.driver else { return };
        let decided = self.part.0.borrow().decided.len();
        match call(driver, self.now) {
            Ok(notices) => {
                assert_eq!(self.part.0.borrow().early, [], "a snapshot says what was never recorded");
                self.told(decided, &notices);
            }
            Err(why) => {
                assert!(why.is::<Broken>(), "{why}");
                let sent = self.part.0.borrow().sent;
                let again = driver.tick(Millis(u64::MAX)).map_err(|why| why.downcast::<Error>().ok());
                assert!(
                    matches!(again, Err(Some(why)) if matches!(*why, Error::LocalStopped { .. })),
                    "it goes on"
                );
                assert_eq!(self.part.0.borrow().sent, sent, "it speaks after it stopped");
                self.driver = None;
            }
        }
    }

    /// Each decision is told once; what it accuses of is checked.
    fn told(&self, decided: usize, notices: &[Notice]) {
        let world = self.part.0.borrow();
        let told = notices.iter().filter_map(|notice| match notice {
            Notice::Decided(decided) => Some(decided),
            _ => None,
        });
        let told: Vec<&Decided> = told.collect();
        assert!(
            told.ends_with(&world.decided[decided..].iter().collect::<Vec<_>>()),
            "a decision is not told"
        );
        let origin = origin();
        let authority = SetAuthority::new(&origin, &self.part.1, &Any).expect("one scheme");
        for notice in notices {
            match notice {
                Notice::Accused(evidence) => assert_eq!(authority.check(evidence), Ok(())),
                Notice::Fork { ours, theirs } => {
                    assert!(
                        ours.height() == theirs.height()
                            && ours.certificate.value != theirs.certificate.value
                    );
                    assert_eq!(authority.check(theirs), Ok(()));
                }
                Notice::Amnesia(statement) => assert_eq!(world.word.find(statement), None),
                _ => {}
            }
        }
    }
}
