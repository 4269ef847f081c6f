//! A member or a part fails in the middle of a round: what is said of it, and what must outlast it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use auditmesh::{
    Anchored, Apart, Error, Failure, Federation, Participant, Parts, Step, anchor,
    attest::{self, Membership},
    bft::Tally,
    credit::Scorebook,
    drift::{self, TreeDetector},
    event::Sequencer,
    metrics::RoundMetrics,
    policy::RuleSet,
    types::{
        Agreement, Attestation, Authority, Ballot, Batcher, Certifier, Commitment, Decision, Digest, Outcome,
        Round, Scheme, Size, TreeHead, Verified,
    },
};
use federation::*;

/// Faults before anything is agreed.
const EARLY: [Fault; 3] = [Fault::LogRefuses, Fault::TreeContradicts, Fault::KeyOutOfReach];

const REFUSED: &str = "the log refused: the batch is empty: stage at least one record";

fn member_failed(step: Step, who: &str, why: impl ToString) -> Failure {
    Failure { step, member: Some(id(who)), why: why.to_string() }
}

#[test]
fn a_failure_names_the_step_the_member_and_every_cause() {
    let key = attest::Error::LocalSigning { scheme: Scheme::MlDsa44 };
    let key = format!("the statement could not be signed: {key}");
    for (fault, failure) in [
        (Fault::LogRefuses, member_failed(Step::Record, "US-1", REFUSED)),
        (Fault::KeyOutOfReach, member_failed(Step::Attest, "US-1", key)),
        (Fault::CannotSettle, member_failed(Step::Settle, "US-1", REFUSED)),
    ] {
        let (mut federation, _, _) = staged(builder(&NAMES), &[("US-1", &[fault])]);
        submit(&mut federation, events(4));
        assert_eq!(round(&mut federation).failures, [failure]);
        submit(&mut federation, vec![event("EU-1", 2)]);
        let next = round(&mut federation).failures.len();
        assert_eq!(
            next,
            usize::from(fault == Fault::CannotSettle),
            "{fault:?}: who missed a batch stays behind"
        );
    }
}

/// `N >= 3f + 1` with `f = 1`: what one member does, wherever it stands, must not stop the other three.
#[test]
fn one_member_that_fails_in_every_round_does_not_stop_the_federation() {
    for fault in EARLY {
        for broken in NAMES {
            let (mut federation, _, _) = staged(builder(&NAMES).batch_size(2), &[(broken, &[fault; 2])]);
            submit(&mut federation, events(4));
            for size in [2, 4] {
                let report = round(&mut federation);
                assert_eq!((report.attempt, report.decision.agreed()), (1, Some(federation.head())));
                assert!(report.apart.iter().all(|(who, _)| *who == id(broken)), "{broken}: {fault:?}");
                let contradicts = fault == Fault::TreeContradicts;
                assert_eq!(report.drift.contradicting == [id(broken)], contradicts);
                assert_eq!(report.failures.is_empty(), contradicts);
                assert_eq!(federation.head().size, Size(size));
                assert_eq!(heads_committed(&federation), [federation.head(); 4], "it adopts what was agreed");
            }
        }
    }
}

#[test]
fn the_reason_of_a_member_that_fails_is_the_failure() {
    for fault in [Fault::LogRefuses, Fault::KeyOutOfReach] {
        let (mut federation, _, _) = staged(builder(&NAMES), &[("EU-1", &[fault])]);
        submit(&mut federation, events(4));
        assert_eq!(round(&mut federation).apart, [(id("EU-1"), Apart::Failed)], "{fault:?}");
    }
}

/// An honest member says nothing when the report names it: its tree is not what its head says, whatever the head is.
#[test]
fn a_member_whose_tree_contradicts_itself_abstains() {
    let (mut federation, journal, _) = staged(builder(&NAMES), &[("EU-1", &[Fault::TreeContradicts])]);
    submit(&mut federation, events(4));
    let report = round(&mut federation);
    assert_eq!(report.drift.contradicting, [id("EU-1")]);
    assert!(journal.said_by("EU-1").is_empty(), "it was named, and signed");
    assert_eq!(report.apart, [(id("EU-1"), Apart::Contradicts)]);
}

fn heads_committed(federation: &Staged) -> Vec<TreeHead> {
    federation.members().iter().map(Actor::committed).collect()
}

#[test]
fn a_member_that_fails_loses_its_own_credit_and_nobody_elses() {
    let (mut federation, _, _) = staged(builder(&NAMES), &[("APAC-1", &[Fault::LogRefuses])]);
    submit(&mut federation, events(4));
    let standings = round(&mut federation).standings;
    let order: Vec<_> = standings.iter().map(|standing| standing.member.as_str()).collect();
    assert_eq!(order, ["EU-1", "EU-2", "US-1", "APAC-1"]);
    assert!(standings[2].credit_micro > standings[3].credit_micro);
}

