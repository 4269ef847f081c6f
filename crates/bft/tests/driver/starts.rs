//! What happens while a member starts is told by the next call.

use auditmesh_bft::{Height, Notice, Packet, Says, Statement, View};
use auditmesh_types::Millis;

use crate::{
    cast::{Fault, Mood, Part, Setup, decided, proposal},
    wire_samples::{HEIGHT, name, set, set_of},
};

/// A validator alone decides as it starts.
#[test]
fn a_decision_is_told_by_tick() {
    let alone = set_of(&[1]);
    let mut node = Setup::new(&alone, 0, HEIGHT.0).start().unwrap();
    assert_eq!((node.height(), node.deadline()), (HEIGHT.next(), Some(Millis(0))));
    let first = decided(&alone, HEIGHT, &proposal(HEIGHT), &[0]);
    assert_eq!(node.tick(Millis(0)).unwrap(), [Notice::Decided(first)]);
    assert!(node.deadline() > Some(Millis(0)), "{:?}", node.deadline());
    assert_eq!(node.tick(Millis(0)).unwrap(), []);
}

#[test]
fn a_decision_is_told_by_receive() {
    let alone = set_of(&[1]);
    let mut node = Setup::new(&alone, 0, HEIGHT.0).start().unwrap();
    let first = decided(&alone, HEIGHT, &proposal(HEIGHT), &[0]);
    let heard = node.receive(Millis(0), &name(1), Packet::Request(Height(1))).unwrap();
    assert_eq!(heard, [Notice::Decided(first)]);
    assert_eq!(node.receive(Millis(0), &name(1), Packet::Request(Height(1))).unwrap(), []);
}

/// It comes before what happens in the call that tells it.
#[test]
fn decisions_are_told_in_order() {
    let alone = set_of(&[1]);
    let mut node = Setup::new(&alone, 0, HEIGHT.0 + 1).start().unwrap();
    let both = [HEIGHT, HEIGHT.next()].map(|height| decided(&alone, height, &proposal(height), &[0]));
    assert_eq!(node.tick(Millis(0)).unwrap(), both.map(Notice::Decided));
}

/// Validator 3 proposes.
#[test]
fn a_signer_out_of_reach_is_told() {
    let mut node = Setup { mood: Mood::Away, ..Setup::new(&set(), 3, HEIGHT.0) }.start().unwrap();
    let value = proposal(HEIGHT).id();
    let says = Says::Vote(auditmesh_bft::Phase::Prepare, value);
    let statement = Statement { height: HEIGHT, view: View(0), says };
    let why = "the key is away".into();
    assert_eq!(node.tick(Millis(0)).unwrap(), [Notice::NotSigned { statement, why }]);
    assert_eq!(node.tick(Millis(0)).unwrap(), []);
}

#[test]
fn a_failed_proposal_is_told() {
    let setup = Setup { fault: Fault::at(Part::Propose, 0), ..Setup::new(&set(), 3, HEIGHT.0) };
    let mut node = setup.start().unwrap();
    let why = "Propose failed".into();
    assert_eq!(node.tick(Millis(0)).unwrap(), [Notice::NotProposed { height: HEIGHT, why }]);
    assert_eq!(node.tick(Millis(0)).unwrap(), []);
}
