//! A checkpoint that went back, or is gone: the store is refused, and not a file of it is removed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use auditmesh_merkle::{
    Tree,
    tiles::{BundlePath, TilePath},
};
use auditmesh_store_tiles::{Error, FileName, MemoryStore, Publisher, TileStore, freeze};
use auditmesh_types::{Size, TreeHead};
use support::{
    checkpoint, entries,
    faulty::{Mode, Shared},
    head_at, head_in, publish, slices, tree_of,
};

type Refused = Error<std::convert::Infallible>;

fn log() -> (Vec<Vec<u8>>, Tree) {
    let all = entries(0, 0, 1_600);
    let tree = tree_of(&all);
    (all, tree)
}

/// A store after publications of `sizes`.
fn published(sizes: &[u64]) -> MemoryStore {
    let (all, tree) = log();
    let mut publisher = Publisher::resume(MemoryStore::new(), Tree::new().head()).unwrap();
    sizes.iter().for_each(|size| {
        publish(&mut publisher, &tree, &all, *size);
    });
    publisher.into_store()
}

fn tile(index: u64, width: u16) -> FileName {
    FileName::Tile(TilePath::new(0, index, width).unwrap())
}

fn intent(old: u64, new: u64) -> Vec<u8> {
    format!("auditmesh publishing v1\n{old} {new}\n").into_bytes()
}

/// Resumes; of a store that is refused every file is as before.
fn refused(store: &MemoryStore, head: TreeHead) -> Refused {
    let kept = Shared::new(store.clone(), usize::MAX, Mode::Before);
    let error = Publisher::resume(kept.clone(), head).unwrap_err();
    assert_eq!(kept.rest(), *store, "{error:?}");
    Publisher::resume(store.clone(), head).unwrap_err()
}

#[test]
fn a_success_leaves_no_intent() {
    for sizes in [&[5][..], &[5, 256], &[300, 700], &[300, 300]] {
        assert_eq!(published(sizes).read(FileName::Intent), Ok(None), "{sizes:?}");
    }
}

/// Sizes that were published, and the tile that shows that the last but one was not the last.
const GONE_BACK: [(&[u64], (u64, u16)); 7] = [
    (&[0, 5], (0, 5)),
    (&[0, 700], (0, 256)),
    (&[200, 230], (0, 230)),
    (&[200, 256], (0, 256)),
    (&[256, 257], (1, 1)),
    (&[100, 300, 1_100], (1, 256)),
    (&[300, 310], (1, 54)),
];

#[test]
fn the_checkpoint_before_comes_back() {
    let (all, tree) = log();
    for (sizes, (index, width)) in GONE_BACK {
        let whole = published(sizes);
        let (last, before) = (sizes[sizes.len() - 1], sizes[sizes.len() - 2]);
        let (mut older, head) = (whole.clone(), head_at(&tree, before));
        older.write(FileName::Checkpoint, &checkpoint(head)).unwrap();
        let want = Error::LocalCheckpointOlder { size: Size(before), name: tile(index, width) };
        assert_eq!(refused(&older, head), want, "{sizes:?}");
        // With the last one it goes on.
        let mut publisher = Publisher::resume(whole, head_at(&tree, last)).unwrap();
        publish(&mut publisher, &tree, &all, last + 1);
    }
}

#[test]
fn the_checkpoint_is_gone() {
    let (_, tree) = log();
    for (sizes, width) in [(&[5][..], 5), (&[256], 256), (&[100, 200], 200), (&[100, 1_100], 256)] {
        let mut store = published(sizes);
        store.remove(FileName::Checkpoint).unwrap();
        let want = Error::LocalCheckpointOlder { size: Size(0), name: tile(0, width) };
        assert_eq!(refused(&store, head_at(&tree, 0)), want, "{sizes:?}");
    }
    let mut frozen = MemoryStore::new();
    freeze(&mut frozen, &tree, Size(0), Size(1_600)).unwrap();
    let want = Error::LocalCheckpointOlder { size: Size(0), name: tile(0, 256) };
    assert_eq!(refused(&frozen, head_at(&tree, 0)), want, "tiles that are no log");
}

