//! One of four members answers whatever it likes, otherwise each time: it makes no error, hides no honest member's
//! drift and accuses no honest member.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::cell::Cell;

use auditmesh_drift::TreeDetector;
use auditmesh_types::{Detector, Digest, DriftReport, Index, MemberId, MemberTree, Nodes, Size, TreeHead};
use proptest::prelude::*;
use support::{TestTree, changed, leaves, member, name};

const SIZE: usize = 24;
const SINCE: usize = 10;

/// One answer of a member that lies.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// As one of its trees has it.
    From(usize),
    /// The node beside the one asked for.
    Beside,
    /// A hash of nothing.
    Made(u8),
    Nothing,
}

/// Answers as its script says, from the beginning again when it ends.
struct Liar<'a> {
    trees: &'a [TestTree],
    size: Size,
    script: &'a [Answer],
    asked: Cell<usize>,
}

impl Nodes for Liar<'_> {
    fn size(&self) -> Size {
        self.size
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        let at = self.asked.replace(self.asked.get() + 1);
        match self.script[at % self.script.len()] {
            Answer::From(tree) => self.trees[tree].node(level, index),
            Answer::Beside => self.trees[0].node(level, index ^ 1),
            Answer::Made(byte) => Some(Digest([byte; 32])),
            Answer::Nothing => None,
        }
    }
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        12 => (0..3usize).prop_map(Answer::From),
        1 => Just(Answer::Beside),
        1 => any::<u8>().prop_map(Answer::Made),
        1 => Just(Answer::Nothing),
    ]
}

/// Mostly the truth about one tree, with a few lies; or anything.
fn script() -> impl Strategy<Value = Vec<Answer>> {
    let lies = prop::collection::vec((0..80usize, answer()), 0..3);
    let truthful = (0..3usize, lies).prop_map(|(tree, lies)| {
        let mut script = vec![Answer::From(tree); 80];
        lies.into_iter().for_each(|(at, lie)| script[at] = lie);
        script
    });
    prop_oneof![3 => truthful, 1 => prop::collection::vec(answer(), 1..40)]
}

/// What the honest hold: the right leaves; or leaves of the range compared changed, missing or too many.
fn honest() -> impl Strategy<Value = Vec<u32>> {
    let edits = prop::collection::vec(SINCE..SIZE, 1..4).prop_map(|places| changed(&leaves(24), places));
    let tail = (SINCE..SIZE + 9).prop_map(|size| (0..33).take(size).collect());
    prop_oneof![2 => Just(leaves(24)), 1 => edits, 1 => tail]
}

/// The divergent leaves, one by one.
fn scan(one: &[u32], other: &[u32]) -> Vec<Index> {
    let differ = |at: &usize| one.get(*at) != other.get(*at);
    (SINCE..one.len().max(other.len())).filter(differ).map(|at| Index(at as u64)).collect()
}

/// Holds the report against what the three honest members, `honest`, hold.
fn check(report: &DriftReport, honest: &[(&MemberId, &[u32], TreeHead)]) {
    for (who, held, head) in honest {
        assert!(!report.contradicting.contains(who), "{who} is accused");
        let Some(drift) = report.of(who) else { continue };
        assert_ne!(report.reference, Some(*head), "{who} holds the reference");
        if let Some((_, other, _)) = honest.iter().find(|(name, ..)| *name == &drift.against) {
            assert_eq!(drift.leaves, scan(held, other), "{who} against {}", drift.against);
            assert_eq!(drift.divergent, drift.leaves.len() as u64);
        }
    }
    let silent: Vec<_> = honest.iter().filter(|(who, ..)| report.of(who).is_none()).collect();
    let hidden = silent.windows(2).find(|pair| pair[0].2 != pair[1].2);
    assert!(hidden.is_none(), "of two that differ none is named: {hidden:?}");
    if let Some(reference) = report.reference {
        let held = honest.iter().filter(|(.., head)| *head == reference).count();
        assert!(held >= 2, "a majority of four has two honest holders, not {held}");
        for (who, _, head) in honest {
            assert_eq!(report.of(who).is_some(), *head != reference, "{who}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn one_of_four_cannot_disturb_the_others(
        held in prop::collection::vec(honest(), 3),
        third in prop_oneof![honest(), prop::collection::vec(0..40u32, 0..40)],
        (heads, sizes) in (0..3usize, prop_oneof![4 => Just(None), 1 => any::<u64>().prop_map(Some)]),
        script in script(),
        place in 0..4usize,
    ) {
        let trees: Vec<TestTree> = held.iter().map(|leaves| TestTree::new(leaves)).collect();
        // Its first two trees are those of honest members: with one of their heads it can hold what they hold.
        let lies = [TestTree::new(&held[0]), TestTree::new(&held[1]), TestTree::new(&third)];
        let mut head = lies[heads].head();
        head.size = sizes.map_or(head.size, Size);
        let liar = Liar { trees: &lies, size: head.size, script: &script, asked: Cell::new(0) };

        let mut names: Vec<_> = ["A", "B", "C", "D"].map(name).into();
        let liars = names.remove(place);
        let mut members: Vec<MemberTree<'_>> =
            names.iter().zip(&trees).map(|(name, tree)| member(name, tree)).collect();
        members.push((&liars, head, &liar));
        let report = TreeDetector::new().detect(Size(SINCE as u64), &members).unwrap();

        let honest: Vec<_> = (0..3).map(|at| (&names[at], &held[at][..], trees[at].head())).collect();
        let shares_history = lies[heads].head() != lies[2].head() || third.get(..SINCE) == Some(&leaves(24)[..SINCE]);
        let led = report.drifted.iter().any(|drift| drift.against == liars);
        prop_assert!(shares_history || !led, "the honest are held against a history that is not theirs");
        prop_assert!(!(report.contradicting.contains(&liars) && report.of(&liars).is_some()));
        check(&report, &honest);
    }
}
