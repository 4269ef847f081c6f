//! What an honest member never does, whatever the others do: it signs one root of each size, and keeps what it has.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use std::collections::BTreeMap;

use auditmesh::{
    Apart, Failure, MemberError, Participant, RoundReport, Step,
    attest::{Certificate, SignedCheckpoint},
    types::{Attestation, Authority, Batch, Digest, DriftReport, Log, Millis, Outcome, Record, Round, Size},
};
use federation::*;
use proptest::prelude::*;

/// What the statements say by their signed bytes: a root for each size. Panics when one size has two.
fn roots_signed(name: &str, said: &[Attestation]) -> BTreeMap<Size, Digest> {
    let mut roots = BTreeMap::new();
    for statement in said {
        let head = SignedCheckpoint::parse(&statement.signed).unwrap().checkpoint().head;
        assert_eq!(head, statement.head);
        let first = *roots.entry(head.size).or_insert(head.root);
        assert_eq!(first, head.root, "{name} signed two roots of size {}", head.size);
    }
    roots
}

/// What one member may do and still leave every round to the other three.
fn lies() -> impl Strategy<Value = Fault> {
    prop::sample::select(vec![
        Fault::Honest,
        Fault::Silent,
        Fault::Drift,
        Fault::DriftAndSign,
        Fault::SignOther,
        Fault::BadSignature,
        Fault::Equivocate,
        Fault::InNameOf("US-1"),
        Fault::InNameOf("APAC-1"),
        Fault::Stranger,
        Fault::OtherRound,
        Fault::Replay,
        Fault::ReplayFirst,
        Fault::LogRefuses,
        Fault::KeyOutOfReach,
    ])
}

/// What members without bad intent may do: they are late, or their storage or network deceived them.
fn mishaps() -> impl Strategy<Value = Vec<Fault>> {
    let mishap = prop_oneof![5 => Just(Fault::Honest), 1 => Just(Fault::Silent), 2 => Just(Fault::Drift)];
    prop::collection::vec(mishap, 4)
}

proptest! {
    // A round signs and verifies eight times, and without optimisation each takes its time.
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// One liar of four, which is all the threshold allows for: every round is agreed, and by all the others.
    #[test]
    fn one_liar_stops_nothing_and_makes_nobody_sign_twice(
        liar in prop::sample::select(NAMES.to_vec()),
        plan in prop::collection::vec(lies(), 4),
        batch_size in 1usize..4,
    ) {
        let (mut federation, journal, _) = staged(builder(&NAMES).batch_size(batch_size), &[(liar, &plan)]);
        submit(&mut federation, events(4 * batch_size));
        for size in 1..=4 {
            let report = round(&mut federation);
            let agreed = report.decision.agreed().expect("three honest members agree");
            prop_assert_eq!((report.attempt, agreed.size), (1, Size((size * batch_size) as u64)));
            prop_assert!(report.apart.iter().all(|(who, _)| *who == id(liar)));
            let certificate = report.agreed.unwrap().certificate.into_inner();
            prop_assert_eq!(federation.membership().check(&certificate), Ok(()));
            prop_assert_eq!(heads(&federation), vec![agreed; 4]);
        }
        let honest = NAMES.iter().filter(|name| **name != liar);
        let signed: Vec<_> = honest.map(|name| roots_signed(name, &journal.said_by(name))).collect();
        prop_assert!(signed.iter().all(|roots| *roots == signed[0] && roots.len() == 4));
    }

    /// A liar, and mishaps of everybody else: rounds may stay undecided, and still no size gets two roots.
    #[test]
    fn mishaps_may_delay_a_batch_and_never_change_it(
        plan in prop::collection::vec(lies(), 4),
        others in [mishaps(), mishaps(), mishaps()],
    ) {
        let [first, second, third] = &others;
        let plans: [(&str, &[Fault]); 4] =
            [("APAC-1", first), ("EU-1", second), ("EU-2", &plan), ("US-1", third)];
        let (mut federation, journal, _) = staged(builder(&NAMES).batch_size(2), &plans);
        submit(&mut federation, events(8));
        let (mut open, mut agreed_roots) = (None, BTreeMap::new());
        for second in 0..8 {
            let Some(report) = federation.round(Millis(second * 1_000), &mut ()).unwrap() else { break };
            if let Some((batch, attempt)) = open.take() {
                prop_assert_eq!((&report.batch, report.attempt), (&batch, attempt + 1));
            }
            let before = federation.head();
            match report.decision.agreed() {
                Some(head) => {
                    prop_assert_eq!((before, heads(&federation)), (head, vec![head; 4]));
                    prop_assert_eq!(agreed_roots.insert(head.size, head.root), None);
                    let certificate = report.agreed.unwrap().certificate.into_inner();
                    prop_assert_eq!(federation.membership().check(&certificate), Ok(()));
                }
                None => {
                    prop_assert!(report.agreed.is_none());
                    prop_assert_eq!(heads(&federation), vec![before; 4]);
                    open = Some((report.batch, report.attempt));
                }
            }
        }
        prop_assert_eq!(agreed_roots.len(), 4, "mishaps end, and then every batch is agreed");
        for name in ["APAC-1", "EU-1", "US-1"] {
            for (size, root) in roots_signed(name, &journal.said_by(name)) {
                prop_assert_eq!(agreed_roots.get(&size), Some(&root), "{} signed what was not agreed", name);
            }
        }
    }
}

