//! Rounds among honest members: what is batched, agreed, certified and held, and what waits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use std::{slice, time::Duration};

use auditmesh::{
    Anchored, Error, Step, Watch,
    attest::{Certificate, LogAuthority, TrustPolicy},
    event::{self, Entry},
    merkle::{Frontier, Sha256},
    types::{Authority, Batcher, Digest, Hasher, Outcome, Ratio, Round, Size},
};
use federation::*;

/// The root over `entries`, leaf by leaf.
fn root(entries: &[Vec<u8>]) -> Digest {
    let mut frontier = Frontier::new();
    for entry in entries {
        frontier.append(&Sha256.leaf(entry)).unwrap();
    }
    frontier.root()
}

#[test]
fn rounds_without_events_do_nothing() {
    let mut federation = builder(&NAMES).build(auditmesh::anchor::MemoryAnchor::new()).unwrap();
    let before = federation.head();
    assert!(federation.round(NOW, &mut ()).unwrap().is_none());
    assert_eq!((federation.head(), before.size), (before, Size(0)));
    submit(&mut federation, events(1));
    assert_eq!(round(&mut federation).round, Round(1), "an empty round is not counted");
    assert!(federation.round(NOW, &mut ()).unwrap().is_none());
}

#[test]
fn each_round_takes_one_batch_and_extends_the_agreed_log() {
    let mut federation: Local =
        builder(&NAMES).batch_size(4).build(auditmesh::anchor::MemoryAnchor::new()).unwrap();
    submit(&mut federation, events(10));
    let mut entries = Vec::new();
    for (number, size) in [(1, 4), (2, 4), (3, 2)] {
        let report = round(&mut federation);
        assert_eq!((report.round, report.attempt, report.batch.records.len()), (Round(number), 1, size));
        entries.extend(report.batch.records.iter().map(|record| record.entry.clone()));
        let head = report.decision.agreed().unwrap();
        assert_eq!((head.size, head.root), (Size(entries.len() as u64), root(&entries)));
        assert_eq!(federation.head(), head);
        assert_eq!(heads(&federation), [head; 4]);
        assert_eq!((report.decision.outcome, report.decision.ratio), (Outcome::Agreed, Ratio::ONE));
        assert_eq!((report.drift.reference, report.drift.drifted.len()), (Some(head), 0));
        assert_eq!((report.apart, report.alerts), (vec![], vec![]));
        assert_eq!(report.standings.len(), 4);

        let agreed = report.agreed.unwrap();
        let batch = &entries[entries.len() - size..];
        let pairs: Vec<_> =
            report.batch.records.iter().map(|r| (r.id.clone(), Sha256.leaf(&r.entry))).collect();
        assert_eq!((agreed.batch_root, agreed.pairs), (root(batch), pairs));
        assert!(matches!(agreed.anchored, Anchored::Kept(_)), "{:?}", agreed.anchored);
        assert_eq!(report.failures, []);
        assert_eq!(agreed.certificate.head(), head);
    }
    assert_eq!(federation.batcher().depth(), 0);
    assert!(federation.round(NOW, &mut ()).unwrap().is_none());
}

/// The order is every source's running maximum of times, then zone, node and sequence: here by sorting.
#[test]
fn the_batch_is_in_the_order_of_times_made_monotone_whatever_the_submission_order() {
    let mut list = events(12);
    for (at, event) in list.iter_mut().enumerate() {
        event.time.0 = 1_767_225_600_000 + [50, 10, 30, 10, 20, 90, 30, 5, 60, 40, 30, 10][at];
    }
    let mut expected = Vec::new();
    for name in NAMES {
        let mut clock = 0;
        for event in list.iter().filter(|event| event.node == id(name)) {
            clock = event.time.0.max(clock);
            expected.push((clock, event.zone.clone(), event.node.clone(), event.sequence, event.id.clone()));
        }
    }
    expected.sort();
    let expected: Vec<_> = expected.into_iter().map(|(.., id)| id).collect();
    let backwards: Vec<_> = list.iter().rev().cloned().collect();
    for order in [list, backwards] {
        let mut federation = builder(&NAMES).build(auditmesh::anchor::MemoryAnchor::new()).unwrap();
        submit(&mut federation, order);
        let batch = round(&mut federation).batch;
        assert_eq!(batch.records.iter().map(|r| r.id.clone()).collect::<Vec<_>>(), expected);
        for record in &batch.records {
            assert_eq!(Entry::decode(&record.entry).unwrap().id(), &record.id);
        }
    }
}

