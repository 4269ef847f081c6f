//! The files of an agreed log, read back by a reader that shares no code with what wrote them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod federation;

use std::collections::BTreeMap;

use auditmesh::{
    Publication, PublicationError,
    merkle::{self, Tree},
    types::{Index, Log, Size},
};
use federation::*;
use sha2::{Digest as _, Sha256};

type Hash = [u8; 32];

fn leaf(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// RFC 6962 §2.1, by its recursion.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Sha256::new()
                .chain_update([1])
                .chain_update(root(left))
                .chain_update(root(right))
                .finalize()
                .into()
        }
    }
}

fn base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = |c: u8| u32::try_from(digits.iter().position(|digit| *digit == c).unwrap()).unwrap();
    let bytes = text.trim_end_matches('=').as_bytes().chunks(4).flat_map(|group| {
        let bits = group.iter().fold(0, |bits, c| bits << 6 | value(*c)) << (6 * (4 - group.len()));
        bits.to_be_bytes()[1..group.len()].to_vec()
    });
    bytes.collect()
}

/// 1,234,067 as `x001/x234/067`.
fn grouped(index: usize) -> String {
    let last = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    let mut groups = vec![last];
    while rest > 0 {
        groups.insert(0, format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.join("/")
}

/// The names below `prefix` of the files that hold `count` items, 256 a file, with how many each holds.
fn names(prefix: &str, count: usize) -> Vec<(String, usize)> {
    let full = (0..count / 256).map(|index| (format!("{prefix}/{}", grouped(index)), 256));
    let part = (count / 256, count % 256);
    let partial = (part.1 > 0).then(|| (format!("{prefix}/{}.p/{}", grouped(part.0), part.1), part.1));
    full.chain(partial).collect()
}

/// Reads the published files as docs/spec/tiles.md has them, and leaves none over: the entries, proved by the checkpoint.
fn read(mut files: BTreeMap<String, Vec<u8>>) -> Vec<Vec<u8>> {
    let checkpoint = String::from_utf8(files.remove("checkpoint").unwrap()).unwrap();
    let lines: Vec<_> = checkpoint.lines().collect();
    assert_eq!((lines[0], lines[3]), (origin().as_str(), ""));
    let (size, signed) = (lines[1].parse::<usize>().unwrap(), base64(lines[2]));

    let mut entries = Vec::new();
    for (name, width) in names("tile/entries", size) {
        let bundle = files.remove(&name).unwrap_or_else(|| panic!("{name} is missing"));
        let mut rest = bundle.as_slice();
        for _ in 0..width {
            let (length, tail) = rest.split_first_chunk().unwrap();
            let (entry, tail) = tail.split_at(u16::from_be_bytes(*length).into());
            entries.push(entry.to_vec());
            rest = tail;
        }
        assert_eq!(rest, b"", "{name} goes on");
    }
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf(entry)).collect();
    assert_eq!(root(&leaves).as_slice(), signed, "the checkpoint is of other entries");

    let mut hashes = leaves;
    for level in 0.. {
        let mut rest = hashes.as_slice();
        for (name, width) in names(&format!("tile/{level}"), hashes.len()) {
            let tile = files.remove(&name).unwrap_or_else(|| panic!("{name} is missing"));
            let (here, tail) = rest.split_at(width);
            assert_eq!(tile, here.concat(), "{name}");
            rest = tail;
        }
        hashes = hashes.chunks_exact(256).map(root).collect();
        if hashes.is_empty() {
            break;
        }
    }
    assert_eq!(files.keys().collect::<Vec<_>>(), [""; 0], "files that no tree of {size} has");
    entries
}

fn numbered(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|at| format!("entry {at}{}", "+".repeat(at % 300)).into_bytes()).collect()
}

/// The files by name; the checkpoint must come last, after all it promises.
fn published(log: &Publication<'_, impl auditmesh::types::Hasher>) -> BTreeMap<String, Vec<u8>> {
    let list: Vec<_> = log.files().unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(list.last().unwrap().0, "checkpoint");
    let count = list.len();
    let files: BTreeMap<_, _> = list.into_iter().collect();
    assert_eq!(files.len(), count, "no name comes twice");
    files
}

#[test]
fn an_independent_reader_reads_every_size() {
    for size in [1, 2, 3, 255, 256, 257, 511, 512, 513, 700] {
        let entries = numbered(size);
        let (tree, certificate) = certified(&entries);
        let log = Publication::new(&tree, &entries, &certificate).unwrap();
        assert_eq!(read(published(&log)), entries, "{size}");
    }
}

#[test]
fn the_log_that_a_federation_agreed_on_can_be_read_by_others() {
    let mut federation: Local =
        builder(&NAMES).batch_size(150).build(auditmesh::anchor::MemoryAnchor::new()).unwrap();
    submit(&mut federation, events(400));
    let mut entries = Vec::new();
    while let Some(report) = federation.round(NOW, &mut ()).unwrap() {
        entries.extend(report.batch.records.iter().map(|record| record.entry.clone()));
        let certificate = report.agreed.unwrap().certificate;
        for member in federation.members() {
            let log = Publication::new(member.log().tree(), &entries, &certificate).unwrap();
            let files = published(&log);
            assert_eq!(files["checkpoint"], certificate.to_bytes());
            assert_eq!(read(files), entries);
        }
    }
    assert_eq!(entries.len(), 400);
}

