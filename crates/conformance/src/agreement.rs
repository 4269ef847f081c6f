use auditmesh_types::{
    Agreement, Attestation, Ballot, Decision, Digest, MemberId, Millis, Outcome, Ratio, Round, Size, TreeHead,
};

use crate::rule::accepted;
use crate::{Trusting, orders};

/// The members, in the order of their names.
const NAMES: [&str; 4] = ["APAC-1", "EU-1", "LATAM-1", "US-1"];
const A: &str = NAMES[0];
const E: &str = NAMES[1];
const L: &str = NAMES[2];
const U: &str = NAMES[3];
/// A sender that is no member, before all members by name.
const STRANGER: &str = "AA-0";
/// Another one, after all members.
const SECOND: &str = "ZZ-9";

/// Three heads of one size, lowest first; and one of an earlier round.
const X: TreeHead = TreeHead { size: Size(12), root: Digest([1; 32]) };
const Y: TreeHead = TreeHead { size: Size(12), root: Digest([2; 32]) };
const Z: TreeHead = TreeHead { size: Size(12), root: Digest([3; 32]) };
const OLD: TreeHead = TreeHead { size: Size(11), root: Digest([2; 32]) };

/// The contract of [`Agreement`]. `make` gives a count over members of equal weight, with a threshold as a fraction of
/// the weight of all members; a head meets it when its share is not below it.
///
/// Every case is counted in every order of its ballots.
///
/// Rules: `agreement/order`, `agreement/counts`, `agreement/round`, `agreement/other-size`, `agreement/outcome`, `agreement/head`,
/// `agreement/agreed`, `agreement/ratio`, `agreement/agreeing`, `agreement/agreeing-head`, `agreement/dissenting`,
/// `agreement/equivocators`, `agreement/evidence`, `agreement/bad-signatures`, `agreement/absent`, `agreement/unknown`.
pub fn agreement<A: Agreement>(make: impl Fn(&[MemberId], (u64, u64)) -> A) {
    for case in plain().into_iter().chain(hostile()).chain(equivocating()) {
        let members: Vec<MemberId> = NAMES[..case.members].iter().map(|name| member(name)).collect();
        hold(&make(&members, case.threshold), &case);
        let turned: Vec<MemberId> = members.into_iter().rev().collect();
        hold(&make(&turned, case.threshold), &case);
    }
    let members = NAMES.map(member);
    forged_stranger(&make(&members, (3, 4)));
    replayed(&make(&members, (3, 4)));
}

/// Old statements of everybody, sent once more, neither agree nor convict.
fn replayed(agreement: &impl Agreement) {
    let what = "three of four, and everybody's statement of an earlier size";
    let decide =
        |ballots: &[Ballot]| accepted("agreement/counts", agreement.decide(Round(7), X.size, ballots), what);
    let (fresh, old) = ([A, E, L].map(|name| says(name, X, 0)), NAMES.map(|name| says(name, OLD, 0)));
    same!("agreement/other-size", decide(&[&fresh[..], &old].concat()), decide(&fresh), "{what}");
    same!("agreement/other-size", decide(&old).head, None, "everybody's statement of an earlier size alone");
}

/// A forgery in the name of no member says nothing of any member.
fn forged_stranger(agreement: &impl Agreement) {
    let what = "three of four and a forgery in the name of a stranger";
    let ballots = [says(A, X, 0), forged(SECOND), says(E, X, 0), says(L, X, 0)];
    let decision = accepted("agreement/counts", agreement.decide(Round(7), X.size, &ballots), what);
    same!("agreement/agreed", decision.agreed(), Some(X), "{what}");
    same!("agreement/bad-signatures", texts(&decision.bad_signatures), Vec::<&str>::new(), "{what}");
    same!("agreement/absent", texts(&decision.absent), [U], "{what}");
}

/// One count and what must come of it. `head` and `outcome` are `None` where the contract leaves them open.
#[derive(Debug, Clone, Default)]
struct Case {
    what: &'static str,
    members: usize,
    threshold: (u64, u64),
    ballots: Vec<Ballot>,
    outcome: Option<Outcome>,
    head: Option<TreeHead>,
    votes: u64,
    agreeing: Vec<&'static str>,
    dissenting: Vec<&'static str>,
    equivocators: Vec<&'static str>,
    bad: Vec<&'static str>,
    absent: Vec<&'static str>,
    unknown: Vec<&'static str>,
}

fn member(name: &str) -> MemberId {
    MemberId::new(name).expect("a member name")
}

/// A valid ballot. `copy` tells apart statements of one member on one head: they differ in time and bytes.
fn says(name: &str, head: TreeHead, copy: u8) -> Ballot {
    let signed = [name.as_bytes(), &head.root.0, &head.size.0.to_be_bytes(), &[copy]].concat();
    let at = Millis(1_000 * (1 + u64::from(copy)));
    Ballot::Valid(Trusting.mark(Attestation { member: member(name), round: Round(7), head, at, signed }))
}

