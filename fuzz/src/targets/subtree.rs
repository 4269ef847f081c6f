use std::collections::BTreeMap;

use auditmesh_merkle::{
    CompactRange, Error, MAX_LEAVES, Sha256, covering_subtrees, empty_root, verify_subtree_consistency,
    verify_subtree_inclusion,
};
use auditmesh_types::{Digest, Hasher, Index, Size};

use super::{digests, merkle::climbed, number, take};

/// `merkle::verify_subtree_consistency` against the recursion of the draft. Input: start, end, size, root of the
/// subtree, root, path. What is no subtree is also tried as the subtree that begins before it.
pub(super) fn subtree_consistency(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut head = || {
        let sizes = (number(&mut rest)?, number(&mut rest)?, number(&mut rest)?);
        Some((sizes, Digest(take(&mut rest)?), Digest(take(&mut rest)?)))
    };
    let Some((sizes, part, root)) = head() else { return false };
    let Some(path) = digests(rest) else { return false };
    let accepted = contained(sizes, part, &path, root);
    let (start, end, size) = sizes;
    covered(start, end);
    if let Some(length) = end.checked_sub(start).filter(|length| *length > 0) {
        let start = length.checked_next_power_of_two().map_or(0, |rounded| start / rounded * rounded);
        let sizes = (start, start + length, size.max(start + length));
        let want = siblings((sizes.0, sizes.1), sizes.2, true);
        let mut path = path;
        path.resize(want, Digest([0x5a; 32]));
        let roots = rebuilt((sizes.0, sizes.1), sizes.2, Some(part), &mut path.clone());
        let (part, root) = roots.expect("as many hashes as there are siblings");
        assert!(contained(sizes, part, &path, root));
        assert!(!contained(sizes, part, &[path.as_slice(), &[part]].concat(), root));
        assert!(path.is_empty() || !contained(sizes, part, &path[1..], root));
    }
    accepted
}

/// Two subtrees side by side cover the leaves, and before them less than half of the first.
fn covered(start: u64, end: u64) {
    let Ok([first, second]) = covering_subtrees(Size(start), Size(end)) else {
        return assert!(start > end, "{start} to {end} is covered by nothing");
    };
    for (start, end) in [first, second] {
        assert!(is_subtree(start.0, end.0), "{start} to {end} is no subtree");
    }
    assert_eq!((first.1, second.1), (second.0, Size(end)));
    let before = start.checked_sub(first.0.0).expect("the first leaf is covered");
    assert!(before == 0 || before < (first.1.0 - first.0.0).div_ceil(2), "{start} to {end}: {first:?}");
}

/// The verdict, compared with the recursion's.
fn contained((start, end, size): (u64, u64, u64), part: Digest, path: &[Digest], root: Digest) -> bool {
    let verdict =
        verify_subtree_consistency(&Sha256, (Size(start), Size(end)), &part, Size(size), path, &root);
    if !is_subtree(start, end) {
        assert_eq!(verdict, Err(Error::PeerSubtree { start: Size(start), end: Size(end) }));
        return false;
    }
    if end > size {
        assert_eq!(verdict, Err(Error::PeerSubtreeBeyondSize { end: Size(end), size: Size(size) }));
        return false;
    }
    if start == end {
        let want = match path.len() {
            _ if size == 0 && root != empty_root() => {
                Err(Error::PeerEmptyRoot { got: root, want: empty_root() })
            }
            0 if part == empty_root() => Ok(()),
            0 => Err(Error::PeerSubtreeRootMismatch { got: empty_root(), want: part }),
            got => Err(Error::PeerPathLength { got, want: 0 }),
        };
        assert_eq!(verdict, want);
        return want.is_ok();
    }
    let (got, mut rest) = (path.len(), path.to_vec());
    let roots = rebuilt((start, end), size, Some(part), &mut rest).filter(|_| rest.is_empty());
    let want = match roots {
        None => Err(Error::PeerPathLength { got, want: siblings((start, end), size, true) }),
        Some((got, _)) if got != part => Err(Error::PeerSubtreeRootMismatch { got, want: part }),
        Some((_, got)) if got != root => Err(Error::PeerRootMismatch { got, want: root }),
        Some(_) => Ok(()),
    };
    assert_eq!(verdict, want);
    verdict.is_ok()
}

