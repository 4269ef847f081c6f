use std::{cell::RefCell, hint::black_box, rc::Rc};

use auditmesh::{
    attest,
    bft::{Driver, Member, MemoryRecords, Packet, Settings},
    types::{Millis, Scheme, Signer, Verifier},
};

use super::{
    BYTES, Blobs, Checking, Post, Signatures, Signing, Table,
    ours::federation,
    table::{Places, Seat},
};

/// Who does nothing but sign and check, what and in which order ours does.
pub const SIGNATURES_ALONE: &str = "signatures alone";

/// One call that ours makes.
enum Call {
    Sign { signer: Rc<Signing>, message: Vec<u8> },
    Verify { public_key: Vec<u8>, message: Vec<u8>, signature: Vec<u8> },
}

type Calls = Rc<RefCell<Vec<Call>>>;

/// A key that notes what is signed with it.
struct NotedSigning {
    signer: Rc<Signing>,
    calls: Calls,
}

impl Signer for NotedSigning {
    type Error = attest::Error;

    fn scheme(&self) -> Scheme {
        self.signer.scheme()
    }

    fn public_key(&self) -> &[u8] {
        self.signer.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, attest::Error> {
        let call = Call::Sign { signer: Rc::clone(&self.signer), message: message.to_vec() };
        self.calls.borrow_mut().push(call);
        self.signer.sign(message)
    }
}

/// Checks signatures, and notes which.
struct NotedChecking {
    verifier: Checking,
    calls: Calls,
}

impl Verifier for NotedChecking {
    type Error = attest::Error;

    fn scheme(&self) -> Scheme {
        self.verifier.scheme()
    }

    fn check_key(&self, public_key: &[u8]) -> Result<(), attest::Error> {
        self.verifier.check_key(public_key)
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), attest::Error> {
        self.calls.borrow_mut().push(Call::Verify {
            public_key: public_key.to_vec(),
            message: message.to_vec(),
            signature: signature.to_vec(),
        });
        self.verifier.verify(public_key, message, signature)
    }
}

type Noted = Driver<(Blobs, NotedSigning, NotedChecking, MemoryRecords, Post<Packet>)>;

/// Makes and checks the signatures of `decisions` decisions of `count` members of ours, as ours did once, and does nothing else.
pub(crate) fn signatures_alone(count: usize, decisions: u64) -> impl FnMut() {
    let calls = Calls::default();
    let verifier = Rc::new(RefCell::new(None));
    let places = Places { count, bytes: BYTES, signatures: Signatures::Strict };
    let (noting, keep) = (Rc::clone(&calls), Rc::clone(&verifier));
    let mut table = Table::<Noted>::new(
        places,
        |_| false,
        |_| None,
        move |Seat { name, ledger, signer, verifier, post }| {
            keep.borrow_mut().get_or_insert_with(|| verifier.clone());
            let member = Member {
                ledger,
                signer: NotedSigning { signer: Rc::new(signer), calls: Rc::clone(&noting) },
                verifier: NotedChecking { verifier, calls: Rc::clone(&noting) },
                store: MemoryRecords::default(),
                transport: post,
            };
            Driver::start(Millis(0), Settings::new(federation(), name), member).unwrap()
        },
    );
    table.decide(3);
    calls.borrow_mut().clear();
    table.decide(decisions);
    let (calls, verifier) = (calls.take(), verifier.take().unwrap());
    move || {
        for call in &calls {
            match call {
                Call::Sign { signer, message } => drop(black_box(signer.sign(black_box(message)).unwrap())),
                Call::Verify { public_key, message, signature } => {
                    verifier.verify(black_box(public_key), message, signature).unwrap();
                }
            }
        }
    }
}
