//! The suites of the roles that the tree, its log and its hasher play.

use auditmesh_merkle::{BatchLog, Sha256};

#[test]
fn the_hasher_keeps_its_contract() {
    auditmesh_conformance::hasher(&Sha256);
}

#[test]
fn the_batch_log_keeps_its_contract() {
    auditmesh_conformance::log(BatchLog::new);
}
