//! Each changed byte of a tile or bundle is refused, with the reason.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::convert::Infallible;

use auditmesh_merkle::{
    self as merkle, Tree, empty_root,
    tiles::{BundlePath, TilePath},
};
use auditmesh_store_tiles::{Error, FileName, MemoryStore, Publisher, TileReader, TileStore, resume};
use auditmesh_types::{Digest, Index, Size, TreeHead};
use support::{entries, head_at, publish, tree_of};

type Refusal = Error<Infallible>;

fn tile(level: u8, index: u64, width: u16) -> FileName {
    FileName::Tile(TilePath::new(level, index, width).unwrap())
}

fn bundle(index: u64, width: u16) -> FileName {
    FileName::Bundle(BundlePath::new(index, width).unwrap())
}

fn published(size: u64) -> (MemoryStore, Tree, TreeHead) {
    let all = entries(0, 0, size);
    let tree = tree_of(&all);
    let mut publisher = Publisher::resume(MemoryStore::new(), Tree::new().head()).unwrap();
    let head = publish(&mut publisher, &tree, &all, size);
    (publisher.into_store(), tree, head)
}

/// Calls `check` with a store in which byte `at` of a file is changed, for every byte or every `step`th.
fn flip(store: &MemoryStore, name: FileName, step: usize, mut check: impl FnMut(&MemoryStore, usize)) {
    let bytes = store.read(name).unwrap().unwrap();
    for at in (0..bytes.len()).step_by(step) {
        let (mut bad, mut store) = (bytes.clone(), store.clone());
        bad[at] ^= 1 << (at % 8);
        store.write(name, &bad).unwrap();
        check(&store, at);
    }
}

fn mismatch(refusal: &Refusal, want: FileName) -> bool {
    matches!(refusal, Error::PeerTileMismatch { name, got, want: hash } if *name == want && got != hash)
}

fn root_mismatch(refusal: &Refusal, head: TreeHead) -> bool {
    matches!(refusal, Error::PeerRootMismatch { size, got, want }
        if (*size, *want) == (head.size, head.root) && got != want)
}

#[test]
fn each_byte_of_a_partial_tile() {
    let (store, _, head) = published(300);
    for name in [tile(0, 1, 44), tile(1, 0, 1)] {
        flip(&store, name, 1, |store, at| {
            let reader = TileReader::of_store(store);
            let refusals = [
                resume(store, head).unwrap_err(),
                reader.inclusion(Index(0), head).unwrap_err(),
                reader.consistency(TreeHead { size: Size(0), root: empty_root() }, head).unwrap_err(),
                reader.entry(Index(299), head).unwrap_err(),
            ];
            assert!(refusals.iter().all(|refusal| root_mismatch(refusal, head)), "{name} {at}: {refusals:?}");
        });
    }
}

#[test]
fn each_byte_of_a_full_tile() {
    let (store, tree, head) = published(300);
    let name = tile(0, 0, 256);
    flip(&store, name, 1, |store, at| {
        let refusal = TileReader::of_store(store).inclusion(Index(7), head).unwrap_err();
        assert!(mismatch(&refusal, name), "{at}: {refusal}");
    });
    flip(&store, name, 97, |store, _| {
        let reader = TileReader::of_store(store);
        let old = head_at(&tree, 100);
        assert!(mismatch(&reader.consistency(old, head).unwrap_err(), name));
        assert!(mismatch(&reader.entry(Index(7), head).unwrap_err(), name));
        assert!(mismatch(&reader.leaf(Index(7), head).unwrap_err(), name));
        assert!(mismatch(&reader.leaves(head).unwrap_err(), name));
        assert!(mismatch(&reader.root_at(Size(100), head).unwrap_err(), name));
        // What is right of it is read without it.
        assert!(reader.inclusion(Index(299), head).is_ok());
    });
}

#[test]
fn a_full_tile_of_a_higher_level() {
    let (store, _, head) = published(65_600);
    for (name, index) in [(tile(1, 0, 256), 7), (tile(0, 200, 256), 51_200)] {
        flip(&store, name, 301, |store, at| {
            let refusal = TileReader::of_store(store).inclusion(Index(index), head).unwrap_err();
            assert!(mismatch(&refusal, name), "{at}: {refusal}");
        });
    }
}

#[test]
fn each_byte_of_a_bundle() {
    let (store, _, head) = published(300);
    for (name, index) in [(bundle(0, 256), 9), (bundle(1, 44), 256)] {
        let (mut hashes, mut lengths) = (0, 0);
        flip(&store, name, 1, |store, at| {
            let refused = [
                TileReader::of_store(store).entry(Index(index), head).unwrap_err(),
                match name.is_partial() {
                    true => resume(store, head).unwrap_err(),
                    false => TileReader::of_store(store).entry(Index(255), head).unwrap_err(),
                },
            ];
            assert_eq!(refused[0], refused[1]);
            match &refused[0] {
                Error::PeerEntryMismatch { name: in_file, got, want, .. } => {
                    assert!(*in_file == name && got != want, "{at}");
                    hashes += 1;
                }
                Error::PeerBundle {
                    name: in_file,
                    source:
                        merkle::Error::PeerBundleTruncated { .. } | merkle::Error::PeerBundleLeftOver { .. },
                } => {
                    assert_eq!(*in_file, name, "{at}");
                    lengths += 1;
                }
                other => unreachable!("{at}: {other}"),
            }
        });
        assert!(hashes > 40 && lengths > 20, "{hashes} {lengths}");
    }
}

