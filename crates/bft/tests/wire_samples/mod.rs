//! Everything that four validators of equal weight may sign, under a scheme that needs no library: a key is a secret, a signature the
//! SHA-256 of key and message.

use std::{fmt, sync::Arc};

use auditmesh_bft::{
    Candidate, Certificate, Decided, Evidence, Height, Justification, Message, Packet, Phase, Prepared,
    Proposal, Record, Says, Signature, Signed, Statement, Validator, ValidatorIndex, ValidatorSet, Value,
    ValueId, View, ViewChange,
};
use auditmesh_conformance::sha256;
use auditmesh_types::{MemberId, Origin, Scheme, Verifier};

pub const HEIGHT: Height = Height(7);

pub type Named = Option<(View, ValueId)>;

/// The scheme: no other than the holder of the key, and of course everybody who verifies, makes its signatures.
#[derive(Debug, Clone, Copy)]
pub struct Mac;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bad(pub &'static str);

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Bad {}

impl Verifier for Mac {
    type Error = Bad;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn check_key(&self, public_key: &[u8]) -> Result<(), Bad> {
        if public_key == [0; 32] { Err(Bad("weak key")) } else { Ok(()) }
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Bad> {
        if sha256(&[public_key, message]).as_bytes() == signature { Ok(()) } else { Err(Bad("no match")) }
    }
}

pub fn federation() -> Origin {
    Origin::new("example/order").unwrap()
}

pub fn name(n: u16) -> MemberId {
    MemberId::new(format!("M-{n:03}")).unwrap()
}

pub fn set_of(weights: &[u64]) -> Arc<ValidatorSet> {
    let validators = (0u16..).zip(weights);
    let validators = validators.map(|(n, weight)| Validator { name: name(n), key: key(n), weight: *weight });
    ValidatorSet::new(Scheme::Ed25519, validators.collect()).unwrap()
}

/// Four validators of weight 1: three are a quorum.
pub fn set() -> Arc<ValidatorSet> {
    set_of(&[1; 4])
}

fn key(n: u16) -> Vec<u8> {
    vec![u8::try_from(n + 1).unwrap(); 32]
}

/// A federation whose validators sign.
#[derive(Debug, Clone)]
pub struct World(pub Arc<ValidatorSet>);

impl World {
    pub fn new() -> Self {
        Self(set())
    }

    pub fn says(&self, by: u16, view: u64, says: Says) -> Signed {
        let statement = Statement { height: HEIGHT, view: View(view), says };
        let bytes = statement.signed_bytes(&federation(), self.0.hash());
        let signature = Signature(Arc::from(sha256(&[&key(by), &bytes]).0));
        Signed { by: ValidatorIndex(by), statement, signature }
    }

    pub fn vote(&self, by: u16, view: u64, phase: Phase, value: &Value) -> Signed {
        self.says(by, view, Says::Vote(phase, value.id()))
    }

    pub fn ask(&self, by: u16, view: u64, prepared: Named) -> Signed {
        self.says(by, view, Says::ViewChange { prepared })
    }

    pub fn certificate(&self, phase: Phase, view: u64, value: &Value, voters: &[u16]) -> Certificate {
        let signed = |by: &u16| (ValidatorIndex(*by), self.vote(*by, view, phase, value).signature);
        let signatures = voters.iter().map(signed).collect();
        Certificate { height: HEIGHT, view: View(view), phase, value: value.id(), signatures }
    }

    /// `asks`: who asks for the view, naming what.
    pub fn justification(
        &self,
        view: u64,
        asks: &[(u16, Named)],
        highest: Option<Certificate>,
    ) -> Arc<Justification> {
        let asks = asks.iter().map(|(by, named)| self.ask(*by, view, *named)).collect();
        Arc::new(Justification { view: View(view), asks, highest })
    }

    /// A value prepared in view 0, again in view 2, and proposed a third time in view 5.
    pub fn thrice(&self) -> Arc<Candidate> {
        let value = value("again");
        let named = |view: u64| Some((View(view), value.id()));
        let first = self.certificate(Phase::Prepare, 0, &value, &[0, 1, 3]);
        let two = self.justification(2, &[(0, None), (1, named(0)), (3, None)], Some(first));
        let second = self.certificate(Phase::Prepare, 2, &value, &[0, 1, 2]);
        let five = self.justification(5, &[(1, named(0)), (2, named(2)), (3, None)], Some(second));
        Arc::new(Candidate { value, lineage: vec![five, two] })
    }

    /// What [`Self::thrice`] was as it was prepared in view 2.
    pub fn twice(&self) -> Arc<Candidate> {
        let Candidate { value, lineage } = Arc::unwrap_or_clone(self.thrice());
        Arc::new(Candidate { value, lineage: lineage[1..].to_vec() })
    }

    pub fn proposal(&self, by: u16, view: u64, candidate: Arc<Candidate>) -> Proposal {
        let prepare = self.vote(by, view, Phase::Prepare, &candidate.value);
        Proposal { candidate, prepare }
    }

    pub fn view_change(&self) -> ViewChange {
        let candidate = self.twice();
        let certificate = self.certificate(Phase::Prepare, 2, &candidate.value, &[0, 2, 3]);
        let prepared = Prepared { certificate, candidate };
        ViewChange { ask: self.ask(2, 5, Some(prepared.named())), prepared: Some(prepared) }
    }

    pub fn decided(&self) -> Decided {
        let candidate = self.thrice();
        Decided {
            certificate: self.certificate(Phase::Commit, 5, &candidate.value, &[0, 1, 2, 3]),
            candidate,
        }
    }

    pub fn messages(&self) -> Vec<Message> {
        let fresh = value("fresh");
        let new = self.justification(3, &[(0, None), (2, None), (3, None)], None);
        let in_three = Arc::new(Candidate { value: value(""), lineage: vec![new] });
        vec![
            Message::Proposal(self.proposal(1, 0, alone("first"))),
            Message::Proposal(self.proposal(2, 3, in_three)),
            Message::Proposal(self.proposal(0, 5, self.thrice())),
            Message::Vote(self.vote(0, 9, Phase::Prepare, &fresh)),
            Message::Vote(self.vote(3, 0, Phase::Commit, &fresh)),
            Message::ViewChange(ViewChange { ask: self.ask(1, 4, None), prepared: None }),
            Message::ViewChange(self.view_change()),
            Message::Certificate(self.certificate(Phase::Prepare, 1, &fresh, &[1, 2, 3])),
            Message::Certificate(self.certificate(Phase::Commit, 1, &fresh, &[0, 1, 2, 3])),
        ]
    }

    /// One of each offence.
    pub fn evidence(&self) -> Vec<Evidence> {
        let (x, y) = (value("x"), value("y"));
        let commit = self.vote(2, 1, Phase::Commit, &x);
        let others = [
            self.vote(2, 1, Phase::Commit, &y),
            self.vote(2, 1, Phase::Prepare, &y),
            self.ask(2, 3, Some((View(0), x.id()))),
        ];
        others.iter().map(|other| Evidence::of(other, &commit).unwrap()).collect()
    }

    pub fn records(&self) -> Vec<Record> {
        let candidate = self.thrice();
        let statement = |view, says| Statement { height: HEIGHT, view: View(view), says };
        let commit = statement(5, Says::Vote(Phase::Commit, candidate.value.id()));
        let certificate = self.certificate(Phase::Prepare, 5, &candidate.value, &[0, 1, 2]);
        let prepare = statement(5, Says::Vote(Phase::Prepare, candidate.value.id()));
        let ask = statement(6, Says::ViewChange { prepared: Some((View(5), candidate.value.id())) });
        vec![
            Record::Height(HEIGHT),
            Record::Said { statement: prepare, candidate: Some(candidate), certificate: None },
            Record::Said { statement: commit, candidate: None, certificate: Some(certificate) },
            Record::Said { statement: ask, candidate: None, certificate: None },
        ]
    }

    pub fn packets(&self) -> Vec<Packet> {
        let message = |message: &Message| Packet::Message(message.clone());
        let mut packets: Vec<Packet> = self.messages().iter().map(message).collect();
        packets.extend([Packet::Request(HEIGHT), Packet::Decided(self.decided())]);
        packets
    }
}

pub fn value(text: &str) -> Value {
    Value::new(text.as_bytes()).unwrap()
}

/// A value of view 0.
pub fn alone(text: &str) -> Arc<Candidate> {
    Arc::new(Candidate { value: value(text), lineage: Vec::new() })
}
