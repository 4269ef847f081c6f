//! The bytes of an allocation and the links of a chain; every single change is refused, with its reason.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may panic")]

use auditmesh_credit::{Allocation, AllocationChain, AllocationReceipt, Error};
use auditmesh_types::{Digest, MemberId, NameError, Round};
use proptest::prelude::*;

/// The example of `docs/spec/allocation.md`: the bytes, and their digest, made by another program.
const FIRST: (&str, &str) = (
    "61756469746d65736820616c6c6f636174696f6e2076310a00000000000000010445552d31000000000000000000000001\
     0b90b440000db3080000000000000000000000000000000000000000000000000000000000000000",
    "13c0ee5cb0ca4035494ce97bde5eb85dd108afdda4dda8349d7dcea8ce2fb366",
);
const SECOND: (&str, &str) = (
    "61756469746d65736820616c6c6f636174696f6e2076310a00000000000000010455532d31000000000000000000000000\
     daa13d00000b31a013c0ee5cb0ca4035494ce97bde5eb85dd108afdda4dda8349d7dcea8ce2fb366",
    "20a3b2103dcbfa63f9e38af1d4a0d80209e0e5d29af4c54c89c5e1b16cd28102",
);

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

fn example() -> AllocationChain {
    let mut chain = AllocationChain::default();
    chain.append(Round(1), member("EU-1"), 4_489_000_000, 897_800).unwrap();
    chain.append(Round(1), member("US-1"), 3_668_000_000, 733_600).unwrap();
    chain
}

/// Three rounds of three members.
fn long() -> AllocationChain {
    let mut chain = AllocationChain::default();
    for round in 1..=3u32 {
        for (name, weight) in [("a", 10), ("b", 20), ("c", 30)] {
            chain.append(Round(round.into()), member(name), (weight * round).into(), weight * round).unwrap();
        }
    }
    chain
}

#[test]
fn the_published_bytes() {
    let chain = example();
    for (allocation, (hex, digest)) in chain.allocations().iter().zip([FIRST, SECOND]) {
        assert_eq!(allocation.encode(), bytes(hex));
        assert_eq!(allocation.digest().to_string(), digest);
        assert_eq!(Allocation::decode(&bytes(hex)).as_ref(), Ok(allocation));
    }
    assert_eq!(chain.head().to_string(), SECOND.1);
    let framed = [&[0, 89], bytes(FIRST.0).as_slice(), &[0, 89], bytes(SECOND.0).as_slice()].concat();
    assert_eq!(chain.encode(), framed);
}

#[test]
fn receipts_carry_the_hashes_of_the_links() {
    let mut chain = AllocationChain::default();
    let first = chain.append(Round(1), member("EU-1"), 4_489_000_000, 897_800).unwrap();
    let second = chain.append(Round(1), member("US-1"), 3_668_000_000, 733_600).unwrap();
    let digests = [FIRST.1, SECOND.1].map(|digest| digest.parse::<Digest>().unwrap());
    assert_eq!(first, AllocationReceipt { allocation: digests[0], previous: AllocationChain::GENESIS });
    assert_eq!(second, AllocationReceipt { allocation: digests[1], previous: digests[0] });
    assert_eq!(chain.receipts().collect::<Vec<_>>(), [first, second]);
    assert_eq!(AllocationChain::default().receipts().count(), 0);
}

#[test]
fn every_cut_is_refused_where_it_hurts() {
    let whole = bytes(SECOND.0);
    let parts = [
        ("round", 24, 8),
        ("length of the member name", 32, 1),
        ("member name", 33, 4),
        ("credit", 37, 16),
        ("weight", 53, 4),
        ("digest of the allocation before", 57, 32),
    ];
    for end in 0..whole.len() {
        let error = match parts.iter().find(|(_, at, need)| (*at..at + need).contains(&end)) {
            Some((what, at, need)) => Error::PeerTruncated { what, need: *need, got: end - at },
            None => Error::PeerTag,
        };
        assert_eq!(Allocation::decode(&whole[..end]), Err(error), "cut at {end}");
    }
    let longer = [whole.as_slice(), &[0, 0]].concat();
    assert_eq!(Allocation::decode(&longer), Err(Error::PeerTrailing { got: 2 }));
}

