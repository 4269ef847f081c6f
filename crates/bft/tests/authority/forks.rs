//! Two decisions of one height for different values convict validators of more weight than may be faulty, whatever views they
//! were made in and however the values came there; and they convict nobody else.

use std::{collections::BTreeSet, sync::Arc};

use auditmesh_bft::{
    Candidate, Decided, Error, Evidence, Justification, Offence, Phase, SetAuthority, Value, View,
};
use auditmesh_types::{Authority, MemberId, Verified};
use proptest::{collection::btree_set, prelude::*, sample::subsequence};

use crate::wire_samples::{Mac, Named, World, alone, federation, name, set_of, value};

fn verified(world: &World, decided: &Decided) -> Verified<Decided> {
    let home = federation();
    SetAuthority::new(&home, &world.0, &Mac).unwrap().verify(decided.clone()).unwrap()
}

fn culprits(world: &World, a: &Decided, b: &Decided) -> Result<Vec<(MemberId, Offence)>, Error> {
    let home = federation();
    let authority = SetAuthority::new(&home, &world.0, &Mac).unwrap();
    let named = |(name, evidence): (&MemberId, Evidence)| (name.clone(), evidence.offence());
    let (a, b) = (verified(world, a), verified(world, b));
    let found = authority.fork_culprits(&a, &b);
    assert_eq!(found.is_ok(), authority.fork_culprits(&b, &a).is_ok());
    found.map(|found| found.into_iter().map(named).collect())
}

fn decided(world: &World, view: u64, candidate: Arc<Candidate>, voters: &[u16]) -> Decided {
    Decided { certificate: world.certificate(Phase::Commit, view, &candidate.value, voters), candidate }
}

/// A value that is new in `view`, let in by three who name nothing.
fn new_in(world: &World, view: u64, text: &str, asks: [u16; 3]) -> Arc<Candidate> {
    let justification = world.justification(view, &asks.map(|by| (by, None)), None);
    Arc::new(Candidate { value: value(text), lineage: vec![justification] })
}

#[test]
fn in_one_view() {
    let world = World::new();
    let a = decided(&world, 0, alone("x"), &[0, 1, 2]);
    let b = decided(&world, 0, alone("y"), &[1, 2, 3]);
    let guilty = [1, 2].map(|n| (name(n), Offence::Equivocation)).to_vec();
    assert_eq!(culprits(&world, &a, &b), Ok(guilty));
}

#[test]
fn by_hidden_commits() {
    let world = World::new();
    let a = decided(&world, 0, alone("x"), &[0, 1, 2]);
    let b = decided(&world, 3, new_in(&world, 3, "y", [1, 2, 3]), &[0, 2, 3]);
    let guilty = [1, 2].map(|n| (name(n), Offence::Amnesia)).to_vec();
    assert_eq!(culprits(&world, &a, &b), Ok(guilty));
}

#[test]
fn by_two_values_prepared_in_the_view_of_the_first() {
    let world = World::new();
    let a = decided(&world, 1, new_in(&world, 1, "x", [0, 1, 2]), &[0, 1, 2]);
    let y = new_in(&world, 1, "y", [1, 2, 3]);
    let prepared = world.certificate(Phase::Prepare, 1, &y.value, &[1, 2, 3]);
    let named = Some((View(1), y.value.id()));
    let two = world.justification(2, &[(1, named), (2, None), (3, named)], Some(prepared));
    let lineage = vec![two, Arc::clone(&y.lineage[0])];
    let b = decided(&world, 2, Arc::new(Candidate { value: y.value.clone(), lineage }), &[0, 2, 3]);
    let guilty = [1, 2].map(|n| (name(n), Offence::Contradiction)).to_vec();
    assert_eq!(culprits(&world, &a, &b), Ok(guilty));
}

#[test]
fn what_is_no_fork() {
    let world = World::new();
    let a = decided(&world, 0, alone("x"), &[0, 1, 2]);
    let again = decided(&world, 0, alone("x"), &[1, 2, 3]);
    let same = (a.height(), a.certificate.value);
    assert_eq!(culprits(&world, &a, &again), Err(Error::PeerNoFork { first: same, second: same }));
}

/// Verified under one set, asked about under another with the same names.
#[test]
fn the_set_must_be_theirs() {
    let (world, other) = (World::new(), World(set_of(&[1, 1, 1, 2])));
    let a = verified(&world, &decided(&world, 0, alone("x"), &[0, 1, 2]));
    let b = verified(&world, &decided(&world, 0, alone("y"), &[1, 2, 3]));
    let home = federation();
    let authority = SetAuthority::new(&home, &other.0, &Mac).unwrap();
    let refused = authority.fork_culprits(&a, &b).map(|_| ());
    let statement = a.certificate.statement().min(b.certificate.statement());
    let by = auditmesh_bft::ValidatorIndex(1);
    assert_eq!(refused, Err(Error::PeerSignature { by, statement, why: "no match".into() }));
}

