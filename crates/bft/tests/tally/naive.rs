//! The slow reference: counts with nested loops over plain lists, one question at a time.

use crate::ballots::SIZE;
use auditmesh_types::{Ballot, MemberId, Outcome, Round, TreeHead};

/// What a count must say, as far as it can be said without a tie-break.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Naive {
    pub(crate) outcome: Outcome,
    /// All heads that nobody outweighs.
    pub(crate) leaders: Vec<TreeHead>,
    pub(crate) weight: u64,
    pub(crate) equivocators: Vec<MemberId>,
    pub(crate) absent: Vec<MemberId>,
    pub(crate) bad_signatures: Vec<MemberId>,
    pub(crate) unknown: Vec<MemberId>,
}

/// The heads a member signed in that round, each once, ascending.
pub(crate) fn heads_of(member: &MemberId, round: Round, ballots: &[Ballot]) -> Vec<TreeHead> {
    let mut heads = Vec::new();
    for ballot in ballots {
        if let Ballot::Valid(statement) = ballot
            && (&statement.member, statement.round, statement.head.size) == (member, round, SIZE)
            && !heads.contains(&statement.head)
        {
            heads.push(statement.head);
        }
    }
    heads.sort();
    heads
}

pub(crate) fn count(
    weights: &[(MemberId, u64)],
    meets: impl Fn(u64, u64) -> bool,
    round: Round,
    ballots: &[Ballot],
) -> Naive {
    let total: u64 = weights.iter().map(|(_, weight)| weight).sum();
    let with = |wanted: &dyn Fn(&[TreeHead]) -> bool| -> Vec<(MemberId, u64)> {
        weights.iter().filter(|(name, _)| wanted(&heads_of(name, round, ballots))).cloned().collect()
    };
    let names = |members: Vec<(MemberId, u64)>| members.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let sum = |members: Vec<(MemberId, u64)>| members.iter().map(|(_, weight)| weight).sum::<u64>();

    let mut candidates: Vec<TreeHead> = Vec::new();
    for (name, _) in weights {
        candidates.extend(heads_of(name, round, ballots));
    }
    candidates.sort();
    candidates.dedup();
    let weigh = |head: &TreeHead| sum(with(&|heads| heads == [*head]));
    let weight = candidates.iter().map(weigh).max().unwrap_or(0);
    let leaders: Vec<_> =
        candidates.iter().copied().filter(|head| weight > 0 && weigh(head) == weight).collect();

    let outcome = if !meets(sum(with(&|heads| !heads.is_empty())), total) {
        Outcome::NoQuorum
    } else if leaders.len() > 1 {
        Outcome::Tie
    } else if meets(weight, total) {
        Outcome::Agreed
    } else {
        Outcome::Dissent
    };

    let (mut bad_signatures, mut unknown) = (Vec::new(), Vec::new());
    for ballot in ballots {
        let (name, refused) = match ballot {
            Ballot::Valid(statement) if statement.round != round => continue,
            Ballot::Valid(statement) => (&statement.member, false),
            Ballot::Refused { member } => (member, true),
        };
        let known = weights.iter().any(|(member, _)| member == name);
        if !known {
            unknown.push(name.clone());
        } else if refused {
            bad_signatures.push(name.clone());
        }
    }
    for list in [&mut bad_signatures, &mut unknown] {
        list.sort();
        list.dedup();
    }
    Naive {
        outcome,
        leaders,
        weight,
        equivocators: names(with(&|heads| heads.len() > 1)),
        absent: names(with(&|heads| heads.is_empty())),
        bad_signatures,
        unknown,
    }
}