#[test]
fn malformed_parts_are_refused() {
    let changed = |at: usize, to: &[u8]| {
        let mut bytes = bytes(FIRST.0);
        bytes[at..at + to.len()].copy_from_slice(to);
        Allocation::decode(&bytes)
    };
    assert_eq!(changed(22, b"2"), Err(Error::PeerTag));
    assert_eq!(changed(34, &[0xff]), Err(Error::PeerMemberText { at: 1 }));
    let source = NameError::MisuseCharacter { what: "member name", at: 2, found: ' ' };
    assert_eq!(changed(35, b" "), Err(Error::PeerMemberName { source }));
    assert_eq!(
        changed(53, &1_000_001u32.to_be_bytes()),
        Err(Error::PeerWeight { got: 1_000_001, max: 1_000_000 })
    );
    assert_eq!(changed(53, &1_000_000u32.to_be_bytes()).map(|read| read.weight_ppm), Ok(1_000_000));
    let mut nameless = bytes(FIRST.0);
    nameless.splice(32..37, [0]);
    let source = NameError::MisuseEmpty { what: "member name" };
    assert_eq!(Allocation::decode(&nameless), Err(Error::PeerMemberName { source }));
}

#[test]
fn every_single_byte_change_of_a_chain_is_refused() {
    let chain = example();
    let whole = chain.encode();
    assert_eq!(AllocationChain::decode(AllocationChain::GENESIS, &whole, chain.head()).as_ref(), Ok(&chain));
    for at in 0..whole.len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= flip;
            let refused = AllocationChain::decode(AllocationChain::GENESIS, &changed, chain.head());
            assert!(refused.is_err(), "byte {at} ^ {flip:#x}");
            // A change that still reads as allocations is found by the links or by the head, not by chance.
            let read = |bytes: &[u8]| bytes.get(2..91).and_then(|one| Allocation::decode(one).ok());
            if let (Some(_), true) = (read(&changed), (2..91).contains(&at)) {
                let by_links = matches!(refused, Err(Error::PeerLinkBroken { at: 0 | 1, .. }));
                assert!(by_links, "byte {at} ^ {flip:#x}: {refused:?}");
            }
        }
    }
    for at in 0..32 {
        let flipped = |digest: Digest| {
            let mut bytes = digest.0;
            bytes[at] ^= 1;
            Digest(bytes)
        };
        let (base, head) = (flipped(AllocationChain::GENESIS), flipped(chain.head()));
        let error = Error::PeerLinkBroken { at: 0, got: AllocationChain::GENESIS, want: base };
        assert_eq!(AllocationChain::decode(base, &whole, chain.head()), Err(error));
        let error = Error::PeerHeadMismatch { got: chain.head(), want: head };
        assert_eq!(AllocationChain::decode(AllocationChain::GENESIS, &whole, head), Err(error));
    }
}

#[test]
fn changed_fields_break_the_next_link_or_the_head() {
    let chain = long();
    let changes: [fn(&mut Allocation); 5] = [
        |allocation| allocation.round.0 ^= 1 << 40,
        |allocation| allocation.member = MemberId::new("bb").unwrap(),
        |allocation| allocation.credit_micro += 1,
        |allocation| allocation.weight_ppm += 1,
        |allocation| allocation.previous.0[31] ^= 1,
    ];
    let last = chain.allocations().len() - 1;
    for (at, change) in (0..=last).flat_map(|at| changes.iter().enumerate().map(move |change| (at, change))) {
        let mut allocations = chain.allocations().to_vec();
        change.1(&mut allocations[at]);
        let verdict = AllocationChain::verify(AllocationChain::GENESIS, allocations, chain.head());
        match verdict {
            Err(Error::PeerLinkBroken { at: found, .. }) if change.0 == 4 => assert_eq!(found, at),
            Err(Error::PeerOrder { at: found, .. }) => assert!(change.0 < 2 && found == at),
            Err(Error::PeerLinkBroken { at: found, .. }) => assert_eq!(found, at + 1),
            Err(Error::PeerHeadMismatch { want, .. }) => assert_eq!((at, want), (last, chain.head())),
            other => panic!("change {} of {at}: {other:?}", change.0),
        }
    }
}

