//! The definitions and procedures of RFC 6962 and RFC 9162 word by word: slow and obviously right.
#![allow(dead_code, reason = "every test file takes what it needs")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are small"
)]

use std::collections::BTreeMap;

use auditmesh_merkle::{Error, Sha256, Tree, empty_root};
use auditmesh_types::{Digest, Hasher, TreeHead};

/// Reads hexadecimal.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// `count` different entries of different lengths.
pub(crate) fn entries(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|i| format!("{}{i}", "x".repeat(i % 7)).into_bytes()).collect()
}

/// The hashes of [`entries`].
pub(crate) fn leaves(count: usize) -> Vec<Digest> {
    entries(count).iter().map(|entry| Sha256.leaf(entry)).collect()
}

/// A tree over [`entries`].
pub(crate) fn tree(count: usize) -> Tree {
    let mut tree = Tree::new();
    tree.append_leaf_hashes(&leaves(count)).unwrap();
    tree
}

/// The largest power of two below `n`, for n > 1.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// RFC 6962 §2.1: MTH(D[n]).
pub(crate) fn mth(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            Sha256.node(&mth(left), &mth(right))
        }
    }
}

/// RFC 6962 §2.1.1: PATH(m, D[n]).
pub(crate) fn path(m: usize, leaves: &[Digest]) -> Vec<Digest> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if m < k { (path(m, left), right) } else { (path(m - k, right), left) };
    path.push(mth(sibling));
    path
}

/// RFC 6962 §2.1.2: PROOF(m, D[n]), for 0 < m <= n.
pub(crate) fn proof(m: usize, leaves: &[Digest]) -> Vec<Digest> {
    subproof(m, leaves, true)
}

fn subproof(m: usize, leaves: &[Digest], b: bool) -> Vec<Digest> {
    if m == leaves.len() {
        return if b { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, sibling) =
        if m <= k { (subproof(m, left, b), right) } else { (subproof(m - k, right, false), left) };
    proof.push(mth(sibling));
    proof
}

/// The largest power of two below `n`, for n > 1, of any size.
fn split_any(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// Level and position of the hashes that `indices` do not give, in the tree of the `n` leaves from `offset` on.
fn collect_needed(indices: &[u64], offset: u64, n: u64, needed: &mut Vec<(u32, u64)>) {
    if n == 1 {
        return;
    }
    let k = split_any(n);
    for (offset, n) in [(offset, k), (offset + k, n - k)] {
        if indices.iter().any(|index| *index >= offset && index - offset < n) {
            collect_needed(indices, offset, n, needed);
        } else {
            needed.push((k.ilog2(), offset / k));
        }
    }
}

/// Where the hashes of a multiproof stand, in their order.
pub(crate) fn needed(indices: &[u64], size: u64) -> Vec<(u32, u64)> {
    let mut needed = Vec::new();
    collect_needed(indices, 0, size, &mut needed);
    needed.sort_unstable();
    needed
}

/// The path of a multiproof.
pub(crate) fn multipath(indices: &[u64], leaves: &[Digest]) -> Vec<Digest> {
    let hash = |(level, position): (u32, u64)| {
        let (start, width) = ((position << level) as usize, 1usize << level);
        mth(&leaves[start..(start + width).min(leaves.len())])
    };
    needed(indices, leaves.len() as u64).into_iter().map(hash).collect()
}

fn rebuild(
    leaves: &[(u64, Digest)],
    path: &BTreeMap<(u32, u64), Digest>,
    place: (u32, u64),
    (offset, n): (u64, u64),
) -> Digest {
    let leaf = leaves.iter().find(|(index, _)| *index >= offset && index - offset < n);
    let Some((_, leaf)) = leaf else { return path[&place] };
    if n == 1 {
        return *leaf;
    }
    let k = split_any(n);
    let (level, position) = (k.ilog2(), offset / k);
    let left = rebuild(leaves, path, (level, position), (offset, k));
    let right = rebuild(leaves, path, (level, position + 1), (offset + k, n - k));
    Sha256.node(&left, &right)
}

/// The root to which leaves and the path of a multiproof lead, when the path has the right length.
pub(crate) fn root_from_multipath(leaves: &[(u64, Digest)], size: u64, path: &[Digest]) -> Option<Digest> {
    let indices: Vec<u64> = leaves.iter().map(|(index, _)| *index).collect();
    let needed = needed(&indices, size);
    let places = needed.iter().copied().zip(path.iter().copied()).collect();
    (needed.len() == path.len()).then(|| rebuild(leaves, &places, (64, 0), (0, size)))
}

/// Why a proof is refused, without the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Index,
    Length,
    Root,
    Shrunk,
    Empty,
    OldRoot,
    NewRoot,
}

/// The same of our error.
pub(crate) fn why(error: &Error) -> Why {
    match error {
        Error::PeerIndexBeyondSize { .. } => Why::Index,
        Error::PeerPathLength { .. } => Why::Length,
        Error::PeerRootMismatch { .. } => Why::Root,
        Error::PeerOldBeyondNew { .. } => Why::Shrunk,
        Error::PeerEmptyRoot { .. } => Why::Empty,
        Error::PeerOldRootMismatch { .. } => Why::OldRoot,
        Error::PeerNewRootMismatch { .. } => Why::NewRoot,
        other => panic!("not a reason of a verifier: {other:?}"),
    }
}

/// RFC 9162 §2.1.3.2, up to the comparison with the root.
pub(crate) fn root_from_path(leaf: &Digest, index: u64, size: u64, path: &[Digest]) -> Result<Digest, Why> {
    if index >= size {
        return Err(Why::Index);
    }
    let (mut fn_, mut sn, mut r) = (index, size - 1, *leaf);
    for p in path {
        if sn == 0 {
            return Err(Why::Length);
        }
        if fn_ & 1 == 1 || fn_ == sn {
            r = Sha256.node(p, &r);
            while fn_ & 1 == 0 && fn_ != 0 {
                (fn_, sn) = (fn_ >> 1, sn >> 1);
            }
        } else {
            r = Sha256.node(&r, p);
        }
        (fn_, sn) = (fn_ >> 1, sn >> 1);
    }
    if sn == 0 { Ok(r) } else { Err(Why::Length) }
}

/// RFC 9162 §2.1.3.2.
pub(crate) fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    path: &[Digest],
    root: &Digest,
) -> Result<(), Why> {
    if root_from_path(leaf, index, size, path)? == *root { Ok(()) } else { Err(Why::Root) }
}

