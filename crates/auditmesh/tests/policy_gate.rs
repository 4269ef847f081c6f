//! The policy is asked before the anchor: what it denies is agreed, logged and certified, and leaves for nowhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use auditmesh::{
    Agreed, Anchored, Builder, Federation, Participant,
    anchor::{self, FileAnchor, MemoryAnchor},
    attest::Certificate,
    event::Sequencer,
    policy::RuleSet,
    types::{
        Anchor, Authority, Certifier, Commitment, Content, ContractFacts, Digest, Facts, Field, Millis,
        Purpose, Reason, Size, TreeHead,
    },
};
use federation::*;

/// The rules that said no, and to what; nothing when nothing was denied.
fn denied(agreed: &Agreed<Certificate>) -> Vec<(&'static str, &str)> {
    match &agreed.anchored {
        Anchored::Denied(reasons) => {
            reasons.iter().map(|Reason { rule, about, .. }| (*rule, about.as_str())).collect()
        }
        _ => Vec::new(),
    }
}

/// One agreed round under `facts`: what it says, its head, and the anchor behind it.
fn judged(facts: Facts) -> (Agreed<Certificate>, TreeHead, Desk) {
    let desk = Desk::default();
    let mut parts = assembly(&NAMES, &empty_log(), desk.clone());
    parts.facts = facts;
    let mut federation = Federation::new(parts).unwrap();
    submit(&mut federation, events(5));
    let report = round(&mut federation);
    let head = report.decision.agreed().unwrap();
    assert_eq!((federation.head(), heads(&federation)), (head, vec![head; 4]), "denied or not, it is logged");
    let agreed = report.agreed.unwrap();
    federation.membership().check(&*agreed.certificate).unwrap();
    (agreed, head, desk)
}

fn assert_denied(facts: Facts, want: &[(&str, &str)]) {
    let (agreed, head, desk) = judged(facts);
    assert_eq!(denied(&agreed), want);
    assert_eq!((receipt(&agreed), agreed.certificate.head()), (None, head));
    assert_eq!(
        (desk.commits.get(), desk.kept.borrow().chain().len()),
        (0, 0),
        "the anchor was not even asked"
    );
    assert_eq!(desk.find(&origin(), head), Ok(None));
}

#[test]
fn each_fact_that_is_at_fault_is_a_reason() {
    let contract = facts().contract.unwrap();
    assert_denied(Facts { zones: Some(2), ..facts() }, &[("RESIL-001", "zones")]);
    assert_denied(Facts { tolerates: Some(0), ..facts() }, &[("RESIL-002", "tolerates")]);
    let transfers = ContractFacts { transfers: true, ..contract };
    assert_denied(Facts { contract: Some(transfers), ..facts() }, &[("MICA-NC-003", "contract.transfers")]);
    let two = Facts { zones: Some(2), contract: Some(transfers), ..facts() };
    assert_denied(two, &[("MICA-NC-003", "contract.transfers"), ("RESIL-001", "zones")]);
}

#[test]
fn what_is_not_known_is_denied() {
    let (agreed, _, desk) = judged(Facts::default());
    let about: std::collections::BTreeSet<_> = denied(&agreed).into_iter().map(|(_, about)| about).collect();
    assert_eq!(
        about.into_iter().collect::<Vec<_>>(),
        ["anchor", "contract", "entry", "purpose", "tolerates", "zones"]
    );
    assert_eq!((receipt(&agreed), desk.commits.get()), (None, 0));
    assert_denied(Facts { zones: None, ..facts() }, &[("RESIL-001", "zones")]);
}

