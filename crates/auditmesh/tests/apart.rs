//! Members that do not stand behind the agreed head: each for its reason, none to the harm of the others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use auditmesh::{
    Apart, RoundReport,
    attest::Certificate,
    merkle::{Frontier, Sha256},
    types::{Authority, Digest, Hasher, MemberId, Outcome, Ratio, Round, Severity},
};
use federation::*;

/// The first round of a federation in which `EU-2` commits `fault`, and the federation after it.
fn one_at_fault(fault: Fault) -> (RoundReport<Certificate>, Staged, Journal) {
    let (mut federation, journal, _) = staged(builder(&NAMES), &[("EU-2", &[fault])]);
    submit(&mut federation, events(6));
    (round(&mut federation), federation, journal)
}

fn names(members: &[MemberId]) -> Vec<&str> {
    members.iter().map(MemberId::as_str).collect()
}

/// All four hold the agreed log, in their heads and in their trees.
fn assert_all_hold_it(report: &RoundReport<Certificate>, federation: &Staged) {
    let agreed = report.decision.agreed().unwrap();
    let mut frontier = Frontier::new();
    for record in &report.batch.records {
        frontier.append(&Sha256.leaf(&record.entry)).unwrap();
    }
    assert_eq!(frontier.head(), agreed, "what was agreed is the batch");
    assert_eq!((federation.head(), heads(federation)), (agreed, vec![agreed; 4]));
    for member in federation.members() {
        assert_eq!((member.committed(), member.log_tree().head()), (agreed, agreed));
        let leaves =
            (0..agreed.size.0).map(|at| member.log_tree().leaf(auditmesh::types::Index(at)).unwrap());
        assert!(leaves.eq(report.batch.records.iter().map(|record| Sha256.leaf(&record.entry))));
    }
}

#[test]
fn each_fault_has_its_reason_and_the_round_is_agreed_without_it() {
    let expected = [
        (Fault::Silent, Apart::Silent),
        (Fault::OtherRound, Apart::Silent),
        (Fault::Drift, Apart::Drifted),
        (Fault::BadSignature, Apart::BadSignature),
        (Fault::DriftAndSign, Apart::OtherHead),
        (Fault::SignOther, Apart::OtherHead),
        (Fault::Equivocate, Apart::Equivocated),
    ];
    for (fault, why) in expected {
        let (report, federation, _) = one_at_fault(fault);
        assert_eq!(report.apart, [(id("EU-2"), why)], "{fault:?}");
        assert_eq!((report.decision.outcome, report.decision.ratio), (Outcome::Agreed, Ratio::share(3, 4)));
        let agreeing: Vec<_> = report.decision.agreeing.iter().map(|said| said.member.as_str()).collect();
        assert_eq!(agreeing, ["APAC-1", "EU-1", "US-1"], "{fault:?}");
        assert_all_hold_it(&report, &federation);
        let certificate = report.agreed.unwrap().certificate.into_inner();
        federation.membership().check(&certificate).unwrap();
    }
}

#[test]
fn each_fault_stands_in_its_list_of_the_decision_and_in_no_other() {
    let lists = |report: &RoundReport<Certificate>| {
        let decision = &report.decision;
        let equivocators: Vec<_> = decision.equivocators.iter().map(|found| found.member.as_str()).collect();
        [names(&decision.dissenting), equivocators, names(&decision.bad_signatures), names(&decision.absent)]
            .map(|list| list.join(" "))
    };
    for (fault, dissenting, equivocators, bad, absent) in [
        (Fault::Honest, "", "", "", ""),
        (Fault::Silent, "", "", "", "EU-2"),
        (Fault::OtherRound, "", "", "", "EU-2"),
        (Fault::Drift, "", "", "", "EU-2"),
        (Fault::BadSignature, "", "", "EU-2", "EU-2"),
        (Fault::DriftAndSign, "EU-2", "", "", ""),
        (Fault::SignOther, "EU-2", "", "", ""),
        (Fault::Equivocate, "", "EU-2", "", ""),
    ] {
        let (report, ..) = one_at_fault(fault);
        assert_eq!(lists(&report), [dissenting, equivocators, bad, absent], "{fault:?}");
        assert_eq!(report.decision.unknown, []);
    }
}

