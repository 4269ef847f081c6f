//! Each rule by its reason.

use std::sync::Arc;

use auditmesh_bft::{
    Candidate, Decided, Error, Evidence, Height, Justification, Message, Phase, Prepared, SetAuthority,
    Signature, ValidatorIndex, View, ViewChange,
};
use auditmesh_types::{Authority, Origin};

use crate::{
    check,
    wire_samples::{HEIGHT, Mac, Named, World, alone, federation, set_of, value},
};

fn forged() -> Signature {
    Signature(Arc::from([7; 32]))
}

fn proposal_of(world: &World, view: u64, lineage: Vec<Arc<Justification>>) -> Result<(), Error> {
    let candidate = Arc::new(Candidate { value: value("again"), lineage });
    check(world, &Message::Proposal(world.proposal(0, view, candidate)))
}

#[test]
fn signatures_of_others_for_others() {
    let world = World::new();
    let vote = world.vote(1, 2, Phase::Commit, &value("x"));
    let refused = |by, statement| Err(Error::PeerSignature { by, statement, why: "no match".into() });
    let mut other = vote.clone();
    other.by = ValidatorIndex(2);
    assert_eq!(check(&world, &Message::Vote(other.clone())), refused(other.by, vote.statement));
    other.by = ValidatorIndex(4);
    let nobody = Error::PeerUnknownValidator { index: ValidatorIndex(4), validators: 4 };
    assert_eq!(check(&world, &Message::Vote(other)), Err(nobody));
    for change in [
        |it: &mut auditmesh_bft::Statement| it.height = HEIGHT.next(),
        |it: &mut auditmesh_bft::Statement| it.view = View(3),
        |it: &mut auditmesh_bft::Statement| {
            it.says = auditmesh_bft::Says::Vote(Phase::Prepare, value("x").id());
        },
        |it: &mut auditmesh_bft::Statement| {
            it.says = auditmesh_bft::Says::Vote(Phase::Commit, value("y").id());
        },
    ] {
        let mut other = vote.clone();
        change(&mut other.statement);
        let statement = other.statement;
        assert_eq!(check(&world, &Message::Vote(other)), refused(vote.by, statement));
    }
    let long = Error::PeerLength { what: "signature", got: 8_193, max: 8_192 };
    let mut other = vote;
    other.signature = Signature(Arc::from([0; 8_193]));
    assert_eq!(check(&world, &Message::Vote(other)), Err(long));
}

#[test]
fn another_federation_or_set() {
    let (world, elsewhere) = (World::new(), Origin::new("example/other").unwrap());
    let heavier = set_of(&[1, 1, 1, 2]);
    let vote = world.vote(1, 2, Phase::Commit, &value("x"));
    let refused =
        Err(Error::PeerSignature { by: vote.by, statement: vote.statement, why: "no match".into() });
    let message = Message::Vote(vote);
    let home = federation();
    assert_eq!(SetAuthority::new(&elsewhere, &world.0, &Mac).unwrap().check(&message), refused);
    assert_eq!(SetAuthority::new(&home, &heavier, &Mac).unwrap().check(&message), refused);
}

#[test]
fn statements_out_of_place() {
    let world = World::new();
    let x = value("x");
    let misplaced =
        |signed: &auditmesh_bft::Signed| Err(Error::PeerStatement { by: signed.by, got: signed.statement });
    let ask = world.ask(1, 2, None);
    assert_eq!(check(&world, &Message::Vote(ask.clone())), misplaced(&ask));
    let vote = world.vote(1, 2, Phase::Prepare, &x);
    let change = |ask: &auditmesh_bft::Signed, prepared| {
        Message::ViewChange(ViewChange { ask: ask.clone(), prepared })
    };
    assert_eq!(check(&world, &change(&vote, None)), misplaced(&vote));
    let first = world.ask(1, 0, None);
    assert_eq!(check(&world, &change(&first, None)), misplaced(&first));
    let later = world.ask(1, 2, Some((View(2), x.id())));
    assert_eq!(check(&world, &change(&later, None)), misplaced(&later));
    for prepare in [world.vote(1, 0, Phase::Commit, &x), world.vote(1, 0, Phase::Prepare, &value("y"))] {
        let mut proposal = world.proposal(1, 0, alone("x"));
        proposal.prepare = prepare.clone();
        assert_eq!(check(&world, &Message::Proposal(proposal)), misplaced(&prepare));
    }
}

