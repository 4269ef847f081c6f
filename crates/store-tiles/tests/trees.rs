//! Trees from tiles: whole, pruned, for a writer; with another hasher; and what is refused.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test that cannot go on fails")]

mod support;

use std::cell::RefCell;

use auditmesh_merkle::{self as merkle, Sha256, Tree, tiles::TilePath};
use auditmesh_store_tiles::{
    Error, FileName, MemoryStore, Publisher, TileReader, TileStore, freeze, resume, resume_with,
};
use auditmesh_types::{Digest, Hasher, Index, Size, TreeHead};
use proptest::prelude::*;
use support::{checkpoint, entries, head_at, publish, slices, tree_of};

/// Counts what it hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Counting(std::rc::Rc<RefCell<u64>>);

impl Hasher for Counting {
    fn leaf(&self, entry: &[u8]) -> Digest {
        *self.0.borrow_mut() += 1;
        Sha256.leaf(entry)
    }
    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        *self.0.borrow_mut() += 1;
        Sha256.node(left, right)
    }
}

fn tile(level: u8, index: u64, width: u16) -> FileName {
    FileName::Tile(TilePath::new(level, index, width).unwrap())
}

/// A store that holds the tiles of a tree, and the tree's head.
fn frozen(tree: &Tree) -> (MemoryStore, TreeHead) {
    let mut store = MemoryStore::new();
    freeze(&mut store, tree, Size(0), tree.size()).unwrap();
    (store, tree.head())
}

#[test]
fn a_tree_comes_back_whole_and_pruned() {
    for size in [0, 1, 255, 256, 257, 1_000, 66_000] {
        let tree = tree_of(&entries(0, 0, size));
        let (store, head) = frozen(&tree);
        let reader = TileReader::of_store(&store);
        for min in [0, size.min(1), size / 2, size.saturating_sub(1), size] {
            let mut pruned = tree.clone();
            pruned.prune(Index(min)).unwrap();
            let back = reader.tree(Index(min), head).unwrap();
            assert_eq!((back.encode(), back.head()), (pruned.encode(), head), "{size} from {min}");
            for index in [min, (min + size) / 2].into_iter().filter(|index| *index < size) {
                assert_eq!(back.inclusion(Index(index), head.size), tree.inclusion(Index(index), head.size));
            }
        }
        let source = merkle::Error::MisusePruneBeyond { got: Index(size + 1), max: Size(size) };
        assert_eq!(reader.tree(Index(size + 1), head).err(), Some(Error::MisuseTree { source }));
    }
}