#[test]
fn refused_events_leave_no_trace() {
    let mut federation = builder(&NAMES).build(auditmesh::anchor::MemoryAnchor::new()).unwrap();
    submit(&mut federation, events(1));
    let foreign = event::Event { node: id("EU-9"), ..event("EU-1", 1) };
    let twice = event("APAC-1", 1);
    let same_id = event::Event { id: event("APAC-1", 1).id, ..event("EU-1", 1) };
    let (zone, node) = (zone("EU"), id("EU-9"));
    let unknown = event::Error::PeerUnknownMember { zone, node };
    let repeated =
        event::Error::PeerSequenceRepeated { zone: twice.zone.clone(), node: id("APAC-1"), sequence: 1 };
    let named = event::Error::PeerIdRepeated { id: same_id.id.clone() };
    for (event, why) in [(foreign, unknown), (twice, repeated), (same_id, named)] {
        match federation.submit(event).unwrap_err() {
            Error::Batcher(got) => assert_eq!(got, why),
            other => panic!("{other}"),
        }
    }
    assert_eq!(federation.batcher().depth(), 1);
    assert_eq!(round(&mut federation).batch.records.len(), 1);
}

/// The certificate is read from its bytes, and the policy from its text.
#[test]
fn the_certificate_of_every_round_verifies_from_bytes_and_text_alone() {
    let (mut federation, _, _) = staged(
        builder(&NAMES).batch_size(3),
        &[("EU-2", &[Fault::Honest, Fault::Silent, Fault::SignOther, Fault::Equivocate])],
    );
    submit(&mut federation, events(12));
    let text = federation.membership().policy().to_string();
    let policy = TrustPolicy::parse(text.as_bytes()).unwrap();
    let mut sizes = Vec::new();
    while let Some(report) = federation.round(NOW, &mut ()).unwrap() {
        let bytes = report.agreed.unwrap().certificate.to_bytes();
        let certificate = Certificate::parse(&bytes).unwrap();
        federation.membership().check(&certificate).unwrap();
        let attested = policy.attested(certificate.signed().as_log()).unwrap();
        let signers: Vec<_> = attested.witnesses.iter().map(|w| w.name.clone()).collect();
        let agreeing: Vec<_> = report.decision.agreeing.iter().map(|s| s.member.to_string()).collect();
        assert_eq!((signers, attested.head), (agreeing, report.decision.agreed().unwrap()));
        assert_eq!(attested.origin, origin().as_str());
        assert_eq!((attested.rule.want, attested.rule.of), (3, 4));
        assert!(attested.witnesses.iter().all(|w| w.at_seconds == NOW.seconds()));
        sizes.push((attested.head.size.0, attested.rule.got));
    }
    assert_eq!(sizes, [(3, 4), (6, 3), (9, 3), (12, 3)]);
}

#[test]
fn an_undecided_round_keeps_its_batch_and_later_events_stay_behind() {
    let silent = [Fault::Silent, Fault::Drift];
    let (mut federation, journal, desk) =
        staged(builder(&NAMES).batch_size(2), &[("EU-1", &silent), ("US-1", &silent)]);
    submit(&mut federation, events(2));
    let first = round(&mut federation);
    assert_eq!((first.round, first.attempt, first.decision.outcome), (Round(1), 1, Outcome::NoQuorum));
    assert!(first.agreed.is_none() && first.standings.is_empty());
    assert_eq!(first.decision.agreed(), None);
    let empty = federation.head();
    assert_eq!((empty.size, heads(&federation)), (Size(0), vec![empty; 4]));

    submit(&mut federation, vec![event("APAC-1", 2), event("EU-2", 1)]);
    let second = round(&mut federation);
    assert_eq!((second.round, second.attempt, &second.batch), (Round(2), 2, &first.batch));
    assert_eq!((second.decision.outcome, federation.batcher().depth()), (Outcome::NoQuorum, 2));
    assert_eq!((heads(&federation), desk.commits.get()), (vec![empty; 4], 0));

    let third = round(&mut federation);
    assert_eq!((third.round, third.attempt, &third.batch), (Round(3), 3, &first.batch));
    assert_eq!(third.decision.agreed().map(|head| head.size), Some(Size(2)));
    let fourth = round(&mut federation);
    assert_eq!(
        (fourth.round, fourth.attempt, fourth.decision.agreed().unwrap().size),
        (Round(4), 1, Size(4))
    );
    assert!(fourth.batch.records.iter().all(|record| !first.batch.records.contains(record)));
    assert_eq!(desk.commits.get(), 2);

    let roots: Vec<_> = journal.said_by("APAC-1").iter().map(|said| said.head).collect();
    let agreed = third.decision.agreed().unwrap();
    assert_eq!(roots[..], [vec![agreed; roots.len() - 1], vec![fourth.decision.agreed().unwrap()]].concat());
}

