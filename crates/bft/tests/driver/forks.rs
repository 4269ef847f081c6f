//! A quorum's decision that contradicts what a member applied is told, with whom it convicts, if anybody.

use std::{collections::BTreeSet, sync::Arc};

use auditmesh_bft::{
    Candidate, Decided, Evidence, Height, Justification, Notice, Offence, Packet, Phase, ValidatorIndex, View,
};
use auditmesh_types::Millis;

use crate::{
    cast::{Node, Setup, decided},
    wire_samples::{HEIGHT, World, alone, name, set, value},
};

/// Member 0, which applied `ours`.
fn after(ours: &Decided) -> Node {
    let mut node = Setup::new(&set(), 0, 0).start().unwrap();
    assert_eq!(hear(&mut node, ours), [Notice::Decided(ours.clone())]);
    node
}

fn hear(node: &mut Node, decided: &Decided) -> Vec<Notice> {
    node.receive(Millis(0), &name(1), Packet::Decided(decided.clone())).unwrap()
}

/// Whom the notices behind the first accuse.
fn accused(notices: &[Notice]) -> BTreeSet<(ValidatorIndex, Offence)> {
    let accused = notices.iter().skip(1).map(|notice| match notice {
        Notice::Accused(evidence) => (evidence.culprit(), evidence.offence()),
        other => panic!("{other:?}"),
    });
    accused.collect()
}

fn at_seven(text: &str, voters: &[u16]) -> Decided {
    decided(&set(), HEIGHT, &value(text), voters)
}

#[test]
fn of_one_view() {
    let (ours, theirs) = (at_seven("x", &[0, 1, 2]), at_seven("y", &[1, 2, 3]));
    let mut node = after(&ours);
    let fork = Notice::Fork { ours: ours.clone(), theirs: theirs.clone() };
    let heard = hear(&mut node, &theirs);
    assert_eq!(heard.first(), Some(&fork));
    let guilty = [1, 2].map(|by| (ValidatorIndex(by), Offence::Equivocation));
    assert_eq!((heard.len(), accused(&heard)), (3, guilty.into()));
    // Again when it comes again; and ours stays.
    assert_eq!(hear(&mut node, &theirs), heard);
    assert_eq!(node.height(), HEIGHT.next());
    assert_eq!(node.ledger().decided, [ours]);
}

/// A lineage that lost its eldest part convicts nobody; the fork is told all the same.
#[test]
fn that_convicts_nobody() {
    let world = World::new();
    let y = alone("y");
    let step = |view: u64| {
        let prepared = world.certificate(Phase::Prepare, view - 1, &y.value, &[1, 2, 3]);
        let named = Some((View(view - 1), y.value.id()));
        world.justification(view, &[(1, named), (2, named), (3, named)], Some(prepared))
    };
    let lineage = (1..=18).rev().take(Justification::MAX_LINEAGE).map(step).collect();
    let candidate = Arc::new(Candidate { value: y.value.clone(), lineage });
    let certificate = world.certificate(Phase::Commit, 18, &y.value, &[1, 2, 3]);
    let theirs = Decided { certificate, candidate };
    let asks = [0, 1, 2].map(|by| (by, None));
    let x = Candidate { value: value("x"), lineage: vec![world.justification(1, &asks, None)] };
    let certificate = world.certificate(Phase::Commit, 1, &x.value, &[0, 1, 2]);
    let ours = Decided { certificate, candidate: Arc::new(x) };
    assert_eq!(Evidence::of_fork(&ours, &theirs), []);
    let mut node = after(&ours);
    assert_eq!(hear(&mut node, &theirs), [Notice::Fork { ours, theirs }]);
}

#[test]
fn not_of_the_same_value() {
    let mut node = after(&at_seven("x", &[0, 1, 2]));
    assert_eq!(hear(&mut node, &at_seven("x", &[1, 2, 3])), []);
}

#[test]
fn not_without_a_quorum_that_signed() {
    let mut node = after(&at_seven("x", &[0, 1, 2]));
    let mut forged = at_seven("y", &[1, 2, 3]);
    forged.certificate.signatures[0].1 = forged.certificate.signatures[1].1.clone();
    let statement = forged.certificate.statement();
    let why = format!("validator 1 did not sign `{statement}`: no match");
    assert_eq!(hear(&mut node, &forged), [Notice::Refused { from: Some(name(1)), why }]);
    let few = at_seven("y", &[1, 2]);
    let why = few.certificate.check(&set()).unwrap_err().to_string();
    assert_eq!(hear(&mut node, &few), [Notice::Refused { from: Some(name(1)), why }]);
}

/// What the ledger does not hold any more cannot be compared.
#[test]
fn not_of_what_is_forgotten() {
    let mut node = after(&at_seven("x", &[0, 1, 2]));
    node.ledger().decided.clear();
    assert_eq!(hear(&mut node, &at_seven("y", &[1, 2, 3])), []);
}

/// The sets of older heights, and of those before the start, are not kept: whoever keeps them compares by itself.
#[test]
fn not_of_older_heights() {
    let (ours, theirs) = (at_seven("x", &[0, 1, 2]), at_seven("y", &[1, 2, 3]));
    let next = decided(&set(), Height(8), &value("z"), &[0, 1, 2]);
    let mut node = after(&ours);
    assert_eq!(hear(&mut node, &next), [Notice::Decided(next.clone())]);
    assert_eq!(hear(&mut node, &theirs), []);
    let other = decided(&set(), Height(8), &value("w"), &[1, 2, 3]);
    let fork = Notice::Fork { ours: next.clone(), theirs: other.clone() };
    assert_eq!(hear(&mut node, &other).first(), Some(&fork));
    let mut again = Setup { decided: vec![ours.clone(), next], ..Setup::new(&set(), 0, 0) }.start().unwrap();
    assert_eq!(hear(&mut again, &other), []);
    assert_eq!(Evidence::of_fork(&ours, &theirs).len(), 2);
}
