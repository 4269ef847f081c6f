use alloc::{collections::BTreeMap, vec::Vec};

use auditmesh_types::{Attestation, MemberId, TreeHead, Verified};

/// Which of several heads with equal weight is proposed again. It can never make a tie agreed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TieBreak {
    /// The head with the earliest statement; of those the one with the lowest root, then the smallest size.
    #[default]
    EarliestThenLowest,
    /// The head this member signed. Where it signed none of them: [`TieBreak::EarliestThenLowest`].
    Coordinator(MemberId),
    /// The head whose signers have the most trust together; who has no entry has trust 0. Equals are told apart as under
    /// [`TieBreak::EarliestThenLowest`].
    ByTrust(BTreeMap<MemberId, u8>),
    /// None: a person decides.
    Manual,
}

/// Heads and, by member name, the statements that count for each.
pub(crate) type Supporters<'a> = BTreeMap<TreeHead, Vec<&'a Verified<Attestation>>>;

impl TieBreak {
    /// Chooses among `leaders`. One leader alone is no tie and is chosen under every rule.
    pub(crate) fn choose(&self, leaders: &Supporters<'_>) -> Option<TreeHead> {
        if let (1, Some(only)) = (leaders.len(), leaders.keys().next()) {
            return Some(*only);
        }
        match self {
            Self::EarliestThenLowest => earliest(leaders),
            Self::Coordinator(member) => signed_by(member, leaders).or_else(|| earliest(leaders)),
            Self::ByTrust(trust) => earliest(&most_trusted(trust, leaders)),
            Self::Manual => None,
        }
    }
}

fn earliest(leaders: &Supporters<'_>) -> Option<TreeHead> {
    let key = |(head, statements): (&TreeHead, &Vec<&Verified<Attestation>>)| {
        Some((statements.iter().map(|statement| statement.at).min()?, head.root, head.size))
    };
    leaders.iter().filter_map(key).min().map(|(_, root, size)| TreeHead { size, root })
}

fn signed_by(member: &MemberId, leaders: &Supporters<'_>) -> Option<TreeHead> {
    leaders.values().flatten().find(|statement| statement.member == *member).map(|statement| statement.head)
}

fn most_trusted<'a>(trust: &BTreeMap<MemberId, u8>, leaders: &Supporters<'a>) -> Supporters<'a> {
    let sum = |statements: &[&Verified<Attestation>]| -> u64 {
        statements.iter().map(|statement| u64::from(trust.get(&statement.member).copied().unwrap_or(0))).sum()
    };
    let most = leaders.values().map(|statements| sum(statements)).max();
    let has_most = |statements: &[&Verified<Attestation>]| Some(sum(statements)) == most;
    leaders
        .iter()
        .filter(|(_, statements)| has_most(statements))
        .map(|(head, s)| (*head, s.clone()))
        .collect()
}