#[test]
fn an_honest_member_signs_only_what_most_members_show() {
    let (mut federation, journal, _) = staged(builder(&NAMES), &[("EU-1", &[Fault::Drift])]);
    submit(&mut federation, events(3));
    let report = round(&mut federation);
    assert_eq!(journal.said_by("EU-1"), []);
    for name in ["APAC-1", "EU-2", "US-1"] {
        let said = journal.said_by(name);
        assert_eq!((said.len(), Some(said[0].head)), (1, report.drift.reference), "{name}");
        assert_eq!((said[0].round, said[0].at, &said[0].member), (report.round, NOW, &id(name)));
    }
}

/// How the honest member refused to settle.
fn refusal(report: &RoundReport<Certificate>, honest: &str) -> String {
    let [Failure { step: Step::Settle, member: Some(member), why }] = report.failures.as_slice() else {
        panic!("{:?}", report.failures)
    };
    assert_eq!(*member, id(honest));
    why.clone()
}

/// Three of four hold and sign another batch. They agree, and the fourth stays where it is: wherever it stands.
#[test]
fn a_lying_majority_does_not_move_the_honest_member() {
    for honest in NAMES {
        let liars = NAMES.iter().filter(|name| **name != honest);
        let plans: Vec<(&str, &[Fault])> = liars.map(|name| (*name, &[Fault::DriftAndSign][..])).collect();
        let (mut federation, journal, _) = staged(builder(&NAMES), &plans);
        submit(&mut federation, events(4));
        let before = federation.head();
        let report = round(&mut federation);
        let agreed = report.decision.agreed().expect("three of four are a quorum, honest or not");
        let mut log = empty_log();
        let found = log.stage(&report.batch).unwrap().head;
        assert_ne!(agreed, found);
        let why: ActorError = MemberError::PeerAgreedHeadDiffers { agreed, found };
        assert_eq!(refusal(&report, honest), why.to_string());
        assert_eq!(report.apart, [(id(honest), Apart::Failed)]);
        assert!(report.drift.of(&id(honest)).is_some());
        assert_eq!(journal.said_by(honest), [], "it was told that it differs from the most, and abstained");
        let member = federation.members().iter().find(|member| *member.id() == id(honest)).unwrap();
        assert_eq!(
            (member.committed(), member.log_tree().head()),
            (before, before),
            "nothing is staged either"
        );

        submit(&mut federation, vec![event("EU-1", 2)]);
        assert!(
            refusal(&round(&mut federation), honest).starts_with("the agreed head is 5:"),
            "and so it stays"
        );
        let member = federation.members().iter().find(|member| *member.id() == id(honest)).unwrap();
        assert_eq!(member.committed(), before);
    }
}

