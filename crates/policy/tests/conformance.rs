//! The suite of the role that the rule set plays.

use auditmesh_policy::{RuleSet, anchor_fields, entry_fields};
use auditmesh_types::{ContractFacts, Facts, Purpose};

#[test]
fn the_house_rules_keep_the_contract_of_a_policy() {
    let contract =
        ContractFacts { stores_balances: false, accepts_value: false, transfers: false, hash_only: true };
    let allowed = Facts {
        entry: Some(entry_fields()),
        anchor: Some(anchor_fields()),
        purpose: Some(Purpose::Evidence),
        contract: Some(contract),
        zones: Some(3),
        tolerates: Some(1),
    };
    auditmesh_conformance::policy(&RuleSet::house(), &allowed);
}
