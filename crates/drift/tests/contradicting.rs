//! What a member gets wrong is reported under its name, and nobody else's comparison suffers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use auditmesh_drift::TreeDetector;
use auditmesh_types::{Action, Detector, DriftReport, Index, MemberId, MemberTree, Ratio, Size, TreeHead};
use support::{TestTree, changed, leaves, member, name};

fn detect(since: u64, members: &[MemberTree<'_>]) -> DriftReport {
    TreeDetector::new().detect(Size(since), members).unwrap()
}

/// Who drifted, and who contradicts.
fn who(report: &DriftReport) -> (Vec<&MemberId>, Vec<&MemberId>) {
    (report.drifted.iter().map(|drift| &drift.member).collect(), report.contradicting.iter().collect())
}

#[test]
fn a_head_of_another_size() {
    let (a, b, c, tree) = (name("A"), name("B"), name("C"), TestTree::new(&leaves(3)));
    for size in [0, 2, 4, u64::MAX] {
        let head = TreeHead { size: Size(size), ..tree.head() };
        let report = detect(0, &[(&a, head, &tree), member(&b, &tree), member(&c, &tree)]);
        assert_eq!(report.reference, Some(tree.head()));
        assert_eq!(who(&report), (vec![], vec![&a]), "{size} leaves");
        let alone = detect(0, &[(&a, head, &tree)]);
        assert_eq!(alone, DriftReport { contradicting: vec![a.clone()], ..DriftReport::default() });
    }
}

#[test]
fn a_tree_that_claims_another_size_over_the_right_nodes() {
    let (a, b, c, tree) = (name("A"), name("B"), name("C"), TestTree::new(&leaves(3)));
    for size in [0, 2, 4, u64::MAX] {
        let mut lying = TestTree::new(&leaves(3));
        lying.claimed = Some(Size(size));
        let report = detect(0, &[member(&a, &lying), member(&b, &tree), member(&c, &tree)]);
        assert_eq!(
            (report.reference, who(&report)),
            (Some(tree.head()), (vec![], vec![&a])),
            "{size} leaves"
        );
    }
}

#[test]
fn a_head_with_another_root_at_every_size_and_byte() {
    let (a, b, c, other) = (name("A"), name("B"), name("C"), TestTree::new(&leaves(40)));
    for size in 0..40 {
        let tree = TestTree::new(&leaves(size));
        assert_eq!(detect(0, &[member(&a, &tree)]).contradicting, [], "{size} leaves");
        for byte in 0..32 {
            let mut head = tree.head();
            head.root.0[byte] ^= 1;
            let report = detect(0, &[member(&b, &other), (&a, head, &tree), member(&c, &other)]);
            assert_eq!(report.reference, Some(other.head()));
            assert_eq!(who(&report), (vec![], vec![&a]), "{size} leaves, byte {byte}");
        }
    }
}

#[test]
fn the_head_of_the_majority_over_other_leaves_holds_no_head_but_counts() {
    let names = ["A", "B", "C", "D"].map(name);
    let right = leaves(12);
    let (tree, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [5])));
    let liar = (&names[1], tree.head(), &other as _);
    let report = detect(0, &[member(&names[0], &tree), liar, member(&names[2], &tree)]);
    assert_eq!(report.reference, Some(tree.head()));
    assert_eq!(who(&report), (vec![], vec![&names[1]]));

    // Two of three that tell the truth, but only two of four members.
    let members = [member(&names[0], &tree), liar, member(&names[2], &tree), member(&names[3], &other)];
    let report = detect(0, &members);
    assert_eq!(report.reference, None);
    assert_eq!(who(&report), (vec![&names[3]], vec![&names[1]]));
    assert_eq!(report.drifted[0].leaves, [Index(5)]);
}

#[test]
fn a_missing_node_of_the_drifted_and_of_the_one_compared_with() {
    let right = leaves(11);
    let names = ["A", "B", "C", "D"].map(name);
    // The complete subtrees on top, and those on the way to leaf 5 with their neighbours.
    for node in [(3, 0), (1, 4), (0, 10), (2, 0), (2, 1), (1, 2), (1, 3), (0, 4), (0, 5)] {
        let (tree, mut other) = (TestTree::new(&right), TestTree::new(&changed(&right, [5])));
        other.hidden = Some(node);
        let members = [member(&names[0], &tree), member(&names[1], &tree), member(&names[2], &other)];
        let report = detect(0, &members);
        assert_eq!(report.reference, Some(tree.head()));
        assert_eq!(who(&report), (vec![], vec![&names[2]]), "{node:?}");

        // The lowest of three holders lies: it is left out, and the two others are no majority of four.
        let (mut lying, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [5])));
        lying.hidden = Some(node);
        let three = [member(&names[0], &lying), member(&names[1], &tree), member(&names[2], &tree)];
        let report = detect(0, &[three[0], three[1], three[2], member(&names[3], &other)]);
        assert_eq!(report.reference, None, "{node:?}");
        assert_eq!(who(&report), (vec![&names[3]], vec![&names[0]]), "{node:?}");
        assert_eq!((&report.drifted[0].against, &report.drifted[0].leaves[..]), (&names[1], &[Index(5)][..]));

        // With one holder more they are.
        let e = name("E");
        let five = [three[0], three[1], three[2], member(&names[3], &other), member(&e, &tree)];
        let report = detect(0, &five);
        assert_eq!(report.reference, Some(tree.head()), "{node:?}");
        assert_eq!(who(&report), (vec![&names[3]], vec![&names[0]]), "{node:?}");
    }
}

