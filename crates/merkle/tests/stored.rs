//! Stored trees, frontiers and ranges: the same value comes back, and every other byte or length is refused with its reason.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use auditmesh_merkle::{CompactRange, Error, Frontier, MAX_LEAVES, Sha256, Tree};
use auditmesh_types::{Digest, Index, Size};
use proptest::prelude::*;
use reference::{hex, leaves};
use sha2::Digest as _;

const MOST: Size = Size(MAX_LEAVES);
/// The most leaves a tree may have in the memory of this machine.
const MOST_HERE: u64 = if usize::BITS < 64 { 1 << 30 } else { MAX_LEAVES };

fn pruned(size: usize, min: u64) -> Tree {
    let mut tree = reference::tree(size);
    tree.prune(Index(min)).unwrap();
    tree
}

/// The form, written down a second time.
fn form(tag: &str, numbers: &[u64], hashes: &[Digest], root: &Digest) -> Vec<u8> {
    let head =
        [tag.as_bytes(), b"\n", &numbers.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<_>>()].concat();
    let check = sha2::Sha256::digest([head.as_slice(), &root.0].concat());
    [head, hashes.iter().flat_map(|hash| hash.0).collect(), check.to_vec()].concat()
}

/// The examples of `docs/spec/tree-file.md`.
#[test]
fn the_examples_of_the_specification() {
    let mut tree = Tree::new();
    tree.append_batch(&[b"login".as_slice(), b"read", b"logout"]).unwrap();
    let (frontier, range) = (tree.frontier(), tree.compact_range(Size(1), Size(3)).unwrap());
    tree.prune(Index(1)).unwrap();
    let want = hex(concat!(
        "61756469746d65736820747265652076310a0000000000000001000000000000",
        "0003179751e76b7ea37087b68222e480842284fccac34e4f2eb520069936626f",
        "b2f281cabc073aeebbe18afa1a13e3169c82cca99ca7af4bb9fb3db16c1af63a",
        "95f836cbf667c4bf66472664223e56dac4e51d392271798828fe1d445525798c",
        "c6f3d7675e07c83140bd1c4374908325fb94b8d3d830b17589d0dba53c1131d8",
        "84b2",
    ));
    assert_eq!((tree.encode(), tree.encode().len()), (want, 162));
    let want = hex(concat!(
        "61756469746d6573682066726f6e746965722076310a0000000000000003d326",
        "86f11e5d5c67bf32337c17ef7e7228cefa037b58cc515ef9f6559a93443536cb",
        "f667c4bf66472664223e56dac4e51d392271798828fe1d445525798cc6f3b8e3",
        "be2ca4e2af116ef3d8a274e2149d18d5691cee96ff5b46f45688fd1eb614",
    ));
    assert_eq!((frontier.encode(), frontier.encode().len()), (want, 126));
    let want = hex(concat!(
        "61756469746d6573682072616e67652076310a00000000000000010000000000",
        "00000381cabc073aeebbe18afa1a13e3169c82cca99ca7af4bb9fb3db16c1af6",
        "3a95f836cbf667c4bf66472664223e56dac4e51d392271798828fe1d44552579",
        "8cc6f329ac9f818c95a8a946eb974e3ee48130a8e98f8efe6b5648f6e1878923",
        "70f40b",
    ));
    assert_eq!((range.encode(), range.encode().len()), (want, 131));
}

#[test]
fn every_changed_byte_and_length_is_refused() {
    let range = reference::tree(13).compact_range(Size(3), Size(13)).unwrap();
    let frontier = reference::tree(13).frontier();
    let cases: [(Vec<u8>, usize, &str); 5] = [
        (pruned(5, 0).encode(), 34, "auditmesh tree v1"),
        (pruned(5, 3).encode(), 34, "auditmesh tree v1"),
        (Tree::new().encode(), 34, "auditmesh tree v1"),
        (frontier.encode(), 30, "auditmesh frontier v1"),
        (range.encode(), 35, "auditmesh range v1"),
    ];
    for (bytes, body, tag) in cases {
        let read = |bytes: &[u8]| match tag {
            "auditmesh tree v1" => Tree::decode(bytes, MOST).map(|tree| tree.encode()),
            "auditmesh frontier v1" => Frontier::decode(bytes, MOST).map(|frontier| frontier.encode()),
            _ => CompactRange::decode(bytes, MOST).map(|range| range.encode()),
        };
        assert_eq!(read(&bytes), Ok(bytes.clone()));
        for at in 0..bytes.len() {
            for mask in 1..=255 {
                let mut changed = bytes.clone();
                changed[at] ^= mask;
                let error = read(&changed).unwrap_err();
                match error {
                    Error::PeerFileTag { want } => assert!(at <= tag.len() && want == tag),
                    Error::PeerTreeTooLarge { .. }
                    | Error::PeerRange { .. }
                    | Error::PeerFileLength { .. } => {
                        assert!((tag.len() + 1..body).contains(&at), "{at}: {error}");
                    }
                    Error::PeerFileMismatch { .. } => assert!(at > tag.len(), "{at}: {error}"),
                    other => assert_eq!(other.to_string(), "none other", "{at}"),
                }
            }
            let cut = read(&bytes[..at]).unwrap_err();
            match at {
                _ if at <= tag.len() => assert_eq!(cut, Error::PeerFileTag { want: leak(tag) }),
                _ if at < body + 32 => {
                    assert_eq!(cut, Error::PeerFileLength { got: at, want: body as u64 + 32 });
                }
                _ => assert_eq!(cut, Error::PeerFileLength { got: at, want: bytes.len() as u64 }),
            }
        }
        for more in [1, 31, 32, 64] {
            let longer = [bytes.clone(), vec![0; more]].concat();
            let refused = Error::PeerFileLength { got: longer.len(), want: bytes.len() as u64 };
            assert_eq!(read(&longer), Err(refused));
        }
    }
}

