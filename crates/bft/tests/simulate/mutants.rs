//! An engine that lacks a rule breaks one of the world's, within a stated number of seeds: the simulation can fail.

use auditmesh_bft::Mutant;

use crate::{mutation::Mutation, scenario::Wanted, search::search, words::Search};

/// What is taken away, the seeds within which it is noticed, and the rules that may be the first to break.
const MUTANTS: [(Mutation, u64, &[&str]); 9] = [
    (Mutation::Engine(Mutant::QuorumOneShort), 200, &["certificates verify", "agreement"]),
    (Mutation::Engine(Mutant::LockIgnored), 200, &["no vote contradicts an earlier one", "agreement"]),
    (Mutation::Engine(Mutant::SendBeforePersist), 200, &["durable before sent", "durable before said"]),
    (Mutation::Engine(Mutant::DecideBeforePersist), 100_000, &["no honest member falls silent"]),
    (
        Mutation::Engine(Mutant::NewViewWithoutQuorum),
        2_000,
        &["new views have their quorum", "agreement", "certificates verify"],
    ),
    (Mutation::Engine(Mutant::TimeoutNotReset), 2_000, &["liveness"]),
    (Mutation::Engine(Mutant::EvidenceDropped), 500, &["whoever contradicts itself is accused"]),
    (Mutation::LeavesTorn, 2_000, &["boots from its own disk"]),
    (
        Mutation::Unbound,
        2_000,
        &["no honest member is accused", "no honest member falls silent", "agreement"],
    ),
];

/// What is taken away, and the seeds within which it is noticed where one rule alone is looked at. Rules without which members come to
/// differ; without the view in what is signed they fall silent instead, since they see words of theirs that they never said. And a vote
/// that was durable but not sent when its member crashed, which nobody else has seen.
const ALONE: [(Mutation, u64, &str); 4] = [
    (Mutation::Engine(Mutant::QuorumOneShort), 5_000, "agreement"),
    (Mutation::Engine(Mutant::LockIgnored), 20_000, "agreement"),
    (Mutation::Engine(Mutant::NewViewWithoutQuorum), 20_000, "agreement"),
    (Mutation::ForgetsLast, 2_000, "no vote contradicts a persisted one"),
];

/// Liars and crashes are strong enough to break each of these rules, once something is gone.
pub(crate) fn rules_stand_alone() -> Result<String, String> {
    let mut told = String::new();
    for (mutation, within, rule) in ALONE {
        let wanted = Wanted { only: Some(rule), ..Wanted::default() };
        let seeds = Search { seeds: 0..within, wanted, jobs: 1, show: false };
        match search(&seeds, mutation) {
            Ok(figures) => {
                return Err(format!("{mutation:?} does not break {rule:?} within {within} seeds: {figures}"));
            }
            Err(failure) if failure.violation.rule != rule => {
                return Err(format!("{mutation:?} is to break {rule:?}, and does this:\n{failure}"));
            }
            Err(failure) => told.push_str(&format!(
                "{mutation:?}: seed {} alone: {}\n",
                failure.scenario.seed, failure.violation
            )),
        }
    }
    Ok(told)
}

/// Each is found, by a rule that is about it.
pub(crate) fn all_are_found() -> Result<String, String> {
    let mut told = String::new();
    for (mutation, within, rules) in MUTANTS {
        let seeds = Search { seeds: 0..within, wanted: Wanted::default(), jobs: 1, show: false };
        let failure = match search(&seeds, mutation) {
            Ok(figures) => return Err(format!("{mutation:?} is not found within {within} seeds: {figures}")),
            Err(failure) => failure,
        };
        let (rule, seed) = (failure.violation.rule, failure.scenario.seed);
        if !rules.contains(&rule) {
            return Err(format!("{mutation:?} is found by {rule:?}, which is not about it:\n{failure}"));
        }
        let less = failure.shrunk(mutation);
        let (before, after) = (failure.scenario.size(), less.scenario.size());
        if less.violation.rule != rule || after > before {
            return Err(format!("{mutation:?} is made worse, from {before} to {after}:\n{less}"));
        }
        told.push_str(&format!(
            "{mutation:?}: seed {seed} breaks {rule:?}; faults and liars: {before}, in less {after}\n"
        ));
    }
    Ok(told)
}
