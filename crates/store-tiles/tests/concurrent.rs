//! Readers of a folder to which a publisher writes at the same time: no answer is torn, and every head they ever saw stays readable.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use auditmesh_merkle::Tree;
use auditmesh_store_tiles::{FolderStore, Publisher, TileReader};
use auditmesh_types::Index;
use support::{entries, head_at, head_in, publish, tree_of};
use tempfile::tempdir;

/// How many entries there are to publish, far more than the readers wait for.
const ENTRIES: u64 = 30_000;
/// How many heads, and how many answers, a reader goes on for.
const HEADS: usize = 16;
const ANSWERS: usize = 150;

/// Counts a reader as gone, also when it found something wrong.
struct Reading<'a>(&'a AtomicUsize);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Reads checkpoint after checkpoint, and proves under each, and under one that it saw before.
fn read(root: &Path, tree: &Tree, all: &[Vec<u8>], mut draw: u64) {
    let store = FolderStore::open_to_read(root);
    let reader = TileReader::of_store(&store);
    let (mut heads, mut answers) = (BTreeSet::new(), 0);
    while heads.len() < HEADS || answers < ANSWERS {
        let newest = head_in(&store);
        assert_eq!(newest, head_at(tree, newest.size.0), "the checkpoint is none that was published");
        if newest.size.0 == 0 {
            thread::yield_now();
            continue;
        }
        heads.insert(newest);
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let older = *heads.iter().nth((draw >> 33) as usize % heads.len()).unwrap();
        for head in [newest, older] {
            for index in [head.size.0 - 1, (draw >> 20) % head.size.0] {
                let at = Index(index);
                assert_eq!(reader.inclusion(at, head), Ok(tree.inclusion(at, head.size).unwrap()), "{head}");
                assert_eq!(
                    reader.entry(at, head),
                    Ok(all[usize::try_from(index).unwrap()].clone()),
                    "{head}"
                );
                answers += 2;
            }
        }
        let proof = tree.consistency(older.size, newest.size).unwrap();
        assert_eq!(reader.consistency(older, newest), Ok(proof), "{older} {newest}");
        answers += 1;
    }
}

#[test]
fn no_reader_sees_a_torn_file() {
    let folder = tempdir().unwrap();
    let all = entries(0, 0, ENTRIES);
    let tree = tree_of(&all);
    let mut publisher =
        Publisher::resume(FolderStore::open(folder.path()).unwrap(), Tree::new().head()).unwrap();
    let reading = AtomicUsize::new(2);
    thread::scope(|scope| {
        for draw in 0..2 {
            let (reading, tree, all, root) = (&reading, &tree, &all, folder.path());
            scope.spawn(move || {
                let _reading = Reading(reading);
                read(root, tree, all, draw);
            });
        }
        // Batches that end in every place of a tile, so that partial files come, and go when they are full.
        let mut size = 0;
        while reading.load(Ordering::SeqCst) > 0 {
            size += 1 + size * 37 % 70;
            assert!(size <= ENTRIES, "all was published before the readers saw enough");
            publish(&mut publisher, &tree, &all, size);
        }
    });
}
