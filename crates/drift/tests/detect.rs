//! Reports: who is the reference, what is scored, when it alerts, how little is read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use auditmesh_drift::TreeDetector;
use auditmesh_types::{Action, Detector, DriftReport, Index, Ratio, Severity, Size};
use support::{TestTree, changed, leaves, member, name};

/// Two members hold `right`, the third, `C`, holds `other`.
fn two_against_one(since: u64, right: &[u32], other: &[u32]) -> DriftReport {
    let (right, other) = (TestTree::new(right), TestTree::new(other));
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let members = [member(&c, &other), member(&b, &right), member(&a, &right)];
    let report = TreeDetector::new().detect(Size(since), &members).unwrap();
    assert_eq!(report.reference, Some(right.head()));
    report
}

#[test]
fn equal_heads_give_an_empty_report() {
    let (a, tree) = (name("A"), TestTree::new(&leaves(5)));
    let alone = TreeDetector::new().detect(Size(0), &[member(&a, &tree)]).unwrap();
    assert_eq!(alone, DriftReport { reference: Some(tree.head()), ..DriftReport::default() });
    assert_eq!(two_against_one(3, &leaves(5), &leaves(5)).drifted, []);
    assert_eq!(two_against_one(9, &[], &[]).drifted, []);
}

#[test]
fn names_the_member_its_leaves_and_the_lowest_holder() {
    let right = leaves(25);
    let report = two_against_one(5, &right, &changed(&right, [7, 19, 24]));
    assert_eq!(report.drifted.len(), 1);
    let drift = report.of(&name("C")).unwrap();
    assert_eq!(drift.against, name("A"));
    assert_eq!(drift.leaves, [Index(7), Index(19), Index(24)]);
    assert_eq!((drift.divergent, drift.score.num(), drift.score.den()), (3, 3, 20));
    assert_eq!(drift.severity, Severity::Medium);
    assert!(drift.alert);
    assert_eq!(drift.actions, [Action::WithholdSignature, Action::CompareEntries, Action::AdoptReference]);
}

#[test]
fn alerts_strictly_above_a_tenth() {
    let right = leaves(1000);
    let one_tenth = two_against_one(0, &right, &changed(&right, 0..100));
    assert_eq!(one_tenth.drifted[0].score, Ratio::new(1, 10).unwrap());
    assert!(!one_tenth.drifted[0].alert);
    let more = two_against_one(0, &right, &changed(&right, 0..101));
    assert!(more.drifted[0].alert);
}

#[test]
fn severity_follows_the_score_at_its_edges() {
    let right = leaves(100);
    let edges = [(9, Severity::Low), (10, Severity::Medium), (29, Severity::Medium), (30, Severity::High)];
    for (count, band) in edges.into_iter().chain([(49, Severity::High), (50, Severity::Critical)]) {
        let report = two_against_one(0, &right, &changed(&right, 0..count));
        assert_eq!(report.drifted[0].severity, band, "{count} of 100");
    }
}

#[test]
fn a_custom_threshold_and_limit_hold() {
    let right = leaves(50);
    let (right, other) = (TestTree::new(&right), TestTree::new(&changed(&right, 0..30)));
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let members = [member(&a, &right), member(&b, &right), member(&c, &other)];
    let detector = TreeDetector::new().with_alert_above(Ratio::new(3, 5).unwrap()).with_max_leaves(4);
    assert_eq!((detector.alert_above(), detector.max_leaves()), (Ratio::new(3, 5).unwrap(), 4));
    let report = detector.detect(Size(0), &members).unwrap();
    let drift = &report.drifted[0];
    assert_eq!(drift.leaves, [Index(0), Index(1), Index(2), Index(3)]);
    assert_eq!((drift.divergent, drift.score, drift.alert), (30, Ratio::new(3, 5).unwrap(), false));
    let none = detector.with_max_leaves(0).detect(Size(0), &members).unwrap();
    assert_eq!((none.drifted[0].leaves.len(), none.drifted[0].divergent), (0, 30));
}

#[test]
fn the_limit_holds_across_differing_and_missing_leaves() {
    let right = leaves(3000);
    let report = two_against_one(0, &right, &changed(&right, [5])[..1500]);
    let drift = &report.drifted[0];
    let expected: Vec<_> = std::iter::once(5).chain(1500..2499).map(Index).collect();
    assert_eq!(drift.leaves, expected);
    assert_eq!((drift.divergent, drift.score.den()), (1501, 3000));
}

