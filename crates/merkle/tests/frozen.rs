//! The wire formats against the bytes that were published, both ways.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_conformance::frozen;
use auditmesh_merkle::{
    BatchLog, CompactRange, Frontier, Sha256, Tree,
    tiles::{BundlePath, EntryBundle, TilePath, tile_bytes},
};
use auditmesh_types::{Batch, EventId, Index, Log, MemberId, Millis, Record, Size};

const ENTRIES: [&[u8]; 3] = [b"ab", b"", b"c"];

/// The log of [`ENTRIES`].
fn log() -> BatchLog {
    let record = |entry: &&[u8]| Record {
        id: EventId::new("e").unwrap(),
        member: MemberId::new("EU-1").unwrap(),
        entry: entry.to_vec(),
    };
    let mut log = BatchLog::new();
    log.stage(&Batch { records: ENTRIES.iter().map(record).collect(), newest: Millis(0) }).unwrap();
    log.commit().unwrap();
    log
}

#[test]
fn entry_bundle() {
    let bundle = EntryBundle::new(ENTRIES.to_vec()).unwrap();
    frozen::check("ENTRY_BUNDLE_V1", frozen::ENTRY_BUNDLE_V1, &bundle.encode());
    let bytes = frozen::bytes("ENTRY_BUNDLE_V1", frozen::ENTRY_BUNDLE_V1);
    assert_eq!(EntryBundle::decode(&bytes, 3), Ok(bundle));
}

#[test]
fn tile() {
    let bytes = tile_bytes(&log(), TilePath::new(0, 0, 3).unwrap()).unwrap();
    frozen::check("TILE_V1", frozen::TILE_V1, &bytes);
    let bundle = EntryBundle::new(ENTRIES.to_vec()).unwrap();
    let hashes: Vec<u8> = bundle.leaf_hashes(&Sha256).iter().flat_map(|hash| hash.0).collect();
    frozen::check("TILE_V1", frozen::TILE_V1, &hashes);
}

#[test]
fn names_of_tiles_and_bundles() {
    let tiles =
        [(0, 0, 3), (0, 272, 256), (0, 273, 112), (1, 1, 17), (2, 0, 1), (0, 1_234_067, 256), (6, 0, 1)];
    let tiles = tiles.map(|(level, index, width)| TilePath::new(level, index, width).unwrap());
    let bundles = [(0, 3), (273, 112), (1_234_067, 256)];
    let bundles = bundles.map(|(index, width)| BundlePath::new(index, width).unwrap());
    let names = tiles.iter().map(TilePath::to_string).chain(bundles.iter().map(BundlePath::to_string));
    let text: String = names.map(|name| name + "\n").collect();
    frozen::check("TILE_PATHS_V1", frozen::TILE_PATHS_V1, text.as_bytes());
    let lines: Vec<&str> = frozen::TILE_PATHS_V1.lines().collect();
    let read: Vec<TilePath> = lines[..tiles.len()].iter().map(|line| line.parse().unwrap()).collect();
    assert_eq!(read, tiles);
    let read: Vec<BundlePath> = lines[tiles.len()..].iter().map(|line| line.parse().unwrap()).collect();
    assert_eq!(read, bundles);
}

#[test]
fn roots() {
    let entries: [&[u8]; 8] = [
        b"",
        &[0],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        b"`abcdefghijklmno",
    ];
    let mut tree = Tree::new();
    tree.append_batch(&entries).unwrap();
    let roots: Vec<u8> = (1..=8).flat_map(|size| tree.root_at(Size(size)).unwrap().0).collect();
    frozen::check("RFC6962_ROOTS", frozen::RFC6962_ROOTS, &roots);
}

#[test]
fn tree_frontier_and_range_files() {
    let mut tree = Tree::new();
    tree.append_batch(&[b"login", b"read", b"logout"]).unwrap();
    let (frontier, range) = (tree.frontier(), tree.compact_range(Size(1), Size(3)).unwrap());
    tree.prune(Index(1)).unwrap();
    frozen::check("TREE_FILE_V1", frozen::TREE_FILE_V1, &tree.encode());
    frozen::check("FRONTIER_FILE_V1", frozen::FRONTIER_FILE_V1, &frontier.encode());
    frozen::check("RANGE_FILE_V1", frozen::RANGE_FILE_V1, &range.encode());
    let bytes = |name, text| frozen::bytes(name, text);
    let read = Tree::decode(&bytes("TREE_FILE_V1", frozen::TREE_FILE_V1), Size(3)).unwrap();
    assert_eq!((read.head(), read.pruned_below()), (tree.head(), Index(1)));
    assert_eq!((read.leaf(Index(1)), read.leaf(Index(2))), (tree.leaf(Index(1)), tree.leaf(Index(2))));
    let read = Frontier::decode(&bytes("FRONTIER_FILE_V1", frozen::FRONTIER_FILE_V1), Size(3));
    assert_eq!(read, Ok(frontier));
    let read = CompactRange::decode(&bytes("RANGE_FILE_V1", frozen::RANGE_FILE_V1), Size(3));
    assert_eq!(read, Ok(range));
}
