//! What parts and settings make a federation, and which are refused for which reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use auditmesh::{
    Apart, AssemblyError, BuildError, Builder, Federation, Participant, Step,
    anchor::MemoryAnchor,
    attest::{self, Certificate},
    bft::{self, Threshold, TieBreak},
    event,
    event::Sequencer,
    merkle::{self, BatchLog, Tree},
    types::{Authority, Digest, Log, Outcome, Ratio, Size, TreeHead},
};
use federation::*;

fn refused(builder: Builder) -> BuildError {
    builder.build(MemoryAnchor::new()).map(|_| ()).unwrap_err()
}

#[test]
fn a_threshold_must_be_safe_and_live_for_that_many_members() {
    let names = ["A-1", "A-2", "A-3", "A-4", "A-5", "A-6", "A-7"];
    let half = Threshold::more_than(Ratio::share(1, 2));
    let unsafe_for_4 =
        bft::Error::MisuseUnsafe { threshold: half, members: 7, quorum: 4, faults: 2, overlap: 1 };
    assert_eq!(refused(builder(&names).threshold(half)), BuildError::Count(unsafe_for_4));
    let all = Threshold::at_least(Ratio::ONE);
    let not_live =
        bft::Error::MisuseNotLive { threshold: all, members: 4, quorum: 4, faults: 1, available: 3 };
    assert_eq!(refused(builder(&NAMES).threshold(all)), BuildError::Count(not_live));
    let none = Threshold::at_least(Ratio::ZERO);
    let zero = bft::Error::MisuseUnsafe { threshold: none, members: 4, quorum: 0, faults: 1, overlap: 0 };
    assert_eq!(refused(builder(&NAMES).threshold(none)), BuildError::Count(zero));
}