#[test]
fn missing_leaves_are_to_be_fetched_and_surplus_ones_compared() {
    let right = leaves(20);
    let short = two_against_one(10, &right, &right[..18]);
    assert_eq!(short.drifted[0].leaves, [Index(18), Index(19)]);
    assert_eq!(short.drifted[0].score, Ratio::new(2, 10).unwrap());
    assert_eq!(
        short.drifted[0].actions,
        [Action::WithholdSignature, Action::FetchMissing, Action::AdoptReference]
    );
    let long = two_against_one(10, &right, &leaves(30));
    assert_eq!((long.drifted[0].divergent, long.drifted[0].score), (10, Ratio::new(1, 2).unwrap()));
    assert_eq!(
        long.drifted[0].actions,
        [Action::WithholdSignature, Action::CompareEntries, Action::AdoptReference]
    );
    // A member that does not even reach the first leaf compared lacks all of them.
    let far = two_against_one(10, &right, &right[..4]);
    assert_eq!((far.drifted[0].divergent, far.drifted[0].score), (10, Ratio::ONE));
    assert_eq!(far.drifted[0].leaves.first(), Some(&Index(10)));
}

#[test]
fn a_half_is_no_majority() {
    let right = leaves(16);
    let (right, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [3])));
    let names = ["A", "B", "C", "D"].map(name);
    let members = [
        member(&names[3], &right),
        member(&names[1], &right),
        member(&names[2], &other),
        member(&names[0], &other),
    ];
    let report = TreeDetector::new().detect(Size(0), &members).unwrap();
    assert_eq!(report.reference, None);
    let who: Vec<_> = report.drifted.iter().map(|drift| (&drift.member, &drift.against)).collect();
    assert_eq!(who, [(&names[1], &names[0]), (&names[3], &names[0])]);
    for drift in &report.drifted {
        assert_eq!(drift.actions, [Action::WithholdSignature, Action::ReviewByHand, Action::CompareEntries]);
    }
}

#[test]
fn the_largest_group_without_a_majority_is_no_reference() {
    let right = leaves(16);
    let trees = [3, 4, 5].map(|place| TestTree::new(&changed(&right, [place])));
    let names = ["A", "B", "C", "D"].map(name);
    let members = [
        member(&names[0], &trees[0]),
        member(&names[1], &trees[1]),
        member(&names[2], &trees[2]),
        member(&names[3], &trees[2]),
    ];
    let report = TreeDetector::new().detect(Size(0), &members).unwrap();
    assert_eq!(report.reference, None);
    assert!(report.drifted.iter().all(|drift| drift.against == names[0]));
    assert_eq!(report.drifted.len(), 3);
}

#[test]
fn one_leaf_of_4096_is_found_in_a_few_dozen_nodes() {
    let right = leaves(4096);
    for place in [0, 1, 2047, 2048, 4095] {
        let (right_tree, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [place])));
        let (a, b, c) = (name("A"), name("B"), name("C"));
        let members = [member(&a, &right_tree), member(&b, &right_tree), member(&c, &other)];
        let report = TreeDetector::new().detect(Size(0), &members).unwrap();
        assert_eq!(report.drifted[0].leaves, [Index(place as u64)]);
        // The root, and both children on each of 12 levels below.
        assert_eq!(other.touched.get(), 1 + 2 * 12, "leaf {place}");
        assert_eq!(other.touched_leaves.get(), 2, "leaf {place}: equal subtrees are not entered");
    }
}

#[test]
fn the_leaves_of_equal_subtrees_stay_untouched_from_an_odd_start() {
    let right = leaves(4099);
    let (right_tree, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [3000])));
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let members = [member(&a, &right_tree), member(&b, &right_tree), member(&c, &other)];
    let report = TreeDetector::new().detect(Size(1003), &members).unwrap();
    assert_eq!(
        (report.drifted[0].leaves.as_slice(), report.drifted[0].score.den()),
        (&[Index(3000)][..], 3096)
    );
    assert!(other.touched.get() <= 4 * 13, "{} nodes", other.touched.get());
    // The last leaf for the root, the pair that `since` divides, and the pair that holds the divergent leaf.
    assert_eq!(other.touched_leaves.get(), 5);
}
