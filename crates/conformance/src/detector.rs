use auditmesh_types::{
    Action, Detector, Digest, DriftReport, Index, MemberId, MemberTree, Nodes, Ratio, Severity, Size,
    TreeHead,
};

use crate::rule::{accepted, refused};
use crate::{orders, tree};

/// The contract of [`Detector`] with an alert above a tenth. `tree` builds a tree from its leaf hashes.
///
/// Rules: `detector/misuse`, `detector/compares`, `detector/order`, `detector/no-drift`, `detector/reference`,
/// `detector/who`, `detector/against`, `detector/leaves`, `detector/divergent`, `detector/score`, `detector/severity`,
/// `detector/alert`, `detector/actions`, `detector/honest`, `detector/history`, `detector/size-contradicts-head`,
/// `detector/root-contradicts-head`, `detector/node-missing`, `detector/node-contradicts`, `detector/half-of-all`.
///
/// # Cost
/// About 100 comparisons of up to five trees of up to 300 leaves.
pub fn detector<T: Nodes>(detector: &impl Detector, tree: impl Fn(&[Digest]) -> T) {
    let look = |what: &str, since: u64, held: &[Vec<Digest>]| detect(detector, &tree, what, since, held);
    equal(look);
    edges(look);
    places(look);
    tails(look);
    without_majority(look);
    histories(look);
    misuse(detector, &tree);
    contradictions(detector, &tree);
}

fn name(member: usize) -> MemberId {
    MemberId::new(["APAC-1", "EU-1", "LATAM-1", "US-1", "ZA-1"][member]).expect("a member name")
}

fn leaves(count: u64) -> Vec<Digest> {
    (0..count).map(|n| tree::leaf(&n.to_be_bytes())).collect()
}

/// `count` leaves, those at `places` changed.
fn changed(count: u64, places: &[usize]) -> Vec<Digest> {
    let mut changed = leaves(count);
    places.iter().for_each(|place| changed[*place].0[31] ^= 1);
    changed
}

/// The report on members that hold these leaves, which no order of the members may change.
fn detect<T: Nodes>(
    detector: &impl Detector,
    tree: impl Fn(&[Digest]) -> T,
    what: &str,
    since: u64,
    held: &[Vec<Digest>],
) -> DriftReport {
    let names: Vec<MemberId> = (0..held.len()).map(name).collect();
    let trees: Vec<T> = held.iter().map(|leaves| tree(leaves)).collect();
    let heads: Vec<TreeHead> = held.iter().map(|leaves| tree::head(leaves)).collect();
    let at = |n: usize| -> MemberTree<'_> { (&names[n], heads[n], &trees[n]) };
    let all: Vec<usize> = (0..held.len()).collect();
    let run = |order: &[usize]| {
        let members: Vec<_> = order.iter().map(|n| at(*n)).collect();
        accepted("detector/compares", detector.detect(Size(since), &members), what)
    };
    let report = run(&all);
    let turns = if held.len() <= 4 { orders(&all) } else { vec![all.iter().rev().copied().collect()] };
    for order in turns {
        same!("detector/order", run(&order), report, "{what}: members in another order");
    }
    let equal = heads.windows(2).all(|pair| pair[0] == pair[1]);
    rule!("detector/no-drift", !equal || report.drifted.is_empty(), "{what}: {:?}", report.drifted);
    for drift in &report.drifted {
        let pair =
            (names.iter().position(|n| *n == drift.member), names.iter().position(|n| *n == drift.against));
        let (Some(own), Some(other)) = pair else {
            crate::rule::broken("detector/who", format_args!("{what}: {drift:?} names no member"));
        };
        rule!(
            "detector/against",
            heads[own] != heads[other],
            "{what}: {} has the head of its peer",
            drift.member
        );
        if let Some(reference) = report.reference {
            same!(
                "detector/against",
                heads[other],
                reference,
                "{what}: {} is compared with it",
                drift.member
            );
        }
        let from = usize::try_from(since).expect("a small number");
        let compared = held[own].len().max(held[other].len());
        let differ = (from..compared).filter(|place| held[own].get(*place) != held[other].get(*place));
        measured(what, drift, &differ.map(|place| place as u64).collect::<Vec<_>>(), compared as u64 - since);
    }
    report
}