/// Tags are constants.
fn leak(tag: &str) -> &'static str {
    ["auditmesh tree v1", "auditmesh frontier v1", "auditmesh range v1"]
        .into_iter()
        .find(|t| *t == tag)
        .unwrap()
}

#[test]
fn limits_come_before_lengths() {
    let bytes = pruned(9, 4).encode();
    let refused = Error::PeerTreeTooLarge { got: Size(9), max: 8 };
    assert_eq!(Tree::decode(&bytes, Size(8)).err(), Some(refused.clone()));
    assert!(Tree::decode(&bytes, Size(9)).is_ok());
    assert_eq!(Frontier::decode(&reference::tree(9).frontier().encode(), Size(8)), Err(refused.clone()));
    let range = reference::tree(9).compact_range(Size(8), Size(9)).unwrap();
    assert_eq!(CompactRange::decode(&range.encode(), Size(8)), Err(refused));
    for (tag, max) in [("auditmesh tree v1", MOST_HERE), ("auditmesh range v1", MAX_LEAVES)] {
        let above = Error::PeerTreeTooLarge { got: Size(max + 1), max };
        let bytes = form(tag, &[0, max + 1], &[], &Digest::default());
        let error = match tag {
            "auditmesh tree v1" => Tree::decode(&bytes, Size(u64::MAX)).err(),
            _ => CompactRange::decode(&bytes, Size(u64::MAX)).err(),
        };
        assert_eq!(error, Some(above));
    }
    // Without room for the check the numbers are not looked at, be they right or not.
    for numbers in [[0, MAX_LEAVES + 1], [6, 5], [0, 3]] {
        let whole = form("auditmesh tree v1", &numbers, &[], &Digest::default());
        let refused = Error::PeerFileLength { got: 65, want: 66 };
        assert_eq!(Tree::decode(&whole[..65], MOST).err(), Some(refused));
    }
    // A short file that claims a large tree is refused by its length, before anything is allocated.
    let claim = form("auditmesh tree v1", &[0, MOST_HERE], &[], &Digest::default());
    let refused = Error::PeerFileLength { got: 66, want: 66 + 32 * MOST_HERE };
    assert_eq!(Tree::decode(&claim, MOST).err(), Some(refused));
    let claim = form("auditmesh tree v1", &[6, 5], &[], &Digest::default());
    assert_eq!(Tree::decode(&claim, MOST).err(), Some(Error::PeerRange { start: Size(6), end: Size(5) }));
}

proptest! {
    #[test]
    fn what_was_stored_comes_back((size, min) in (0usize..2_000, any::<u64>()), more in 0usize..300) {
        let min = min % (size as u64 + 1);
        let (tree, all) = (pruned(size, min), leaves(size + more));
        let tile = |level: u32| {
            let end = min >> (8 * level);
            (end & !255..end).map(|index| {
                let first = (index as usize) << (8 * level);
                reference::mth(&all[first..first + (1 << (8 * level))])
            }).collect::<Vec<_>>()
        };
        let hashes = [tile(0), tile(1), all[min as usize..size].to_vec()].concat();
        let bytes = tree.encode();
        prop_assert_eq!(&bytes, &form("auditmesh tree v1", &[min, size as u64], &hashes, &reference::mth(&all[..size])));
        let mut back = Tree::decode(&bytes, Size(size as u64)).unwrap();
        prop_assert_eq!((back.head(), back.pruned_below()), (tree.head(), tree.pruned_below()));
        prop_assert_eq!(back.encode(), bytes);
        let mut on = tree;
        for tree in [&mut on, &mut back] {
            tree.append_leaf_hashes(&all[size..]).unwrap();
        }
        prop_assert_eq!(on.encode(), back.encode());
        for at in min..on.size().0 {
            prop_assert_eq!(on.inclusion(Index(at), on.size()), back.inclusion(Index(at), on.size()));
        }
        let frontier = on.frontier();
        prop_assert_eq!(Frontier::decode(&frontier.encode(), on.size()), Ok(frontier.clone()));
        let want = form("auditmesh frontier v1", &[on.size().0], frontier.hashes(), &on.root());
        prop_assert_eq!(frontier.encode(), want);
        let range = on.compact_range(Size(min), on.size()).unwrap();
        prop_assert_eq!(CompactRange::decode(&range.encode(), on.size()), Ok(range.clone()));
        prop_assert_eq!(CompactRange::decode_with(Sha256, &range.encode(), on.size()), Ok(range));
    }

    #[test]
    fn hostile_bytes_are_refused_or_read_as_they_are(
        tag in prop::sample::select(vec!["auditmesh tree v1\n", "auditmesh frontier v1\n", "auditmesh range v1\n", ""]),
        (a, b) in (0u64..300, 0u64..300),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let bytes = [tag.as_bytes(), &a.to_be_bytes(), &b.to_be_bytes(), &rest].concat();
        if let Ok(tree) = Tree::decode(&bytes, MOST) {
            prop_assert_eq!(tree.encode(), bytes.clone());
        }
        if let Ok(frontier) = Frontier::decode(&bytes, MOST) {
            prop_assert_eq!(frontier.encode(), bytes.clone());
        }
        if let Ok(range) = CompactRange::decode(&bytes, MOST) {
            prop_assert_eq!(range.encode(), bytes);
        }
    }
}