/// They show the right tree and sign another root: the honest member has signed the right one by then, and signs no
/// other of that size, whatever batch comes next.
#[test]
fn a_majority_that_signs_what_it_does_not_show_moves_nobody() {
    let plans = ["APAC-1", "EU-1", "EU-2"].map(|name| (name, &[Fault::SignOther][..]));
    let (mut federation, journal, desk) = staged(builder(&NAMES).batch_size(2), &plans);
    submit(&mut federation, events(4));
    let before = federation.head();
    let report = round(&mut federation);
    let agreed = report.decision.agreed().unwrap();
    let said = journal.said_by("US-1");
    assert_eq!((agreed.root, said.len()), (Digest([0xee; 32]), 1));
    let why: ActorError = MemberError::PeerAgreedHeadDiffers { agreed, found: said[0].head };
    assert_eq!(refusal(&report, "US-1"), why.to_string());
    assert_eq!((federation.members()[3].committed(), desk.commits.get()), (before, 0));
    let _ = federation.round(NOW, &mut ());
    roots_signed("US-1", &journal.said_by("US-1"));
}

/// Nobody has what these signed, so there is nothing to report as agreed; the batch must then wait, as the report says.
#[test]
fn a_report_without_agreement_leaves_its_batch_for_the_next_round() {
    let plans = ["APAC-1", "EU-1", "EU-2"].map(|name| (name, &[Fault::SignOther][..]));
    let (mut federation, ..) = staged(builder(&NAMES).batch_size(2), &plans);
    submit(&mut federation, events(4));
    let before = federation.head();
    let report = round(&mut federation);
    let stays = federation.head() == before;
    let waits = federation.round(NOW, &mut ()).unwrap().is_some_and(|next| next.batch == report.batch);
    assert_eq!(
        (report.agreed.is_none(), report.agreed.is_none()),
        (stays, waits),
        "nothing was agreed, and yet"
    );
}

/// A member asked for a second root of a size it signed refuses, and goes on behind it.
#[test]
fn a_member_refuses_to_sign_a_second_root_of_a_size() {
    let batch = |text: &str| {
        let record = Record { id: "e".parse().unwrap(), member: id("EU-1"), entry: text.into() };
        Batch { records: vec![record], newest: NOW }
    };
    let mut member = local_member("EU-1", empty_log());
    let mut ask = |text: &str| {
        let head = member.record(&batch(text)).unwrap().head;
        let drift = DriftReport { reference: Some(head), ..DriftReport::default() };
        (head, member.attest(Round(1), NOW, &drift))
    };
    let (first, said) = ask("one");
    assert_eq!(said.unwrap().iter().map(|said| said.head).collect::<Vec<_>>(), [first]);
    let (other, refused) = ask("two");
    assert_eq!(refused, Err(MemberError::MisuseSecondRoot { signed: first, asked: other }));
    assert_eq!(ask("one").1.map(|said| said.len()), Ok(1), "the same root again is no second one");
    assert!(ask("two").1.is_err(), "however often it is asked");
    member.record(&batch("one")).unwrap();
    member.settle(Some(first), &batch("one")).unwrap();
    let next = member.record(&batch("two")).unwrap().head;
    let drift = DriftReport { reference: Some(next), ..DriftReport::default() };
    assert_eq!(member.attest(Round(2), NOW, &drift).unwrap()[0].head, next);
}

#[test]
fn two_liars_of_four_can_stop_a_round_and_agree_nothing() {
    let lies = [Fault::DriftAndSign, Fault::SignOther, Fault::Equivocate, Fault::BadSignature];
    for (one, two) in lies.iter().flat_map(|one| lies.iter().map(move |two| (*one, *two))) {
        let (mut federation, journal, _) = staged(builder(&NAMES), &[("APAC-1", &[one]), ("US-1", &[two])]);
        submit(&mut federation, events(2));
        let report = round(&mut federation);
        assert!(report.agreed.is_none() && report.decision.outcome != Outcome::Agreed, "{one:?} {two:?}");
        let next = round(&mut federation);
        assert_eq!((next.attempt, next.decision.agreed().map(|head| head.size)), (2, Some(Size(2))));
        for name in ["EU-1", "EU-2"] {
            let expected = BTreeMap::from([(Size(2), next.decision.agreed().unwrap().root)]);
            assert_eq!(roots_signed(name, &journal.said_by(name)), expected, "{one:?} {two:?}");
        }
    }
}