#[test]
fn payloads_money_and_settlement_do_not_leave() {
    let with = |holds| {
        let mut facts = facts();
        facts.anchor.as_mut().unwrap().push(Field { name: "x".into(), holds });
        judged(facts)
    };
    for holds in
        [Content::Payload, Content::Amount, Content::Balance, Content::PaymentReference, Content::Personal]
    {
        let (agreed, _, desk) = with(holds);
        assert!(denied(&agreed).iter().any(|(_, about)| *about == "anchor.x"), "{holds:?}");
        assert_eq!((receipt(&agreed), desk.commits.get()), (None, 0), "{holds:?}");
    }
    let (agreed, ..) = with(Content::Digest);
    assert!(receipt(&agreed).is_some(), "one hash more is no fault");
    let (agreed, _, desk) = judged(Facts { purpose: Some(Purpose::Settlement), ..facts() });
    assert!(denied(&agreed).iter().all(|(_, about)| *about == "purpose") && !denied(&agreed).is_empty());
    assert_eq!((receipt(&agreed), desk.commits.get()), (None, 0));
}

#[test]
fn a_policy_without_rules_denies() {
    let desk = Desk::default();
    let mut parts = assembly(&NAMES, &empty_log(), desk.clone());
    parts.policy = RuleSet::empty();
    let mut federation = Federation::new(parts).unwrap();
    submit(&mut federation, events(1));
    let agreed = round(&mut federation).agreed.unwrap();
    assert_eq!((denied(&agreed), receipt(&agreed)), (vec![("RULE-SET", "rules")], None));
    assert_eq!(desk.commits.get(), 0);
}

/// Nobody but the caller knows where heads are anchored.
#[test]
fn the_builder_knows_nothing_of_the_anchor_unless_it_is_told() {
    let build = |told: Option<ContractFacts>| {
        let untold = NAMES.iter().fold(Builder::new(origin()), |builder, name| {
            let (operator, cosigner) = keys(name);
            builder.member(zone(name), id(name), operator, cosigner)
        });
        let (mut federation, _, desk) = staged(told.into_iter().fold(untold, Builder::contract), &[]);
        submit(&mut federation, events(1));
        (round(&mut federation).agreed.unwrap(), desk.commits.get())
    };
    let (agreed, commits) = build(None);
    assert_eq!((denied(&agreed), commits), (vec![("MICA-NC-003", "contract")], 0));
    let (agreed, commits) = build(Some(ContractFacts { accepts_value: true, ..anchor::CONTRACT }));
    assert_eq!((denied(&agreed), commits), (vec![("MICA-NC-003", "contract.accepts_value")], 0));
    let (agreed, commits) = build(Some(anchor::CONTRACT));
    assert_eq!((receipt(&agreed).is_some(), commits), (true, 1));
}

/// The builder counts zones and faults itself.
#[test]
fn the_builder_states_the_facts_of_its_members() {
    for (names, want) in [
        (&["EU-1", "EU-2", "US-1", "US-2"][..], &[("RESIL-001", "zones")][..]),
        (&["EU-1", "US-1", "APAC-1"], &[("RESIL-002", "tolerates")]),
        (&["EU-1"], &[("RESIL-001", "zones"), ("RESIL-002", "tolerates")]),
        (&["EU-1", "US-1", "APAC-1", "EU-2"], &[]),
    ] {
        let (mut federation, _, desk) = staged(builder(names), &[]);
        submit(&mut federation, vec![event("EU-1", 1)]);
        let agreed = round(&mut federation).agreed.unwrap();
        assert_eq!(denied(&agreed), want, "{names:?}");
        assert_eq!(
            (receipt(&agreed).is_some(), desk.commits.get()),
            (want.is_empty(), usize::from(want.is_empty()))
        );
    }
}

