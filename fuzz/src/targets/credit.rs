use auditmesh_credit::{Allocation, AllocationChain, Error};
use auditmesh_types::Digest;

use super::take;

/// `credit::Allocation`: one encoding.
pub(super) fn allocation(bytes: &[u8]) -> bool {
    let Ok(allocation) = Allocation::decode(bytes) else { return false };
    assert!(bytes.len() <= Allocation::MAX_BYTES);
    assert!(allocation.weight_ppm <= 1_000_000);
    assert_eq!(allocation.encode(), bytes, "two encodings of one allocation");
    true
}

/// `credit::AllocationChain`: one encoding. Input: base and head, 32 bytes each, and the chain. Allocations that read are
/// also linked anew, so that changed ones are reached behind the check of the digests: they are a chain when they ascend.
pub(super) fn allocation_chain(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let (Some(base), Some(head)) = (take(&mut rest).map(Digest), take(&mut rest).map(Digest)) else {
        return false;
    };
    let read = AllocationChain::decode(base, rest, head);
    if let Ok(chain) = &read {
        assert_eq!(chain.encode(), rest, "two encodings of one chain");
        assert_eq!((chain.base(), chain.head()), (base, head));
    }
    let Some(mut allocations) = allocations(rest) else {
        assert!(read.is_err(), "something else than allocations was read");
        return false;
    };
    let mut end = base;
    for allocation in &mut allocations {
        allocation.previous = end;
        end = allocation.digest();
    }
    let place = |allocation: &Allocation| (allocation.round, allocation.member.clone());
    let ascend = allocations.is_sorted_by(|left, right| place(left) < place(right));
    match AllocationChain::verify(base, allocations.clone(), end) {
        Ok(chain) => {
            assert!(ascend, "out of order");
            check_receipts(&chain);
            assert_eq!(AllocationChain::decode(base, &chain.encode(), end), Ok(chain));
        }
        Err(error) => assert!(!ascend && matches!(error, Error::PeerOrder { .. }), "{error:?}"),
    }
    read.is_ok()
}

/// Splits a chain at its lengths.
fn allocations(mut bytes: &[u8]) -> Option<Vec<Allocation>> {
    let mut allocations = Vec::new();
    while !bytes.is_empty() {
        let length = u16::from_be_bytes(take(&mut bytes)?);
        let (allocation, rest) = bytes.split_at_checked(usize::from(length))?;
        allocations.push(Allocation::decode(allocation).ok()?);
        bytes = rest;
    }
    Some(allocations)
}

fn check_receipts(chain: &AllocationChain) {
    let mut end = chain.base();
    assert_eq!(chain.receipts().count(), chain.allocations().len());
    for (receipt, allocation) in chain.receipts().zip(chain.allocations()) {
        assert_eq!((receipt.previous, allocation.previous), (end, end));
        assert_eq!(receipt.allocation, allocation.digest());
        end = receipt.allocation;
    }
    assert_eq!(end, chain.head());
}
