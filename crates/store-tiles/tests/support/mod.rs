//! A log with a known tree, and what its store must hold.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::must_use_candidate, reason = "a test that cannot go on fails")]

pub(crate) mod faulty;

use std::collections::BTreeMap;

use auditmesh_merkle::{
    Tree, empty_root,
    tiles::{EntryBundle, bundles_of, tile_bytes, tiles_of},
};
use auditmesh_store_tiles::{FileName, Publisher, TileStore};
use auditmesh_types::{Size, TreeHead};

/// Entry `index`; some are empty. A `fork` other than 0 gives another log.
pub(crate) fn entry(fork: u64, index: u64) -> Vec<u8> {
    if index % 7 == 3 { Vec::new() } else { format!("{fork}:{index}").into_bytes() }
}

pub(crate) fn entries(fork: u64, from: u64, to: u64) -> Vec<Vec<u8>> {
    (from..to).map(|index| entry(fork, index)).collect()
}

pub(crate) fn slices(entries: &[Vec<u8>]) -> Vec<&[u8]> {
    entries.iter().map(Vec::as_slice).collect()
}

pub(crate) fn tree_of(entries: &[Vec<u8>]) -> Tree {
    let mut tree = Tree::new();
    tree.append_batch(&slices(entries)).unwrap();
    tree
}

pub(crate) fn head_at(tree: &Tree, size: u64) -> TreeHead {
    TreeHead { size: Size(size), root: tree.root_at(Size(size)).unwrap() }
}

pub(crate) fn checkpoint(head: TreeHead) -> Vec<u8> {
    format!("test.example/log\n{}\n{}\n", head.size, head.root).into_bytes()
}

/// The head of the checkpoint in the store, or that of the empty tree.
pub(crate) fn head_in<S: TileStore>(store: &S) -> TreeHead {
    let Some(bytes) = store.read(FileName::Checkpoint).unwrap() else {
        return TreeHead { size: Size(0), root: empty_root() };
    };
    let text = String::from_utf8(bytes).unwrap();
    let [_, size, root] = text.lines().collect::<Vec<_>>()[..] else { unreachable!("{text}") };
    TreeHead { size: Size(size.parse().unwrap()), root: root.parse().unwrap() }
}

/// Publishes up to `size` in one batch.
pub(crate) fn publish<S: TileStore>(
    publisher: &mut Publisher<S>,
    tree: &Tree,
    entries: &[Vec<u8>],
    size: u64,
) -> TreeHead {
    let from = usize::try_from(publisher.head().size.0).unwrap();
    let head = head_at(tree, size);
    let new = slices(&entries[from..usize::try_from(size).unwrap()]);
    assert_eq!(publisher.publish(tree, &new, &checkpoint(head)).unwrap(), head);
    head
}

/// The tiles and bundles of a head, from the definition.
pub(crate) fn promised(tree: &Tree, entries: &[Vec<u8>], size: u64) -> BTreeMap<FileName, Vec<u8>> {
    let tiles = tiles_of(Size(size)).unwrap();
    let mut files: BTreeMap<_, _> =
        tiles.map(|path| (FileName::Tile(path), tile_bytes(tree, path).unwrap())).collect();
    for path in bundles_of(Size(size)).unwrap() {
        let first = usize::try_from(path.index() * 256).unwrap();
        let bundle = EntryBundle::new(slices(&entries[first..first + usize::from(path.width())])).unwrap();
        files.insert(FileName::Bundle(path), bundle.encode());
    }
    files
}

/// What a store holds after checkpoints of all `sizes`, the last one the largest: the files of each, without the partial
/// ones whose full file stands.
pub(crate) fn expected(tree: &Tree, entries: &[Vec<u8>], sizes: &[u64]) -> BTreeMap<FileName, Vec<u8>> {
    let mut files: BTreeMap<_, _> = sizes.iter().flat_map(|size| promised(tree, entries, *size)).collect();
    let last = promised(tree, entries, *sizes.last().unwrap());
    files.retain(|name, _| !name.is_partial() || !name.full().is_some_and(|full| last.contains_key(&full)));
    files
}