#[test]
fn view_changes_that_show_something_else() {
    let world = World::new();
    let right = world.view_change();
    let highest = |view| Err(Error::PeerHighest { view: View(view) });
    let with = |ask, prepared| check(&world, &Message::ViewChange(ViewChange { ask, prepared }));
    let prepared = right.prepared.clone().unwrap();
    assert_eq!(with(right.ask.clone(), None), highest(5));
    assert_eq!(with(world.ask(2, 5, None), Some(prepared.clone())), highest(5));
    let named = Some((View(1), prepared.candidate.value.id()));
    assert_eq!(with(world.ask(2, 5, named), Some(prepared.clone())), highest(5));
    // COMMITs are no certificate of preparation, nor are votes of another height or value.
    let mut other = prepared.clone();
    other.certificate.phase = Phase::Commit;
    assert_eq!(with(right.ask.clone(), Some(other)), highest(2));
    let mut other = prepared.clone();
    other.certificate.height = Height(8);
    assert_eq!(with(right.ask.clone(), Some(other)), highest(2));
    let mut other = prepared.clone();
    other.candidate = alone("x");
    assert_eq!(with(right.ask.clone(), Some(other)), highest(2));
    let mut other = prepared.clone();
    other.certificate.signatures.pop();
    assert_eq!(with(right.ask.clone(), Some(other)), Err(Error::PeerNoQuorum { got: 2, want: 3 }));
    let mut other = prepared;
    other.candidate = Arc::new(Candidate { value: value("again"), lineage: Vec::new() });
    let unjustified = Error::PeerUnjustified { height: HEIGHT, view: View(2) };
    assert_eq!(with(right.ask, Some(other)), Err(unjustified));
}

#[test]
fn forged_signatures_anywhere_in_a_lineage() {
    let world = World::new();
    let right = world.thrice();
    for at in 0..2 {
        for place in 0..6 {
            let mut lineage = right.lineage.clone();
            let justification = Arc::make_mut(&mut lineage[at]);
            let (by, statement) = if let Some(ask) = justification.asks.get_mut(place) {
                ask.signature = forged();
                (ask.by, ask.statement)
            } else {
                let certificate = justification.highest.as_mut().unwrap();
                let statement = certificate.statement();
                let (by, signature) = &mut certificate.signatures[place - 3];
                *signature = forged();
                (*by, statement)
            };
            let refused = Err(Error::PeerSignature { by, statement, why: "no match".into() });
            assert_eq!(proposal_of(&world, 5, lineage.clone()), refused, "{at} {place}");
            let candidate = Arc::new(Candidate { value: value("again"), lineage });
            let certificate = world.certificate(Phase::Commit, 5, &candidate.value, &[0, 1, 2]);
            assert_eq!(check(&world, &Decided { certificate, candidate: Arc::clone(&candidate) }), refused);
            let certificate = world.certificate(Phase::Prepare, 5, &candidate.value, &[0, 1, 2]);
            let prepared = Prepared { certificate, candidate };
            let ask = world.ask(3, 6, Some(prepared.named()));
            let change = ViewChange { ask, prepared: Some(prepared) };
            assert_eq!(check(&world, &Message::ViewChange(change)), refused);
        }
    }
}

#[test]
fn lineages_that_do_not_justify() {
    let world = World::new();
    let unjustified = |view| Err(Error::PeerUnjustified { height: HEIGHT, view: View(view) });
    let [five, two] = &*world.thrice().lineage.clone() else { panic!("two") };
    let (five, two) = (|| Arc::clone(five), || Arc::clone(two));
    assert_eq!(proposal_of(&world, 5, vec![five(), two()]), Ok(()));
    assert_eq!(proposal_of(&world, 5, vec![]), unjustified(5));
    assert_eq!(proposal_of(&world, 5, vec![five()]), unjustified(2));
    assert_eq!(proposal_of(&world, 5, vec![two()]), unjustified(5));
    assert_eq!(proposal_of(&world, 4, vec![five(), two()]), unjustified(4));
    assert_eq!(proposal_of(&world, 5, vec![five(), two(), two()]), unjustified(2));
    assert_eq!(proposal_of(&world, 0, vec![two()]), unjustified(2));
    let other = Arc::new(Candidate { value: value("other"), lineage: vec![five(), two()] });
    assert_eq!(check(&world, &Message::Proposal(world.proposal(0, 5, other))), unjustified(5));
}

