//! The signer is trusted to sign rightly: what it signs wrongly is sent and counted here, and refused by everybody else.

use auditmesh_bft::{Decided, Height, Message, Notice, Packet, Phase, Proposal};
use auditmesh_types::Millis;

use crate::{
    cast::{Mood, Node, Setup, vote},
    wire_samples::{HEIGHT, alone, name, set},
};

fn hear(node: &mut Node, from: u16, packet: Packet) -> Vec<Notice> {
    node.receive(Millis(0), &name(from), packet).unwrap()
}

/// Validator 3 proposes.
#[test]
fn others_refuse_its_proposal() {
    let wrong = Setup { mood: Mood::Wrong, ..Setup::new(&set(), 3, HEIGHT.0) };
    assert_eq!(wrong.start().unwrap().tick(Millis(0)).unwrap(), []);
    let sent = wrong.sent.borrow();
    let proposal = sent.iter().find_map(|packet| match packet {
        Packet::Message(Message::Proposal(proposal)) => Some(proposal.clone()),
        _ => None,
    });
    let proposal = proposal.expect("it proposes");
    let why = format!("validator 3 did not sign `{}`: no match", proposal.prepare.statement);
    let mut other = Setup::new(&set(), 0, 0).start().unwrap();
    let heard = hear(&mut other, 3, Packet::Message(Message::Proposal(proposal)));
    assert_eq!(heard, [Notice::Refused { from: Some(name(3)), why }]);
}

/// It decides what the others decide, and nobody takes it from its hands.
#[test]
fn others_refuse_its_decision() {
    let (set, x) = (set(), alone("x"));
    let mut wrong = Setup { mood: Mood::Wrong, ..Setup::new(&set, 0, 0) }.start().unwrap();
    let prepare = vote(&set, 3, HEIGHT, Phase::Prepare, &x.value);
    let proposal = Message::Proposal(Proposal { candidate: x.clone(), prepare });
    let said = |by, phase| Message::Vote(vote(&set, by, HEIGHT, phase, &x.value));
    let commits = [1, 2].map(|by| said(by, Phase::Commit));
    let mut heard = Vec::new();
    for message in [proposal, said(1, Phase::Prepare)].into_iter().chain(commits) {
        heard.extend(hear(&mut wrong, 1, Packet::Message(message)));
    }
    let [Notice::Decided(decided)] = &heard[..] else { panic!("{heard:?}") };
    let voters: Vec<u16> = decided.certificate.signatures.iter().map(|(by, _)| by.0).collect();
    assert_eq!(voters, [0, 1, 2]);
    let mut other = Setup::new(&set, 3, 0).start().unwrap();
    let statement = decided.certificate.statement();
    let why = format!("validator 0 did not sign `{statement}`: no match");
    let decided: Decided = decided.clone();
    assert_eq!(hear(&mut other, 0, Packet::Decided(decided)), [Notice::Refused { from: Some(name(0)), why }]);
    assert_eq!((wrong.height(), other.height()), (Height(8), HEIGHT));
}
