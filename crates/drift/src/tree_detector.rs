use alloc::{collections::BTreeMap, vec::Vec};

use auditmesh_types::{Detector, DriftReport, MemberDrift, MemberTree, Ratio, Size};

use crate::{
    Error,
    actions::actions,
    comparison::Comparison,
    severity,
    tree::{Contradicts, Tree},
};

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

    /// Compares all `trees` with one of them; `count` members were given.
    ///
    /// # Errors
    /// The first member that is found to contradict itself on the way: without it, the reference may be another.
    fn compare<'a>(
        &self,
        since: Size,
        count: usize,
        trees: &[Tree<'a>],
    ) -> Result<DriftReport, Contradicts<'a>> {
        let reference = majority(count, trees.iter().map(|tree| tree.head));
        let mut report = DriftReport { reference, ..DriftReport::default() };
        let against = match reference {
            Some(head) => trees.iter().find(|tree| tree.head == head),
            None => first(since, count, trees)?,
        };
        let Some(against) = against else { return Ok(report) };
        for tree in trees.iter().filter(|tree| tree.head != against.head) {
            match Comparison::new(since, self.max_leaves, tree, against)? {
                Some(found) => report.drifted.push(self.drift(tree, against, found, reference.is_some())),
                None => report.contradicting.push(tree.member.clone()),
            }
        }
        Ok(report)
    }

    fn drift(
        &self,
        tree: &Tree<'_>,
        against: &Tree<'_>,
        found: Comparison,
        has_reference: bool,
    ) -> MemberDrift {
        let score = Ratio::share(found.divergent(), found.total());
        MemberDrift {
            member: tree.member.clone(),
            against: against.member.clone(),
            divergent: found.divergent(),
            score,
            severity: severity(score),
            alert: score > self.alert_above,
            actions: actions(&found, has_reference),
            leaves: found.leaves,
        }
    }
}

impl Detector for TreeDetector {
    type Error = Error;

    /// Compares the leaves from `since` on of every member's tree. The order of `members` does not matter.
    ///
    /// # Errors
    /// [`Error::MisuseNoMembers`], [`Error::MisuseDuplicateMember`].
    ///
    /// # Cost
    /// For every member O(log n) nodes and hashes, to hold its head against its tree of n leaves. For each with another
    /// head than the one compared with, O((d + 1) log n) nodes and hashes for d divergent leaves that both have. Each
    /// member that turns out to contradict itself further down makes the comparisons begin anew without it.
    fn detect(&self, since: Size, members: &[MemberTree<'_>]) -> Result<DriftReport, Error> {
        let members = by_name(members)?;
        let (mut trees, mut contradicting) = (Vec::with_capacity(members.len()), Vec::new());
        for member in &members {
            match Tree::new(member) {
                Ok(tree) => trees.push(tree),
                Err(Contradicts(name)) => contradicting.push(name.clone()),
            }
        }
        loop {
            match self.compare(since, members.len(), &trees) {
                Ok(mut report) => {
                    report.contradicting.append(&mut contradicting);
                    report.contradicting.sort();
                    return Ok(report);
                }
                Err(Contradicts(name)) => {
                    trees.retain(|tree| tree.member != name);
                    contradicting.push(name.clone());
                }
            }
        }
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

/// The value that more than half of `count` members hold.
fn majority<T: Ord + Copy>(count: usize, held: impl Iterator<Item = T>) -> Option<T> {
    let mut holders = BTreeMap::<T, usize>::new();
    held.for_each(|value| *holders.entry(value).or_default() += 1);
    holders.into_iter().find(|(_, held)| *held > count / 2).map(|(value, _)| value)
}

/// The tree to compare with where no head has a majority: the first whose history more than half of `count` members
/// have, or the first of all.
fn first<'t, 'a>(
    since: Size,
    count: usize,
    trees: &'t [Tree<'a>],
) -> Result<Option<&'t Tree<'a>>, Contradicts<'a>> {
    let histories = trees.iter().map(|tree| tree.history(since)).collect::<Result<Vec<_>, _>>()?;
    let Some(common) = majority(count, histories.iter().flatten()) else { return Ok(trees.first()) };
    Ok(trees
        .iter()
        .zip(&histories)
        .find(|(_, history)| history.as_ref() == Some(common))
        .map(|(tree, _)| tree))
}
