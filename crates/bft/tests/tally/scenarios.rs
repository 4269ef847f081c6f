//! The three scenarios of the design documents.

use auditmesh_bft::TieBreak;
use auditmesh_types::{Agreement, Outcome, Ratio, Round};

use crate::ballots::{SIZE, agreeing, forged, head, member, tally, vote};

#[test]
fn three_of_three_agree() {
    let tally = tally(&["EU-1", "US-1", "APAC-1"], "0.67", TieBreak::default());
    let ballots = [vote("EU-1", 7, 10), vote("US-1", 7, 12), vote("APAC-1", 7, 11)];
    let decision = tally.decide(Round(1), SIZE, &ballots).unwrap();
    assert_eq!((decision.outcome, decision.ratio), (Outcome::Agreed, Ratio::ONE));
    assert_eq!(decision.agreed(), Some(head(7)));
    assert_eq!(agreeing(&decision), ["APAC-1", "EU-1", "US-1"]);
    assert!(
        decision.dissenting.is_empty() && decision.absent.is_empty() && decision.bad_signatures.is_empty()
    );
}

#[test]
fn two_of_three_do_not_decide_under_0_67() {
    let names = ["EU-1", "US-1", "APAC-1"];
    let ballots = [vote("EU-1", 7, 10), vote("US-1", 7, 12), vote("APAC-1", 9, 11)];
    let decision = tally(&names, "0.67", TieBreak::default()).decide(Round(1), SIZE, &ballots).unwrap();
    assert_eq!((decision.outcome, decision.agreed()), (Outcome::Dissent, None));
    assert_eq!((decision.ratio.num(), decision.ratio.den()), (2, 3));
    assert_eq!((decision.head, agreeing(&decision)), (Some(head(7)), vec!["EU-1", "US-1"]));
    assert_eq!(decision.dissenting, [member("APAC-1")]);

    // Under an exact two thirds, the same ballots decide.
    let decision = tally(&names, ">=2/3", TieBreak::default()).decide(Round(1), SIZE, &ballots).unwrap();
    assert_eq!((decision.outcome, decision.agreed()), (Outcome::Agreed, Some(head(7))));
}

#[test]
fn three_of_four_decide_and_the_bad_signature_is_named() {
    let tally = tally(&["EU-1", "US-1", "APAC-1", "APAC-2"], "0.67", TieBreak::default());
    let ballots = [vote("EU-1", 7, 10), forged("APAC-2", 7), vote("US-1", 7, 12), vote("APAC-1", 7, 11)];
    let decision = tally.decide(Round(1), SIZE, &ballots).unwrap();
    assert_eq!((decision.outcome, decision.agreed()), (Outcome::Agreed, Some(head(7))));
    assert_eq!(decision.ratio, "0.75".parse().unwrap());
    assert_eq!(decision.bad_signatures, [member("APAC-2")]);
    assert_eq!(decision.absent, [member("APAC-2")]);
    assert!(decision.dissenting.is_empty());
}
