//! The files of a published tree: their names and their bytes.
#![allow(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a test may panic, and its numbers are small"
)]

mod reference;

use std::collections::BTreeSet;

use auditmesh_merkle::tiles::{
    BundlePath, EntryBundle, TilePath, bundles_of, new_bundles, new_tiles, tile_bytes, tiles_of,
};
use auditmesh_merkle::{BatchLog, Error, MAX_LEAVES, Sha256, TilePart};
use auditmesh_types::{Digest, Index, Nodes, Size};
use proptest::prelude::*;
use reference::{leaves, mth};

fn names(size: u64) -> Vec<String> {
    tiles_of(Size(size)).unwrap().map(|tile| tile.to_string()).collect()
}

/// `floor(s / 256^l)` hashes on level l, 256 a tile, the last one with what is left: the specification's words.
fn tiles_by_definition(size: u64) -> Vec<TilePath> {
    let mut tiles = Vec::new();
    for level in 0..7u8 {
        let hashes = size / 256u64.pow(level.into());
        tiles.extend((0..hashes / 256).map(|index| TilePath::new(level, index, 256).unwrap()));
        if !hashes.is_multiple_of(256) {
            let width = u16::try_from(hashes % 256).unwrap();
            tiles.push(TilePath::new(level, hashes / 256, width).unwrap());
        }
    }
    tiles
}