/// The head held by more than half of the members is signed. Those who failed are members.
#[test]
fn the_few_who_do_not_fail_are_no_majority() {
    let refuses: &[Fault] = &[Fault::LogRefuses];
    let plans = [("APAC-1", refuses), ("EU-1", refuses), ("EU-2", &[Fault::Drift]), ("US-1", refuses)];
    let (mut federation, journal, _) = staged(builder(&NAMES), &plans);
    submit(&mut federation, events(4));
    let report = round(&mut federation);
    assert_eq!(report.drift.reference, None, "one of four holds it");
    assert_eq!(journal.said_by("EU-2"), [], "it signed a root that nobody else has");
    let next = round(&mut federation);
    assert_eq!(
        (next.attempt, next.apart.as_slice(), next.failures.as_slice()),
        (2, [].as_slice(), [].as_slice())
    );
}

#[test]
fn two_members_that_fail_leave_the_batch_open() {
    for fault in EARLY {
        let plans: [(&str, &[Fault]); 2] = [("EU-1", &[fault]), ("US-1", &[fault])];
        let (mut federation, journal, desk) = staged(builder(&NAMES).batch_size(2), &plans);
        submit(&mut federation, events(4));
        let first = round(&mut federation);
        assert_eq!(
            (first.decision.outcome, first.agreed.is_none(), desk.commits.get()),
            (Outcome::NoQuorum, true, 0)
        );
        let second = round(&mut federation);
        assert_eq!((second.attempt, &second.batch, second.failures.len()), (2, &first.batch, 0), "{fault:?}");
        assert_eq!(heads_committed(&federation), [second.decision.agreed().unwrap(); 4]);
        for name in ["APAC-1", "EU-2"] {
            let agreed = second.decision.agreed().unwrap();
            assert!(journal.said_by(name).iter().all(|said| said.head == agreed), "{fault:?}: {name}");
        }
    }
}

/// A quorum agreed; that one member's disk is full must not leave the others in different places.
#[test]
fn one_member_that_cannot_settle_does_not_hold_back_the_others() {
    for broken in NAMES {
        let (mut federation, _, _) =
            staged(builder(&NAMES).batch_size(4), &[(broken, &[Fault::CannotSettle])]);
        submit(&mut federation, events(12));
        for size in [4, 8, 12] {
            let report = round(&mut federation);
            let agreed = report.decision.agreed().unwrap();
            assert_eq!((agreed.size, federation.head()), (Size(size), agreed));
            assert!(report.failures.iter().all(|failure| failure.member == Some(id(broken))));
            assert_eq!(
                report.failures.len(),
                1,
                "{broken} is reported in every round until it is brought up to date"
            );
            for member in federation.members() {
                let want = if *member.id() == id(broken) { Size(0) } else { Size(size) };
                assert_eq!(member.committed().size, want, "{}", member.id());
            }
        }
    }
}

#[test]
fn an_anchor_that_fails_can_be_tried_again() {
    let (mut federation, _, desk) = staged(builder(&NAMES).batch_size(2), &[]);
    submit(&mut federation, events(4));
    desk.full.set(true);
    let report = round(&mut federation);
    let why = anchor::Error::LocalFull { max: 0 };
    assert_eq!(report.failures, [Failure { step: Step::Anchor, member: None, why: why.to_string() }]);
    let agreed = report.agreed.unwrap();
    federation.membership().check(&*agreed.certificate).unwrap();
    assert_eq!((agreed.anchored, report.apart), (Anchored::Failed, vec![]), "it is agreed all the same");
    let head = federation.head();
    assert_eq!((head.size, heads(&federation)), (Size(2), vec![head; 4]));
    match federation.anchor(NOW).unwrap_err() {
        Error::Anchor(got) => assert_eq!(got, why),
        other => panic!("{other}"),
    }
    desk.full.set(false);
    let Anchored::Kept(receipt) = federation.anchor(NOW).unwrap() else { panic!("it has room again") };
    let statement = federation.membership().statement(head);
    let commitment = Commitment { origin: origin(), head, statement, at: NOW };
    assert_eq!(auditmesh::types::Anchor::check(&desk, &receipt, &commitment), Ok(()));
    let next = round(&mut federation);
    assert_eq!((next.attempt, next.decision.agreed().map(|head| head.size)), (1, Some(Size(4))));
    assert_eq!(desk.kept.borrow().chain().len(), 2);
}

/// Asking twice for one head gives the one receipt, and makes no second commitment.
#[test]
fn a_head_that_is_anchored_is_not_anchored_twice() {
    let (mut federation, _, desk) = staged(builder(&NAMES), &[]);
    submit(&mut federation, events(2));
    let first = round(&mut federation).agreed.unwrap().anchored;
    assert_eq!(federation.anchor(NOW).unwrap(), first);
    assert_eq!(desk.kept.borrow().chain().len(), 1);
}

