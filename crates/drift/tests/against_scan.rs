//! The descent against a scan of all leaves.
mod support;

use auditmesh_drift::{TreeDetector, severity};
use auditmesh_types::{Detector, Index, Ratio, Size};
use proptest::prelude::*;
use support::{TestTree, member, name};

/// The divergent leaves, one by one.
fn scan(since: usize, one: &[u32], other: &[u32]) -> Vec<Index> {
    (since..one.len().max(other.len()))
        .filter(|at| one.get(*at) != other.get(*at))
        .map(|at| Index(at as u64))
        .collect()
}

/// Leaves of few values, so that many are equal; a second sequence changed in some places and cut or grown.
fn pair() -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
    let base = prop::collection::vec(0..3u32, 0..90);
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0..3u32), 0..12);
    (base, edits, 0..20usize, prop::collection::vec(0..3u32, 0..20)).prop_map(|(base, edits, cut, tail)| {
        let mut other = base.clone();
        for (at, value) in edits {
            if !other.is_empty() {
                let at = at.index(other.len());
                other[at] = value;
            }
        }
        other.truncate(base.len().saturating_sub(cut / 2));
        if cut % 2 == 1 {
            other.extend(tail);
        }
        (base, other)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn finds_what_a_scan_finds((right, other) in pair(), since in 0..100usize, limit in 0..60usize) {
        let (tree, drifted) = (TestTree::new(&right), TestTree::new(&other));
        let (a, b, c) = (name("A"), name("B"), name("C"));
        let members = [member(&c, &drifted), member(&a, &tree), member(&b, &tree)];
        let detector = TreeDetector::new().with_max_leaves(limit);
        let expected = scan(since, &right, &other);
        let report = detector.detect(Size(since as u64), &members).unwrap();
        prop_assert_eq!(report.reference, Some(tree.head()));
        let both = since.min(right.len()).min(other.len());
        if right == other {
            prop_assert_eq!((report.drifted, report.contradicting), (vec![], vec![]));
        } else if right[..both] != other[..both] {
            prop_assert_eq!((report.drifted, report.contradicting), (vec![], vec![c]));
        } else {
            prop_assert_eq!(report.contradicting, []);
            let drift = &report.drifted[0];
            prop_assert_eq!((&drift.member, &drift.against), (&c, &a));
            let total = right.len().max(other.len()).saturating_sub(since) as u64;
            let score = Ratio::share(expected.len() as u64, total);
            prop_assert_eq!(drift.divergent, expected.len() as u64);
            prop_assert_eq!(&drift.leaves[..], &expected[..expected.len().min(limit)]);
            prop_assert_eq!((drift.score.num(), drift.score.den()), (score.num(), score.den()));
            prop_assert_eq!(drift.severity, severity(score));
            prop_assert_eq!(drift.alert, score > Ratio::new(1, 10).unwrap());
        }
    }

    #[test]
    fn the_order_of_the_members_does_not_matter(
        (right, other) in pair(), holders in prop::collection::vec(any::<bool>(), 1..6), turn in 0..6usize,
    ) {
        let (one, two) = (TestTree::new(&right), TestTree::new(&other));
        let names: Vec<_> = (0..holders.len()).map(|at| name(&format!("M{at}"))).collect();
        let mut members: Vec<_> =
            names.iter().zip(&holders).map(|(name, held)| member(name, if *held { &one } else { &two })).collect();
        let detector = TreeDetector::new();
        let before = detector.detect(Size(0), &members);
        let turn = turn % members.len();
        members.rotate_left(turn);
        prop_assert_eq!(&before, &detector.detect(Size(0), &members));
        members.reverse();
        prop_assert_eq!(&before, &detector.detect(Size(0), &members));

        let held = holders.iter().filter(|held| **held).count();
        let reference = match (right == other, held * 2 > holders.len(), held * 2 < holders.len()) {
            (true, ..) | (_, true, _) => Some(one.head()),
            (_, _, true) => Some(two.head()),
            _ => None,
        };
        prop_assert_eq!(before.unwrap().reference, reference);
    }
}