#[test]
fn an_equivocator_is_convicted_by_what_it_signed() {
    let (report, federation, journal) = one_at_fault(Fault::Equivocate);
    let [convicted] = report.decision.equivocators.as_slice() else { panic!("one equivocator") };
    let [low, high] = &convicted.evidence;
    assert!(low.head < high.head && low.head.size == high.head.size);
    let said = journal.said_by("EU-2");
    for statement in &convicted.evidence {
        assert!(said.contains(statement));
        federation.membership().check(statement).unwrap();
    }
}

#[test]
fn drift_that_is_not_signed_is_shown_and_dissent_alerts_only_on_two() {
    for (fault, drifted) in [
        (Fault::Silent, 0),
        (Fault::Drift, 1),
        (Fault::DriftAndSign, 1),
        (Fault::SignOther, 0),
        (Fault::BadSignature, 0),
    ] {
        let (report, ..) = one_at_fault(fault);
        assert_eq!(report.drift.drifted.len(), drifted, "{fault:?}");
        assert_eq!(report.drift.reference, report.decision.agreed());
        assert_eq!(report.alerts, [], "three of four agree, at most one dissents");
    }
}

/// A bad statement in somebody's name costs that member nothing, as long as it speaks itself.
#[test]
fn a_statement_in_anothers_name_takes_no_vote_away() {
    let (report, federation, _) = one_at_fault(Fault::InNameOf("US-1"));
    assert_eq!(names(&report.decision.bad_signatures), ["US-1"], "it came in the name of US-1");
    assert_eq!((report.apart.as_slice(), report.decision.agreeing.len()), ([].as_slice(), 4));
    assert_eq!((report.decision.ratio, report.alerts.len()), (Ratio::ONE, 0));
    assert!(
        report.standings.iter().all(|standing| standing.credit_micro == report.standings[0].credit_micro)
    );
    assert_all_hold_it(&report, &federation);
}

#[test]
fn a_statement_in_the_name_of_one_who_is_silent_does_not_speak_for_it() {
    let plans: [(&str, &[Fault]); 2] = [("EU-2", &[Fault::InNameOf("US-1")]), ("US-1", &[Fault::Silent])];
    let (mut federation, _, _) = staged(builder(&NAMES), &plans);
    submit(&mut federation, events(6));
    let report = round(&mut federation);
    assert_eq!(report.apart, [(id("US-1"), Apart::BadSignature)], "what came in its name is bad");
    assert_eq!((report.decision.agreeing.len(), names(&report.decision.absent)), (3, vec!["US-1"]));
    assert_all_hold_it(&report, &federation);
}

#[test]
fn the_statement_of_somebody_unknown_counts_for_nobody() {
    let (report, federation, _) = one_at_fault(Fault::Stranger);
    assert_eq!(names(&report.decision.unknown), ["XX-9"]);
    assert_eq!((report.apart.as_slice(), report.decision.agreeing.len()), ([].as_slice(), 4));
    assert_eq!((report.decision.ratio, report.standings.len()), (Ratio::ONE, 4));
    assert_all_hold_it(&report, &federation);

    let plans: [(&str, &[Fault]); 3] =
        [("EU-2", &[Fault::Stranger]), ("US-1", &[Fault::Silent]), ("EU-1", &[Fault::Silent])];
    let (mut federation, _, _) = staged(builder(&NAMES), &plans);
    submit(&mut federation, events(6));
    let report = round(&mut federation);
    assert_eq!(
        report.decision.outcome,
        Outcome::NoQuorum,
        "two members and a stranger are no quorum of three"
    );
    assert_eq!(report.decision.ratio, Ratio::share(2, 4));
}

/// The statement binds origin, size and root, so that one of an earlier round cannot be passed off as one of this: who
/// repeats what others once said must neither silence nor convict them.
#[test]
fn statements_of_earlier_rounds_said_once_more_convict_nobody() {
    for (replay, apart) in [(Fault::Replay, vec![]), (Fault::ReplayFirst, vec![(id("EU-2"), Apart::Silent)])]
    {
        let plans: [(&str, &[Fault]); 1] = [("EU-2", &[Fault::Honest, replay])];
        let (mut federation, journal, _) = staged(builder(&NAMES).batch_size(3), &plans);
        submit(&mut federation, events(6));
        assert_eq!(round(&mut federation).apart, []);
        let report = round(&mut federation);
        let repeated = journal.said_by("EU-2").into_iter().filter(|said| said.member != id("EU-2")).count();
        assert_eq!((repeated, report.round), (3, Round(2)), "the replay took place");
        let convicted: Vec<_> =
            report.decision.equivocators.iter().map(|found| found.member.as_str()).collect();
        assert_eq!(
            convicted, [""; 0],
            "honest members signed one head in this round, and are convicted of two"
        );
        assert_eq!(report.decision.outcome, Outcome::Agreed, "one of four stops the round");
        assert_eq!(
            report.apart, apart,
            "two statements of a member are counted, and here its own is the fourth"
        );
        assert_all_agreed(&federation, &report);
    }
}

