use auditmesh_types::ContractFacts;

/// What is true of the anchors of this crate: they keep hashes and nothing else, and know no value.
pub const CONTRACT: ContractFacts =
    ContractFacts { stores_balances: false, accepts_value: false, transfers: false, hash_only: true };
