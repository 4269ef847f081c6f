//! The suite of the role that the tally plays.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_bft::{Electorate, Tally, Threshold, TieBreak};
use auditmesh_types::Ratio;

#[test]
fn the_tally_keeps_the_contract_of_an_agreement() {
    auditmesh_conformance::agreement(|members, (num, den)| {
        let threshold = Threshold::at_least(Ratio::new(num, den).unwrap());
        Tally::new(Electorate::equal(members.to_vec()).unwrap(), threshold, TieBreak::default()).unwrap()
    });
}
