//! What is published is what a tree of that size has, and every head that was published can be read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{cell::Cell, convert::Infallible};

use auditmesh_merkle::{Tree, tiles::TilePath};
use auditmesh_store_tiles::{Error, FileName, MemoryStore, Publisher, TileReader, TileStore, resume};
use auditmesh_types::{Index, Size, TreeHead};
use proptest::prelude::*;
use support::{checkpoint, entries, expected, head_at, promised, publish, slices, tree_of};

/// A publisher of an empty log.
fn empty() -> Publisher<MemoryStore> {
    Publisher::resume(MemoryStore::new(), Tree::new().head()).unwrap()
}

fn files(store: &MemoryStore) -> std::collections::BTreeMap<FileName, Vec<u8>> {
    let files = store.files().filter(|(name, _)| !matches!(name, FileName::Checkpoint | FileName::Intent));
    files.map(|(name, bytes)| (name, bytes.to_vec())).collect()
}

/// Compares everything a reader gives for leaf `index` with the tree.
fn check_leaf(store: &MemoryStore, tree: &Tree, all: &[Vec<u8>], index: u64, head: TreeHead) {
    let reader = TileReader::of_store(store);
    let (at, size) = (Index(index), head.size);
    assert_eq!(reader.inclusion(at, head).unwrap(), tree.inclusion(at, size).unwrap());
    assert_eq!(Some(reader.leaf(at, head).unwrap()), tree.leaf(at));
    assert_eq!(reader.entry(at, head).unwrap(), all[usize::try_from(index).unwrap()]);
}

#[test]
fn every_size_up_to_600_entry_by_entry() {
    let all = entries(0, 0, 600);
    let tree = tree_of(&all);
    let mut publisher = empty();
    let sizes: Vec<u64> = (1..=600).collect();
    for size in 1..=600 {
        let head = publish(&mut publisher, &tree, &all, size);
        let store = publisher.store();
        let there = files(store);
        assert!(
            promised(&tree, &all, size).iter().all(|(name, bytes)| there.get(name) == Some(bytes)),
            "{size}"
        );
        for index in [0, size / 3, size / 2, size - 1] {
            check_leaf(store, &tree, &all, index, head);
        }
        let reader = TileReader::of_store(store);
        for old in [0, 1, size / 2, size.saturating_sub(7), size - 1, size] {
            let old = head_at(&tree, old);
            assert_eq!(reader.root_at(old.size, head), Ok(old.root));
            assert_eq!(
                reader.consistency(old, head).unwrap(),
                tree.consistency(old.size, head.size).unwrap()
            );
        }
        let resumed = resume(store, head).unwrap();
        assert_eq!(resumed.frontier.head(), head);
        let last = usize::try_from(size - size % 256).unwrap()..usize::try_from(size).unwrap();
        assert_eq!(resumed.entries, all[last]);
    }
    let store = publisher.into_store();
    assert_eq!(files(&store), expected(&tree, &all, &sizes));
    for size in sizes {
        check_leaf(&store, &tree, &all, size - 1, head_at(&tree, size));
        check_leaf(&store, &tree, &all, size / 2, head_at(&tree, size));
    }
}

#[test]
fn every_leaf_of_small_trees() {
    let all = entries(0, 0, 40);
    let tree = tree_of(&all);
    for size in 1..=40 {
        let mut publisher = empty();
        let head = publish(&mut publisher, &tree, &all, size);
        (0..size).for_each(|index| check_leaf(publisher.store(), &tree, &all, index, head));
        for old in 0..=size {
            let proof = TileReader::of_store(publisher.store()).consistency(head_at(&tree, old), head);
            assert_eq!(proof.unwrap(), tree.consistency(Size(old), head.size).unwrap());
        }
    }
}

#[test]
fn seventy_thousand_leaves() {
    let all = entries(0, 0, 70_000);
    let tree = tree_of(&all);
    let mut publisher = empty();
    let sizes = [1, 999, 30_000, 65_535, 65_536, 65_537, 70_000];
    sizes.into_iter().for_each(|size| {
        publish(&mut publisher, &tree, &all, size);
    });
    let store = publisher.into_store();
    assert_eq!(files(&store), expected(&tree, &all, &sizes));
    let reader = TileReader::of_store(&store);
    for size in sizes {
        let head = head_at(&tree, size);
        [0, size / 2, size - 1].into_iter().for_each(|index| check_leaf(&store, &tree, &all, index, head));
        for old in sizes.into_iter().filter(|old| *old <= size) {
            let proof = reader.consistency(head_at(&tree, old), head).unwrap();
            assert_eq!(proof, tree.consistency(Size(old), Size(size)).unwrap());
        }
        let mut again = Tree::new();
        again.append_leaf_hashes(&reader.leaves(head).unwrap()).unwrap();
        assert_eq!(again.head(), head);
    }
}