/// RFC 9162 §2.1.4.2, and what it leaves open: sizes that are equal, zero or in the wrong order.
pub(crate) fn verify_consistency(old: &TreeHead, new: &TreeHead, path: &[Digest]) -> Result<(), Why> {
    let (first, second) = (old.size.0, new.size.0);
    if first > second {
        return Err(Why::Shrunk);
    }
    if first == 0 && old.root != empty_root() || second == 0 && new.root != empty_root() {
        return Err(Why::Empty);
    }
    if first == 0 || first == second {
        return match path.is_empty() {
            false => Err(Why::Length),
            true if first == 0 || old.root == new.root => Ok(()),
            true => Err(Why::NewRoot),
        };
    }
    if path.is_empty() {
        return Err(Why::Length);
    }
    let mut path = path.to_vec();
    if first.is_power_of_two() {
        path.insert(0, old.root);
    }
    let (mut fn_, mut sn) = (first - 1, second - 1);
    while fn_ & 1 == 1 {
        (fn_, sn) = (fn_ >> 1, sn >> 1);
    }
    let (mut fr, mut sr) = (path[0], path[0]);
    for c in &path[1..] {
        if sn == 0 {
            return Err(Why::Length);
        }
        if fn_ & 1 == 1 || fn_ == sn {
            (fr, sr) = (Sha256.node(c, &fr), Sha256.node(c, &sr));
            while fn_ & 1 == 0 && fn_ != 0 {
                (fn_, sn) = (fn_ >> 1, sn >> 1);
            }
        } else {
            sr = Sha256.node(&sr, c);
        }
        (fn_, sn) = (fn_ >> 1, sn >> 1);
    }
    match () {
        () if sn != 0 => Err(Why::Length),
        () if fr != old.root => Err(Why::OldRoot),
        () if sr != new.root => Err(Why::NewRoot),
        () => Ok(()),
    }
}

/// Every change of one byte of a digest, by each of `masks`.
pub(crate) fn changes(
    digest: Digest,
    masks: impl Iterator<Item = u8> + Clone,
) -> impl Iterator<Item = Digest> {
    (0..32).flat_map(move |at| masks.clone().map(move |mask| (at, mask))).map(move |(at, mask)| {
        let mut changed = digest;
        changed.0[at] ^= mask;
        changed
    })
}

/// Every change of one byte of a number.
pub(crate) fn other_numbers(number: u64) -> impl Iterator<Item = u64> {
    (0..8).flat_map(move |byte| (1..=255u64).map(move |mask| number ^ mask << (8 * byte)))
}
