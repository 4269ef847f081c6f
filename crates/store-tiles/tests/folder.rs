//! A folder of plain files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{fs, io};

use auditmesh_merkle::{
    Tree,
    tiles::{BundlePath, TilePath},
};
use auditmesh_store_tiles::{
    FileName, FolderError, FolderStore, MemoryStore, Publisher, TileReader, TileStore,
};
use auditmesh_types::Index;
use support::{entries, head_in, publish, tree_of};
use tempfile::tempdir;

#[test]
fn holds_the_same_files_as_memory() {
    let folder = tempdir().unwrap();
    let root = folder.path().join("log");
    let all = entries(0, 0, 700);
    let tree = tree_of(&all);
    let mut on_disk = Publisher::resume(FolderStore::open(&root).unwrap(), Tree::new().head()).unwrap();
    let mut in_memory = Publisher::resume(MemoryStore::new(), Tree::new().head()).unwrap();
    for size in [3, 200, 256, 300, 700] {
        publish(&mut on_disk, &tree, &all, size);
        let head = publish(&mut in_memory, &tree, &all, size);
        for (name, bytes) in in_memory.store().files() {
            assert_eq!(fs::read(root.join(name.to_string())).unwrap(), bytes, "{name}");
        }
        // Another process reads at the same time.
        let reading = FolderStore::open_to_read(&root);
        assert_eq!(head_in(&reading), head);
        let entry = TileReader::of_store(&reading).entry(Index(2), head).unwrap();
        assert_eq!(entry, all[2]);
        let path = |path: &str| fs::read(root.join(path));
        assert_eq!(TileReader::new(path).entry(Index(2), head).unwrap(), all[2]);
    }
    assert!(!root.join("tile/0/000.p").exists() && !root.join("tile/entries/000.p").exists());
    assert!(!root.join(".writing").exists() && !root.join(".publishing").exists());
    drop(on_disk);
    let store = FolderStore::open(&root).unwrap();
    let head = head_in(&store);
    assert_eq!(Publisher::resume(store, head).unwrap().head(), tree.head());
}

#[test]
fn a_file_that_was_half_written_is_not_seen() {
    let folder = tempdir().unwrap();
    let mut store = FolderStore::open(folder.path()).unwrap();
    let name = FileName::Tile(TilePath::new(0, 1_234_067, 12).unwrap());
    assert_eq!(store.read(name), Ok(None));
    store.write(name, &[1; 384]).unwrap();
    fs::write(folder.path().join(".writing"), [2; 5_000]).unwrap();
    assert_eq!(store.read(name), Ok(Some(vec![1; 384])));
    store.write(name, &[3; 384]).unwrap();
    assert_eq!(fs::read(folder.path().join("tile/0/x001/x234/067.p/12")).unwrap(), [3; 384]);
    assert!(!folder.path().join(".writing").exists());
    assert_eq!(store.sync(), Ok(()));
}

#[test]
fn removes_a_file_or_all_partial_ones_of_a_place() {
    let folder = tempdir().unwrap();
    let mut store = FolderStore::open(folder.path()).unwrap();
    let bundle = |width| FileName::Bundle(BundlePath::new(3, width).unwrap());
    for width in [1, 7, 255, 256] {
        store.write(bundle(width), b"x").unwrap();
    }
    store.write(FileName::Checkpoint, b"x").unwrap();
    store.remove(bundle(7)).unwrap();
    store.remove(bundle(7)).unwrap();
    let there =
        |store: &FolderStore| [1, 7, 255, 256].map(|width| store.read(bundle(width)).unwrap().is_some());
    assert_eq!(there(&store), [true, false, true, true]);
    store.remove_partials(FileName::Checkpoint).unwrap();
    store.remove_partials(bundle(256)).unwrap();
    store.remove_partials(bundle(9)).unwrap();
    assert_eq!(there(&store), [false, false, false, true]);
    assert_eq!(store.read(FileName::Checkpoint), Ok(Some(b"x".to_vec())));
    assert_eq!(store.sync(), Ok(()));
}

#[test]
fn one_writes_and_who_reads_does_not() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("log");
    let store = FolderStore::open(&path).unwrap();
    let locked = FolderError::LocalLocked { path: path.clone() };
    assert_eq!(FolderStore::open(&path).unwrap_err(), locked);
    drop(store);
    assert!(FolderStore::open(&path).is_ok());
    let mut reading = FolderStore::open_to_read(&path);
    let refused = Err(FolderError::MisuseReadOnly { path: path.clone() });
    assert_eq!(reading.write(FileName::Checkpoint, b"x"), refused);
    assert_eq!(reading.remove(FileName::Checkpoint), refused);
    assert_eq!(reading.remove_partials(FileName::Checkpoint), refused);
    assert_eq!(reading.read(FileName::Checkpoint), Ok(None));
}

#[test]
fn says_what_failed_and_where() {
    let folder = tempdir().unwrap();
    let root = folder.path().join("none/log");
    let kind = io::ErrorKind::NotFound;
    let refused = FolderError::LocalIo { operation: "create the folder", path: root.clone(), kind };
    assert_eq!(FolderStore::open(&root).unwrap_err(), refused);
    let store = FolderStore::open(folder.path()).unwrap();
    let name = FileName::Tile(TilePath::new(0, 0, 2).unwrap());
    let path = folder.path().join("tile/0/000.p/2");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, [0; 65]).unwrap();
    assert_eq!(store.read(name), Err(FolderError::PeerTooLong { path, max: 64 }));
}