/// Whether the leaves from `start` up to `end` begin at a multiple of their number, rounded up to a power of two; where
/// there are none they do.
fn is_subtree(start: u64, end: u64) -> bool {
    let (start, end) = (u128::from(start), u128::from(end));
    start <= end && start.is_multiple_of((end - start).next_power_of_two())
}

/// How many hashes the proof has.
fn siblings((start, end): (u64, u64), n: u64, known: bool) -> usize {
    if (start, end) == (0, n) {
        return usize::from(!known);
    }
    let k = 1u64 << (n - 1).ilog2();
    1 + match () {
        () if end <= k => siblings((start, end), k, known),
        () if k <= start => siblings((start - k, end - k), n - k, known),
        () => siblings((0, end - k), n - k, false),
    }
}

/// Both roots, the hashes taken from the end of the path; `None` when they do not suffice.
fn rebuilt(
    (start, end): (u64, u64),
    n: u64,
    known: Option<Digest>,
    path: &mut Vec<Digest>,
) -> Option<(Digest, Digest)> {
    if (start, end) == (0, n) {
        let hash = known.or_else(|| path.pop())?;
        return Some((hash, hash));
    }
    let k = 1u64 << (n - 1).ilog2();
    let sibling = path.pop()?;
    Some(if end <= k {
        let (part, whole) = rebuilt((start, end), k, known, path)?;
        (part, Sha256.node(&whole, &sibling))
    } else if k <= start {
        let (part, whole) = rebuilt((start - k, end - k), n - k, known, path)?;
        (part, Sha256.node(&sibling, &whole))
    } else {
        let (part, whole) = rebuilt((0, end - k), n - k, None, path)?;
        (Sha256.node(&sibling, &part), Sha256.node(&sibling, &whole))
    })
}

/// `merkle::verify_subtree_inclusion` against the steps of RFC 9162 §2.1.3.2 within the subtree. Input: index, start, end,
/// root, leaf hash, path.
pub(super) fn subtree_inclusion(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut head = || {
        let numbers = (number(&mut rest)?, number(&mut rest)?, number(&mut rest)?);
        Some((numbers, Digest(take(&mut rest)?), Digest(take(&mut rest)?)))
    };
    let Some(((index, start, end), root, leaf)) = head() else { return false };
    let Some(path) = digests(rest) else { return false };
    let verify = |root: &Digest| {
        verify_subtree_inclusion(&Sha256, &leaf, Index(index), (Size(start), Size(end)), &path, root)
    };
    let verdict = verify(&root);
    if !is_subtree(start, end) {
        assert_eq!(verdict, Err(Error::PeerSubtree { start: Size(start), end: Size(end) }));
        return false;
    }
    if !(start..end).contains(&index) {
        let (index, start, end) = (Index(index), Size(start), Size(end));
        assert_eq!(verdict, Err(Error::PeerIndexOutsideSubtree { index, start, end }));
        return false;
    }
    match climbed(leaf, index - start, end - start, &path) {
        None => assert!(matches!(verdict, Err(Error::PeerPathLength { .. })), "{verdict:?}"),
        Some(got) => {
            let want = if got == root { Ok(()) } else { Err(Error::PeerRootMismatch { got, want: root }) };
            assert_eq!((verdict.clone(), verify(&got)), (want, Ok(())));
        }
    }
    verdict.is_ok()
}

/// A complete subtree: its level, and its place among those of its level.
type Blocks = BTreeMap<(u32, u64), Digest>;

