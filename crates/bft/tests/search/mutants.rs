//! The search can fail: of an engine that lacks a rule it finds a broken one, and says which.

use auditmesh_bft::Mutant;

use crate::{
    bound,
    explore::{Bound, Search},
    fault::Fault,
    member::Disk,
    members::Keep,
};

/// What the search finds when `without` is missing, by the same steps however members are kept.
fn found(without: Mutant, bound: Bound) -> Fault {
    let [whole, print] = [Keep::Whole, Keep::Print].map(|keep| {
        let bound = Bound { without: Some(without), alone: None, keep, ..bound };
        Search::new(bound).run(|_, _| true).expect_err("a rule is missing, and nothing was found")
    });
    assert_eq!(whole, print);
    assert!(!whole.trace.is_empty(), "{whole}");
    whole
}

#[test]
fn a_quorum_one_short_is_found() {
    // With the liar's votes and its own a member decides: two of four.
    for liar in [1, 2] {
        let fault = found(Mutant::QuorumOneShort, bound(liar, 0));
        assert_eq!(fault.rule, "certificates check", "{fault}");
    }
}

#[test]
fn a_lock_ignored_is_found() {
    // After a COMMIT it asks for the next view as if nothing were prepared.
    let fault = found(Mutant::LockIgnored, bound(2, 1));
    assert_eq!(fault.rule, "no honest member contradicts itself", "{fault}");
    assert!(fault.what.contains("COMMIT") && fault.what.ends_with("nothing prepared"), "{fault}");
}

#[test]
fn a_new_view_without_quorum_is_found() {
    // The proposer of view 1 lies, and proposes y while x can be decided in view 0.
    let fault = found(Mutant::NewViewWithoutQuorum, bound(2, 1));
    assert_eq!(fault.rule, "agreement", "{fault}");
}

#[test]
fn sending_before_writing_is_found() {
    // It says PREPARE, crashes before that is on disk, and does not know its own word when it comes back.
    let slow = Bound { disk: Disk::Slow { crashes: 1 }, ..bound(1, 0) };
    let fault = found(Mutant::SendBeforePersist, slow);
    assert_eq!(fault.rule, "no honest member forgets", "{fault}");
    // Without a crash nothing is lost, and nothing found.
    let still =
        Bound { disk: Disk::Slow { crashes: 0 }, without: Some(Mutant::SendBeforePersist), ..bound(1, 0) };
    assert!(Search::new(still).run(|_, _| true).is_ok());
}