fn forged(name: &str) -> Ballot {
    Ballot::Refused { member: member(name) }
}

fn plain() -> Vec<Case> {
    use Outcome::{Agreed, Dissent, NoQuorum, Tie};
    let three = |what, threshold| Case { what, members: 3, threshold, ..Case::default() };
    let four = |what| Case { what, members: 4, threshold: (3, 4), ..Case::default() };
    let (both, two_one) = (vec![A, E], vec![says(A, X, 0), says(E, X, 0), says(L, Y, 0)]);
    let led = Case { head: Some(X), votes: 2, agreeing: both.clone(), ..Case::default() };
    vec![
        Case {
            ballots: vec![says(A, X, 0), says(E, X, 0), says(L, X, 0)],
            outcome: Some(Agreed),
            head: Some(X),
            votes: 3,
            agreeing: vec![A, E, L],
            ..three("three of three", (2, 3))
        },
        Case {
            ballots: two_one.clone(),
            outcome: Some(Agreed),
            dissenting: vec![L],
            ..Case { what: "two of three at exactly 2/3", members: 3, threshold: (2, 3), ..led.clone() }
        },
        Case {
            ballots: two_one,
            outcome: Some(Dissent),
            dissenting: vec![L],
            ..Case {
                what: "two of three at 0.67, the third otherwise",
                members: 3,
                threshold: (67, 100),
                ..led.clone()
            }
        },
        Case {
            ballots: vec![says(A, X, 0), says(E, X, 0)],
            outcome: Some(NoQuorum),
            absent: vec![L],
            ..Case { what: "two of three at 0.67, the third silent", members: 3, threshold: (67, 100), ..led }
        },
        Case { outcome: Some(NoQuorum), absent: vec![A, E, L], ..three("no ballots", (2, 3)) },
        Case {
            ballots: vec![says(A, X, 0), says(E, Y, 0)],
            outcome: Some(Tie),
            votes: 1,
            absent: vec![L],
            ..three("one against one, the third silent", (2, 3))
        },
        Case {
            ballots: vec![says(A, X, 0), says(E, X, 0), says(L, Y, 0), says(U, Y, 0)],
            outcome: Some(Tie),
            votes: 2,
            ..four("two against two")
        },
        Case {
            ballots: vec![says(A, Z, 0), says(E, Z, 0), says(L, Y, 0), says(U, Y, 0)],
            outcome: Some(Tie),
            votes: 2,
            ..four("two against two, the lowest root silent")
        },
        Case {
            ballots: vec![says(U, Y, 0), says(L, Y, 0), says(E, X, 0), says(A, Z, 0)],
            outcome: Some(Dissent),
            head: Some(Y),
            votes: 2,
            agreeing: vec![L, U],
            dissenting: vec![A, E],
            ..four("two, one, one")
        },
    ]
}

fn hostile() -> Vec<Case> {
    use Outcome::{Agreed, NoQuorum};
    let four = |what| Case { what, members: 4, threshold: (3, 4), head: Some(X), ..Case::default() };
    let three_x = [says(A, X, 0), says(E, X, 0), says(U, X, 0)];
    let agreed = |what| Case { outcome: Some(Agreed), votes: 3, agreeing: vec![A, E, U], ..four(what) };
    let missed = |what| Case {
        outcome: Some(NoQuorum),
        votes: 2,
        agreeing: vec![A, E],
        absent: vec![L, U],
        ..four(what)
    };
    let two = [says(A, X, 0), says(E, X, 0)];
    vec![
        Case {
            ballots: [&three_x[..], &[forged(L)]].concat(),
            bad: vec![L],
            absent: vec![L],
            ..agreed("three of four and a bad signature")
        },
        Case {
            ballots: [&three_x[..], &[forged(U), forged(A)]].concat(),
            bad: vec![A, U],
            absent: vec![L],
            ..agreed("forgeries in the name of members that also signed")
        },
        Case {
            ballots: [&two[..], &[forged(L), forged(U), forged(L)]].concat(),
            bad: vec![L, U],
            ..missed("forgeries only from two of four")
        },
        Case {
            ballots: [&two[..], &[says(STRANGER, X, 0), says(SECOND, X, 0), says(SECOND, X, 1)]].concat(),
            unknown: vec![STRANGER, SECOND],
            ..missed("two strangers for the leading head")
        },
        Case {
            ballots: [&three_x[..], &[says(SECOND, X, 0), says(SECOND, Y, 0)]].concat(),
            absent: vec![L],
            unknown: vec![SECOND],
            ..agreed("a stranger that signs two heads")
        },
        Case {
            ballots: [&two[..], &[says(A, X, 0), says(A, X, 1), says(A, X, 2)]].concat(),
            ..missed("one member's vote in several copies")
        },
    ]
}

