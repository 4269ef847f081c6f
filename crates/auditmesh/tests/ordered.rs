//! Batches that the members put in order before they log them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use auditmesh::{
    Builder, Ordered,
    anchor::{CONTRACT, MemoryAnchor},
    attest::{Ed25519Signer, MlDsa44Signer},
    bft::{Height, View},
    event::{Event, Sequencer},
    types::{Batcher, MemberId, Millis, Origin, Outcome, Size, Zone},
};

fn origin() -> Origin {
    Origin::new("example/ordered").unwrap()
}

fn name(n: usize) -> MemberId {
    MemberId::new(format!("M-{n:02}")).unwrap()
}

fn event(n: u64) -> Event {
    Event {
        id: format!("e-{n}").parse().unwrap(),
        zone: "EU".parse().unwrap(),
        node: name(0),
        sequence: n,
        time: Millis(1_767_225_600_000 + n),
        kind: "iam.CreateUser".parse().unwrap(),
        salt: [7; 32],
        payload: vec![1],
    }
}

/// Members of whom those in `gone` are not there.
fn ordered(inner: Sequencer, count: usize, gone: &[usize]) -> Ordered<Sequencer, Ed25519Signer> {
    let key = |n: usize| Ed25519Signer::from_seed([u8::try_from(100 + n).unwrap(); 32]);
    let members = (0..count).map(|n| (name(n), key(n), !gone.contains(&n))).collect();
    Ordered::new(inner, &origin(), members).unwrap()
}

fn filled(count: usize, gone: &[usize], events: u64) -> Ordered<Sequencer, Ed25519Signer> {
    let mut batcher = ordered(Sequencer::new(), count, gone);
    (1..=events).for_each(|n| batcher.push(event(n)).unwrap());
    batcher
}

#[test]
fn batches_keep_their_order_and_carry_a_certificate() {
    let mut plain = Sequencer::new();
    (1..=30).for_each(|n| plain.push(event(n)).unwrap());
    let mut batcher = filled(4, &[], 30);
    for height in 1..=3 {
        assert_eq!(batcher.seal(10), plain.seal(10));
        let order = batcher.last().unwrap();
        assert_eq!((order.decided.height(), order.decided.certificate.view), (Height(height), View(0)));
        assert!(order.decided.certificate.signatures.len() >= 3 && order.accused.is_empty());
    }
    assert_eq!((batcher.seal(10), batcher.depth()), (None, 0));
}

#[test]
fn a_silent_proposer_costs_a_view() {
    for gone in 0..4 {
        let mut batcher = filled(4, &[gone], 4);
        let mut views = Vec::new();
        for _ in 0..4 {
            assert_eq!(batcher.seal(1).unwrap().records.len(), 1);
            let order = batcher.last().unwrap();
            assert_ne!(order.proposer, name(gone));
            views.push(order.decided.certificate.view.0);
        }
        assert_eq!(views.iter().sum::<u64>(), 1, "the absent member is passed over once in four heights");
    }
}

#[test]
fn without_a_quorum_the_batch_waits() {
    let mut batcher = filled(4, &[1, 2], 3);
    assert_eq!((batcher.seal(10), batcher.depth()), (None, 3));
    assert!(batcher.last().is_none());
    assert_eq!((batcher.seal(10), batcher.depth()), (None, 3));
}

#[test]
fn many_members_vote_through_the_collector() {
    let mut batcher = filled(13, &[1, 2, 3, 4], 2);
    assert_eq!(batcher.seal(1).unwrap().records.len(), 1);
    assert_eq!(batcher.last().unwrap().decided.certificate.view, View(4));
    assert_eq!(batcher.last().unwrap().proposer, name(5));
}

#[test]
fn a_federation_logs_what_was_ordered() {
    let zone: Zone = "EU".parse().unwrap();
    let mut builder = Builder::new(origin()).batch_size(10).contract(CONTRACT);
    for n in 0..4u8 {
        let keys = (Ed25519Signer::from_seed([n; 32]), MlDsa44Signer::from_seed([n; 32]));
        builder = builder.member(zone.clone(), name(n.into()), keys.0, keys.1);
    }
    let anchor = MemoryAnchor::new();
    let mut federation =
        builder.build_ordered(anchor, |member| member, |sequencer| ordered(sequencer, 4, &[2])).unwrap();
    (1..=20).for_each(|n| federation.submit(event(n)).unwrap());
    for round in 1..=2 {
        let report = federation.round(Millis(1_767_225_700_000), &mut ()).unwrap().unwrap();
        assert_eq!(report.decision.outcome, Outcome::Agreed);
        assert_eq!(federation.head().size, Size(10 * round));
        let order = federation.batcher().last().unwrap();
        assert_eq!(order.decided.height(), Height(round));
    }
}
