use alloc::{collections::BTreeMap, vec::Vec};

use auditmesh_types::{Detector, DriftReport, MemberDrift, MemberTree, Ratio, Size, TreeHead};

use crate::{Error, actions::actions, comparison::Comparison, root::root, severity};

/// Finds the leaves in which members' trees differ by descending the trees together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeDetector {
    alert_above: Ratio,
    max_leaves: usize,
}

impl Default for TreeDetector {
    fn default() -> Self {
        Self { alert_above: Ratio::share(1, 10), max_leaves: 1000 }
    }
}

impl TreeDetector {
    /// A detector that alerts above 1/10 and lists at most 1,000 leaves of each member.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Alerts when a score is strictly above `alert_above`.
    #[must_use]
    pub fn with_alert_above(self, alert_above: Ratio) -> Self {
        Self { alert_above, ..self }
    }

    /// Lists at most `max_leaves` leaves of each member. The count stays exact.
    #[must_use]
    pub fn with_max_leaves(self, max_leaves: usize) -> Self {
        Self { max_leaves, ..self }
    }

    /// The score above which an alert is raised.
    #[must_use]
    pub fn alert_above(&self) -> Ratio {
        self.alert_above
    }

    /// The most leaves listed for each member.
    #[must_use]
    pub fn max_leaves(&self) -> usize {
        self.max_leaves
    }

    fn compare(
        &self,
        since: Size,
        member: &MemberTree<'_>,
        against: &MemberTree<'_>,
        has_reference: bool,
    ) -> Result<MemberDrift, Error> {
        let found = Comparison::new(since, self.max_leaves, member, against)?;
        if found.divergent() == 0 {
            let (member, against) = (member.0.clone(), against.0.clone());
            return Err(Error::PeerHistoryDiffers { member, against, since });
        }
        let score = Ratio::share(found.divergent(), found.total());
        Ok(MemberDrift {
            member: member.0.clone(),
            against: against.0.clone(),
            divergent: found.divergent(),
            score,
            severity: severity(score),
            alert: score > self.alert_above,
            actions: actions(&found, has_reference),
            leaves: found.leaves,
        })
    }
}

impl Detector for TreeDetector {
    type Error = Error;

    /// Compares the leaves from `since` on of every member's tree. The order of `members` does not matter.
    ///
    /// # Errors
    /// [`Error::MisuseNoMembers`], [`Error::MisuseDuplicateMember`]; [`Error::PeerSizeContradictsHead`],
    /// [`Error::PeerRootContradictsHead`], [`Error::PeerNodeMissing`], [`Error::PeerSubtreeContradicts`] for a tree
    /// that contradicts itself; [`Error::PeerHistoryDiffers`] for heads that differ while no leaf compared does.
    ///
    /// # Cost
    /// For every member O(log n) nodes and hashes, to hold its head against its tree of n leaves. For each with another
    /// head than the one compared with, O((d + 1) log n) nodes for d divergent leaves.
    fn detect(&self, since: Size, members: &[MemberTree<'_>]) -> Result<DriftReport, Error> {
        let members = by_name(members)?;
        for member in &members {
            check_head(member)?;
        }
        let reference = majority(&members);
        let Some(first) = members.first() else { return Err(Error::MisuseNoMembers) };
        let head = reference.unwrap_or(first.1);
        let against = members.iter().find(|member| member.1 == head).unwrap_or(first);
        let drifted = members
            .iter()
            .filter(|member| member.1 != head)
            .map(|member| self.compare(since, member, against, reference.is_some()))
            .collect::<Result<_, _>>()?;
        Ok(DriftReport { reference, drifted })
    }
}

/// The members in the order of their names, each of them once.
fn by_name<'m, 'a>(members: &'m [MemberTree<'a>]) -> Result<Vec<&'m MemberTree<'a>>, Error> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|member| member.0);
    match sorted.windows(2).find(|pair| matches!(pair, [one, next] if one.0 == next.0)) {
        Some([twice, _]) => Err(Error::MisuseDuplicateMember { member: twice.0.clone() }),
        _ if sorted.is_empty() => Err(Error::MisuseNoMembers),
        _ => Ok(sorted),
    }
}

/// The head that more than half of `members` hold.
fn majority(members: &[&MemberTree<'_>]) -> Option<TreeHead> {
    let mut holders = BTreeMap::<TreeHead, usize>::new();
    for member in members {
        *holders.entry(member.1).or_default() += 1;
    }
    holders.into_iter().find(|(_, count)| *count > members.len() / 2).map(|(head, _)| head)
}

/// Holds a head against its tree.
fn check_head((member, head, nodes): &MemberTree<'_>) -> Result<(), Error> {
    let size = nodes.size();
    if size != head.size {
        return Err(Error::PeerSizeContradictsHead {
            member: (*member).clone(),
            head: head.size,
            tree: size,
        });
    }
    let missing = |(level, index)| Error::PeerNodeMissing { member: (*member).clone(), level, index, size };
    let tree = root(size, *nodes).map_err(missing)?;
    if tree != head.root {
        return Err(Error::PeerRootContradictsHead { member: (*member).clone(), head: *head, tree });
    }
    Ok(())
}