fn equivocating() -> Vec<Case> {
    use Outcome::Agreed;
    let four = |what| Case { what, members: 4, threshold: (3, 4), head: Some(X), ..Case::default() };
    let three_x = [says(A, X, 0), says(E, X, 0), says(L, X, 0)];
    let despite = |what| Case {
        outcome: Some(Agreed),
        votes: 3,
        agreeing: vec![A, E, L],
        equivocators: vec![U],
        ..four(what)
    };
    vec![
        Case {
            ballots: [&three_x[..], &[says(U, X, 0), says(U, Y, 0)]].concat(),
            ..despite("three of four, the fourth signs two roots")
        },
        Case {
            ballots: [&three_x[..], &[says(U, Y, 0), says(U, Z, 0)]].concat(),
            ..despite("three of four, the fourth signs two other roots")
        },
        Case {
            ballots: [&three_x[..], &[says(U, Z, 0), says(U, X, 0), says(U, Y, 0)]].concat(),
            ..despite("three of four, the fourth signs three heads")
        },
        Case {
            ballots: [&three_x[..2], &[says(U, X, 0), says(U, Y, 0), says(U, X, 1)]].concat(),
            votes: 2,
            agreeing: vec![A, E],
            equivocators: vec![U],
            absent: vec![L],
            ..four("the third vote comes from an equivocator")
        },
        Case {
            ballots: vec![
                says(A, X, 0),
                says(E, Y, 0),
                says(E, X, 0),
                says(L, Y, 0),
                says(L, X, 0),
                says(A, X, 1),
            ],
            votes: 1,
            agreeing: vec![A],
            equivocators: vec![E, L],
            absent: vec![U],
            ..four("two equivocators")
        },
    ]
}

/// Counts `case` in every order of its ballots and compares each decision with the first, and the first with the case.
fn hold(agreement: &impl Agreement, case: &Case) {
    let what = case.what;
    let decide =
        |ballots: &[Ballot]| accepted("agreement/counts", agreement.decide(Round(7), X.size, ballots), what);
    let decision = decide(&case.ballots);
    decided(&decision, case);
    for order in orders(&case.ballots) {
        same!("agreement/order", decide(&order), decision, "{what}: another order of the same ballots");
    }
}

fn decided(decision: &Decision, case: &Case) {
    let what = case.what;
    same!("agreement/round", decision.round, Round(7), "{what}");
    match case.outcome {
        Some(outcome) => same!("agreement/outcome", decision.outcome, outcome, "{what}"),
        None => {
            rule!(
                "agreement/outcome",
                decision.outcome != Outcome::Agreed,
                "{what}: agreed without a quorum"
            );
        }
    }
    if case.outcome != Some(Outcome::Tie) {
        same!("agreement/head", decision.head, case.head, "{what}: the leading head");
        same!("agreement/agreeing", names(&decision.agreeing), case.agreeing, "{what}");
        same!("agreement/dissenting", texts(&decision.dissenting), case.dissenting, "{what}");
    }
    let agreed = case.head.filter(|_| case.outcome == Some(Outcome::Agreed));
    same!("agreement/agreed", decision.agreed(), agreed, "{what}: the agreed head");
    let ratio = Ratio::share(case.votes, case.members as u64);
    same!("agreement/ratio", decision.ratio, ratio, "{what}: the leading head's share of all members");
    for statement in &decision.agreeing {
        same!("agreement/agreeing-head", Some(statement.head), decision.head, "{what}: {}", statement.member);
    }
    let culprits: Vec<&str> = decision.equivocators.iter().map(|found| found.member.as_str()).collect();
    same!("agreement/equivocators", culprits, case.equivocators, "{what}");
    for found in &decision.equivocators {
        let [low, high] = &found.evidence;
        let ours = low.member == found.member && high.member == found.member;
        rule!("agreement/evidence", ours, "{what}: the evidence against {} is another's", found.member);
        rule!("agreement/evidence", low.head < high.head, "{what}: {} is not below {}", low.head, high.head);
        for statement in [low, high] {
            let cast =
                case.ballots.iter().any(|b| matches!(b, Ballot::Valid(valid) if **valid == *statement));
            rule!("agreement/evidence", cast, "{what}: a statement of {} that nobody sent", found.member);
        }
    }
    same!("agreement/bad-signatures", texts(&decision.bad_signatures), case.bad, "{what}");
    same!("agreement/absent", texts(&decision.absent), case.absent, "{what}");
    same!("agreement/unknown", texts(&decision.unknown), case.unknown, "{what}");
}

fn names(statements: &[impl std::ops::Deref<Target = Attestation>]) -> Vec<&str> {
    statements.iter().map(|statement| statement.member.as_str()).collect()
}

fn texts(members: &[MemberId]) -> Vec<&str> {
    members.iter().map(MemberId::as_str).collect()
}