/// A count that fails once.
struct Forgetful(Tally, std::cell::Cell<bool>);

impl Agreement for Forgetful {
    type Error = std::fmt::Error;

    fn decide(&self, round: Round, size: Size, ballots: &[Ballot]) -> Result<Decision, std::fmt::Error> {
        if self.1.replace(false) { Err(std::fmt::Error) } else { Ok(self.0.count(round, size, ballots)) }
    }
}

/// A membership that certifies nothing the first time.
struct Reluctant(Membership, std::cell::Cell<bool>);

impl Authority<Attestation> for Reluctant {
    type Error = attest::Error;

    fn check(&self, statement: &Attestation) -> Result<(), attest::Error> {
        self.0.check(statement)
    }

    fn verify(&self, statement: Attestation) -> Result<Verified<Attestation>, attest::Error> {
        self.0.verify(statement)
    }
}

impl Certifier for Reluctant {
    type Certificate = attest::Certificate;
    type Error = attest::Error;

    fn statement(&self, head: TreeHead) -> Digest {
        self.0.statement(head)
    }

    fn certify(
        &self,
        agreeing: &[Verified<Attestation>],
    ) -> Result<Verified<Self::Certificate>, attest::Error> {
        if self.1.replace(false) {
            return Err(attest::Error::PeerQuorumMissed { rule: "members".into(), got: 0, want: 3 });
        }
        self.0.certify(agreeing)
    }
}

struct Shaky;

impl Parts for Shaky {
    type Batcher = Sequencer;
    type Member = Actor;
    type Detector = TreeDetector;
    type Membership = Reluctant;
    type Certificate = attest::Certificate;
    type Agreement = Forgetful;
    type Scorer = Scorebook;
    type Observer = RoundMetrics;
    type Policy = RuleSet;
    type Anchor = Desk;
}

/// The federation of the standard parts, with a count or a membership that fails once.
fn shaky(count: bool, certify: bool) -> (Federation<Shaky>, Journal) {
    let journal = Journal::default();
    let parts = assembly(&NAMES, &empty_log(), Desk::default());
    let members = parts.members.into_iter().map(|member| Actor::new(Vec::new(), member, journal.clone()));
    let federation = Federation::new(auditmesh::Assembly {
        origin: parts.origin,
        batch_size: 2,
        facts: parts.facts,
        members: members.collect(),
        batcher: parts.batcher,
        detector: parts.detector,
        membership: Reluctant(parts.membership, certify.into()),
        agreement: Forgetful(parts.agreement, count.into()),
        scorer: parts.scorer,
        observer: parts.observer,
        policy: parts.policy,
        anchor: parts.anchor,
    });
    (federation.unwrap(), journal)
}

/// Events that were taken in cannot be submitted a second time, and members have signed: the batch must come again.
#[test]
fn the_batch_of_a_round_that_a_shared_part_ends_is_tried_again() {
    for (count, certify, told) in
        [(true, false, "count: "), (false, true, "certificate: the quorum members has 0 ")]
    {
        let (mut federation, journal) = shaky(count, certify);
        submit(&mut federation, events(4));
        let why = federation.round(NOW, &mut ()).unwrap_err();
        assert!(why.to_string().starts_with(told), "{why}");
        assert_eq!(federation.head().size, Size(0));
        let next = round(&mut federation);
        let ids: Vec<_> = next.batch.records.iter().map(|record| record.id.to_string()).collect();
        assert_eq!((next.attempt, ids), (2, vec!["APAC-1/1".to_owned(), "EU-1/1".to_owned()]));
        assert_eq!((federation.batcher().depth(), next.failures.len()), (2, 0));
        assert_eq!(round(&mut federation).decision.agreed().map(|head| head.size), Some(Size(4)));
        for name in NAMES {
            let heads: Vec<_> = journal.said_by(name).iter().map(|said| said.head.size.0).collect();
            assert_eq!(heads, [2, 2, 4], "{name}");
            assert_eq!(journal.said_by(name)[0].head, journal.said_by(name)[1].head);
        }
    }
}

#[test]
fn members_of_one_name_cannot_be_compared() {
    let mut parts = assembly(&NAMES, &empty_log(), Desk::default());
    parts.members[3] = local_member("EU-1", empty_log());
    let mut federation = Federation::new(parts).unwrap();
    submit(&mut federation, events(4));
    match federation.round(NOW, &mut ()).unwrap_err() {
        Error::Detector(why) => {
            assert_eq!(why, drift::Error::MisuseDuplicateMember { member: id("EU-1") });
        }
        other => panic!("{other}"),
    }
}
