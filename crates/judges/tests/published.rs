//! What we publish, judged by the crates `signed_note` and `tlog_tiles`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;

use auditmesh_attest::{Ed25519Signer, MemberAttestor, Membership, MlDsa44Signer, SignedCheckpoint};
use auditmesh_merkle::{Tree, tiles::tiles_of};
use auditmesh_store_tiles::{FileName, MemoryStore, Publisher, TileReader as Ours};
use auditmesh_types::{
    Attestor, Authority, Certifier, Digest, Index, MemberId, Millis, Origin, Round, Size, TreeHead,
};
use signed_note::{Note, NoteError, StandardVerifier, Verifier, VerifierList};
use tlog_tiles::{
    Checkpoint, Error, Hash, HashReader, Tile, TileHashReader, TileReader, check_record, check_tree,
    prove_record, prove_tree, record_hash, tree_hash,
};

const HEIGHT: u8 = 8;

/// A federation of so many members, and its certificate for size 7.
fn federation(count: u8) -> (Membership, SignedCheckpoint) {
    let origin = Origin::new("auditmesh.example/judged").unwrap();
    let voices: Vec<_> = (1..=count)
        .map(|seed| {
            let keys = (Ed25519Signer::from_seed([seed; 32]), MlDsa44Signer::from_seed([seed; 32]));
            let name = MemberId::new(format!("EU-{seed}")).unwrap();
            MemberAttestor::new(name, origin.clone(), keys.0, keys.1).unwrap()
        })
        .collect();
    let members = voices.iter().map(|voice| voice.member().clone()).collect();
    let membership = Membership::new(origin, members, usize::from(count)).unwrap();
    let head = TreeHead { size: Size(7), root: Digest([7; 32]) };
    let agreeing: Vec<_> = voices
        .iter()
        .map(|voice| {
            membership.verify(voice.attest(Round(1), head, Millis(1_700_000_000_000)).unwrap()).unwrap()
        })
        .collect();
    let certificate = membership.certify(&agreeing).unwrap();
    (membership, certificate.signed().clone())
}

fn verifier(key: &str) -> VerifierList {
    VerifierList::new(vec![Box::new(StandardVerifier::new(key).unwrap()) as Box<dyn Verifier>])
}

#[test]
fn signed_note_verifies_a_certificate_under_every_operators_key() {
    let (membership, signed) = federation(4);
    let bytes = signed.to_bytes();
    for log in membership.policy().logs() {
        let known = verifier(&log.key.to_string());
        let note = Note::from_bytes(&bytes).unwrap();
        let (verified, others) = note.verify(&known).unwrap();
        assert_eq!((verified.len(), others.len()), (1, 7), "eight lines, one of a known key");
        assert_eq!(verified[0].name(), "auditmesh.example/judged");
        assert_eq!(note.to_bytes(), bytes);
        let text = signed.note().text().len();
        for at in 0..text {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert!(Note::from_bytes(&bad).map_or(true, |note| note.verify(&known).is_err()), "byte {at}");
        }
    }
    let stranger = Ed25519Signer::from_seed([99; 32]);
    let key = auditmesh_attest::VerifierKey::new(
        "auditmesh.example/judged",
        auditmesh_attest::KeyType::Ed25519,
        auditmesh_types::Signer::public_key(&stranger),
    );
    let refused = Note::from_bytes(&bytes).unwrap().verify(&verifier(&key.unwrap().to_string()));
    assert!(matches!(refused, Err(NoteError::UnverifiedNote)), "{refused:?}");
}

/// It takes 100 lines, as Go's reader does: two of each of 50 members.
#[test]
fn signed_note_takes_certificates_of_at_most_fifty_signers() {
    let (membership, signed) = federation(50);
    let known = verifier(&membership.policy().logs()[49].key.to_string());
    assert_eq!(Note::from_bytes(&signed.to_bytes()).unwrap().verify(&known).unwrap().0.len(), 1);
    let (_, signed) = federation(51);
    assert!(matches!(Note::from_bytes(&signed.to_bytes()), Err(NoteError::MalformedNote)));
}

#[test]
fn tlog_tiles_reads_our_checkpoint() {
    let (_, signed) = federation(4);
    let read = Checkpoint::from_bytes(signed.note().text().as_bytes()).unwrap();
    assert_eq!((read.origin(), read.size(), read.extension()), ("auditmesh.example/judged", 7, ""));
    assert_eq!(read.hash(), &Hash([7; 32]));
    assert_eq!(read.to_bytes(), signed.note().text().as_bytes());
}

/// A log of `size` entries, published in two steps.
fn published(size: u64) -> (Tree, MemoryStore) {
    let mut tree = Tree::new();
    let mut publisher = Publisher::resume(MemoryStore::new(), tree.head()).unwrap();
    for end in [size / 3, size] {
        let entries: Vec<String> = (tree.size().0..end).map(entry).collect();
        let entries: Vec<&[u8]> = entries.iter().map(String::as_bytes).collect();
        tree.append_batch(&entries).unwrap();
        let checkpoint = format!("auditmesh.example/judged\n{end}\nroot\n");
        publisher.publish(&tree, &entries, checkpoint.as_bytes()).unwrap();
    }
    (tree, publisher.into_store())
}

fn entry(index: u64) -> String {
    format!("entry {index}")
}

fn theirs(digest: &Digest) -> Hash {
    Hash(*digest.as_bytes())
}