proptest! {
    #[test]
    fn any_batches_leave_what_the_sizes_demand(steps in proptest::collection::vec(1u64..400, 1..8), at: u64) {
        let all = entries(0, 0, steps.iter().sum());
        let tree = tree_of(&all);
        let (mut publisher, mut sizes) = (empty(), Vec::new());
        for step in steps {
            let size = sizes.last().unwrap_or(&0) + step;
            let head = publish(&mut publisher, &tree, &all, size);
            sizes.push(size);
            check_leaf(publisher.store(), &tree, &all, at % size, head);
            // Resuming after every batch changes nothing.
            publisher = Publisher::resume(publisher.into_store(), head).unwrap();
        }
        prop_assert_eq!(files(publisher.store()), expected(&tree, &all, &sizes));
    }
}

#[test]
fn partial_files_go_once_the_full_one_stands() {
    let all = entries(0, 0, 600);
    let tree = tree_of(&all);
    let mut publisher = empty();
    let partials = |publisher: &Publisher<MemoryStore>| -> Vec<String> {
        let names = publisher.store().files().map(|(name, _)| name);
        names.filter(|name| name.is_partial()).map(|name| name.to_string()).collect()
    };
    publish(&mut publisher, &tree, &all, 100);
    publish(&mut publisher, &tree, &all, 255);
    let both = ["tile/0/000.p/100", "tile/0/000.p/255", "tile/entries/000.p/100", "tile/entries/000.p/255"];
    assert_eq!(partials(&publisher), both);
    publish(&mut publisher, &tree, &all, 512);
    assert_eq!(partials(&publisher), ["tile/1/000.p/2"]);
    publish(&mut publisher, &tree, &all, 513);
    let one = ["tile/0/002.p/1", "tile/1/000.p/2", "tile/entries/002.p/1"];
    assert_eq!(partials(&publisher), one);
}

/// What the documentation of the crate says of a log that is published entry by entry.
#[test]
fn what_partial_files_cost_is_bounded() {
    let all = entries(0, 0, 512);
    let tree = tree_of(&all);
    let mut publisher = empty();
    let mut partial = |sizes: std::ops::RangeInclusive<u64>| {
        for size in sizes {
            publish(&mut publisher, &tree, &all, size);
        }
        let files = files(publisher.store());
        let (tiles, bundles): (Vec<_>, Vec<_>) = files
            .into_iter()
            .filter(|(name, _)| name.is_partial())
            .partition(|(name, _)| matches!(name, FileName::Tile(_)));
        [tiles, bundles].map(|of| (of.len(), of.iter().map(|(_, bytes)| bytes.len()).sum::<usize>()))
    };
    // Of each width from 1 to 255 the first entries, each behind its length.
    let bundled = |first: usize| {
        let of_width = |width| all[first..first + width].iter().map(|entry| 2 + entry.len());
        (1..=255).flat_map(of_width).sum::<usize>()
    };
    assert_eq!(partial(1..=255), [(255, 1_044_480), (255, bundled(0))]);
    // The full tile has its hash in a partial one of the next level.
    assert_eq!(partial(256..=256), [(1, 32), (0, 0)]);
    assert_eq!(partial(257..=511), [(256, 1_044_480 + 32), (255, bundled(256))]);
    assert_eq!(partial(512..=512), [(2, 32 + 64), (0, 0)]);
}

#[test]
fn a_checkpoint_with_more_signatures_takes_the_place_of_another() {
    let all = entries(0, 0, 300);
    let tree = tree_of(&all);
    let mut publisher = empty();
    let head = publish(&mut publisher, &tree, &all, 300);
    let before = files(publisher.store());
    let signed = [checkpoint(head), b"\nsignature\n".to_vec()].concat();
    assert_eq!(publisher.publish(&tree, &[], &signed), Ok(head));
    assert_eq!(publisher.store().read(FileName::Checkpoint), Ok(Some(signed)));
    assert_eq!(files(publisher.store()), before);
}