#[test]
fn the_tiles_of_70_000_leaves() {
    let names = names(70_000);
    assert_eq!(names.len(), 277);
    assert_eq!(names[0], "tile/0/000");
    assert_eq!(names[272], "tile/0/272");
    assert_eq!(names[273], "tile/0/273.p/112");
    assert_eq!(names[274..], ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
    let bundles: Vec<String> = bundles_of(Size(70_000)).unwrap().map(|path| path.to_string()).collect();
    assert_eq!(bundles.len(), 274);
    assert_eq!(bundles[272..], ["tile/entries/272", "tile/entries/273.p/112"]);
}

#[test]
fn the_tiles_at_the_edges() {
    assert_eq!(names(0), [] as [&str; 0]);
    assert_eq!(names(1), ["tile/0/000.p/1"]);
    assert_eq!(names(255), ["tile/0/000.p/255"]);
    assert_eq!(names(256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(names(257), ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]);
    let growth: Vec<String> =
        new_tiles(Size(MAX_LEAVES - 1), Size(MAX_LEAVES)).unwrap().map(|tile| tile.to_string()).collect();
    let last = "tile/0/x001/x099/x511/x627/775";
    assert_eq!(growth[0], last);
    assert_eq!(growth[5..], ["tile/5/000", "tile/6/000.p/1"]);
    assert_eq!(last.parse::<TilePath>().unwrap().index(), (1 << 40) - 1);
    let too_large = Error::PeerTreeTooLarge { got: Size(MAX_LEAVES + 1), max: MAX_LEAVES };
    assert_eq!(tiles_of(Size(MAX_LEAVES + 1)).unwrap_err(), too_large);
    assert_eq!(bundles_of(Size(MAX_LEAVES + 1)).unwrap_err(), too_large);
    let range = Error::MisuseRange { start: Size(2), end: Size(1) };
    assert_eq!(new_tiles(Size(2), Size(1)).unwrap_err(), range);
    assert_eq!(new_bundles(Size(2), Size(1)).unwrap_err(), range);
}

#[test]
fn growth_is_what_the_larger_tree_has_and_the_smaller_has_not() {
    let sizes = [0, 1, 2, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537, 70_000];
    for new in sizes {
        assert_eq!(tiles_of(Size(new)).unwrap().collect::<Vec<_>>(), tiles_by_definition(new), "{new}");
        for old in sizes.into_iter().filter(|old| *old <= new) {
            let before: BTreeSet<TilePath> = tiles_by_definition(old).into_iter().collect();
            let want: Vec<TilePath> =
                tiles_by_definition(new).into_iter().filter(|tile| !before.contains(tile)).collect();
            assert_eq!(new_tiles(Size(old), Size(new)).unwrap().collect::<Vec<_>>(), want, "{old} to {new}");
            let bundles = new_bundles(Size(old), Size(new)).unwrap();
            let of_level_0 = want.iter().filter(|tile| tile.level() == 0);
            assert!(bundles.map(|b| (b.index(), b.width())).eq(of_level_0.map(|t| (t.index(), t.width()))));
        }
    }
}

#[test]
fn a_tile_holds_the_hashes_of_the_definition() {
    let (all, tree) = (leaves(70_000), reference::tree(70_000));
    for (level, index, width) in [(0, 0, 256), (0, 273, 112), (0, 273, 5), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    {
        let span = 256usize.pow(level);
        let first = index as usize * 256;
        let want: Vec<u8> = (first..first + usize::from(width))
            .flat_map(|hash| mth(&all[hash * span..(hash + 1) * span]).0)
            .collect();
        let path = TilePath::new(level as u8, index, width).unwrap();
        assert_eq!(path.is_full(), width == 256);
        assert_eq!(tile_bytes(&tree, path), Ok(want), "{path}");
    }
    let beyond = |level, index| Err(Error::MisuseTileBeyondTree { level, index, size: Size(70_000) });
    assert_eq!(tile_bytes(&tree, TilePath::new(0, 273, 113).unwrap()), beyond(0, 70_000));
    assert_eq!(tile_bytes(&tree, TilePath::new(2, 0, 2).unwrap()), beyond(2, 1));
    assert_eq!(tile_bytes(&tree, TilePath::new(6, 0, 1).unwrap()), beyond(6, 0));
    let nodes: &dyn Nodes = &BatchLog::over(tree);
    assert_eq!(tile_bytes(nodes, TilePath::new(2, 0, 1).unwrap()).map(|bytes| bytes.len()), Ok(32));
}

#[test]
fn names_are_spelled_as_in_the_specification() {
    assert_eq!(TilePath::new(0, 1_234_067, 12).unwrap().to_string(), "tile/0/x001/x234/067.p/12");
    assert_eq!(TilePath::new(3, 999, 256).unwrap().to_string(), "tile/3/999");
    assert_eq!(TilePath::new(1, 1_000, 255).unwrap().to_string(), "tile/1/x001/000.p/255");
    assert_eq!(BundlePath::new(1_234_067, 256).unwrap().to_string(), "tile/entries/x001/x234/067");
    let path: BundlePath = "tile/entries/x001/x234/067.p/12".parse().unwrap();
    assert_eq!((path.index(), path.width(), path.is_full()), (1_234_067, 12, false));
    for (level, index, width) in
        [(0, 0, 0), (0, 0, 257), (7, 0, 1), (6, 0, 2), (6, 1, 1), (5, 1, 1), (0, 1 << 40, 1)]
    {
        assert_eq!(TilePath::new(level, index, width), Err(Error::MisuseTile { level, index, width }));
    }
    for (index, width) in [(0, 0), (0, 257), (1 << 40, 1), (u64::MAX, 256)] {
        assert_eq!(BundlePath::new(index, width), Err(Error::MisuseBundle { index, width }));
    }
}

#[test]
fn no_other_spelling_is_read() {
    let cases = [
        (TilePart::Prefix, 0, &["", "/tile/0/000", "tile", "Tile/0/000", "tiles/0/000"] as &[&str]),
        (
            TilePart::Level,
            5,
            &["tile/", "tile/7/000", "tile/00/000", "tile//000", "tile/-1/000", "tile/0", "tile/entries/000"],
        ),
        (
            TilePart::Index,
            7,
            &[
                "tile/0/",
                "tile/0/0",
                "tile/0/00",
                "tile/0/0000",
                "tile/0/x000",
                "tile/0/x000/001",
                "tile/0/001/002",
                "tile/0/x001",
                "tile/0/x001/x002",
                "tile/0/X001/002",
                "tile/0/x01/002",
                "tile/0/x001//002",
                "tile/0/000/",
                "tile/0/+01",
                "tile/0/ 01",
                "tile/0/0٣",
                "tile/0/x001/x000/x000/x000/x000/000",
                "tile/0/x999/x999/x999/x999/999",
                "tile/0/x001/x099/x511/x627/776",
                "tile/6/001",
                "tile/6/000",
                "tile/0/000.p",
                "tile/0/000.p12",
                "tile/0/000 .p/1",
            ],
        ),
        (
            TilePart::Width,
            13,
            &[
                "tile/0/000.p/",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/256",
                "tile/0/000.p/1000",
                "tile/0/000.p/-1",
                "tile/0/000.p/+1",
                "tile/0/000.p/1/",
                "tile/0/000.p/1 ",
                "tile/0/000.p/1.p/1",
                "tile/0/000.p/٣",
            ],
        ),
    ];
    for (part, at, texts) in cases {
        for text in texts {
            assert_eq!(text.parse::<TilePath>(), Err(Error::PeerTilePath { part, at }), "{text:?}");
        }
    }
    let refused = |part, at| Err(Error::PeerTilePath { part, at });
    assert_eq!("tile/0/000".parse::<BundlePath>(), refused(TilePart::Prefix, 0));
    assert_eq!("tile/entries/".parse::<BundlePath>(), refused(TilePart::Index, 13));
    assert_eq!("tile/entries/x001/x099/x511/x627/776".parse::<BundlePath>(), refused(TilePart::Index, 13));
    assert_eq!("tile/entries/000.p/256".parse::<BundlePath>(), refused(TilePart::Width, 19));
}

#[test]
fn a_bundle_is_its_entries_behind_their_lengths() {
    let bundle = EntryBundle::new(vec![b"ab".as_slice(), b"", b"c"]).unwrap();
    assert_eq!(bundle.encode(), b"\0\x02ab\0\0\0\x01c");
    assert_eq!(EntryBundle::decode(b"\0\x02ab\0\0\0\x01c", 3), Ok(bundle));
    let longest = vec![7; 65_535];
    let bytes = EntryBundle::new(vec![longest.as_slice()]).unwrap().encode();
    assert_eq!((bytes.len(), &bytes[..3]), (65_537, [0xff, 0xff, 7].as_slice()));
    assert_eq!(EntryBundle::decode(&bytes, 1).unwrap().entries(), [longest.as_slice()]);
}

#[test]
fn a_bundle_says_why_it_is_refused() {
    let bytes = b"\0\x02ab\0\0\0\x01c";
    let truncated = |entry, at, need, have| Err(Error::PeerBundleTruncated { entry, at, need, have });
    assert_eq!(EntryBundle::decode(bytes, 2), Err(Error::PeerBundleLeftOver { at: 6, got: 3 }));
    assert_eq!(EntryBundle::decode(bytes, 4), truncated(3, 9, 2, 0));
    assert_eq!(EntryBundle::decode(&bytes[..8], 3), truncated(2, 8, 1, 0));
    assert_eq!(EntryBundle::decode(&bytes[..7], 3), truncated(2, 6, 2, 1));
    assert_eq!(EntryBundle::decode(&bytes[..3], 3), truncated(0, 2, 2, 1));
    for got in [0usize, 257] {
        let refused = Err(Error::MisuseBundleEntries { got, max: 256 });
        assert_eq!(EntryBundle::decode(bytes, got as u16), refused);
        assert_eq!(EntryBundle::new(vec![b"".as_slice(); got]), refused);
    }
    let long = vec![0; 65_536];
    let refused = Err(Error::MisuseEntryTooLong { got: 65_536, max: 65_535 });
    assert_eq!(EntryBundle::new(vec![b"", long.as_slice()]), refused);
}

#[test]
fn a_changed_byte_of_a_bundle_is_refused_or_changes_a_leaf() {
    let bytes = EntryBundle::new(vec![b"ab".as_slice(), b"", b"c"]).unwrap().encode();
    let leaves = EntryBundle::decode(&bytes, 3).unwrap().leaf_hashes(&Sha256);
    for (at, mask) in (0..bytes.len()).flat_map(|at| (1..=255).map(move |mask| (at, mask))) {
        let mut changed = bytes.clone();
        changed[at] ^= mask;
        match EntryBundle::decode(&changed, 3) {
            Ok(bundle) => {
                let differ = bundle.leaf_hashes(&Sha256).iter().zip(&leaves).filter(|(a, b)| a != b).count();
                assert_eq!((differ, [2, 3, 8].contains(&at)), (1, true), "byte {at}");
            }
            Err(Error::PeerBundleTruncated { .. } | Error::PeerBundleLeftOver { .. }) => {
                assert!([0, 1, 4, 5, 6, 7].contains(&at), "byte {at} is no length");
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_changed_byte_of_a_name_is_refused_or_names_another_file() {
    let name = "tile/0/x001/x234/067.p/12";
    let tile: TilePath = name.parse().unwrap();
    for (at, mask) in (0..name.len()).flat_map(|at| (1..128).map(move |mask| (at, mask))) {
        let mut changed = name.as_bytes().to_vec();
        changed[at] ^= mask;
        let changed = String::from_utf8(changed).unwrap();
        match changed.parse::<TilePath>() {
            Ok(other) => assert_eq!((other != tile, other.to_string()), (true, changed)),
            // Another level may be too high for the index.
            Err(Error::PeerTilePath { part, at: place }) => {
                assert!(place <= at || (at, part) == (5, TilePart::Index), "{changed:?}: {place}");
            }
            Err(other) => panic!("{changed:?}: {other:?}"),
        }
    }
}

#[test]
fn the_hashes_of_a_bundle_are_its_tile() {
    let (entries, tree) = (reference::entries(300), reference::tree(300));
    for path in bundles_of(Size(300)).unwrap() {
        let first = path.index() as usize * 256;
        let of_path = entries[first..first + usize::from(path.width())].iter().map(Vec::as_slice).collect();
        let hashes = EntryBundle::new(of_path).unwrap().leaf_hashes(&Sha256);
        let tile = tile_bytes(&tree, TilePath::new(0, path.index(), path.width()).unwrap()).unwrap();
        assert_eq!(hashes.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>(), tile);
        assert_eq!(Some(hashes[0]), tree.leaf(Index(first as u64)));
        assert_ne!(hashes[0], Digest::default());
    }
}

proptest! {
    #[test]
    fn names_round_trip(level in 0u8..6, index in any::<u64>(), shift in 0u32..40, width in 1u16..=256) {
        let index = (index >> 24 >> shift) % (1 << (40 - 8 * u32::from(level)));
        let tile = TilePath::new(level, index, width).unwrap();
        prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        let bundle = BundlePath::new(index, width).unwrap();
        prop_assert_eq!(bundle.to_string().parse(), Ok(bundle));
    }

    #[test]
    fn what_is_read_is_written_the_same(text in "tile/[0-7]/(x[0-9]{3}/){0,5}[0-9]{2,4}(\\.p/[0-9]{1,4})?") {
        if let Ok(tile) = text.parse::<TilePath>() {
            prop_assert_eq!(tile.to_string(), text);
        }
    }

    #[test]
    fn bundles_round_trip_and_have_one_length(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..=256),
        cut in any::<prop::sample::Index>(),
    ) {
        let bundle = EntryBundle::new(entries.iter().map(Vec::as_slice).collect()).unwrap();
        let (bytes, width) = (bundle.encode(), entries.len() as u16);
        prop_assert_eq!(EntryBundle::decode(&bytes, width), Ok(bundle));
        let shorter = EntryBundle::decode(&bytes[..cut.index(bytes.len())], width);
        let truncated = matches!(shorter, Err(Error::PeerBundleTruncated { .. }));
        prop_assert!(truncated, "{:?}", shorter);
        let longer = [bytes.as_slice(), &[0]].concat();
        let refused = Err(Error::PeerBundleLeftOver { at: bytes.len(), got: 1 });
        prop_assert_eq!(EntryBundle::decode(&longer, width), refused);
    }

    #[test]
    fn hostile_bytes_are_refused_or_written_the_same(
        bytes in prop::collection::vec(0u8..4, 0..64),
        width in 1u16..20,
    ) {
        if let Ok(bundle) = EntryBundle::decode(&bytes, width) {
            prop_assert_eq!(bundle.encode(), bytes);
        }
    }
}