#[test]
fn what_is_allowed_is_anchored_and_can_be_checked_back() {
    let (agreed, head, desk) = judged(facts());
    assert_eq!(desk.commits.get(), 1);
    let receipt = receipt(&agreed).unwrap();
    let federation = Federation::new(assembly(&NAMES, &empty_log(), Desk::default())).unwrap();
    let statement = federation.membership().statement(head);
    assert_eq!(statement, agreed.certificate.signed().checkpoint().digest());
    let made = Commitment { origin: origin(), head, statement, at: NOW };
    assert_eq!(desk.check(&receipt, &made), Ok(()));
    assert_eq!(desk.find(&origin(), head), Ok(Some(receipt.clone())));
    let kept = desk.kept.borrow();
    assert_eq!((kept.chain().len(), kept.chain().line(1).map(anchor::Line::commitment)), (1, Some(&made)));
    let others = [
        ("origin", Commitment { origin: "log.example/other".parse().unwrap(), ..made.clone() }),
        ("size", Commitment { head: TreeHead { size: Size(6), ..head }, ..made.clone() }),
        ("root", Commitment { head: TreeHead { root: Digest([1; 32]), ..head }, ..made.clone() }),
        ("statement", Commitment { statement: Digest([1; 32]), ..made.clone() }),
        ("time", Commitment { at: Millis(NOW.0 + 1), ..made.clone() }),
    ];
    for (what, other) in others {
        let why = desk.check(&receipt, &other).unwrap_err();
        assert!(matches!(why, anchor::Error::PeerCommitmentDiffers { .. }), "{what}: {why}");
    }
}

#[test]
fn an_undecided_round_is_neither_judged_nor_anchored() {
    let plans: [(&str, &[Fault]); 2] = [("EU-1", &[Fault::Silent]), ("EU-2", &[Fault::Silent])];
    let (mut federation, _, desk) = staged(builder(&NAMES), &plans);
    submit(&mut federation, events(2));
    assert!(round(&mut federation).agreed.is_none());
    assert_eq!(desk.commits.get(), 0);
    assert!(round(&mut federation).agreed.as_ref().and_then(receipt).is_some());
}

/// The receipts of a file outlast the process; what was agreed after a pause is anchored behind what was before.
#[test]
fn the_receipts_of_a_file_can_be_checked_by_whoever_opens_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anchor");
    let anchor = FileAnchor::create(&path).unwrap();
    let mut federation = builder(&NAMES).batch_size(2).build(anchor).unwrap();
    submit(&mut federation, events(4));
    let mut made = Vec::new();
    for at in [NOW, Millis(NOW.0 + 1)] {
        let report = federation.round(at, &mut ()).unwrap().unwrap();
        let head = report.decision.agreed().unwrap();
        let statement = federation.membership().statement(head);
        made.push((
            receipt(&report.agreed.unwrap()).unwrap(),
            Commitment { origin: origin(), head, statement, at },
        ));
    }
    drop(federation);
    let opened = FileAnchor::open(&path).unwrap();
    assert_eq!(opened.chain().len(), 2);
    for (receipt, commitment) in &made {
        assert_eq!(opened.check(receipt, commitment), Ok(()));
    }
    assert!(opened.check(&made[0].0, &made[1].1).is_err());
}

#[test]
fn what_the_policy_denies_is_not_anchored_by_hand_either() {
    let desk = Desk::default();
    let mut parts = assembly(&NAMES, &empty_log(), desk.clone());
    parts.facts.zones = Some(2);
    let mut federation = Federation::new(parts).unwrap();
    submit(&mut federation, events(1));
    let agreed = round(&mut federation).agreed.unwrap();
    assert_eq!(federation.anchor(NOW).unwrap(), agreed.anchored);
    assert_eq!((denied(&agreed), desk.commits.get()), (vec![("RESIL-001", "zones")], 0));
}

#[test]
fn an_anchor_in_a_box_is_an_anchor() {
    let boxed: Box<dyn Anchor<Error = anchor::Error>> = Box::new(MemoryAnchor::new());
    let mut federation = builder(&NAMES).sequencer(Sequencer::new()).build(boxed).unwrap();
    submit(&mut federation, events(1));
    assert!(round(&mut federation).agreed.as_ref().and_then(receipt).is_some());
    assert_eq!(federation.members()[0].tree().0.size, Size(1));
}
