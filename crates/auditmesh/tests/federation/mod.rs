//! A federation of four with fixed keys, and events for it. Signing is deterministic, so all its bytes are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]
#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

mod actor;
mod desk;

pub(crate) use actor::{Actor, ActorError, Call, Fault, Journal};
pub(crate) use desk::Desk;

use auditmesh::{
    Agreed, Anchored, Assembly, Builder, Federation, LocalMember, Member, Parts, RoundReport, Standard,
    anchor::{self, MemoryAnchor},
    attest::{self, Ed25519Signer, MemberAttestor, Membership, MlDsa44Signer},
    bft::{Electorate, Tally, Threshold, TieBreak},
    credit::{Scorebook, weight::DEFAULT_MAX_CREDIT_MICRO},
    drift::TreeDetector,
    event::{Event, Sequencer},
    lanes::Lanes,
    merkle::{BatchLog, Tree},
    metrics::RoundMetrics,
    policy::{RuleSet, anchor_fields, entry_fields},
    types::{
        Anchor, Attestor, Authority, Certifier, Facts, MemberId, Millis, Origin, Purpose, Receipt, Round,
        Signer, TreeHead, Zone,
    },
};

pub(crate) const NOW: Millis = Millis(1_767_225_600_500);

/// Three zones, one fault tolerated, three make a quorum.
pub(crate) const NAMES: [&str; 4] = ["APAC-1", "EU-1", "EU-2", "US-1"];

pub(crate) type Local = Federation<Standard<LocalMember, MemoryAnchor>>;
pub(crate) type Staged = Federation<Standard<Actor, Desk>>;

pub(crate) fn origin() -> Origin {
    Origin::new("log.example/eu-us-apac").unwrap()
}