/// Each threshold with the quorum it means, which is the one that certificates are held to.
#[test]
fn the_quorum_of_the_count_is_the_quorum_of_the_certificate() {
    for (members, threshold, quorum) in [
        (4, Threshold::all_but_faults(), 3),
        (4, Threshold::at_least_two_thirds(), 3),
        (5, Threshold::at_least_0_67(), 4),
        (7, Threshold::all_but_faults(), 5),
        (3, Threshold::at_least_two_thirds(), 2),
        (1, Threshold::at_least_0_67(), 1),
    ] {
        let names: Vec<_> = (1..=members).map(|at| format!("A-{at}")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let (mut federation, _, _) = staged(builder(&names).threshold(threshold), &[]);
        assert_eq!(federation.membership().quorum(), quorum, "{threshold} of {members}");
        submit(&mut federation, vec![event("A-1", 1)]);
        let agreed = round(&mut federation).agreed.unwrap();
        let lines = agreed.certificate.signed().note().signatures();
        let without = |gone: usize| {
            let keep = |at: usize| at % members >= gone;
            let kept =
                lines.iter().enumerate().filter(|(at, _)| keep(*at)).map(|(_, line)| line.clone()).collect();
            let checkpoint = agreed.certificate.signed().checkpoint().clone();
            Certificate::new(attest::SignedCheckpoint::new(checkpoint, kept).unwrap())
        };
        let spare = members - quorum;
        assert_eq!(federation.membership().check(&without(spare)), Ok(()));
        if quorum > 1 {
            let (got, want) = (quorum - 1, quorum);
            let missed = attest::Error::PeerQuorumMissed { rule: "members".into(), got, want };
            assert_eq!(
                federation.membership().check(&without(spare + 1)),
                Err(missed),
                "{threshold} of {members}"
            );
        }
    }
}

#[test]
fn a_federation_needs_members() {
    let count = bft::Error::MisuseMemberCount { got: 0, min: 1, max: 1000 };
    assert_eq!(refused(Builder::new(origin())), BuildError::Count(count));
    let mut parts = assembly(&NAMES, &empty_log(), MemoryAnchor::new());
    parts.members.clear();
    assert_eq!(Federation::new(parts).map(|_| ()).unwrap_err(), AssemblyError::MisuseNoMembers);
}

#[test]
fn a_name_stands_once_and_a_key_has_one_owner() {
    match refused(builder(&["EU-1", "US-1", "EU-1", "APAC-1"])) {
        BuildError::Attest(why) => assert_eq!(why, attest::Error::MisuseMemberTwice { member: id("EU-1") }),
        BuildError::Count(why) => assert_eq!(why, bft::Error::MisuseDuplicateMember { member: id("EU-1") }),
        other => panic!("{other}"),
    }
    let with = |operator: &str, cosigner: &str| {
        let (operator, cosigner) = (keys(operator).0, keys(cosigner).1);
        refused(builder(&["APAC-1", "EU-1", "US-1"]).member(zone("EU-2"), id("EU-2"), operator, cosigner))
    };
    let twice = BuildError::Attest(attest::Error::MisuseKeyTwice { member: id("EU-2") });
    assert_eq!(with("EU-1", "EU-2"), twice, "the operator key of EU-1");
    assert_eq!(with("EU-2", "EU-1"), twice, "the cosigner key of EU-1");
    for name in ["members", "none"] {
        let reserved = attest::Error::MisuseReservedName { member: id(name) };
        assert_eq!(refused(builder(&["APAC-1", "EU-1", "US-1", name])), BuildError::Attest(reserved));
    }
}

#[test]
fn a_batch_has_a_size_between_one_and_a_million() {
    for got in [0, BatchLog::MAX_LIMIT + 1, usize::MAX] {
        let limit = merkle::Error::MisuseBatchLimit { got, max: 1_000_000 };
        assert_eq!(refused(builder(&NAMES).batch_size(got)), BuildError::Log(limit));
    }
    for size in [1, BatchLog::MAX_LIMIT] {
        let mut federation = builder(&NAMES).batch_size(size).build(MemoryAnchor::new()).unwrap();
        submit(&mut federation, events(3));
        assert_eq!(round(&mut federation).batch.records.len(), size.min(3));
    }
}

#[test]
fn every_reason_is_a_sentence() {
    let reasons = [
        refused(Builder::new(origin())),
        refused(builder(&NAMES).batch_size(0)),
        refused(builder(&["EU-1", "US-1", "members", "APAC-1"])),
        BuildError::Assembly(AssemblyError::MisuseNoMembers),
    ];
    for why in reasons {
        let text = why.to_string();
        assert!(text.len() > 20 && text.starts_with(|c: char| c.is_lowercase()), "{text}");
    }
}

/// Three hold one log, the fourth another; `first` is where the fourth stands in the list.
#[test]
fn members_begin_with_the_same_log() {
    let mut tree = Tree::with_hasher(auditmesh::lanes::Lanes::new());
    tree.append(b"an entry from before").unwrap();
    let (empty, other) = (empty_log().head(), tree.head());
    for (at, differs, got, want) in
        [(3, "US-1", other, empty), (1, "EU-1", other, empty), (0, "EU-1", empty, other)]
    {
        let mut parts = assembly(&NAMES, &empty_log(), MemoryAnchor::new());
        parts.members[at] = local_member(NAMES[at], BatchLog::over(tree.clone()));
        let why = Federation::new(parts).map(|_| ()).unwrap_err();
        assert_eq!(why, AssemblyError::MisuseHeadsDiffer { member: id(differs), got, want });
        for part in [differs, &got.to_string(), &want.to_string()] {
            assert!(why.to_string().contains(part), "{part} is not in: {why}");
        }
    }
}

#[test]
fn a_federation_goes_on_from_the_log_its_members_hold() {
    let mut first: Local = builder(&NAMES).build(MemoryAnchor::new()).unwrap();
    submit(&mut first, events(5));
    let before = round(&mut first).decision.agreed().unwrap();
    let positions = first.batcher().positions();

    let log = first.members()[0].log().clone();
    let mut parts = assembly(&NAMES, &log, MemoryAnchor::new());
    for position in positions {
        parts.batcher.resume(position).unwrap();
    }
    let mut second = Federation::new(parts).unwrap();
    assert_eq!((second.head(), heads(&second)), (before, vec![before; 4]));
    let repeated = second.submit(event("APAC-1", 1)).unwrap_err().to_string();
    let why = event::Error::PeerSequenceRepeated { zone: zone("APAC"), node: id("APAC-1"), sequence: 1 };
    assert_eq!(repeated, why.to_string());
    submit(&mut second, events(8).split_off(5));
    let report = round(&mut second);
    let after = report.decision.agreed().unwrap();
    assert_eq!((after.size, report.drift.drifted.len()), (Size(8), 0));
    assert!(report.agreed.unwrap().batch_root != after.root, "the batch is the end of the log");
    let log = second.members()[3].log();
    assert_eq!(log.head(), after);
    let proof = log.consistency(before.size, after.size).unwrap();
    proof.verify(&merkle::Sha256, &before.root, &after.root).unwrap();

    submit(&mut first, events(8).split_off(5));
    assert_eq!(round(&mut first).decision.agreed(), Some(after), "as if it had never paused");
}

#[test]
fn a_batch_that_a_members_log_refuses_names_the_member() {
    let mut parts = assembly(&NAMES, &empty_log(), MemoryAnchor::new());
    parts.members[2] = local_member("EU-2", empty_log().with_limit(3).unwrap());
    let mut federation = Federation::new(parts).unwrap();
    submit(&mut federation, events(4));
    let report = round(&mut federation);
    assert_eq!(report.apart, [(id("EU-2"), Apart::Failed)]);
    let steps: Vec<_> =
        report.failures.iter().map(|failure| (failure.step, failure.member.clone())).collect();
    assert_eq!(steps, [(Step::Record, Some(id("EU-2"))), (Step::Settle, Some(id("EU-2")))]);
    let why = merkle::Error::MisuseBatchTooLarge { got: 4, max: 3 };
    for failure in &report.failures {
        assert_eq!(failure.why, format!("the log refused: {why}"));
    }
    assert_eq!(report.decision.agreed().map(|head| head.size), Some(Size(4)));
}

/// Two heads with two votes each: which of them leads, under each rule. None of them is agreed.
#[test]
fn a_tie_is_broken_as_the_builder_was_told_and_never_agreed() {
    let tied = |rule: TieBreak| {
        let plans: [(&str, &[Fault]); 2] = [("EU-1", &[Fault::SignOther]), ("US-1", &[Fault::SignOther])];
        let (mut federation, _, _) = staged(builder(&NAMES).tie_break(rule), &plans);
        submit(&mut federation, events(2));
        let report = round(&mut federation);
        assert_eq!((report.decision.outcome, report.decision.ratio), (Outcome::Tie, Ratio::share(1, 2)));
        assert!(report.agreed.is_none());
        let truth = report.drift.reference.unwrap();
        assert_eq!(round(&mut federation).decision.agreed(), Some(truth));
        let apart: Vec<_> = report.apart.iter().map(|(who, _)| who.to_string()).collect();
        (report.decision.head.map(|head| head == truth), apart)
    };
    let (honest, others) = (vec!["APAC-1".to_owned(), "EU-2".into()], vec!["EU-1".to_owned(), "US-1".into()]);
    assert_eq!(tied(TieBreak::Coordinator(id("APAC-1"))), (Some(true), others.clone()));
    assert_eq!(tied(TieBreak::Coordinator(id("US-1"))), (Some(false), honest.clone()));
    let trust = [(id("EU-1"), 90), (id("APAC-1"), 50)].into();
    assert_eq!(tied(TieBreak::ByTrust(trust)), (Some(false), honest));
    assert_eq!(tied(TieBreak::Manual), (None, NAMES.map(str::to_owned).to_vec()));
    let (lowest, _) = tied(TieBreak::default());
    assert_eq!(lowest, Some(true), "both were signed at once; the root of the batch is below 0xee…");
}

#[test]
fn a_coordinator_must_be_a_member() {
    let why = bft::Error::MisuseUnknownCoordinator { coordinator: id("EU-9") };
    assert_eq!(refused(builder(&NAMES).tie_break(TieBreak::Coordinator(id("EU-9")))), BuildError::Count(why));
}

#[test]
fn the_builders_members_are_the_only_sources() {
    let sequencer = Sequencer::new().with_members([(zone("EU-9"), id("EU-9"))]).refusing_gaps();
    let mut federation = builder(&NAMES).sequencer(sequencer).build(MemoryAnchor::new()).unwrap();
    let foreign = federation.submit(event("EU-9", 1)).unwrap_err().to_string();
    assert!(foreign.ends_with("the source EU/EU-9 is not a declared member"), "{foreign}");
    let gap = federation.submit(event("EU-1", 2)).unwrap_err().to_string();
    assert!(gap.contains("should go on with sequence 1"), "other settings of the sequencer stay: {gap}");
    submit(&mut federation, vec![event("EU-1", 1)]);
    assert_eq!(round(&mut federation).batch.records.len(), 1);
}

#[test]
fn a_new_federation_is_as_it_was_told() {
    let federation = builder(&NAMES).build(MemoryAnchor::new()).unwrap();
    assert_eq!((federation.origin(), federation.membership().origin()), (&origin(), &origin()));
    assert_eq!(federation.head(), empty_log().head());
    assert_eq!(federation.head(), TreeHead { size: Size(0), root: merkle::empty_root() });
    let names: Vec<_> = federation.members().iter().map(|member| member.id().as_str()).collect();
    assert_eq!((names, federation.membership().quorum()), (NAMES.to_vec(), 3));
    let shown = format!("{federation:?}");
    assert!(shown.contains("log.example/eu-us-apac") && !shown.contains("seed"), "{shown}");
    assert_ne!(federation.head().root, Digest::default());
}