/// The example at the top of docs/spec/tiles.md.
#[test]
fn a_log_of_70_000_has_the_files_of_the_specification() {
    let entries: Vec<Vec<u8>> = (0..70_000u32).map(|at| at.to_be_bytes().to_vec()).collect();
    let (tree, certificate) = certified(&entries);
    let log = Publication::new(&tree, &entries, &certificate).unwrap();
    let files = published(&log);
    let bytes = |name: &str| files.get(name).map(Vec::len);
    for index in 0..273 {
        assert_eq!(bytes(&format!("tile/0/{index:03}")), Some(8_192));
        assert_eq!(bytes(&format!("tile/entries/{index:03}")), Some(256 * 6));
    }
    assert_eq!((bytes("tile/0/273.p/112"), bytes("tile/entries/273.p/112")), (Some(3_584), Some(112 * 6)));
    assert_eq!((bytes("tile/1/000"), bytes("tile/1/001.p/17")), (Some(8_192), Some(544)));
    assert_eq!(bytes("tile/2/000.p/1"), Some(32));
    assert_eq!(files.len(), 2 * 273 + 2 + 3 + 1);
    assert_eq!(read(files), entries);
}

/// The bundle of three entries in docs/spec/tiles.md, byte for byte.
#[test]
fn a_bundle_has_the_bytes_of_the_specification() {
    let entries = [b"ab".to_vec(), vec![], b"c".to_vec()];
    let (tree, certificate) = certified(&entries);
    let files = published(&Publication::new(&tree, &entries, &certificate).unwrap());
    assert_eq!(files["tile/entries/000.p/3"], [0, 2, 0x61, 0x62, 0, 0, 0, 1, 0x63]);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"]);
}

#[test]
fn the_longest_entry_is_published() {
    let entries = [vec![7; merkle::MAX_ENTRY_BYTES], b"next".to_vec()];
    let (tree, certificate) = certified(&entries);
    assert_eq!(read(published(&Publication::new(&tree, &entries, &certificate).unwrap())), entries);
}

/// Full files of a smaller log stay as they are when it grows.
#[test]
fn full_files_never_change() {
    let publish = |size: usize| {
        let entries = numbered(size);
        let (tree, certificate) = certified(&entries);
        let mut files = published(&Publication::new(&tree, &entries, &certificate).unwrap());
        files.retain(|name, _| name != "checkpoint" && !name.contains(".p/"));
        files
    };
    let (before, after) = (publish(300), publish(600));
    assert_eq!((before.len(), after.len()), (2, 4));
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
}

#[test]
fn what_does_not_belong_together_is_not_published() {
    let entries = numbered(5);
    let (tree, certificate) = certified(&entries);
    let refused = |tree: &Tree, entries: &[Vec<u8>], certificate| {
        Publication::new(tree, entries, certificate).map(|_| ()).unwrap_err()
    };
    for got in [0, 4, 6] {
        let why = PublicationError::MisuseEntryCount { got, size: 5 };
        assert_eq!(refused(&tree, &numbered(got), &certificate), why);
    }
    for at in 0..5 {
        for change in [Vec::new(), entries[(at + 1) % 5].clone(), [entries[at].as_slice(), b"."].concat()] {
            let mut other = entries.clone();
            other[at] = change;
            assert_eq!(
                refused(&tree, &other, &certificate),
                PublicationError::MisuseOtherEntry { index: at }
            );
        }
    }
    let mut swapped = entries.clone();
    swapped.swap(1, 3);
    assert_eq!(refused(&tree, &swapped, &certificate), PublicationError::MisuseOtherEntry { index: 1 });

    let (smaller, earlier) = certified(&numbered(4));
    assert_eq!(refused(&tree, &entries, &earlier), PublicationError::MisuseOtherHead);
    assert_eq!(refused(&smaller, &numbered(4), &certificate), PublicationError::MisuseOtherHead);
    let others: Vec<_> = (0..5).map(|at| vec![at]).collect();
    let (fork, _) = certified(&others);
    assert_eq!(refused(&fork, &others, &certificate), PublicationError::MisuseOtherHead);
}

/// What is staged and not agreed must not get out.
#[test]
fn staged_leaves_are_not_published() {
    let (mut federation, _, _) = staged(builder(&NAMES).batch_size(2), &[]);
    submit(&mut federation, events(4));
    let report = round(&mut federation);
    let entries: Vec<_> = report.batch.records.iter().map(|record| record.entry.clone()).collect();
    let certificate = report.agreed.unwrap().certificate;
    let mut log = empty_log();
    log.stage(&report.batch).unwrap();
    log.commit().unwrap();
    assert!(Publication::new(log.tree(), &entries, &certificate).is_ok());
    let next = round(&mut federation).batch;
    log.stage(&next).unwrap();
    let with_staged: Vec<_> =
        entries.iter().cloned().chain(next.records.iter().map(|r| r.entry.clone())).collect();
    let why = Publication::new(log.tree(), &with_staged, &certificate).map(|_| ()).unwrap_err();
    assert_eq!(why, PublicationError::MisuseOtherHead);
}

#[test]
fn only_what_is_in_the_log_has_a_proof() {
    let entries = numbered(3);
    let (tree, certificate) = certified(&entries);
    let log = Publication::new(&tree, &entries, &certificate).unwrap();
    for (index, entry) in (0..).zip(&entries) {
        assert_eq!(log.entry(Index(index)), Some(entry.as_slice()));
        let proof = log.proof(Index(index)).unwrap();
        assert_eq!(
            (proof.index(), proof.extra(), proof.checkpoint()),
            (Index(index), None, certificate.signed())
        );
    }
    for index in [3, u64::MAX] {
        assert_eq!(log.entry(Index(index)), None);
        let why = merkle::Error::MisuseIndexBeyondSize { index: Index(index), size: Size(3) };
        assert_eq!(log.proof(Index(index)).unwrap_err(), PublicationError::Log(why));
    }
}