pub(crate) fn id(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

pub(crate) fn zone(name: &str) -> Zone {
    Zone::new(name.split('-').next().unwrap()).unwrap()
}

/// The two keys of a member, made from its name.
pub(crate) fn keys(name: &str) -> (Ed25519Signer, MlDsa44Signer) {
    let mut seed = [0; 32];
    seed[..name.len()].copy_from_slice(name.as_bytes());
    (Ed25519Signer::from_seed(seed), MlDsa44Signer::from_seed(seed))
}

pub(crate) fn builder(names: &[&str]) -> Builder {
    names.iter().fold(Builder::new(origin()).contract(anchor::CONTRACT), |builder, name| {
        let (operator, cosigner) = keys(name);
        builder.member(zone(name), id(name), operator, cosigner)
    })
}

/// A federation whose members act by `plans`, one fault a round; a member without a plan is honest.
pub(crate) fn staged(builder: Builder, plans: &[(&str, &[Fault])]) -> (Staged, Journal, Desk) {
    let (journal, desk) = (Journal::default(), Desk::default());
    let plan = |member: &LocalMember| {
        let name = auditmesh::Participant::id(member).as_str();
        plans.iter().find(|(who, _)| *who == name).map_or(Vec::new(), |(_, plan)| plan.to_vec())
    };
    let wrap = |member: LocalMember| Actor::new(plan(&member), member, journal.clone());
    (builder.build_with(desk.clone(), wrap).unwrap(), journal, desk)
}

/// A log of nothing, as the builder makes it.
pub(crate) fn empty_log() -> BatchLog<Lanes> {
    BatchLog::with_hasher(Lanes::new())
}

pub(crate) fn local_member(name: &str, log: BatchLog<Lanes>) -> LocalMember {
    let (operator, cosigner) = keys(name);
    Member::new(id(name), log, MemberAttestor::new(id(name), origin(), operator, cosigner).unwrap())
}

/// What is true of [`NAMES`] and an anchor of this workspace.
pub(crate) fn facts() -> Facts {
    Facts {
        entry: Some(entry_fields()),
        anchor: Some(anchor_fields()),
        purpose: Some(Purpose::Evidence),
        contract: Some(anchor::CONTRACT),
        zones: Some(3),
        tolerates: Some(1),
    }
}

/// What [`builder`] would put together, open to change; every member begins with `log`.
pub(crate) fn assembly<A: Anchor>(
    names: &[&str],
    log: &BatchLog<Lanes>,
    anchor: A,
) -> Assembly<Standard<LocalMember, A>> {
    let enrol = |name: &&str| {
        let (operator, cosigner) = keys(name);
        attest::Member::new(id(name), &origin(), operator.public_key(), cosigner.public_key()).unwrap()
    };
    let ids: Vec<MemberId> = names.iter().map(|name| id(name)).collect();
    let threshold = Threshold::at_least_0_67();
    let quorum = threshold.checked_for(names.len() as u64).unwrap().quorum();
    Assembly {
        origin: origin(),
        batch_size: 1_000,
        facts: facts(),
        members: names.iter().map(|name| local_member(name, log.clone())).collect(),
        batcher: Sequencer::new(),
        detector: TreeDetector::new(),
        membership: Membership::new(
            origin(),
            names.iter().map(enrol).collect(),
            usize::try_from(quorum).unwrap(),
        )
        .unwrap(),
        agreement: Tally::new(Electorate::equal(ids.clone()).unwrap(), threshold, TieBreak::default())
            .unwrap(),
        scorer: Scorebook::new(ids, DEFAULT_MAX_CREDIT_MICRO).unwrap(),
        observer: RoundMetrics::new(),
        policy: RuleSet::house(),
        anchor,
    }
}

/// Event `sequence` of `node`.
pub(crate) fn event(node: &str, sequence: u64) -> Event {
    Event {
        id: format!("{node}/{sequence}").parse().unwrap(),
        zone: zone(node),
        node: id(node),
        sequence,
        time: Millis(1_767_225_600_000 + sequence),
        kind: "iam.CreateUser".parse().unwrap(),
        salt: [u8::try_from(sequence % 251).unwrap(); 32],
        payload: format!(r#"{{"user":"{node}-{sequence}"}}"#).into_bytes(),
    }
}

/// The first `count` events, the members taking turns.
pub(crate) fn events(count: usize) -> Vec<Event> {
    (0..count).map(|at| event(NAMES[at % NAMES.len()], (at / NAMES.len()) as u64 + 1)).collect()
}

pub(crate) fn submit<P: Parts<Batcher = Sequencer>>(federation: &mut Federation<P>, events: Vec<Event>) {
    events.into_iter().for_each(|event| federation.submit(event).unwrap());
}

/// A round that must not fail and for which something waits.
pub(crate) fn round<P: Parts>(federation: &mut Federation<P>) -> RoundReport<P::Certificate> {
    federation.round(NOW, &mut ()).unwrap().expect("events wait")
}

/// What every member holds, by the order in which they stand.
pub(crate) fn heads<P: Parts>(federation: &Federation<P>) -> Vec<TreeHead> {
    federation.members().iter().map(|member| auditmesh::Participant::tree(member).0).collect()
}

/// The log of these entries, and the certificate that all of [`NAMES`] sign over it.
pub(crate) fn certified(entries: &[Vec<u8>]) -> (Tree, attest::Certificate) {
    let mut tree = Tree::new();
    entries.iter().for_each(|entry| assert!(tree.append(entry).is_ok()));
    let membership = assembly(&NAMES, &empty_log(), MemoryAnchor::new()).membership;
    let sign = |name: &&str| {
        let member = local_member(name, empty_log());
        membership.verify(member.attestor().attest(Round(1), tree.head(), NOW).unwrap()).unwrap()
    };
    let said: Vec<_> = NAMES.iter().map(sign).collect();
    let certificate = membership.certify(&said).unwrap().into_inner();
    (tree, certificate)
}

/// The receipt of what was anchored.
pub(crate) fn receipt<C>(agreed: &Agreed<C>) -> Option<Receipt> {
    match &agreed.anchored {
        Anchored::Kept(receipt) => Some(receipt.clone()),
        _ => None,
    }
}
