//! The detector suite accepts a linear scan and refuses faulty ones.
#![allow(clippy::unwrap_used, reason = "a reference in a test stops where it cannot go on")]

use std::{error, fmt};

use auditmesh_conformance::{detector, rejects, tree};
use auditmesh_types::{
    Action, Detector, Digest, DriftReport, Index, MemberDrift, MemberId, MemberTree, Nodes, Ratio, Severity,
    Size, TreeHead,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    AlertsAtTheEdge,
    NeverAlerts,
    HalfIsMajority,
    FirstIsReference,
    IgnoresTail,
    SharesOfOwnLeaves,
    Descending,
    NamesNothing,
    IgnoresSince,
    AsTheyCame,
    BandsShifted,
    TrustsSizes,
    TrustsRoots,
    NoActions,
    AlwaysByHand,
    ListsEveryone,
    CountsListed,
    AgainstItself,
    ForgetsLast,
    AdoptsWithout,
    Fails,
    DriftsLiars,
    AccusesDrifted,
    SkipsMissing,
    TrustsLeaves,
    ForgetsHistory,
    AccusesShort,
    HalfOfSound,
    AcceptsNobody,
    AcceptsTwice,
}

struct Tree(Vec<Digest>);

impl Nodes for Tree {
    fn size(&self) -> Size {
        Size(self.0.len() as u64)
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        let width = 1u64.checked_shl(level.into())?;
        let from = usize::try_from(index.checked_mul(width)?).ok()?;
        self.0.get(from..from.checked_add(usize::try_from(width).ok()?)?).map(tree::root)
    }
}

#[derive(Debug)]
struct Misuse;

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no member, or a member twice")
    }
}

impl error::Error for Misuse {}

struct Scan(Flaw);

type Held<'a> = (&'a MemberId, TreeHead, Vec<Digest>);

impl Scan {
    fn compare(&self, since: Size, own: &Held<'_>, other: &Held<'_>, majority: bool) -> MemberDrift {
        let from = if self.0 == Flaw::IgnoresSince { 0 } else { usize::try_from(since.0).unwrap() };
        let long = own.2.len().max(other.2.len());
        let compared = match self.0 {
            Flaw::IgnoresTail => own.2.len().min(other.2.len()),
            Flaw::SharesOfOwnLeaves => own.2.len(),
            _ => long,
        };
        let end = if self.0 == Flaw::IgnoresTail { compared } else { long };
        let mut leaves: Vec<Index> =
            (from..end).filter(|n| own.2.get(*n) != other.2.get(*n)).map(|n| Index(n as u64)).collect();
        let divergent = leaves.len() as u64;
        let score = Ratio::share(divergent, compared.saturating_sub(from) as u64);
        let tenths = |n| {
            if self.0 == Flaw::BandsShifted {
                score > Ratio::share(n, 10)
            } else {
                score >= Ratio::share(n, 10)
            }
        };
        let severity = match (tenths(5), tenths(3), tenths(1)) {
            (true, ..) => Severity::Critical,
            (_, true, _) => Severity::High,
            (.., true) => Severity::Medium,
            _ => Severity::Low,
        };
        let alert = match self.0 {
            Flaw::AlertsAtTheEdge => score >= Ratio::share(1, 10),
            Flaw::NeverAlerts => false,
            _ => score > Ratio::share(1, 10),
        };
        let mut actions = vec![Action::WithholdSignature, Action::CompareEntries, Action::FetchMissing];
        if !majority || self.0 == Flaw::AlwaysByHand {
            actions.push(Action::ReviewByHand);
        }
        if self.0 == Flaw::AdoptsWithout {
            actions.push(Action::AdoptReference);
        }
        if self.0 == Flaw::NoActions {
            actions.clear();
        }
        match self.0 {
            Flaw::Descending => leaves.reverse(),
            Flaw::NamesNothing => leaves.clear(),
            _ => leaves.truncate(8),
        }
        let divergent = if self.0 == Flaw::CountsListed { leaves.len() as u64 } else { divergent };
        let against = if self.0 == Flaw::AgainstItself { own.0.clone() } else { other.0.clone() };
        let member = own.0.clone();
        MemberDrift { member, against, leaves, divergent, score, severity, alert, actions }
    }
}

/// The root that the complete subtrees on top of a tree give.
fn top(size: u64, nodes: &dyn Nodes) -> Option<Digest> {
    let peaks = (0..64u8).filter(|level| size >> level & 1 == 1);
    let mut hashes = peaks.map(|level| nodes.node(level, (size >> level) - 1));
    let Some(last) = hashes.next() else { return Some(tree::root(&[])) };
    hashes.try_fold(last?, |right, left| Some(tree::node(&left?, &right)))
}

impl Scan {
    /// The leaves under `head`, as far as they are what the tree commits to.
    fn leaves(&self, head: TreeHead, nodes: &dyn Nodes) -> Option<Vec<Digest>> {
        let all = 0..nodes.size().0;
        let leaves: Vec<Digest> = match self.0 {
            Flaw::SkipsMissing => all.map(|n| nodes.node(0, n).unwrap_or(Digest([0; 32]))).collect(),
            _ => all.map(|n| nodes.node(0, n)).collect::<Option<_>>()?,
        };
        let size = head.size == nodes.size() || self.0 == Flaw::TrustsSizes;
        let root = match self.0 {
            Flaw::TrustsRoots => true,
            Flaw::TrustsLeaves | Flaw::SkipsMissing => top(nodes.size().0, nodes) == Some(head.root),
            _ => tree::root(&leaves) == head.root,
        };
        (size && root).then_some(leaves)
    }