fn assert_all_agreed(federation: &Staged, report: &RoundReport<Certificate>) {
    assert_eq!(heads(federation), [report.decision.agreed().unwrap(); 4]);
}

#[test]
fn without_a_majority_nobody_signs() {
    let (mut federation, journal, _) =
        staged(builder(&NAMES), &[("EU-1", &[Fault::Drift]), ("US-1", &[Fault::Drift])]);
    submit(&mut federation, events(6));
    let report = round(&mut federation);
    assert_eq!((report.drift.reference, report.decision.outcome), (None, Outcome::NoQuorum));
    let drifted: Vec<_> = report.drift.drifted.iter().map(|drift| drift.member.clone()).collect();
    assert_eq!(drifted, [id("EU-1"), id("US-1")], "compared with the group of the lowest name");
    let why = |name: &str| if drifted.contains(&id(name)) { Apart::Drifted } else { Apart::NoMajority };
    assert_eq!(report.apart, NAMES.map(|name| (id(name), why(name))));
    assert!(NAMES.iter().all(|name| journal.said_by(name).is_empty()));
    assert_eq!((report.decision.head, report.decision.ratio), (None, Ratio::ZERO));
    let report = round(&mut federation);
    assert_eq!((report.attempt, report.apart.as_slice()), (2, [].as_slice()));
    assert_all_hold_it(&report, &federation);
}

#[test]
fn two_that_dissent_stop_the_round_and_raise_the_alerts() {
    let plans: [(&str, &[Fault]); 2] = [("EU-1", &[Fault::SignOther]), ("US-1", &[Fault::BadSignature])];
    let (mut federation, _, _) = staged(builder(&NAMES), &plans);
    submit(&mut federation, events(6));
    let report = round(&mut federation);
    assert_eq!(report.apart, [(id("EU-1"), Apart::OtherHead), (id("US-1"), Apart::BadSignature)]);
    assert_eq!((report.decision.outcome, report.decision.ratio), (Outcome::Dissent, Ratio::share(2, 4)));
    let rules: Vec<_> = report.alerts.iter().map(|alert| (alert.rule, alert.severity)).collect();
    assert_eq!(rules, [("FED-AGREE-001", Severity::Critical), ("FED-DISS-003", Severity::Medium)]);
    assert!(report.agreed.is_none() && report.standings.is_empty());
}

#[test]
fn who_stands_apart_earns_less_and_the_agreed_batch_root_is_unchanged() {
    let root = |report: &RoundReport<Certificate>| -> Digest { report.agreed.as_ref().unwrap().batch_root };
    let (honest, ..) = one_at_fault(Fault::Honest);
    for fault in [Fault::Silent, Fault::Drift, Fault::SignOther, Fault::Equivocate, Fault::BadSignature] {
        let (report, ..) = one_at_fault(fault);
        assert_eq!(root(&report), root(&honest));
        let of = |name: &str| report.standings.iter().find(|s| s.member == id(name)).unwrap();
        assert!(of("EU-2").credit_micro < of("EU-1").credit_micro, "{fault:?}");
        assert_eq!((of("EU-2").rank, of("APAC-1").rank), (4, 1), "{fault:?}");
    }
}

/// Who repeats a batch in its own words must not be quoted for what all agreed on.
#[test]
fn what_is_reported_of_the_batch_does_not_rest_on_one_member() {
    for name in NAMES {
        let (mut federation, _, _) = staged(builder(&NAMES), &[(name, &[Fault::Misreport])]);
        submit(&mut federation, events(6));
        let report = round(&mut federation);
        assert_eq!((report.decision.agreeing.len(), report.apart.as_slice()), (4, [].as_slice()));
        let agreed = report.agreed.unwrap();
        let truth: Vec<_> =
            report.batch.records.iter().map(|r| (r.id.clone(), Sha256.leaf(&r.entry))).collect();
        assert_eq!(agreed.pairs, truth, "{name} alone says otherwise");
        assert_eq!(agreed.batch_root, federation.head().root, "the first batch is the log");
    }
}
