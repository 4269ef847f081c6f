//! What the crates `signed_note` and `tlog_tiles` make is read and verified by ours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;

use auditmesh_attest::{
    Ed25519Signer, Error, KeyType, LogAuthority, LogCheckpoint, Note, SignedCheckpoint, TrustPolicy,
    VerifierKey,
};
use auditmesh_store_tiles::{Error as TileError, TileReader};
use auditmesh_types::{Authority, Digest, Index, Scheme, Signer as _, Size, TreeHead};
use base64ct::{Base64, Encoding};
use signed_note::{Signer, StandardSigner};
use tlog_tiles::{
    Checkpoint, Error as TlogError, Hash, HashReader, Tile, record_hash, stored_hashes, tree_hash,
};

const LOG: &str = "example.com/other";

/// The same key for their signer and for our policy.
fn keys(name: &str) -> (StandardSigner, VerifierKey) {
    let seed = [5; 32];
    let ours = Ed25519Signer::from_seed(seed);
    let key = VerifierKey::new(name, KeyType::Ed25519, ours.public_key()).unwrap();
    let secret = Base64::encode_string(&[[1].as_slice(), &seed].concat());
    let id = key.label().rsplit('+').next().unwrap().to_owned();
    (StandardSigner::new(&format!("PRIVATE+KEY+{name}+{id}+{secret}")).unwrap(), key)
}

fn signed(text: &[u8], signer: &StandardSigner) -> Vec<u8> {
    let mut note = signed_note::Note::new(text, &[]).unwrap();
    note.add_sigs(&[signer as &dyn Signer]).unwrap();
    note.to_bytes()
}

fn policy(key: &VerifierKey) -> TrustPolicy {
    format!("log {key}\nquorum none\n").parse().unwrap()
}

#[test]
fn a_note_of_signed_note_is_read_and_verified() {
    let (signer, key) = keys("EnochRoot");
    for text in ["one line\n", "two\n\nparagraphs \u{2014} and a dash\n", "\n"] {
        let bytes = signed(text.as_bytes(), &signer);
        let note = Note::parse(&bytes).unwrap();
        assert_eq!((note.text(), note.to_bytes()), (text, bytes.clone()));
        assert_eq!(note.verify(&key), Ok(()));
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert!(Note::parse(&bad).and_then(|note| note.verify(&key)).is_err(), "byte {at} of {text:?}");
        }
    }
}

#[test]
fn a_checkpoint_of_tlog_tiles_meets_a_policy_of_one_log_line() {
    let (signer, key) = keys(LOG);
    let checkpoint = |extension: &str| {
        signed(&Checkpoint::new(LOG, 70_000, Hash([9; 32]), extension).unwrap().to_bytes(), &signer)
    };
    let plain = checkpoint("");
    let read = SignedCheckpoint::parse(&plain).unwrap();
    assert_eq!(read.checkpoint().head, TreeHead { size: Size(70_000), root: Digest([9; 32]) });
    assert_eq!(policy(&key).attested(read.as_log()).unwrap().logs, [key.label()]);
    assert_eq!(policy(&key).check(&LogCheckpoint::parse(&plain).unwrap()), Ok(()));

    let extended = checkpoint("first\nsecond line\n");
    assert_eq!(SignedCheckpoint::parse(&extended), Err(Error::PeerExtensionLines { got: 2 }));
    let read = LogCheckpoint::parse(&extended).unwrap();
    assert_eq!(read.extensions(), ["first", "second line"]);
    assert_eq!(policy(&key).check(&read), Ok(()));
    let text = String::from_utf8(extended).unwrap().replace("second", "third");
    let refused = Error::PeerBadSignature { scheme: Scheme::Ed25519, signer: key.label() };
    assert_eq!(policy(&key).check(&LogCheckpoint::parse(text.as_bytes()).unwrap()), Err(refused));
    let stranger = policy(&keys("example.com/third").1);
    assert_eq!(stranger.check(&read), Err(Error::PeerNoLogSignature { origin: LOG.into() }));
}

/// The stored hashes of their tree.
struct Stored(Vec<Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, TlogError> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

fn entry(index: u64) -> Vec<u8> {
    format!("record {index}").into_bytes()
}

/// Their tiles of `size` records, by the standard path, and their root.
fn tiles(size: u64) -> (BTreeMap<String, Vec<u8>>, Stored, TreeHead) {
    let mut stored = Stored(Vec::new());
    for index in 0..size {
        let hashes = stored_hashes(index, &entry(index), &stored).unwrap();
        stored.0.extend(hashes);
    }
    let root = Digest(tree_hash(size, &stored).unwrap().0);
    let files = Tile::new_tiles(8, 0, size)
        .into_iter()
        .map(|tile| (tile.path().replacen("tile/8/", "tile/", 1), tile.read_data(&stored).unwrap()))
        .collect();
    (files, stored, TreeHead { size: Size(size), root })
}

#[derive(Debug, PartialEq, Eq)]
struct Missing(String);

#[test]
fn tiles_of_tlog_tiles_are_read_and_proved_from() {
    for size in [1, 2, 255, 256, 257, 700, 66_000] {
        let (files, stored, head) = tiles(size);
        let reader = TileReader::new(|path: &str| files.get(path).cloned().ok_or(Missing(path.to_owned())));
        let leaves = reader.leaves(head).unwrap();
        assert_eq!(u64::try_from(leaves.len()).unwrap(), size);
        for index in [0, size / 2, size - 1] {
            assert_eq!(leaves[usize::try_from(index).unwrap()], Digest(record_hash(&entry(index)).0));
            let ours = reader.inclusion(Index(index), head).unwrap().path;
            let theirs = tlog_tiles::prove_record(size, index, &stored).unwrap();
            assert_eq!(
                ours,
                theirs.iter().map(|hash| Digest(hash.0)).collect::<Vec<_>>(),
                "{index} of {size}"
            );
        }
        for old in [1, size / 2, size].into_iter().filter(|old| *old > 0) {
            let root = Digest(tree_hash(old, &stored).unwrap().0);
            let ours = reader.consistency(TreeHead { size: Size(old), root }, head).unwrap().path;
            let theirs = tlog_tiles::prove_tree(size, old, &stored).unwrap();
            assert_eq!(ours, theirs.iter().map(|hash| Digest(hash.0)).collect::<Vec<_>>(), "{old} to {size}");
        }
    }
}

#[test]
fn every_changed_tile_of_theirs_is_refused() {
    let (files, _, head) = tiles(700);
    for changed in files.keys() {
        let reader = TileReader::new(|path: &str| {
            let mut bytes = files.get(path).cloned().ok_or(Missing(path.to_owned()))?;
            if path == changed {
                bytes[17] ^= 0x20;
            }
            Ok::<_, Missing>(bytes)
        });
        let refused = reader.leaves(head).unwrap_err();
        let named =
            matches!(refused, TileError::PeerRootMismatch { .. } | TileError::PeerTileMismatch { .. });
        assert!(named, "{changed}: {refused:?}");
    }
    let reader = TileReader::new(|path: &str| Err::<Vec<u8>, _>(Missing(path.to_owned())));
    assert!(reader.leaves(head).is_err());
}
