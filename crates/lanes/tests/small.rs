//! A few cases of everything: what Miri, which is a thousand times slower, runs with each kernel that it knows.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod kernels;

use std::{array, num::NonZeroUsize};

use auditmesh_lanes::{Kernel, Lanes};
use auditmesh_types::{Digest, Hasher};
use kernels::{byte, here};
use sha2::{Digest as _, Sha256};

/// What nobody writes to.
const UNTOUCHED: Digest = Digest([0xee; 32]);

fn leaf(entry: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

fn node(pair: &[Digest]) -> Digest {
    Digest(Sha256::new().chain_update([1]).chain_update(pair[0]).chain_update(pair[1]).finalize().into())
}

/// Child `n`.
fn child(n: usize) -> Digest {
    Digest(array::from_fn(|at| byte(n, at)))
}

fn leaves_hold(lanes: Lanes, entries: &[&[u8]]) {
    let mut got = vec![UNTOUCHED; entries.len() + 1];
    lanes.leaves(entries, &mut got);
    let want: Vec<Digest> = entries.iter().map(|entry| leaf(entry)).chain([UNTOUCHED]).collect();
    assert_eq!(got, want, "{lanes:?}");
}

/// What the compiler was told to rely on is there: so Miri, which knows of nothing else, runs that kernel.
#[test]
fn a_kernel_that_is_compiled_for_is_here() {
    let sha = cfg!(target_feature = "sha") && cfg!(target_feature = "sse4.1");
    let wide = cfg!(target_feature = "avx512bw") && cfg!(target_feature = "avx512vbmi2");
    assert!(Kernel::ShaNi.is_here() || !sha);
    assert!(Kernel::Avx512.is_here() || !(sha && wide));
}

/// Every boundary of a block: a message of one, two and three blocks, with and without room for its length. The entries are parts of
/// one allocation and end with it, so that a load beyond the end shows.
#[test]
fn leaves_around_every_boundary() {
    let bytes: Vec<u8> = (0..=255).collect();
    for length in [0, 1, 54, 55, 62, 63, 64, 118, 119, 127, 128, 183] {
        let entries: Vec<&[u8]> = [0, 1, 2].map(|from| &bytes[from..from + length]).to_vec();
        let last = &bytes[bytes.len() - length..];
        let count = if length == 119 { 37 } else { 5 };
        let entries: Vec<&[u8]> = entries.into_iter().cycle().take(count).chain([last]).collect();
        here().into_iter().for_each(|lanes| leaves_hold(lanes, &entries));
    }
}

#[test]
fn leaves_of_mixed_lengths() {
    let bytes: Vec<u8> = (0..=255).cycle().take(300).collect();
    let entries: Vec<&[u8]> = (0..35).map(|n| &bytes[n..n + (n * 61) % 200]).collect();
    here().into_iter().for_each(|lanes| leaves_hold(lanes, &entries));
}

#[test]
fn a_node_alone() {
    let (left, right) = (child(1), child(2));
    for lanes in here() {
        assert_eq!(lanes.node(&left, &right), node(&[left, right]), "{lanes:?}");
    }
}

/// Sixteens, fours, ones, and an odd child that nobody touches.
#[test]
fn nodes_of_every_grouping() {
    let children: Vec<Digest> = (0..95).map(child).collect();
    for count in [0, 1, 2, 9, 19, 95] {
        let children = &children[..count];
        for lanes in here() {
            let mut got = vec![UNTOUCHED; count / 2 + 1];
            lanes.nodes(children, &mut got);
            let want: Vec<Digest> = children.chunks_exact(2).map(node).chain([UNTOUCHED]).collect();
            assert_eq!(got, want, "{lanes:?}");
        }
    }
}

/// Two threads, each with as few nodes as one may have.
#[test]
#[cfg_attr(miri, ignore = "minutes, for code without `unsafe`")]
fn nodes_on_two_threads() {
    let children: Vec<Digest> = (0..8_192).map(child).collect();
    let lanes = Lanes::with_kernel(Kernel::fastest()).unwrap();
    let (mut one, mut two) = (vec![UNTOUCHED; 4_096], vec![UNTOUCHED; 4_096]);
    lanes.nodes(&children, &mut one);
    lanes.with_threads(NonZeroUsize::new(2).unwrap()).nodes(&children, &mut two);
    assert!(one == two);
    assert_eq!(one[4_095], node(&children[8_190..]));
}