#[test]
fn a_changed_entry_is_named() {
    let (mut store, tree, head) = published(300);
    let name = bundle(1, 44);
    let mut bytes = store.read(name).unwrap().unwrap();
    bytes[2] ^= 1;
    store.write(name, &bytes).unwrap();
    let Err(Error::PeerEntryMismatch { name: in_file, index, want, .. }) = resume(&store, head) else {
        unreachable!("it must be refused")
    };
    assert_eq!((in_file, index, Some(want)), (name, Index(256), tree.leaf(Index(256))));
}

#[test]
fn files_of_other_lengths_and_missing_ones() {
    let (store, _, head) = published(300);
    for (name, want) in [(tile(0, 1, 44), 1_408), (tile(0, 0, 256), 8_192)] {
        for got in [0, want - 1, want + 1, want + 32] {
            let mut bad = store.clone();
            bad.write(name, &vec![0; got]).unwrap();
            let refused = TileReader::of_store(&bad).leaf(Index(0), head);
            assert_eq!(refused, Err(Error::PeerTileLength { name, got, want }));
        }
    }
    for name in [tile(0, 1, 44), tile(1, 0, 1), bundle(1, 44)] {
        let mut bad = store.clone();
        bad.remove(name).unwrap();
        assert_eq!(resume(&bad, head).unwrap_err(), Error::PeerMissing { name });
    }
    for name in [tile(0, 0, 256), bundle(0, 256)] {
        let mut bad = store.clone();
        bad.remove(name).unwrap();
        assert_eq!(TileReader::of_store(&bad).entry(Index(3), head), Err(Error::PeerMissing { name }));
    }
}

#[test]
fn a_full_file_in_the_place_of_a_partial_one_is_verified_as_far_as_it_is_used() {
    let (store, tree, _) = published(300);
    let old = head_at(&tree, 100);
    assert_eq!(resume(&store, old).unwrap().entries, entries(0, 0, 100));
    flip(&store, tile(0, 0, 256), 1, |store, at| match TileReader::of_store(store).leaf(Index(5), old) {
        Ok(leaf) => assert!(at >= 3_200 && tree.leaf(Index(5)) == Some(leaf), "{at}"),
        Err(refusal) => assert!(at < 3_200 && root_mismatch(&refusal, old), "{at}: {refusal}"),
    });
}

#[test]
fn heads_of_other_logs_and_places_beyond_the_tree() {
    let (store, tree, head) = published(300);
    let reader = TileReader::of_store(&store);
    let other = TreeHead { root: Digest([1; 32]), ..head };
    assert!(root_mismatch(&reader.inclusion(Index(0), other).unwrap_err(), other));
    let none = TreeHead { size: Size(0), root: Digest([1; 32]) };
    assert!(root_mismatch(&resume(&store, none).unwrap_err(), none));
    let max = merkle::MAX_LEAVES;
    let large = TreeHead { size: Size(max + 1), ..head };
    let source = merkle::Error::PeerTreeTooLarge { got: large.size, max };
    assert_eq!(reader.leaf(Index(0), large), Err(Error::PeerHead { source }));
    for index in [300, u64::MAX] {
        let source = merkle::Error::MisuseIndexBeyondSize { index: Index(index), size: head.size };
        assert_eq!(reader.inclusion(Index(index), head), Err(Error::MisuseTree { source: source.clone() }));
        assert_eq!(reader.leaf(Index(index), head), Err(Error::MisuseTree { source: source.clone() }));
        assert_eq!(reader.entry(Index(index), head), Err(Error::MisuseTree { source }));
    }
    let source = merkle::Error::MisuseSizeBeyondTree { got: Size(301), max: Size(300) };
    assert_eq!(reader.root_at(Size(301), head), Err(Error::MisuseTree { source }));
    let old = TreeHead { root: Digest([1; 32]), size: Size(200) };
    let got = tree.root_at(Size(200)).unwrap();
    let source = merkle::Error::PeerOldRootMismatch { got, want: old.root };
    assert_eq!(reader.consistency(old, head), Err(Error::PeerHead { source }));
    let source = merkle::Error::PeerOldBeyondNew { old: Size(300), new: Size(200) };
    assert_eq!(reader.consistency(head, head_at(&tree, 200)), Err(Error::PeerHead { source }));
}
