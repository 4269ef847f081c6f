//! What is sound is taken, for the signatures it costs.

use std::sync::Arc;

use auditmesh_bft::{
    Error, Message, Phase, Prepared, SetAuthority, Validator, ValidatorSet, View, ViewChange,
};
use auditmesh_types::{Authority, Scheme, Verifier};

use crate::{
    check, cost,
    wire_samples::{Bad, Mac, World, federation, name, value},
};

#[test]
fn everything_sound_at_its_price() {
    let world = World::new();
    // A lineage costs its requests and certificates: six signatures a view here.
    let prices = [1, 1 + 3, 1 + 12, 1, 1, 1, 1 + 3 + 6, 3, 4];
    for (message, price) in world.messages().iter().zip(prices) {
        assert_eq!(check(&world, message), Ok(()), "{message:?}");
        assert_eq!(cost(&world, message), price, "{message:?}");
    }
    assert_eq!(check(&world, &world.decided()), Ok(()));
    assert_eq!(cost(&world, &world.decided()), 4 + 12);
    for evidence in world.evidence() {
        assert_eq!(check(&world, &evidence), Ok(()), "{}", evidence.offence());
        assert_eq!(cost(&world, &evidence), 2);
    }
}

/// One statement under one signature is verified once, however often a message shows it.
#[test]
fn the_same_signature_costs_once() {
    let world = World::new();
    let mut proposal = world.proposal(0, 5, world.thrice());
    proposal.prepare = world.vote(0, 5, Phase::Prepare, &proposal.candidate.value);
    assert_eq!(cost(&world, &Message::Proposal(proposal)), 13);
    // A request that names view 2, of a validator that stands in that view's certificate: other statements.
    let candidate = world.twice();
    let certificate = world.certificate(Phase::Prepare, 2, &candidate.value, &[0, 2, 3]);
    let prepared = Prepared { certificate, candidate };
    let ask = world.ask(2, 3, Some(prepared.named()));
    let change = Message::ViewChange(ViewChange { ask, prepared: Some(prepared) });
    assert_eq!(cost(&world, &change), 10);
}

#[test]
fn a_set_of_one() {
    let world = World(crate::wire_samples::set_of(&[1]));
    let x = value("x");
    let certificate = world.certificate(Phase::Commit, 0, &x, &[0]);
    assert_eq!(check(&world, &Message::Certificate(certificate)), Ok(()));
}

/// Three members of a federation of seven, who hold two thirds of the weight and more.
#[test]
fn quorums_by_weight() {
    let world = World(crate::wire_samples::set_of(&[50, 30, 10, 4, 3, 2, 1]));
    let x = value("x");
    let with = |voters: &[u16]| Message::Certificate(world.certificate(Phase::Prepare, 3, &x, voters));
    assert_eq!(check(&world, &with(&[0, 1])), Ok(()));
    let few = Err(Error::PeerNoQuorum { got: 50, want: 67 });
    assert_eq!(check(&world, &with(&[1, 2, 3, 4, 5, 6])), few);
}

#[test]
fn keys_that_may_be_enrolled() {
    let (federation, world) = (federation(), World::new());
    let authority = SetAuthority::new(&federation, &world.0, &Mac).unwrap();
    assert_eq!(authority.check_keys(), Ok(()));
    let with = |key: [u8; 32], n| Validator { name: name(n), key: key.to_vec(), weight: 1 };
    let weak = ValidatorSet::new(Scheme::Ed25519, vec![with([1; 32], 0), with([0; 32], 1)]).unwrap();
    let refused = Error::MisuseKey { member: name(1), why: "weak key".into() };
    assert_eq!(SetAuthority::new(&federation, &weak, &Mac).unwrap().check_keys(), Err(refused));
}

#[test]
fn one_scheme() {
    let (federation, validators) = (federation(), vec![Validator { name: name(0), key: vec![1], weight: 1 }]);
    let other = ValidatorSet::new(Scheme::MlDsa44, validators).unwrap();
    let refused = Error::MisuseScheme { set: Scheme::MlDsa44, verifier: Scheme::Ed25519 };
    assert_eq!(SetAuthority::new(&federation, &other, &Mac).map(|_| ()), Err(refused));
}

/// The verifier may be chosen at start-up.
#[test]
fn behind_a_pointer() {
    let (federation, world) = (federation(), World::new());
    let verifier: Box<dyn Verifier<Error = Bad>> = Box::new(Mac);
    let authority = SetAuthority::new(&federation, &world.0, &*verifier).unwrap();
    let verified = authority.verify(world.messages()[2].clone()).unwrap();
    assert_eq!((verified.view(), Arc::strong_count(&world.0)), (View(5), 1));
}
