//! Every kernel against `sha2`, one message at a time.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod kernels;

use std::{
    io::{self, Write},
    num::NonZeroUsize,
};

use auditmesh_lanes::{Kernel, Lanes};
use auditmesh_types::{Digest, Hasher};
use kernels::{byte, here};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

fn leaf(entry: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

fn node(left: &Digest, right: &Digest) -> Digest {
    Digest(Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into())
}

/// Every kernel this processor has, on one thread and on three.
fn every() -> Vec<Lanes> {
    let here = here();
    let threads = NonZeroUsize::new(3).unwrap();
    here.iter().copied().chain(here.iter().map(|lanes| lanes.with_threads(threads))).collect()
}

/// Message `n`, of `length` bytes.
fn message(n: usize, length: usize) -> Vec<u8> {
    (0..length).map(|at| byte(n, at)).collect()
}

fn holds(lanes: Lanes, entries: &[Vec<u8>]) {
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let want: Vec<Digest> = entries.iter().map(|entry| leaf(entry)).collect();
    let mut got = vec![Digest([0xee; 32]); entries.len() + 1];
    lanes.leaves(&entries, &mut got);
    assert_eq!(got[..entries.len()], want, "leaves, {lanes:?}");
    assert_eq!(got[entries.len()], Digest([0xee; 32]), "a slot too many was written, {lanes:?}");
    let want: Vec<Digest> = got.chunks_exact(2).map(|pair| node(&pair[0], &pair[1])).collect();
    let mut nodes = vec![Digest([0xee; 32]); want.len() + 1];
    lanes.nodes(&got, &mut nodes);
    assert_eq!(nodes[..want.len()], want, "nodes, {lanes:?}");
    assert_eq!(nodes[want.len()], Digest([0xee; 32]), "a slot too many was written, {lanes:?}");
}

/// Says, past what the harness keeps of a test that passes, what the other tests mean by every kernel.
#[test]
fn the_kernels_that_are_held() {
    let (held, missing): (Vec<Kernel>, Vec<Kernel>) =
        Kernel::ALL.into_iter().partition(|kernel| kernel.is_here());
    assert_eq!(here().iter().map(Lanes::kernel).collect::<Vec<_>>(), held);
    let names = |kernels: &[Kernel]| kernels.iter().map(|kernel| format!(" {kernel}")).collect::<String>();
    writeln!(io::stderr(), "kernels held against sha2:{}; not here:{}", names(&held), names(&missing))
        .unwrap();
}

/// Of equal length: 37 fill two groups of sixteen and leave five, 61 two, one more, and thirteen.
#[test]
fn every_length_of_0_to_300_bytes_in_every_kernel() {
    for length in 0..=300usize {
        let entries: Vec<Vec<u8>> = (0..61).map(|n| message(n, length)).collect();
        for lanes in every() {
            holds(lanes, &entries[..37]);
            holds(lanes, &entries);
        }
    }
}

#[test]
fn every_count_up_to_70_with_lengths_that_differ() {
    for count in 0..=70usize {
        let entries: Vec<Vec<u8>> = (0..count).map(|n| message(n, (n * 31) % 200)).collect();
        every().into_iter().for_each(|lanes| holds(lanes, &entries));
    }
}

#[test]
fn runs_long_enough_for_threads() {
    let entries: Vec<Vec<u8>> = (0..20_000).map(|n| message(n, 4 * (1 + n % 40))).collect();
    every().into_iter().for_each(|lanes| holds(lanes, &entries));
}

#[test]
fn one_long_entry_among_short_ones() {
    let mut entries: Vec<Vec<u8>> = (0..40).map(|n| message(n, 10)).collect();
    entries[17] = message(17, 65_535);
    every().into_iter().for_each(|lanes| holds(lanes, &entries));
}

#[test]
fn every_kernel_keeps_the_contract_of_a_hasher() {
    every().iter().for_each(auditmesh_conformance::hasher);
}

#[test]
fn a_kernel_that_is_not_here_cannot_be_had() {
    for kernel in Kernel::ALL {
        assert_eq!(Lanes::with_kernel(kernel).is_some(), kernel.is_here(), "{kernel}");
    }
    assert!(Kernel::Portable.is_here() && Lanes::new().kernel() == Kernel::fastest());
}

proptest! {
    #[test]
    fn any_batch_in_any_kernel(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..700), 0..60)) {
        every().into_iter().for_each(|lanes| holds(lanes, &entries));
    }
}