#[test]
fn what_is_not_the_continuation_is_refused_and_nothing_written() {
    let all = entries(0, 0, 300);
    let (tree, other) = (tree_of(&all), tree_of(&entries(1, 0, 400)));
    let mut publisher = empty();
    publish(&mut publisher, &tree, &all, 260);
    let before: Vec<_> = publisher.store().clone().files().map(|(name, _)| name).collect();
    let text = checkpoint(head_at(&tree, 270));
    let next = &all[260..270];
    let differs = |level, index, size| Err(Error::MisuseTreeDiffers { level, index, size: Size(size) });
    // Another log, an entry left out, one doubled, a tree that is too short.
    assert_eq!(publisher.publish(&other, &slices(next), &text), differs(8, 0, 270));
    assert_eq!(publisher.publish(&tree, &slices(&all[261..271]), &text), differs(3, 32, 270));
    assert_eq!(publisher.publish(&tree, &slices(&all[259..269]), &text), differs(3, 32, 270));
    assert_eq!(publisher.publish(&tree_of(&all[..269]), &slices(next), &text), differs(1, 134, 270));
    let wrong = |got| Err(Error::MisuseCheckpointSize { got, want: Size(270) });
    let short = checkpoint(head_at(&tree, 269));
    assert_eq!(publisher.publish(&tree, &slices(next), &short), wrong(Some(Size(269))));
    assert_eq!(publisher.publish(&tree, &slices(next), b"origin\n"), wrong(None));
    let max = auditmesh_store_tiles::MAX_CHECKPOINT_BYTES;
    let long = Err(Error::MisuseCheckpointTooLong { got: max + 1, max });
    assert_eq!(publisher.publish(&tree, &slices(next), &vec![b'\n'; max + 1]), long);
    let source = auditmesh_merkle::Error::MisuseEntryTooLong { got: 65_536, max: 65_535 };
    assert_eq!(publisher.publish(&tree, &[&[0; 65_536]], &text), Err(Error::MisuseTree { source }));
    assert_eq!(publisher.store().files().map(|(name, _)| name).collect::<Vec<_>>(), before);
    publish(&mut publisher, &tree, &all, 270);
}

#[test]
fn more_than_one_publication_may_hold_is_refused() {
    let many = vec![&[] as &[u8]; (1 << 24) + 1];
    let refused = empty().publish(&Tree::new(), &many, b"").unwrap_err();
    assert_eq!(refused, Error::MisuseTooMany { got: (1 << 24) + 1, max: 1 << 24 });
}

#[test]
fn a_staged_batch_is_not_published() {
    let all = entries(0, 0, 700);
    let tree = tree_of(&all);
    let mut publisher = empty();
    publish(&mut publisher, &tree, &all, 300);
    assert_eq!(tree.size(), Size(700));
    assert_eq!(files(publisher.store()), expected(&tree, &all, &[300]));
}

#[test]
fn a_reader_over_a_function_asks_for_paths() {
    let all = entries(0, 0, 600);
    let tree = tree_of(&all);
    let mut publisher = empty();
    publish(&mut publisher, &tree, &all, 300);
    let head = publish(&mut publisher, &tree, &all, 600);
    let store = publisher.into_store();
    let asked = Cell::new(0);
    let reader = TileReader::new(|path: &str| {
        asked.set(asked.get() + 1);
        let found = store.files().find(|(name, _)| name.to_string() == path);
        found.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| format!("404 {path}"))
    });
    assert_eq!(reader.entry(Index(5), head).unwrap(), all[5]);
    assert_eq!(asked.get(), 4, "two partial tiles, the full one, the bundle");
    // A head whose partial tiles are gone is read from the full ones.
    assert_eq!(reader.entry(Index(299), head_at(&tree, 300)).unwrap(), all[299]);
    let name = FileName::Tile(TilePath::new(0, 2, 87).unwrap());
    let missing = Error::LocalRead { name, source: "404 tile/0/002.p/87".to_owned() };
    assert_eq!(reader.leaf(Index(598), head_at(&tree, 599)), Err(missing));
}

#[derive(Default)]
struct Counting {
    store: MemoryStore,
    written: usize,
}

impl TileStore for Counting {
    type Error = Infallible;

    fn read(&self, name: FileName) -> Result<Option<Vec<u8>>, Infallible> {
        self.store.read(name)
    }

    fn write(&mut self, name: FileName, bytes: &[u8]) -> Result<(), Infallible> {
        self.written += bytes.len();
        self.store.write(name, bytes)
    }

    fn remove(&mut self, name: FileName) -> Result<(), Infallible> {
        self.store.remove(name)
    }

    fn remove_partials(&mut self, name: FileName) -> Result<(), Infallible> {
        self.store.remove_partials(name)
    }

    fn sync(&mut self) -> Result<(), Infallible> {
        self.store.sync()
    }
}

/// Bytes written for a thousand bytes of entries, in batches of `batch` entries of 1,024 bytes.
fn written_per_mille(batch: u64) -> usize {
    let count = batch * 12;
    let all: Vec<Vec<u8>> = (0..count).map(|index| index.to_be_bytes().repeat(128)).collect();
    let tree = tree_of(&all);
    let mut publisher = Publisher::resume(Counting::default(), Tree::new().head()).unwrap();
    (1..=12).for_each(|nth| {
        publish(&mut publisher, &tree, &all, nth * batch);
    });
    publisher.store().written * 1_000 / (all.len() * 1_024)
}

#[test]
fn little_more_is_written_than_the_entries() {
    let aligned = written_per_mille(1_024);
    assert!((1_033..=1_040).contains(&aligned), "{aligned}");
    // Batches that end inside a bundle write it twice: at most 255 entries more for each.
    let unaligned = written_per_mille(1_000);
    assert!((1_040..=1_300).contains(&unaligned), "{unaligned}");
}