/// Our files for their reader. Their path has the tile's height in it, `tile/8/0/000`, where the standard path has none.
struct Files<'a> {
    store: &'a MemoryStore,
    /// A file of which one bit is changed.
    changed: Option<String>,
}

impl TileReader for Files<'_> {
    fn height(&self) -> u8 {
        HEIGHT
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile: &Tile| {
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            let (_, bytes) = self.store.files().find(|(name, _)| name.to_string() == path)?;
            let mut bytes = bytes.to_vec();
            if self.changed.as_ref() == Some(&path) {
                bytes[0] ^= 1;
            }
            Some(bytes)
        };
        tiles.iter().map(|tile| read(tile).ok_or(Error::BadMath)).collect()
    }

    fn save_tiles(&self, _tiles: &[Tile], _data: &[Vec<u8>]) {}
}

const SIZES: [u64; 8] = [1, 2, 255, 256, 257, 1000, 65_537, 70_000];

#[test]
fn tlog_tiles_proves_the_same_from_our_tiles() {
    for size in SIZES {
        let (tree, store) = published(size);
        let root = theirs(&tree.root());
        let files = Files { store: &store, changed: None };
        let reader = TileHashReader::new(size, root, &files);
        assert_eq!(tree_hash(size, &reader).unwrap(), root, "size {size}");
        let ours = Ours::of_store(&store);
        for index in [0, size / 2, size - 1] {
            let leaf = record_hash(entry(index).as_bytes());
            let path = ours.inclusion(Index(index), tree.head()).unwrap().path;
            let path: Vec<Hash> = path.iter().map(theirs).collect();
            assert_eq!(prove_record(size, index, &reader).unwrap(), path, "{index} of {size}");
            assert!(check_record(&path, size, root, index, leaf).is_ok(), "{index} of {size}");
            let other = record_hash(b"another entry");
            assert!(check_record(&path, size, root, index, other).is_err());
            for at in 0..path.len() {
                let mut bad = path.clone();
                bad[at].0[at % 32] ^= 1;
                assert!(check_record(&bad, size, root, index, leaf).is_err());
            }
        }
        for old in [1, size / 2, size - 1].into_iter().filter(|old| *old > 0) {
            let head = TreeHead { size: Size(old), root: tree.root_at(Size(old)).unwrap() };
            let path: Vec<Hash> =
                ours.consistency(head, tree.head()).unwrap().path.iter().map(theirs).collect();
            assert_eq!(prove_tree(size, old, &reader).unwrap(), path, "{old} to {size}");
            assert!(check_tree(&path, size, root, old, theirs(&head.root)).is_ok());
            assert!(check_tree(&path, size, root, old, Hash([1; 32])).is_err());
        }
    }
}

#[test]
fn tlog_tiles_names_the_same_files() {
    for size in SIZES.into_iter().chain([256 * 256, 256 * 256 * 256 + 1, 1_234_567_890]) {
        let ours = tiles_of(Size(size)).unwrap().map(FileName::Tile);
        let mut asked = 0;
        for path in ours.take(3000).chain(last(size)).map(|name| name.to_string()) {
            let path = path.replacen("tile/", "tile/8/", 1);
            assert_eq!(Tile::from_path(&path).unwrap().path(), path);
            asked += 1;
        }
        assert!(asked > 0);
    }
    for size in SIZES {
        let ours: BTreeSet<String> =
            tiles_of(Size(size)).unwrap().map(|path| FileName::Tile(path).to_string()).collect();
        let theirs: BTreeSet<String> = Tile::new_tiles(HEIGHT, 0, size)
            .iter()
            .map(|tile| tile.path().replacen("tile/8/", "tile/", 1))
            .collect();
        assert_eq!(ours, theirs, "size {size}");
    }
}

/// The last tile of level 0, whose path has the most groups.
fn last(size: u64) -> Option<FileName> {
    let width = u16::try_from(size % 256).unwrap();
    (width > 0).then(|| FileName::Tile(auditmesh_merkle::tiles::TilePath::new(0, size / 256, width).unwrap()))
}

/// Their reader checks the tiles that the root is made of, and not always the others; what it then proves is refused.
#[test]
fn tlog_tiles_refuses_a_changed_tile_or_what_follows_from_it() {
    let size = 70_000;
    let (tree, store) = published(size);
    let root = theirs(&tree.root());
    let names: Vec<FileName> = store.files().map(|(name, _)| name).collect();
    let tiles = names.iter().filter(|name| matches!(name, FileName::Tile(_))).map(ToString::to_string);
    for changed in tiles.filter(|path| !path.contains(".p/") || !path.starts_with("tile/0/")).take(40) {
        let files = Files { store: &store, changed: Some(changed.clone()) };
        let reader = TileHashReader::new(size, root, &files);
        let tile = Tile::from_path(&changed.replacen("tile/", "tile/8/", 1)).unwrap();
        let index = tile.level_index() << (8 * (u32::from(tile.level()) + 1));
        let holds = |index: u64| {
            let Ok(path) = prove_record(size, index, &reader) else { return false };
            let leaf = reader.read_hashes(&[tlog_tiles::stored_hash_index(0, index)]).unwrap()[0];
            check_record(&path, size, root, index, leaf).is_ok()
                && leaf == record_hash(entry(index).as_bytes())
        };
        assert!(!holds(index) || !holds(index + 1), "{changed}");
    }
}
