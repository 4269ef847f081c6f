//! The eight leaves of the cases, and one recursion that gives every proof.

use auditmesh_merkle::Sha256;
use auditmesh_types::{Digest, Hasher};

const ENTRIES: [&[u8]; 8] = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"];

pub(crate) fn leaf(index: u64) -> Digest {
    leaves(8)[usize::try_from(index).unwrap()]
}

fn leaves(size: u64) -> Vec<Digest> {
    let size = usize::try_from(size).unwrap();
    ENTRIES[..size].iter().map(|entry| Sha256.leaf(entry)).collect()
}

fn split(leaves: &[Digest]) -> usize {
    leaves.len().next_power_of_two() / 2
}

fn hash(leaves: &[Digest]) -> Digest {
    match leaves {
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves));
            Sha256.node(&hash(left), &hash(right))
        }
    }
}

/// The root of the leaves from `start` up to but not including `end`.
pub(crate) fn root(start: u64, end: u64) -> Digest {
    hash(&leaves(end)[usize::try_from(start).unwrap()..])
}

/// What proves that the leaves from `start` to `end` are a part of the first `size`: an inclusion path where it is one
/// leaf, a consistency proof where it begins at 0.
pub(crate) fn proof(start: u64, end: u64, size: u64) -> Vec<Digest> {
    let [start, end] = [start, end].map(|number| usize::try_from(number).unwrap());
    climb(start, end, &leaves(size), true)
}

/// `known`: the verifier has the hash of these leaves.
fn climb(start: usize, end: usize, leaves: &[Digest], known: bool) -> Vec<Digest> {
    if start == 0 && end == leaves.len() {
        return if known { Vec::new() } else { vec![hash(leaves)] };
    }
    let k = split(leaves);
    let (left, right) = leaves.split_at(k);
    let (mut proof, sibling) = if end <= k {
        (climb(start, end, left, known), right)
    } else if start >= k {
        (climb(start - k, end - k, right, known), left)
    } else {
        (climb(0, end - k, right, false), left)
    };
    proof.push(hash(sibling));
    proof
}