/// The 17th view change drops the eldest justification: a fork between those views is seen and accounts for nobody.
#[test]
fn beyond_the_longest_lineage() {
    let world = World::new();
    let (x, y) = (new_in(&world, 1, "x", [0, 1, 2]), alone("y"));
    let step = |view: u64| {
        let prepared = world.certificate(Phase::Prepare, view - 1, &y.value, &[1, 2, 3]);
        let named = Some((View(view - 1), y.value.id()));
        world.justification(view, &[(1, named), (2, named), (3, named)], Some(prepared))
    };
    let lineage = |top: u64| (1..=top).rev().take(Justification::MAX_LINEAGE).map(step).collect::<Vec<_>>();
    let of = |top: u64| Arc::new(Candidate { value: y.value.clone(), lineage: lineage(top) });
    let a = decided(&world, 1, x, &[0, 1, 2]);
    let seventeen = decided(&world, 17, of(17), &[1, 2, 3]);
    let guilty = [1, 2].map(|n| (name(n), Offence::Contradiction)).to_vec();
    assert_eq!(culprits(&world, &a, &seventeen), Ok(guilty));
    let eighteen = decided(&world, 18, of(18), &[1, 2, 3]);
    let unaccounted = Error::PeerForkUnaccounted { got: 0, more_than: 1 };
    assert_eq!(culprits(&world, &a, &eighteen), Err(unaccounted));
}

/// Quorums of four to seven validators of equal weight, as lists of who is left out.
fn quorum(count: u16) -> impl Strategy<Value = Vec<u16>> {
    let most = usize::from((count - 1) / 3);
    let all: Vec<u16> = (0..count).collect();
    subsequence(all.clone(), 0..=most)
        .prop_map(move |out| all.iter().copied().filter(|by| !out.contains(by)).collect())
}

#[derive(Debug, Clone)]
struct Plan {
    count: u16,
    /// The views in which the later value was proposed, ascending, and the quorums of each: requests, PREPAREs.
    steps: Vec<(u64, Vec<u16>, Vec<u16>)>,
    early: u64,
    quorums: [Vec<u16>; 3],
}

fn plan() -> impl Strategy<Value = Plan> {
    (4..8u16).prop_flat_map(|count| {
        let quorums = [quorum(count), quorum(count), quorum(count)];
        let steps = btree_set(0..8u64, 1..6).prop_flat_map(move |views| {
            let with = move |view| (Just(view), quorum(count), quorum(count));
            views.into_iter().map(with).collect::<Vec<_>>()
        });
        (Just(count), steps, 0..8u64, quorums).prop_map(|(count, steps, early, quorums)| Plan {
            count,
            steps,
            early,
            quorums,
        })
    })
}

/// `value`, proposed in the views of `steps` one after the other.
fn line(world: &World, value: &Value, steps: &[(u64, Vec<u16>, Vec<u16>)]) -> Arc<Candidate> {
    let mut lineage = Vec::new();
    let mut before: Option<(u64, &[u16])> = None;
    for (view, asks, prepares) in steps {
        if *view > 0 {
            let named: Named = before.map(|(view, _)| (View(view), value.id()));
            let shown = before.map(|(view, voters)| world.certificate(Phase::Prepare, view, value, voters));
            let asks: Vec<_> = asks.iter().map(|by| (*by, named)).collect();
            lineage.insert(0, world.justification(*view, &asks, shown));
        }
        before = Some((*view, prepares));
    }
    Arc::new(Candidate { value: value.clone(), lineage })
}

proptest! {
    #[test]
    fn every_fork_convicts_more_than_may_be_faulty(plan in plan()) {
        let world = World(set_of(&vec![1; usize::from(plan.count)]));
        let late = plan.steps.last().unwrap().0;
        let early = plan.early.min(late);
        let [asks, commits, others] = &plan.quorums;
        let x = line(&world, &value("x"), &[(early, asks.clone(), Vec::new())]);
        let a = decided(&world, early, x, commits);
        let b = decided(&world, late, line(&world, &value("y"), &plan.steps), others);
        let found = culprits(&world, &a, &b).unwrap();
        prop_assert!(u64::try_from(found.len()).unwrap() > world.0.faults());
        // The guilty all committed to the first value, and helped the second past it.
        let committed: BTreeSet<MemberId> = commits.iter().map(|by| name(*by)).collect();
        let names: BTreeSet<MemberId> = found.iter().map(|(name, _)| name.clone()).collect();
        prop_assert_eq!(names.len(), found.len());
        prop_assert!(names.is_subset(&committed));
        let accomplices = plan.steps.iter().flat_map(|(_, asks, prepares)| asks.iter().chain(prepares));
        let helped: BTreeSet<MemberId> = accomplices.chain(others).map(|by| name(*by)).collect();
        prop_assert!(names.is_subset(&helped));
    }
}