    /// Whether the leaves before `since` that both have are the same.
    fn same_history(&self, since: Size, own: &[Digest], other: &[Digest]) -> bool {
        let since = usize::try_from(since.0).unwrap();
        match self.0 {
            Flaw::ForgetsHistory => true,
            Flaw::AccusesShort => own.get(..since) == other.get(..since),
            _ => own.iter().zip(other).take(since).all(|(own, other)| own == other),
        }
    }
}

impl Detector for Scan {
    type Error = Misuse;

    fn detect(&self, since: Size, members: &[MemberTree<'_>]) -> Result<DriftReport, Misuse> {
        let twice = (1..members.len()).any(|n| members[..n].iter().any(|member| member.0 == members[n].0));
        if (members.is_empty() && self.0 != Flaw::AcceptsNobody) || (twice && self.0 != Flaw::AcceptsTwice) {
            return Err(Misuse);
        }
        let (mut held, mut contradicting): (Vec<Held<'_>>, Vec<MemberId>) = (Vec::new(), Vec::new());
        for (name, head, nodes) in members {
            match self.leaves(*head, *nodes) {
                Some(leaves) => held.push((name, *head, leaves)),
                None if self.0 == Flaw::Fails => return Err(Misuse),
                None => contradicting.push((*name).clone()),
            }
        }
        if self.0 != Flaw::AsTheyCame {
            held.sort_by_key(|member| member.0);
        }
        let all = if self.0 == Flaw::HalfOfSound { held.len() } else { members.len() };
        let count = |head| held.iter().filter(|member| member.1 == head).count();
        let most = |member: &&Held<'_>| match self.0 {
            Flaw::HalfIsMajority => 2 * count(member.1) >= all,
            Flaw::FirstIsReference => true,
            _ => 2 * count(member.1) > all,
        };
        let reference = held.iter().find(most);
        let Some(against) = reference.or(held.first()) else { return Ok(DriftReport::default()) };
        let everyone = self.0 == Flaw::ListsEveryone;
        let other = held.iter().filter(|member| everyone || member.1 != against.1);
        let (mut drifted, differ): (Vec<_>, Vec<_>) =
            other.partition(|member| self.same_history(since, &member.2, &against.2));
        if self.0 == Flaw::ForgetsLast {
            drifted.pop();
        }
        let mut drifted: Vec<_> = drifted
            .into_iter()
            .map(|member| self.compare(since, member, against, reference.is_some()))
            .collect();
        if self.0 == Flaw::DriftsLiars {
            let liars = contradicting.iter().map(|name| (name, against.1, Vec::new()));
            drifted.extend(liars.map(|liar| self.compare(since, &liar, against, reference.is_some())));
        }
        contradicting.extend(differ.iter().map(|member| member.0.clone()));
        if self.0 == Flaw::AccusesDrifted && !contradicting.is_empty() {
            contradicting.extend(drifted.iter().map(|drift| drift.member.clone()));
        }
        contradicting.sort();
        Ok(DriftReport { reference: reference.map(|member| member.1), drifted, contradicting })
    }
}

fn run(flaw: Flaw) {
    detector(&Scan(flaw), |leaves| Tree(leaves.to_vec()));
}

#[test]
fn accepts_a_linear_scan() {
    run(Flaw::None);
}

#[test]
fn refuses_faulty_detectors() {
    for (flaw, rule) in [
        (Flaw::ListsEveryone, "detector/no-drift"),
        (Flaw::CountsListed, "detector/divergent"),
        (Flaw::AgainstItself, "detector/against"),
        (Flaw::ForgetsLast, "detector/who"),
        (Flaw::AdoptsWithout, "detector/actions"),
        (Flaw::AlertsAtTheEdge, "detector/alert"),
        (Flaw::NeverAlerts, "detector/alert"),
        (Flaw::HalfIsMajority, "detector/reference"),
        (Flaw::FirstIsReference, "detector/reference"),
        (Flaw::IgnoresTail, "detector/leaves"),
        (Flaw::SharesOfOwnLeaves, "detector/score"),
        (Flaw::Descending, "detector/leaves"),
        (Flaw::NamesNothing, "detector/leaves"),
        (Flaw::IgnoresSince, "detector/score"),
        (Flaw::AsTheyCame, "detector/order"),
        (Flaw::BandsShifted, "detector/severity"),
        (Flaw::TrustsSizes, "detector/size-contradicts-head"),
        (Flaw::TrustsRoots, "detector/root-contradicts-head"),
        (Flaw::Fails, "detector/size-contradicts-head"),
        (Flaw::DriftsLiars, "detector/size-contradicts-head"),
        (Flaw::AccusesDrifted, "detector/honest"),
        (Flaw::SkipsMissing, "detector/node-missing"),
        (Flaw::TrustsLeaves, "detector/node-contradicts"),
        (Flaw::ForgetsHistory, "detector/history"),
        (Flaw::AccusesShort, "detector/history"),
        (Flaw::HalfOfSound, "detector/half-of-all"),
        (Flaw::AcceptsNobody, "detector/misuse"),
        (Flaw::AcceptsTwice, "detector/misuse"),
        (Flaw::NoActions, "detector/actions"),
        (Flaw::AlwaysByHand, "detector/actions"),
    ] {
        rejects(rule, || run(flaw));
    }
}