/// Compares the figures of one member with the leaves that truly differ among `compared`.
fn measured(what: &str, drift: &auditmesh_types::MemberDrift, differ: &[u64], compared: u64) {
    let who = &drift.member;
    let listed: Vec<u64> = drift.leaves.iter().map(|index| index.0).collect();
    let first = differ.get(..listed.len()).unwrap_or(differ);
    same!("detector/leaves", listed, first, "{what}: the first divergent leaves of {who}, ascending");
    let some = !listed.is_empty() || differ.is_empty();
    rule!("detector/leaves", some, "{what}: no leaf of {who} is named, {} differ", differ.len());
    let count = differ.len() as u64;
    same!("detector/divergent", drift.divergent, count, "{what}: how many leaves of {who} differ");
    let score = Ratio::share(count, compared);
    same!("detector/score", drift.score, score, "{what}: {who} over {compared} leaves");
    let tenths = |n| score >= Ratio::share(n, 10);
    let severity = match (tenths(5), tenths(3), tenths(1)) {
        (true, ..) => Severity::Critical,
        (_, true, _) => Severity::High,
        (.., true) => Severity::Medium,
        _ => Severity::Low,
    };
    same!("detector/severity", drift.severity, severity, "{what}: {who} with score {score}");
    same!("detector/alert", drift.alert, score > Ratio::share(1, 10), "{what}: {who} with score {score}");
    let withhold = drift.actions.contains(&Action::WithholdSignature);
    rule!(
        "detector/actions",
        withhold,
        "{what}: {who} is not told to withhold its signature: {:?}",
        drift.actions
    );
}

/// Demands that exactly these members drifted from `reference`.
fn who(what: &str, report: &DriftReport, reference: Option<TreeHead>, drifted: &[usize]) {
    same!("detector/reference", report.reference, reference, "{what}");
    let got: Vec<&MemberId> = report.drifted.iter().map(|drift| &drift.member).collect();
    let want: Vec<MemberId> = drifted.iter().map(|n| name(*n)).collect();
    same!("detector/who", got, want.iter().collect::<Vec<_>>(), "{what}: the drifted, by name");
    for drift in &report.drifted {
        let by_hand = drift.actions.contains(&Action::ReviewByHand);
        same!(
            "detector/actions",
            by_hand,
            reference.is_none(),
            "{what}: review by hand, {:?}",
            drift.actions
        );
        let adopt = drift.actions.contains(&Action::AdoptReference) && reference.is_none();
        rule!("detector/actions", !adopt, "{what}: there is no reference to adopt, {:?}", drift.actions);
    }
}

fn equal(look: impl Fn(&str, u64, &[Vec<Digest>]) -> DriftReport) {
    for (count, since) in [(0, 0), (1, 0), (7, 3), (64, 0), (300, 255)] {
        let what = format!("three equal trees of {count} leaves");
        let report = look(&what, since, &vec![leaves(count); 3]);
        rule!("detector/no-drift", report.drifted.is_empty(), "{what}: {:?}", report.drifted);
        same!("detector/reference", report.reference, Some(tree::head(&leaves(count))), "{what}");
    }
}

/// Scores exactly at, just below and just above every edge.
fn edges(look: impl Fn(&str, u64, &[Vec<Digest>]) -> DriftReport) {
    let shares = [
        (1, 10),
        (10, 100),
        (1, 11),
        (9, 100),
        (11, 100),
        (3, 10),
        (2, 7),
        (29, 100),
        (1, 2),
        (49, 100),
        (1, 1),
    ];
    for (divergent, count) in shares {
        let what = format!("{divergent} of {count} leaves changed");
        let places: Vec<usize> =
            (0..divergent).map(|n| n * usize::try_from(count).unwrap_or(0) / divergent).collect();
        let report = look(&what, 0, &[leaves(count), changed(count, &places), leaves(count)]);
        who(&what, &report, Some(tree::head(&leaves(count))), &[1]);
    }
}