/// An intent stands, so the last publication was interrupted; the partial files say that it was after its checkpoint.
#[test]
fn the_checkpoint_before_comes_back_while_an_intent_stands() {
    let (_, tree) = log();
    for (sizes, new) in [(&[300][..], 700), (&[200], 256), (&[100, 200], 1_100)] {
        let old = sizes[sizes.len() - 1];
        let mut interrupted = published(&[sizes, &[new]].concat());
        interrupted.write(FileName::Intent, &intent(old, new)).unwrap();
        interrupted.write(FileName::Checkpoint, &checkpoint(head_at(&tree, old))).unwrap();
        let want = Error::LocalIntentSize { size: Size(old), old: Size(old), new: Size(new) };
        assert_eq!(refused(&interrupted, head_at(&tree, old)), want);
        // One of the partial files is not enough: both were removed, or none.
        let mut one = interrupted.clone();
        let (index, width) = (old / 256, u16::try_from(old % 256).unwrap());
        let whole = published(sizes);
        one.write(tile(index, width), &whole.read(tile(index, width)).unwrap().unwrap()).unwrap();
        assert_eq!(refused(&one, head_at(&tree, old)), want);
        // With both it is an interrupted publication like any other.
        let bundle = FileName::Bundle(BundlePath::new(index, width).unwrap());
        one.write(bundle, &whole.read(bundle).unwrap().unwrap()).unwrap();
        let resumed = Publisher::resume(one, head_at(&tree, old)).map(|p| p.head());
        assert_eq!(resumed, Ok(head_at(&tree, old)));
    }
}

/// Checkpoint and intent both are copies from before a later publication.
#[test]
fn an_older_intent_comes_back() {
    let (_, tree) = log();
    for size in [200, 230] {
        for (last, width) in [(240, 240), (700, 256)] {
            let mut store = published(&[200, 230, last]);
            store.write(FileName::Intent, &intent(200, 230)).unwrap();
            let head = head_at(&tree, size);
            store.write(FileName::Checkpoint, &checkpoint(head)).unwrap();
            let want = Error::LocalCheckpointOlder { size: Size(size), name: tile(0, width) };
            assert_eq!(refused(&store, head), want);
        }
    }
}

#[test]
fn a_head_or_an_intent_of_another_size_removes_nothing() {
    let (_, tree) = log();
    let store = published(&[100, 300]);
    for size in [0, 100, 299, 301] {
        let want = Error::MisuseHeadSize { got: Size(size), want: Size(300) };
        assert_eq!(refused(&store, head_at(&tree, size)), want);
    }
    let mut older = store.clone();
    older.write(FileName::Intent, &intent(100, 300)).unwrap();
    older.write(FileName::Checkpoint, &checkpoint(head_at(&tree, 50))).unwrap();
    for (name, bytes) in published(&[50]).files().filter(|(name, _)| name.is_partial()) {
        older.write(name, bytes).unwrap();
    }
    let want = Error::LocalIntentSize { size: Size(50), old: Size(100), new: Size(300) };
    assert_eq!(refused(&older, head_at(&tree, 50)), want);
    for (name, bytes, want) in [
        (FileName::Intent, intent(300, 100), Error::LocalIntent),
        (FileName::Checkpoint, b"test.example/log\n".to_vec(), Error::PeerCheckpoint),
    ] {
        let mut bad = store.clone();
        bad.write(name, &bytes).unwrap();
        assert_eq!(refused(&bad, head_at(&tree, 300)), want);
    }
}

#[test]
fn what_is_refused_goes_on_with_the_last_checkpoint() {
    let (all, tree) = log();
    let mut store = published(&[300, 310]);
    let last = store.read(FileName::Checkpoint).unwrap().unwrap();
    store.remove(FileName::Checkpoint).unwrap();
    refused(&store, head_at(&tree, 0));
    store.write(FileName::Checkpoint, &last).unwrap();
    let head = head_in(&store);
    let mut publisher = Publisher::resume(store, head).unwrap();
    let more = slices(&all[310..600]);
    let head = head_at(&tree, 600);
    assert_eq!(publisher.publish(&tree, &more, &checkpoint(head)), Ok(head));
}