#[test]
fn justifications_without_their_quorum() {
    let world = World::new();
    let again = value("again");
    let named = |view: u64| -> Named { Some((View(view), again.id())) };
    let shown = |view, voters: &[u16]| Some(world.certificate(Phase::Prepare, view, &again, voters));
    let with =
        |asks: &[(u16, Named)], highest| proposal_of(&world, 2, vec![world.justification(2, asks, highest)]);
    assert_eq!(with(&[(0, None), (1, None), (2, None)], None), Ok(()));
    assert_eq!(with(&[(0, None), (1, None)], None), Err(Error::PeerNoQuorum { got: 2, want: 3 }));
    let order = |voter| Err(Error::PeerVoterOrder { voter: ValidatorIndex(voter) });
    assert_eq!(with(&[(0, None), (1, None), (1, None)], None), order(1));
    assert_eq!(with(&[(0, None), (2, None), (1, None)], None), order(1));
    let highest = Err(Error::PeerHighest { view: View(2) });
    let asks = [(0, None), (1, named(0)), (2, named(1))];
    assert_eq!(with(&asks, None), highest);
    assert_eq!(with(&asks, shown(0, &[0, 1, 2])), highest);
    assert_eq!(with(&[(0, None), (1, None), (2, None)], shown(0, &[0, 1, 2])), highest);
    assert_eq!(with(&asks, Some(world.certificate(Phase::Commit, 1, &again, &[0, 1, 2]))), highest);
    assert_eq!(with(&asks, shown(1, &[0, 1])), Err(Error::PeerNoQuorum { got: 2, want: 3 }));
    let late = world.ask(2, 2, named(2));
    let misplaced = Err(Error::PeerStatement { by: late.by, got: late.statement });
    assert_eq!(with(&[(0, None), (1, None), (2, named(2))], shown(2, &[0, 1, 2])), misplaced);
    let mut justification =
        Arc::unwrap_or_clone(world.justification(2, &[(0, None), (1, None), (2, None)], None));
    let early = world.ask(1, 1, None);
    justification.asks[1] = early.clone();
    let misplaced = Err(Error::PeerStatement { by: early.by, got: early.statement });
    assert_eq!(proposal_of(&world, 2, vec![Arc::new(justification)]), misplaced);
}

#[test]
fn decisions_that_are_none() {
    let world = World::new();
    let right = world.decided();
    let mut other = right.clone();
    other.certificate.phase = Phase::Prepare;
    let refused = Error::PeerPhase { height: HEIGHT, view: View(5) };
    assert_eq!(check(&world, &other), Err(refused));
    let mut other = right.clone();
    other.candidate = alone("x");
    let refused = Error::PeerOtherValue { got: value("x").id(), want: value("again").id() };
    assert_eq!(check(&world, &other), Err(refused));
    let mut other = right.clone();
    other.certificate.signatures.truncate(2);
    assert_eq!(check(&world, &other), Err(Error::PeerNoQuorum { got: 2, want: 3 }));
    let mut other = right.clone();
    other.candidate = alone("again");
    let unjustified = Error::PeerUnjustified { height: HEIGHT, view: View(5) };
    assert_eq!(check(&world, &other), Err(unjustified));
    let mut other = right;
    other.certificate.signatures[3].1 = forged();
    let (by, statement) = (ValidatorIndex(3), other.certificate.statement());
    assert_eq!(check(&world, &other), Err(Error::PeerSignature { by, statement, why: "no match".into() }));
}

#[test]
fn certificates_that_are_none() {
    let world = World::new();
    let with = |voters: &[u16]| {
        check(&world, &Message::Certificate(world.certificate(Phase::Commit, 0, &value("x"), voters)))
    };
    assert_eq!(with(&[0, 1]), Err(Error::PeerNoQuorum { got: 2, want: 3 }));
    assert_eq!(with(&[0, 0, 1]), Err(Error::PeerVoterOrder { voter: ValidatorIndex(0) }));
    let unknown = Error::PeerUnknownValidator { index: ValidatorIndex(4), validators: 4 };
    assert_eq!(with(&[0, 1, 4]), Err(unknown));
}

/// Anyone can write an accusation down; only the accused can sign it.
#[test]
fn accusations_that_nobody_signed() {
    let world = World::new();
    let (first, mut second) =
        (world.vote(1, 0, Phase::Commit, &value("x")), world.vote(1, 0, Phase::Commit, &value("y")));
    let home = federation();
    let authority = SetAuthority::new(&home, &world.0, &Mac).unwrap();
    let right = Evidence::of(&first, &second).unwrap();
    assert_eq!(authority.culprit(&right), Ok(&crate::wire_samples::name(1)));
    second.signature = first.signature.clone();
    let forged = Evidence::of(&first, &second).unwrap();
    let refused = Error::PeerSignature { by: second.by, statement: second.statement, why: "no match".into() };
    assert_eq!(authority.culprit(&forged), Err(refused.clone()));
    assert_eq!(authority.check(&forged), Err(refused));
}
