//! The suite of the role that the scorebook plays.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_credit::{Scorebook, weight::DEFAULT_MAX_CREDIT_MICRO};

#[test]
fn the_scorebook_keeps_the_contract_of_a_scorer() {
    auditmesh_conformance::scorer(|members| {
        Scorebook::new(members.to_vec(), DEFAULT_MAX_CREDIT_MICRO).unwrap()
    });
}