/// Level 0 is read from the first leaf on that is wanted; for a writer, the partial tiles alone.
#[test]
fn only_what_is_needed_is_read() {
    let (store, head) = frozen(&tree_of(&entries(0, 0, 70_000)));
    let read = RefCell::new(Vec::new());
    let reader = TileReader::new(|path: &str| {
        read.borrow_mut().push(path.to_owned());
        let name = FileName::Tile(path.parse::<TilePath>().unwrap());
        store.read(name).unwrap().ok_or(())
    });
    reader.tree(Index(70_000), head).unwrap();
    assert_eq!(*read.borrow(), ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    read.borrow_mut().clear();
    reader.tree(Index(69_000), head).unwrap();
    let level_0 = read.borrow().iter().filter(|path| path.starts_with("tile/0/")).count();
    assert_eq!((level_0, read.borrow().len()), (5, 7));
}

#[test]
fn a_changed_byte_of_any_tile_that_is_read_is_refused() {
    let size = 1_100;
    let (store, head) = frozen(&tree_of(&entries(0, 0, size)));
    for (name, bytes) in store.files() {
        for at in (0..bytes.len()).step_by(7) {
            let mut changed = store.clone();
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 1;
            changed.write(name, &bytes).unwrap();
            match TileReader::of_store(&changed).tree(Index(0), head).unwrap_err() {
                Error::PeerTileMismatch { name: got, .. } => assert_eq!(got, name),
                Error::PeerRootMismatch { size: got, .. } => assert!(name.is_partial() && got == Size(size)),
                other => assert_eq!(other.to_string(), "none other"),
            }
        }
    }
    let mut short = store.clone();
    short.remove(tile(0, 2, 256)).unwrap();
    let refused = Error::PeerMissing { name: tile(0, 2, 256) };
    assert_eq!(TileReader::of_store(&short).tree(Index(0), head).err(), Some(refused));
    let other = TreeHead { size: head.size, root: Digest([1; 32]) };
    let refused = Error::PeerRootMismatch { size: head.size, got: head.root, want: other.root };
    assert_eq!(TileReader::of_store(&store).tree(Index(0), other).err(), Some(refused));
}

#[test]
fn a_tree_without_its_tiles_is_not_frozen() {
    let mut tree = tree_of(&entries(0, 0, 1_000));
    tree.prune(Index(900)).unwrap();
    let mut store = MemoryStore::new();
    let source = merkle::Error::MisuseTileBeyondTree { level: 0, index: 0, size: Size(1_000) };
    assert_eq!(freeze(&mut store, &tree, Size(0), Size(1_000)), Err(Error::MisuseTree { source }));
    let source = merkle::Error::MisuseRange { start: Size(2), end: Size(1) };
    assert_eq!(freeze(&mut store, &tree, Size(2), Size(1)), Err(Error::MisuseTree { source }));
    assert_eq!(freeze(&mut store, &tree, Size(900), Size(1_000)), Ok(()));
    assert_eq!(store.files().map(|(name, _)| name).collect::<Vec<_>>(), [tile(0, 3, 232)]);
}

#[test]
fn another_hasher_gives_the_same_files_and_is_used() {
    let all = entries(0, 0, 600);
    let tree = tree_of(&all);
    let empty = Tree::new().head();
    let hasher = Counting::default();
    let mut counted = Publisher::resume_with(hasher.clone(), MemoryStore::new(), empty).unwrap();
    let mut plain = Publisher::resume(MemoryStore::new(), empty).unwrap();
    for (from, to) in [(0, 300), (300, 600)] {
        let head = head_at(&tree, to);
        let new = slices(&all[from..to as usize]);
        assert_eq!(counted.publish(&tree, &new, &checkpoint(head)), Ok(head));
        assert_eq!(plain.publish(&tree, &new, &checkpoint(head)), Ok(head));
    }
    assert_eq!(counted.store(), plain.store());
    assert!(*hasher.0.borrow() > 1_190, "{}", hasher.0.borrow());
    let before = *hasher.0.borrow();
    let reader = TileReader::of_store(counted.store()).with_hasher(hasher.clone());
    assert_eq!(reader.entry(Index(5), tree.head()).unwrap(), all[5]);
    assert!(*hasher.0.borrow() > before + 256);
    let resumed = resume_with(hasher, counted.store(), tree.head()).unwrap();
    let want = resume(counted.store(), tree.head()).unwrap();
    assert_eq!((resumed.frontier.hashes(), resumed.entries), (want.frontier.hashes(), want.entries));
}

proptest! {
    /// A writer that starts with nothing but the store goes on as if it had never stopped.
    #[test]
    fn a_writer_goes_on_with_the_tree_of_its_store(sizes in prop::collection::vec(1u64..700, 1..4)) {
        let total = sizes.iter().sum();
        let all = entries(0, 0, total);
        let whole = tree_of(&all);
        let mut store = MemoryStore::new();
        let mut size = 0;
        let mut want = Publisher::resume(MemoryStore::new(), Tree::new().head()).unwrap();
        for more in sizes {
            let mut publisher = Publisher::resume(store, head_at(&whole, size)).unwrap();
            let mut tree = publisher.tree().unwrap();
            prop_assert_eq!((tree.head(), tree.pruned_below()), (head_at(&whole, size), Index(size)));
            let new = slices(&all[size as usize..(size + more) as usize]);
            tree.append_batch(&new).unwrap();
            size += more;
            let head = head_at(&whole, size);
            prop_assert_eq!(publisher.publish(&tree, &new, &checkpoint(head)), Ok(head));
            publish(&mut want, &whole, &all, size);
            prop_assert_eq!(publisher.store(), want.store());
            store = publisher.into_store();
        }
    }
}