#[test]
fn a_lie_that_nobody_reads_changes_nothing() {
    let right = leaves(11);
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let (tree, mut other) = (TestTree::new(&right), TestTree::new(&changed(&right, [5])));
    let head = other.head();
    other.hidden = Some((0, 7));
    other.forge(0, 1);
    let report = detect(0, &[member(&a, &tree), member(&b, &tree), (&c, head, &other)]);
    assert_eq!(who(&report), (vec![&c], vec![]));
    assert_eq!(report.drifted[0].leaves, [Index(5)]);
}

#[test]
fn a_node_that_does_not_fit_its_parent() {
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let right = leaves(9);
    for node in [(2, 0), (2, 1), (1, 0), (1, 1), (0, 0), (0, 1)] {
        let (tree, mut other) = (TestTree::new(&right), TestTree::new(&changed(&right, [0])));
        let head = other.head();
        other.forge(node.0, node.1);
        let report = detect(0, &[member(&a, &tree), member(&b, &tree), (&c, head, &other)]);
        assert_eq!(who(&report), (vec![], vec![&c]), "{node:?}");

        let (mut lying, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [0])));
        lying.forge(node.0, node.1);
        let report = detect(0, &[(&a, tree.head(), &lying), member(&b, &tree), member(&c, &other)]);
        assert_eq!(who(&report), (vec![&c], vec![&a]), "{node:?}");
        assert_eq!((report.reference, &report.drifted[0].against), (None, &b));
    }
}

#[test]
fn a_difference_before_the_leaves_compared() {
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let right = leaves(9);
    let tree = TestTree::new(&right);
    // With and without a difference, a missing tail and a surplus in the leaves compared.
    let tails = [changed(&right, [3]), changed(&right, [3, 7]), changed(&right, [3])[..8].to_vec()];
    for held in tails.into_iter().chain([changed(&leaves(12), [3])]) {
        let other = TestTree::new(&held);
        let members = [member(&a, &tree), member(&b, &tree), member(&c, &other)];
        for since in [4, 5, 8, 9, u64::MAX] {
            let report = detect(since, &members);
            assert_eq!(report.reference, Some(tree.head()));
            assert_eq!(who(&report), (vec![], vec![&c]), "{} leaves since {since}", held.len());
        }
        assert_eq!(who(&detect(3, &members)), (vec![&c], vec![]));
    }
}

#[test]
fn too_few_leaves_are_drift_as_far_as_they_are_right() {
    let (a, b, c) = (name("A"), name("B"), name("C"));
    let right = leaves(21);
    let tree = TestTree::new(&right);
    let fetch = [Action::WithholdSignature, Action::FetchMissing, Action::AdoptReference];
    for size in 0..13 {
        let other = TestTree::new(&right[..size]);
        let members = [member(&a, &tree), member(&b, &tree), member(&c, &other)];
        let report = detect(13, &members);
        assert_eq!(who(&report), (vec![&c], vec![]), "{size} leaves");
        let drift = &report.drifted[0];
        assert_eq!((drift.divergent, drift.score, &drift.actions[..]), (8, Ratio::ONE, &fetch[..]));
        assert_eq!(drift.leaves.first(), Some(&Index(13)));
        // Where no leaf is compared it still lacks those before.
        let nothing = detect(30, &members);
        let drift = &nothing.drifted[0];
        assert_eq!((drift.divergent, drift.score, &drift.actions[..]), (0, Ratio::ZERO, &fetch[..]));
        assert_eq!(drift.leaves, []);

        for place in 0..size {
            let other = TestTree::new(&changed(&right[..size], [place]));
            let report = detect(13, &[member(&a, &tree), member(&b, &tree), member(&c, &other)]);
            assert_eq!(who(&report), (vec![], vec![&c]), "{size} leaves, {place} changed");
        }
    }
}

#[test]
fn without_a_majority_the_history_of_most_decides_whom_to_compare_with() {
    let names = ["A", "B", "C", "D"].map(name);
    let right = leaves(20);
    let rewritten = TestTree::new(&changed(&right, [2]));
    let (tree, other) = (TestTree::new(&right), TestTree::new(&changed(&right, [17])));
    let honest = [member(&names[1], &tree), member(&names[2], &tree), member(&names[3], &other)];
    let report = detect(10, &[member(&names[0], &rewritten), honest[0], honest[1], honest[2]]);
    assert_eq!(report.reference, None);
    assert_eq!(who(&report), (vec![&names[3]], vec![&names[0]]));
    assert_eq!((&report.drifted[0].against, &report.drifted[0].leaves[..]), (&names[1], &[Index(17)][..]));

    // So does a tree that cannot show its history: the pair that `since` divides is hidden.
    let mut silent = TestTree::new(&changed(&right, [18]));
    silent.hidden = Some((0, 12));
    let report = detect(13, &[member(&names[0], &silent), honest[0], honest[1], honest[2]]);
    assert_eq!(who(&report), (vec![&names[3]], vec![&names[0]]));

    // One against one: the lowest name decides.
    let report = detect(10, &[member(&names[0], &rewritten), honest[0]]);
    assert_eq!(who(&report), (vec![], vec![&names[1]]));
}

#[test]
fn nobody_is_left() {
    let (a, b, tree) = (name("A"), name("B"), TestTree::new(&leaves(4)));
    let head = TestTree::new(&leaves(5)).head();
    let report = detect(0, &[(&b, head, &tree), (&a, head, &tree)]);
    assert_eq!(report, DriftReport { contradicting: vec![a, b], ..DriftReport::default() });
}
