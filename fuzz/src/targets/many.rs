use std::num::NonZeroUsize;

use auditmesh_lanes::{Kernel, Lanes};
use auditmesh_merkle::{Error, MAX_PROOF_LEAVES, Sha256, verify_multi, verify_range};
use auditmesh_types::{Digest, Hasher, Index, Size};

use super::{digests, number, take};

/// As many messages as two threads are worth, leaves and nodes alike.
const FOR_TWO_THREADS: usize = 8_192;

/// Every kernel of `lanes` against `sha2`. Input: the length of each entry in a byte, of which 255 adds that of the next byte, then
/// the entry's bytes, in turn. Where a multiple of four entries come, they are hashed on several threads too, over and over.
pub(super) fn lanes(bytes: &[u8]) -> bool {
    let entries = entries(bytes);
    let leaves: Vec<Digest> = entries.iter().map(|entry| Sha256.leaf(entry)).collect();
    let nodes: Vec<Digest> = leaves.chunks_exact(2).map(|pair| Sha256.node(&pair[0], &pair[1])).collect();
    for lanes in Kernel::ALL.into_iter().filter_map(Lanes::with_kernel) {
        assert!(hashed(lanes, &entries) == (leaves.clone(), nodes.clone()), "{lanes:?} gives other digests");
        for (pair, node) in leaves.chunks_exact(2).zip(&nodes) {
            assert!(lanes.node(&pair[0], &pair[1]) == *node, "{lanes:?} gives another node");
        }
    }
    if !entries.is_empty() && entries.len().is_multiple_of(4) {
        // An even number of entries: a round begins with the left child of a node.
        let over_and_over = entries.len().max(FOR_TWO_THREADS + 4);
        let entries: Vec<&[u8]> = entries.iter().copied().cycle().take(over_and_over).collect();
        let lanes = Lanes::new().with_threads(NonZeroUsize::new(3).expect("three"));
        let (leaves, nodes) = (leaves.iter().cycle().take(over_and_over), nodes.iter().cycle());
        let (ours, above) = hashed(lanes, &entries);
        assert!(ours.iter().eq(leaves), "{lanes:?} gives other leaves");
        assert!(above.iter().eq(nodes.take(over_and_over / 2)), "{lanes:?} gives other nodes");
    }
    !entries.is_empty()
}

fn entries(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut entries = Vec::new();
    while let Some((length, behind)) = rest.split_first() {
        let (more, behind) = match behind.split_first() {
            Some((more, behind)) if *length == u8::MAX => (*more, behind),
            _ => (0, behind),
        };
        let length = usize::from(*length) + usize::from(more);
        let (entry, behind) = behind.split_at(behind.len().min(length));
        entries.push(entry);
        rest = behind;
    }
    entries
}

/// The leaves of the entries, and the nodes above those.
fn hashed(lanes: Lanes, entries: &[&[u8]]) -> (Vec<Digest>, Vec<Digest>) {
    let mut leaves = vec![Digest::default(); entries.len()];
    lanes.leaves(entries, &mut leaves);
    let mut nodes = vec![Digest::default(); entries.len() / 2];
    lanes.nodes(&leaves, &mut nodes);
    (leaves, nodes)
}

/// `merkle::verify_multi` against the recursion. Input: size, root, path length, path, then index and leaf hash in turn.
pub(super) fn multi(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let Some((size, root, path)) = head(&mut rest) else { return false };
    let mut leaves = Vec::new();
    while let (Some(index), Some(leaf)) = (number(&mut rest), take(&mut rest)) {
        leaves.push((Index(index), Digest(leaf)));
    }
    let plain: Vec<(u64, Digest)> = leaves.iter().map(|(index, leaf)| (index.0, *leaf)).collect();
    let verify = |path: &[Digest], root: &Digest| verify_multi(&Sha256, &leaves, Size(size), path, root);
    judged(&plain, size, &path, root, verify)
}

/// `merkle::verify_range` against the same recursion. Input: size, root, path length, path, start, then the leaf hashes.
pub(super) fn range(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let Some((size, root, path)) = head(&mut rest) else { return false };
    let (Some(start), Some(leaves)) = (number(&mut rest), digests(rest)) else { return false };
    let Some(plain) = (0..).zip(&leaves).map(|(at, leaf)| Some((start.checked_add(at)?, *leaf))).collect()
    else {
        let verdict = verify_range(&Sha256, Size(start), &leaves, Size(size), &path, &root);
        assert!(matches!(verdict, Err(Error::PeerIndexBeyondSize { .. })), "{verdict:?}");
        return false;
    };
    let plain: Vec<(u64, Digest)> = plain;
    let verify =
        |path: &[Digest], root: &Digest| verify_range(&Sha256, Size(start), &leaves, Size(size), path, root);
    judged(&plain, size, &path, root, verify)
}