/// Every place of a single changed leaf, on both sides of `since`.
fn places(look: impl Fn(&str, u64, &[Vec<Digest>]) -> DriftReport) {
    for place in 0..21 {
        let what = format!("leaf {place} of 21 changed");
        let held = [changed(21, &[place]), leaves(21), leaves(21)];
        who(&what, &look(&what, 0, &held), Some(tree::head(&leaves(21))), &[0]);
        if place >= 13 {
            let what = format!("{what}, compared from leaf 13");
            who(&what, &look(&what, 13, &held), Some(tree::head(&leaves(21))), &[0]);
        }
    }
    let what = "two members drift, each in its own way";
    let held = [changed(40, &[39]), leaves(40), changed(40, &[0, 1, 38]), leaves(40), leaves(40)];
    who(what, &look(what, 0, &held), Some(tree::head(&leaves(40))), &[0, 2]);
    let what = "the drifted are two, with equal logs, and the majority three";
    let held = [changed(40, &[9]), changed(40, &[9]), leaves(40), leaves(40), leaves(40)];
    who(what, &look(what, 0, &held), Some(tree::head(&leaves(40))), &[0, 1]);
    let mut swapped = leaves(16);
    swapped.swap(4, 5);
    let what = "two neighbours swapped";
    who(what, &look(what, 0, &[leaves(16), leaves(16), swapped]), Some(tree::head(&leaves(16))), &[2]);
}

fn tails(look: impl Fn(&str, u64, &[Vec<Digest>]) -> DriftReport) {
    for (held, full) in [(9, 10), (7, 10), (5, 8), (0, 4), (64, 65), (255, 257), (100, 300)] {
        let what = format!("a member has {held} of {full} leaves");
        let report = look(&what, 0, &[leaves(full), leaves(held), leaves(full)]);
        who(&what, &report, Some(tree::head(&leaves(full))), &[1]);
        let fetch = report.drifted.iter().all(|drift| drift.actions.contains(&Action::FetchMissing));
        rule!("detector/actions", fetch, "{what}: it is not told to fetch what is missing");
        let what = format!("a member has {full} leaves, the others {held}");
        let report = look(&what, 0, &[leaves(held), leaves(held), leaves(full)]);
        who(&what, &report, Some(tree::head(&leaves(held))), &[2]);
    }
    let what = "a changed leaf and a missing tail";
    let report = look(what, 8, &[leaves(30), leaves(30), changed(25, &[11, 20])]);
    who(what, &report, Some(tree::head(&leaves(30))), &[2]);
}

fn without_majority(look: impl Fn(&str, u64, &[Vec<Digest>]) -> DriftReport) {
    let (x, y, z) = (leaves(12), changed(12, &[3]), changed(12, &[11]));
    let four = vec![x.clone(), y.clone(), y.clone(), x.clone()];
    let cases = [
        ("one against one", vec![x.clone(), y.clone()]),
        ("two against two: half is not more than half", four),
        ("three heads", vec![y.clone(), x.clone(), z.clone()]),
        ("two, one, one", vec![z, x.clone(), y, x]),
    ];
    for (what, held) in cases {
        let report = look(what, 0, &held);
        let drifted: Vec<usize> = (0..held.len()).filter(|n| report.of(&name(*n)).is_some()).collect();
        let spared: Vec<usize> = (0..held.len()).filter(|n| !drifted.contains(n)).collect();
        let Some(first) = spared.first() else {
            crate::rule::broken("detector/who", format_args!("{what}: no group is left to compare with"));
        };
        let group: Vec<usize> = (0..held.len()).filter(|n| held[*n] == held[*first]).collect();
        same!("detector/who", spared, group, "{what}: all drifted but exactly one group");
        who(what, &report, None, &drifted);
    }
}

/// Changes before the leaves compared, and members that do not reach them.
fn histories(look: impl Fn(&str, u64, &[Vec<Digest>]) -> DriftReport) {
    let (right, reference) = (leaves(21), tree::head(&leaves(21)));
    let differ = [
        ("leaf 3 changed before leaf 8", changed(21, &[3])),
        ("leaf 3 changed before leaf 8, and leaf 20", changed(21, &[3, 20])),
        ("leaf 7 changed before leaf 8, and the rest missing", changed(8, &[7])),
        ("leaf 1 changed, and the rest missing from before leaf 8 on", changed(5, &[1])),
    ];
    for (what, held) in differ {
        let report = look(what, 8, &[right.clone(), held, right.clone()]);
        same!("detector/history", report.contradicting, [name(1)], "{what}: the contradicting, by name");
        who(what, &report, Some(reference), &[]);
    }
    for count in [0, 1, 5, 7, 8] {
        let what = format!("a member has {count} leaves of 21, none of those compared");
        let report = look(&what, 8, &[leaves(count), right.clone(), right.clone()]);
        same!("detector/history", report.contradicting, [], "{what}, and all of them right");
        who(&what, &report, Some(reference), &[0]);
    }
}