#[test]
fn cuts_swaps_and_repeats_are_refused() {
    let chain = long();
    let verify = |allocations: Vec<Allocation>| {
        AllocationChain::verify(AllocationChain::GENESIS, allocations, chain.head())
    };
    let all = chain.allocations();
    for kept in 0..all.len() {
        let end = if kept == 0 { AllocationChain::GENESIS } else { all[kept - 1].digest() };
        let error = Error::PeerHeadMismatch { got: end, want: chain.head() };
        assert_eq!(verify(all[..kept].to_vec()), Err(error), "the first {kept}");
        if kept > 0 {
            let error =
                Error::PeerLinkBroken { at: 0, got: all[kept].previous, want: AllocationChain::GENESIS };
            assert_eq!(verify(all[kept..].to_vec()), Err(error), "without the first {kept}");
        }
    }
    for (a, b) in (0..all.len()).flat_map(|a| (a + 1..all.len()).map(move |b| (a, b))) {
        let mut swapped = all.to_vec();
        swapped.swap(a, b);
        assert!(matches!(verify(swapped), Err(Error::PeerLinkBroken { at, .. }) if at == a), "{a} and {b}");
    }
    let mut repeated = all.to_vec();
    repeated.insert(4, all[3].clone());
    assert!(matches!(verify(repeated), Err(Error::PeerLinkBroken { at: 4, .. })));
}

#[test]
fn what_cannot_follow_is_not_appended() {
    let mut chain = example();
    let before = chain.clone();
    let late = |chain: &mut AllocationChain, round, name| chain.append(Round(round), member(name), 1, 1);
    for (round, name) in [(1, "US-1"), (1, "EU-1"), (0, "ZZ-1")] {
        let error = Error::MisuseAllocationOrder {
            round: Round(round),
            member: member(name),
            last_round: Round(1),
            last_member: member("US-1"),
        };
        assert_eq!(late(&mut chain, round, name), Err(error));
    }
    let error = Error::MisusePpm { what: "governance weight", got: 1_000_001, max: 1_000_000 };
    assert_eq!(chain.append(Round(2), member("EU-1"), 1, 1_000_001), Err(error));
    assert_eq!(chain, before);
    assert!(late(&mut chain, 1, "US-2").is_ok() && late(&mut chain, 2, "EU-1").is_ok());

    // Links alone do not make an order: a forger who rehashes everything is still held to it.
    let after = |at: usize| Allocation { previous: before.head(), ..before.allocations()[at].clone() };
    for (rehashed, name) in [(after(0), "EU-1"), (after(1), "US-1")] {
        let all = [before.allocations(), std::slice::from_ref(&rehashed)].concat();
        let error = Error::PeerOrder { at: 2, round: Round(1), member: member(name) };
        assert_eq!(AllocationChain::verify(AllocationChain::GENESIS, all, rehashed.digest()), Err(error));
    }
    let rehashed = Allocation { round: Round(2), weight_ppm: 1_000_001, ..after(0) };
    let all = [before.allocations(), std::slice::from_ref(&rehashed)].concat();
    let error = Error::PeerWeight { got: 1_000_001, max: 1_000_000 };
    assert_eq!(AllocationChain::verify(AllocationChain::GENESIS, all, rehashed.digest()), Err(error));
}

#[test]
fn a_released_chain_goes_on() {
    let (mut chain, whole) = (example(), long());
    let first = chain.release();
    let middle = chain.head();
    assert_eq!((first.len(), chain.base(), chain.allocations().len()), (2, middle, 0));
    assert!(matches!(
        chain.append(Round(1), member("EU-1"), 1, 1),
        Err(Error::MisuseAllocationOrder { last_round: Round(1), .. })
    ));
    chain.append(Round(2), member("EU-1"), 5, 6).unwrap();
    let both = [first.as_slice(), chain.allocations()].concat();
    assert!(AllocationChain::verify(AllocationChain::GENESIS, both, chain.head()).is_ok());
    let part = AllocationChain::decode(middle, &chain.encode(), chain.head());
    assert_eq!(part.as_ref(), Ok(&chain));

    // What was verified can be appended to.
    let mut read = AllocationChain::decode(AllocationChain::GENESIS, &whole.encode(), whole.head()).unwrap();
    assert_eq!(read, whole);
    assert!(
        read.append(Round(3), member("c"), 1, 1).is_err() && read.append(Round(3), member("d"), 1, 1).is_ok()
    );
    assert_ne!(read.head(), whole.head());
}