#[test]
fn a_retry_in_which_nothing_waits_but_the_open_batch_is_a_round() {
    let (mut federation, _, _) =
        staged(builder(&NAMES), &[("EU-1", &[Fault::Silent]), ("EU-2", &[Fault::Silent])]);
    submit(&mut federation, events(1));
    assert_eq!(round(&mut federation).attempt, 1);
    assert_eq!(federation.batcher().depth(), 0);
    assert_eq!(round(&mut federation).attempt, 2);
    assert!(federation.round(NOW, &mut ()).unwrap().is_none());
}

#[derive(Default)]
struct Steps(Vec<Step>);

impl Watch for Steps {
    fn lap(&mut self, step: Step) -> Option<Duration> {
        self.0.push(step);
        Some(Duration::from_micros(200))
    }
}

#[test]
fn steps_are_told_in_their_order_and_time_counts_until_the_decision() {
    let (mut federation, _, _) =
        staged(builder(&NAMES), &[("EU-1", &[Fault::Silent]), ("EU-2", &[Fault::Silent])]);
    let mut empty = Steps::default();
    assert!(federation.round(NOW, &mut empty).unwrap().is_none());
    assert_eq!(empty.0, [Step::Order]);

    submit(&mut federation, events(1));
    let mut undecided = Steps::default();
    federation.round(NOW, &mut undecided).unwrap();
    assert_eq!(undecided.0, Step::ALL[..9]);

    let mut decided = Steps::default();
    federation.round(NOW, &mut decided).unwrap();
    assert_eq!(decided.0, Step::ALL);
    assert_eq!(federation.observer().p95_us(), Some(1_000), "order, record, detect, attest, agree: 200 each");
}

#[test]
fn no_statement_is_asked_for_before_every_member_recorded_and_was_compared() {
    let (mut federation, journal, _) =
        staged(builder(&NAMES).batch_size(2), &[("APAC-1", &[Fault::Drift, Fault::DriftAndSign])]);
    submit(&mut federation, events(6));
    let mut from = 0;
    while let Some(report) = federation.round(NOW, &mut ()).unwrap() {
        let calls = journal.calls().split_off(from);
        from += calls.len();
        let asked = calls.iter().position(|call| matches!(call, Call::Said(..))).unwrap();
        let (before, after) = calls.split_at(asked);
        for name in NAMES {
            let one = |wanted: fn(&Call) -> Option<&auditmesh::types::MemberId>| {
                before.iter().filter_map(wanted).any(|member| *member == id(name))
            };
            assert!(one(|call| if let Call::Recorded(who) = call { Some(who) } else { None }), "{name}");
            assert!(one(|call| if let Call::Shown(who) = call { Some(who) } else { None }), "{name}");
        }
        let told: Vec<_> = after
            .iter()
            .filter_map(|call| if let Call::Said(_, told, _) = call { Some(told) } else { None })
            .collect();
        assert_eq!((told.len(), told), (4, [&report.drift; 4].to_vec()));
        assert!(after.iter().all(|call| !matches!(call, Call::Recorded(_) | Call::Shown(_))));
    }
    assert_eq!(
        journal.said_by("APAC-1").len(),
        2,
        "abstained once, then signed what it held, then was honest"
    );
}

#[test]
fn rounds_are_reported_with_what_drifted() {
    let (mut federation, _, _) = staged(builder(&NAMES), &[("US-1", &[Fault::Drift])]);
    submit(&mut federation, events(5));
    let report = round(&mut federation);
    let drift = report.drift.of(&id("US-1")).unwrap();
    assert_eq!((drift.leaves.as_slice(), drift.divergent), (slice::from_ref(&auditmesh::types::Index(4)), 1));
    assert_eq!((drift.score, report.drift.drifted.len()), (Ratio::new(1, 5).unwrap(), 1));
    assert_eq!(report.drift.reference, report.decision.agreed());
}