fn misuse<T: Nodes>(detector: &impl Detector, tree: impl Fn(&[Digest]) -> T) {
    refused("detector/misuse", detector.detect(Size(0), &[]), "no member");
    let (one, right, names) = (tree(&leaves(3)), tree::head(&leaves(3)), [name(0), name(1)]);
    let members: [MemberTree<'_>; 3] =
        [(&names[0], right, &one), (&names[1], right, &one), (&names[0], right, &one)];
    refused("detector/misuse", detector.detect(Size(0), &members), "a member twice");
}

/// A tree that answers otherwise for one node.
struct Lying<T> {
    tree: T,
    node: (u8, u64),
    answer: Option<Digest>,
}

impl<T: Nodes> Nodes for Lying<T> {
    fn size(&self) -> Size {
        self.tree.size()
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        if (level, index) == self.node { self.answer } else { self.tree.node(level, index) }
    }
}

fn contradictions<T: Nodes>(detector: &impl Detector, tree: impl Fn(&[Digest]) -> T) {
    let (right, other) = (leaves(12), changed(12, &[5]));
    let (head, other_head) = (tree::head(&right), tree::head(&other));
    let (honest, drifted) = (tree(&right), tree(&other));
    let names: Vec<MemberId> = (0..4).map(name).collect();
    // Among two that hold the right leaves, the liar contradicts and nobody drifted; beside one that drifted as well, no
    // head is held by more than half of the four, and that one is still found.
    let claim = |rule_name: &str, what: &str, liar: TreeHead, lying: &dyn Nodes| {
        for place in 0..3 {
            let mut members: Vec<MemberTree<'_>> = (0..3).map(|n| (&names[n], head, &honest as _)).collect();
            members[place] = (&names[place], liar, lying);
            let report = accepted(rule_name, detector.detect(Size(0), &members), what);
            if report.contradicting != [name(place)] || report.of(&names[place]).is_some() {
                crate::rule::broken(rule_name, format_args!("{what}: member {place} lies, {report:?}"));
            }
            who(what, &report, Some(head), &[]);

            members.push((&names[3], other_head, &drifted));
            let report = accepted(rule_name, detector.detect(Size(0), &members), what);
            same!("detector/half-of-all", report.reference, None, "{what}: two of four are no majority");
            same!("detector/honest", report.contradicting, [name(place)], "{what}: and one drifted");
            who(what, &report, None, &[3]);
            let listed = report.drifted.first().map(|drift| (drift.divergent, &drift.leaves[..]));
            same!("detector/honest", listed, Some((1, &[Index(5)][..])), "{what}: what drifted is leaf 5");
        }
    };
    let size = "detector/size-contradicts-head";
    claim(size, "a head of 13 leaves over a tree of 12", TreeHead { size: Size(13), ..head }, &honest);
    claim(size, "a head of 11 leaves over a tree of 12", TreeHead { size: Size(11), ..head }, &honest);
    let root = "detector/root-contradicts-head";
    claim(root, "another root over equal leaves", TreeHead { root: Digest([9; 32]), ..head }, &honest);
    claim(root, "the majority's head over other leaves", head, &drifted);
    let lie = |answer| Lying { tree: tree(&other), node: (0, 5), answer };
    claim("detector/node-missing", "the divergent leaf is not shown", other_head, &lie(None));
    let shown = lie(Some(Digest([9; 32])));
    claim("detector/node-contradicts", "the divergent leaf is shown as another", other_head, &shown);
    let shown = lie(Some(right[5]));
    claim("detector/node-contradicts", "the divergent leaf is shown as the right one", other_head, &shown);
}