/// Compares verdict and reason with the recursion's. Where a path has the wrong length, one of the right length that begins
/// with it is tried too.
fn judged(
    leaves: &[(u64, Digest)],
    size: u64,
    path: &[Digest],
    root: Digest,
    verify: impl Fn(&[Digest], &Digest) -> Result<(), Error>,
) -> bool {
    let verdict = verify(path, &root);
    let ascending = leaves.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let within = leaves.iter().all(|(index, _)| *index < size);
    if leaves.is_empty() || leaves.len() > MAX_PROOF_LEAVES || !ascending || !within {
        let shape = matches!(
            verdict,
            Err(Error::PeerNoLeaf
                | Error::PeerTooManyLeaves { .. }
                | Error::PeerIndexOrder { .. }
                | Error::PeerIndexBeyondSize { .. })
        );
        assert!(shape, "{verdict:?}");
        return false;
    }
    let mut places = Vec::new();
    missing(leaves, (0, size), &mut places);
    places.sort_unstable();
    let want = places.len();
    let length = |path: &[Digest]| Err(Error::PeerPathLength { got: path.len(), want });
    if path.len() != want {
        assert_eq!(verdict, length(path));
    }
    let mut path = path.to_vec();
    path.resize(want, Digest([0x5a; 32]));
    let got = joined(leaves, (0, size), (64, 0), &places, &path);
    if verdict.is_ok() {
        assert_eq!(got, root);
    }
    let mut other = got;
    other.0[0] ^= 1;
    assert_eq!(verify(&path, &got), Ok(()));
    assert_eq!(verify(&path, &other), Err(Error::PeerRootMismatch { got, want: other }));
    let longer = [path.as_slice(), &[Digest::default()]].concat();
    assert_eq!(verify(&longer, &got), length(&longer));
    if let Some((_, shorter)) = path.split_first() {
        assert_eq!(verify(shorter, &got), length(shorter));
    }
    verdict.is_ok()
}

/// The largest power of two below `n`, for n > 1.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The leaves that are known of the tree of some leaves from some offset on.
type Part<'a> = (&'a [(u64, Digest)], (u64, u64));

/// The halves of the tree of the `n` leaves from `offset` on, each with the leaves that are known there.
fn halves(leaves: &[(u64, Digest)], (offset, n): (u64, u64)) -> [Part<'_>; 2] {
    let k = split(n);
    let (left, right) = leaves.split_at(leaves.partition_point(|(index, _)| index - offset < k));
    [(left, (offset, k)), (right, (offset + k, n - k))]
}

/// Level and position of the hashes that the leaves do not give.
fn missing(leaves: &[(u64, Digest)], (offset, n): (u64, u64), places: &mut Vec<(u32, u64)>) {
    if n == 1 {
        return;
    }
    for (known, half) in halves(leaves, (offset, n)) {
        match known {
            [] => places.push((split(n).ilog2(), half.0 / split(n))),
            _ => missing(known, half, places),
        }
    }
}

/// The root of the tree of the `n` leaves from `offset` on, which stands at `place`.
fn joined(
    leaves: &[(u64, Digest)],
    (offset, n): (u64, u64),
    place: (u32, u64),
    places: &[(u32, u64)],
    path: &[Digest],
) -> Digest {
    let Some((_, leaf)) = leaves.first() else {
        return path[places.binary_search(&place).expect("it is among the missing")];
    };
    if n == 1 {
        return *leaf;
    }
    let [left, right] = halves(leaves, (offset, n))
        .map(|(known, half)| joined(known, half, (split(n).ilog2(), half.0 / split(n)), places, path));
    Sha256.node(&left, &right)
}

fn head(rest: &mut &[u8]) -> Option<(u64, Digest, Vec<Digest>)> {
    let (size, root, [length]) = (number(rest)?, take(rest)?, take(rest)?);
    let path = (0..length).map(|_| take(rest).map(Digest)).collect::<Option<_>>()?;
    Some((size, Digest(root), path))
}
