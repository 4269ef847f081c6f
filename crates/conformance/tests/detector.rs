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
struct Contradiction;

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tree contradicts its head")
    }
}

impl error::Error for Contradiction {}

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

impl Detector for Scan {
    type Error = Contradiction;

    fn detect(&self, since: Size, members: &[MemberTree<'_>]) -> Result<DriftReport, Contradiction> {
        let mut held: Vec<Held<'_>> = Vec::new();
        for (name, head, nodes) in members {
            let leaves: Vec<Digest> = (0..nodes.size().0).map_while(|n| nodes.node(0, n)).collect();
            let size = head.size.0 == leaves.len() as u64 || self.0 == Flaw::TrustsSizes;
            let root = head.root == tree::root(&leaves) || self.0 == Flaw::TrustsRoots;
            if !size || !root {
                return Err(Contradiction);
            }
            held.push((name, *head, leaves));
        }
        if self.0 != Flaw::AsTheyCame {
            held.sort_by_key(|member| member.0);
        }
        let count = |head| held.iter().filter(|member| member.1 == head).count();
        let most = |member: &&Held<'_>| match self.0 {
            Flaw::HalfIsMajority => 2 * count(member.1) >= held.len(),
            Flaw::FirstIsReference => true,
            _ => 2 * count(member.1) > held.len(),
        };
        let reference = held.iter().find(most);
        let Some(against) = reference.or(held.first()) else { return Ok(DriftReport::default()) };
        let all = self.0 == Flaw::ListsEveryone;
        let mut drifted: Vec<_> = held.iter().filter(|member| all || member.1 != against.1).collect();
        if self.0 == Flaw::ForgetsLast {
            drifted.pop();
        }
        Ok(DriftReport {
            reference: reference.map(|member| member.1),
            drifted: drifted
                .into_iter()
                .map(|member| self.compare(since, member, against, reference.is_some()))
                .collect(),
        })
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
        (Flaw::NoActions, "detector/actions"),
        (Flaw::AlwaysByHand, "detector/actions"),
    ] {
        rejects(rule, || run(flaw));
    }
}
