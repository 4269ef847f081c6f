//! The suite of the role that the adapter's keys play.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_attest_dilithium::{Dilithium2, Dilithium2Signer};

#[test]
fn dilithium2_keeps_the_contract_of_a_signer() {
    auditmesh_conformance::signer(&Dilithium2Signer::generate(), &Dilithium2Signer::generate(), &Dilithium2);
}
