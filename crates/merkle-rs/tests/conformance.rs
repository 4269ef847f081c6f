//! The suite of the roles that the log plays.

use auditmesh_merkle_rs::RsLog;

#[test]
fn the_log_keeps_its_contract() {
    auditmesh_conformance::log(RsLog::new);
}
