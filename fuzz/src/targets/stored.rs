use std::fmt::Debug;

use auditmesh_merkle::{
    CompactRange, Error, Frontier, MAX_LEAVES, Sha256, Tree, empty_root, verify_inclusion,
};
use auditmesh_types::{Digest, Hasher, Index, Size};
use sha2::Digest as _;

/// What a file with only its last digest put right reads as; whether it was right.
///
/// A value has one file, and its last digest is SHA-256 over the tag, the numbers and the root.
fn read<T: PartialEq + Debug>(
    bytes: &[u8],
    head: usize,
    decode: impl Fn(&[u8]) -> Result<T, Error>,
    encode: impl Fn(&T) -> Vec<u8>,
    root: impl Fn(&T) -> Digest,
) -> (bool, Option<T>) {
    let (good, bytes) = match decode(bytes) {
        Ok(_) => (true, bytes.to_vec()),
        Err(Error::PeerFileMismatch { got, want }) => {
            assert!(bytes.ends_with(want.as_ref()) && got != want);
            (false, [&bytes[..bytes.len() - 32], got.as_ref()].concat())
        }
        Err(_) => return (false, None),
    };
    let value = decode(&bytes).expect("nothing was wrong but the last digest");
    assert_eq!(encode(&value), bytes, "two files of one value");
    let sum = sha2::Sha256::new().chain_update(&bytes[..head]).chain_update(root(&value)).finalize();
    assert_eq!(bytes[bytes.len() - 32..], sum[..]);
    (good, Some(value))
}

/// The numbers behind a tag, and the hashes behind them.
fn parts<const N: usize>(bytes: &[u8], tag: usize) -> ([u64; N], Vec<Digest>) {
    let (numbers, hashes) = bytes[tag..bytes.len() - 32].split_at(8 * N);
    let (numbers, _) = numbers.as_chunks::<8>();
    let (hashes, rest) = hashes.as_chunks::<32>();
    assert!(rest.is_empty());
    (std::array::from_fn(|at| u64::from_be_bytes(numbers[at])), hashes.iter().copied().map(Digest).collect())
}

/// `merkle::Frontier::decode`: one file for one value, the same value as from its hashes.
pub(super) fn frontier_file(bytes: &[u8]) -> bool {
    const TAG: usize = b"auditmesh frontier v1\n".len();
    let decode = |bytes: &[u8]| Frontier::decode(bytes, Size(u64::MAX));
    let (good, Some(frontier)) = read(bytes, TAG + 8, decode, Frontier::encode, Frontier::root) else {
        return false;
    };
    let ([size], hashes) = parts(bytes, TAG);
    assert_eq!(Frontier::from_hashes(Size(size), hashes), Ok(frontier));
    let smaller = Frontier::decode(bytes, Size(size.saturating_sub(1)));
    assert!(size == 0 || matches!(smaller, Err(Error::PeerTreeTooLarge { .. })), "{smaller:?}");
    good
}

/// `merkle::CompactRange::decode`: the same.
pub(super) fn range_file(bytes: &[u8]) -> bool {
    const TAG: usize = b"auditmesh range v1\n".len();
    let decode = |bytes: &[u8]| CompactRange::decode(bytes, Size(u64::MAX));
    let joined = |range: &CompactRange| {
        let hashes = range.hashes().iter().rev().copied();
        hashes.reduce(|right, left| Sha256.node(&left, &right)).unwrap_or_else(empty_root)
    };
    let (good, Some(range)) = read(bytes, TAG + 16, decode, CompactRange::encode, joined) else {
        return false;
    };
    let ([start, end], hashes) = parts(bytes, TAG);
    assert_eq!(CompactRange::from_hashes(Size(start), Size(end), hashes), Ok(range));
    good
}

/// `merkle::Tree::decode`: one file for one value, whose leaves are those in the file, each of them proved. Of a tree that is
/// not pruned the root is that of the recursion.
pub(super) fn tree_file(bytes: &[u8]) -> bool {
    const TAG: usize = b"auditmesh tree v1\n".len();
    let decode = |bytes: &[u8]| Tree::decode(bytes, Size(MAX_LEAVES));
    let encode = |tree: &Whole| tree.0.encode();
    let root = |tree: &Whole| tree.0.root();
    let (good, Some(Whole(mut tree))) = read(bytes, TAG + 16, |bytes| decode(bytes).map(Whole), encode, root)
    else {
        return false;
    };
    let ([pruned, size], hashes) = parts(bytes, TAG);
    assert_eq!((tree.pruned_below(), tree.size()), (Index(pruned), Size(size)));
    let kept = usize::try_from(size - pruned).expect("as many hashes are in the file");
    let leaves = &hashes[hashes.len() - kept..];
    assert!((pruned..).zip(leaves).all(|(index, leaf)| tree.leaf(Index(index)) == Some(*leaf)));
    for index in (pruned..size).step_by(1 + kept / 8) {
        let leaf = tree.leaf(Index(index)).expect("it was kept");
        let proof = tree.inclusion(Index(index), Size(size)).expect("it was kept");
        assert_eq!(
            verify_inclusion(&Sha256, &leaf, Index(index), Size(size), &proof.path, &tree.root()),
            Ok(())
        );
    }
    if pruned == 0 {
        assert_eq!(tree.root(), recursion(&hashes));
    }
    let mut frontier = tree.frontier();
    if size < MAX_LEAVES {
        let next = Sha256.leaf(b"next");
        assert_eq!(tree.append_leaf_hashes(&[next]), Ok(Index(size)));
        assert_eq!(frontier.append(&next), Ok(Index(size)));
        assert_eq!(tree.head(), frontier.head());
    }
    good
}

/// A tree, compared by its file.
#[derive(Debug)]
struct Whole(Tree);

impl PartialEq for Whole {
    fn eq(&self, other: &Self) -> bool {
        self.0.encode() == other.0.encode()
    }
}

fn recursion(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(1 << (leaves.len() - 1).ilog2());
            Sha256.node(&recursion(left), &recursion(right))
        }
    }
}