/// `merkle::CompactRange` against a heap of complete subtrees in which siblings are joined until none are left. Input: the
/// start, how many leaves the left and the right range have, one byte for the hashes that the right one has too many or
/// too few, how many leaves to append. The hashes are made up.
pub(super) fn compact_range(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut head = || Some((number(&mut rest)?, number(&mut rest)?, number(&mut rest)?, take(&mut rest)?));
    let Some((start, left, right, [odd, adding])) = head() else { return false };
    let (Some(middle), true) = (start.checked_add(left), rest.is_empty()) else { return false };
    let Some(end) = middle.checked_add(right) else { return false };
    let (Some(mut left), Some(right)) = (made(start, middle, 0), made(middle, end, odd % 3)) else {
        return false;
    };
    let mut blocks = blocks(&left);
    blocks.extend(self::blocks(&right));
    assert_eq!(left.merge(&right), Ok(()));
    assert_eq!((left.start(), left.end()), (Size(start), Size(end)));
    same(&left, join(blocks.clone()));
    let leaves: Vec<Digest> = (0..adding).map(|leaf| Sha256.leaf(&[leaf])).collect();
    let before = left.clone();
    match left.append_leaf_hashes(&leaves) {
        Ok(first) => assert_eq!(first, Index(end)),
        Err(error) => {
            assert!(matches!(error, Error::MisuseTreeFull { .. }) && left == before, "{error:?}");
            assert!(end + u64::from(adding) > MAX_LEAVES);
            return true;
        }
    }
    blocks.extend((end..).zip(leaves).map(|(index, leaf)| ((0, index), leaf)));
    same(&left, join(blocks));
    true
}

/// A range with made-up hashes, one more or less than it must have where `odd` says so, which is refused.
fn made(start: u64, end: u64, odd: u8) -> Option<CompactRange> {
    let places = largest(start, end);
    let want = places.as_ref().map_or(0, Vec::len);
    let got = (want + usize::from(odd == 1)).saturating_sub(usize::from(odd == 2));
    let hash = |at: usize| Sha256.leaf(&[start.to_be_bytes(), (at as u64).to_be_bytes()].concat());
    let range = CompactRange::from_hashes(Size(start), Size(end), (0..got).map(hash).collect());
    assert_eq!(range.is_ok(), places.is_some() && got == want, "{range:?}");
    range.ok()
}

/// The places of the largest complete subtrees of a range, from left to right; `None` beyond the largest tree.
fn largest(start: u64, end: u64) -> Option<Vec<(u32, u64)>> {
    let (mut at, mut places) = (start, Vec::new());
    while at < end && end <= MAX_LEAVES {
        let fits = |level: &u32| at.is_multiple_of(1 << level) && at + (1 << level) <= end;
        let level = (0..=48).rev().find(fits).unwrap_or(0);
        places.push((level, at >> level));
        at += 1 << level;
    }
    (end <= MAX_LEAVES).then_some(places)
}

fn blocks(range: &CompactRange) -> Blocks {
    let places = largest(range.start().0, range.end().0).expect("it is a range");
    places.into_iter().zip(range.hashes().iter().copied()).collect()
}

/// Joins siblings, from the leaves up.
fn join(mut blocks: Blocks) -> Blocks {
    for level in 0..48 {
        let even: Vec<u64> = blocks.range((level, 0)..(level + 1, 0)).map(|((_, at), _)| *at & !1).collect();
        for at in even {
            let (left, right) = ((level, at), (level, at + 1));
            if let (Some(a), Some(b)) = (blocks.get(&left), blocks.get(&right)) {
                let joined = Sha256.node(a, b);
                blocks.remove(&left);
                blocks.remove(&right);
                blocks.insert((level + 1, at / 2), joined);
            }
        }
    }
    blocks
}

fn same(range: &CompactRange, blocks: Blocks) {
    let mut blocks: Vec<_> = blocks.into_iter().map(|((level, at), hash)| (at << level, hash)).collect();
    blocks.sort_unstable();
    assert!(blocks.iter().map(|(_, hash)| hash).eq(range.hashes()), "other subtrees: {range:?}");
    let hashes = blocks.into_iter().map(|(_, hash)| hash);
    let root = hashes.rev().reduce(|right, left| Sha256.node(&left, &right)).unwrap_or_else(empty_root);
    match range.start() {
        Size(0) => assert_eq!(range.root(), Ok(root)),
        start => assert_eq!(range.root(), Err(Error::MisuseNoRoot { start })),
    }
}