#[test]
fn frames_are_held_to_their_length() {
    let chain = example();
    let mut framed = chain.encode();
    framed[1] = 88;
    let error = Error::PeerTruncated { what: "digest of the allocation before", need: 32, got: 31 };
    assert_eq!(AllocationChain::decode(AllocationChain::GENESIS, &framed, chain.head()), Err(error));
    framed[1] = 90;
    let error = Error::PeerTrailing { got: 1 };
    assert_eq!(AllocationChain::decode(AllocationChain::GENESIS, &framed, chain.head()), Err(error));
    let cut = &chain.encode()[..92];
    let error = Error::PeerTruncated { what: "length of an allocation", need: 2, got: 1 };
    assert_eq!(AllocationChain::decode(AllocationChain::GENESIS, cut, chain.head()), Err(error));
    let cut = &chain.encode()[..181];
    let error = Error::PeerTruncated { what: "allocation", need: 89, got: 88 };
    assert_eq!(AllocationChain::decode(AllocationChain::GENESIS, cut, chain.head()), Err(error));
}

#[test]
fn a_decoder_takes_so_many_and_no_more() {
    let one = [&[0, 89], bytes(FIRST.0).as_slice()].concat();
    let decode =
        |count| AllocationChain::decode(AllocationChain::GENESIS, &one.repeat(count), Digest([1; 32]));
    assert_eq!(decode(100_001), Err(Error::PeerChainTooLong { max: 100_000 }));
    // One fewer is read to the end, and then found to be no chain.
    assert!(matches!(decode(100_000), Err(Error::PeerLinkBroken { at: 1, .. })));
}

/// The slow reference: bytes put together one after the other, from the specification's table.
fn spelled(allocation: &Allocation) -> Vec<u8> {
    let big_endian = |number: u128, width: u32| (0..width).rev().map(move |n| (number >> (8 * n)) as u8);
    let name = allocation.member.as_str();
    let mut bytes: Vec<u8> = "auditmesh allocation v1\n".into();
    bytes.extend(big_endian(allocation.round.0.into(), 8));
    bytes.extend(big_endian(name.len() as u128, 1));
    bytes.extend(name.bytes());
    bytes.extend(big_endian(allocation.credit_micro, 16));
    bytes.extend(big_endian(allocation.weight_ppm.into(), 4));
    bytes.extend(allocation.previous.0);
    bytes
}

proptest! {
    #[test]
    fn allocations_round_trip(
        round: u64, name in "[a-zA-Z0-9é中._-]{1,60}", credit_micro: u128, weight_ppm in 0..=1_000_000u32, previous: [u8; 32],
    ) {
        let previous = Digest(previous);
        let allocation = Allocation { round: Round(round), member: member(&name), credit_micro, weight_ppm, previous };
        let bytes = allocation.encode();
        prop_assert_eq!(&bytes, &spelled(&allocation));
        prop_assert!(bytes.len() <= Allocation::MAX_BYTES);
        prop_assert_eq!(Allocation::decode(&bytes), Ok(allocation));
    }

    #[test]
    fn hostile_bytes_never_panic_and_are_canonical(
        tail in prop::collection::vec(any::<u8>(), 0..120), tagged: bool, length in 0..9u8,
    ) {
        let mut bytes = if tagged { Allocation::TAG.to_vec() } else { Vec::new() };
        bytes.extend(&tail);
        if let Some(byte) = bytes.get_mut(32) {
            *byte = length;
        }
        if let Ok(read) = Allocation::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes.clone());
        }
        prop_assert!(bytes.is_empty() || AllocationChain::decode(Digest([7; 32]), &bytes, Digest([8; 32])).is_err());
    }

    #[test]
    fn every_bit_of_an_allocation_counts(at in 0..89usize, bit in 0..8u8) {
        let mut changed = bytes(FIRST.0);
        changed[at] ^= 1 << bit;
        if let Ok(read) = Allocation::decode(&changed) {
            prop_assert_ne!(read.digest().to_string(), FIRST.1);
        }
    }
}
