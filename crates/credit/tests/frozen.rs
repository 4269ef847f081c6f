//! The wire formats against the bytes that were published, both ways.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_conformance::frozen;
use auditmesh_credit::{Allocation, AllocationChain};
use auditmesh_types::{MemberId, Round};

fn example() -> AllocationChain {
    let mut chain = AllocationChain::default();
    for (member, credit_micro, weight_ppm) in
        [("EU-1", 4_489_000_000, 897_800), ("US-1", 3_668_000_000, 733_600)]
    {
        chain.append(Round(1), MemberId::new(member).unwrap(), credit_micro, weight_ppm).unwrap();
    }
    chain
}

#[test]
fn allocation() {
    let chain = example();
    let first = &chain.allocations()[0];
    frozen::check("ALLOCATION_V1", frozen::ALLOCATION_V1, &first.encode());
    let bytes = frozen::bytes("ALLOCATION_V1", frozen::ALLOCATION_V1);
    assert_eq!(Allocation::decode(&bytes).as_ref(), Ok(first));
}

#[test]
fn allocation_chain() {
    let chain = example();
    frozen::check("ALLOCATION_CHAIN_V1", frozen::ALLOCATION_CHAIN_V1, &chain.encode());
    let bytes = frozen::bytes("ALLOCATION_CHAIN_V1", frozen::ALLOCATION_CHAIN_V1);
    let head = "20a3b2103dcbfa63f9e38af1d4a0d80209e0e5d29af4c54c89c5e1b16cd28102".parse().unwrap();
    assert_eq!(AllocationChain::decode(AllocationChain::GENESIS, &bytes, head), Ok(chain));
}
