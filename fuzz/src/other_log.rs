use std::sync::OnceLock;

use auditmesh_attest::{Ed25519Signer, KeyType, LogCheckpoint, LogKey, Note, NoteLine, VerifierKey};
use auditmesh_merkle::Tree;
use auditmesh_types::{Digest, Signer, Size, TreeHead};

/// A log as ours never is: its origin has spaces, its key another name, its newest checkpoint extension lines.
const ORIGIN: &str = "an odd log, by hand";
const EXTENSIONS: &str = "Timestamp: 1688058656037355364\nanything\n";

/// The size of the older checkpoint, and that of the newer ones.
pub(crate) const SIZES: [Size; 2] = [Size(3), Size(7)];

fn signer() -> Ed25519Signer {
    Ed25519Signer::from_seed([83; 32])
}

/// The key that is trusted for it.
pub(crate) fn log() -> &'static LogKey {
    static LOG: OnceLock<LogKey> = OnceLock::new();
    LOG.get_or_init(|| {
        let key = VerifierKey::new("keys.example", KeyType::Ed25519, signer().public_key());
        LogKey { key: key.expect("a good key"), origin: ORIGIN.to_owned() }
    })
}

/// Its older checkpoint, its newer one, and the newer one with extension lines: all that its key ever signs.
pub(crate) fn made() -> &'static [LogCheckpoint; 3] {
    static MADE: OnceLock<[LogCheckpoint; 3]> = OnceLock::new();
    MADE.get_or_init(|| {
        let [old, new] = SIZES.map(|size| tree().root_at(size).map(|root| TreeHead { size, root }));
        let (old, new) = (old.expect("it had that size"), new.expect("it has that size"));
        [signed(old, ""), signed(new, ""), signed(new, EXTENSIONS)]
    })
}

/// The hashes by which the newer tree continues the older one.
pub(crate) fn path() -> Vec<Digest> {
    tree().consistency(SIZES[0], SIZES[1]).expect("it had both sizes").path
}

fn tree() -> Tree {
    let mut tree = Tree::new();
    let entries: Vec<[u8; 1]> = (0..7).map(|entry| [entry]).collect();
    let entries: Vec<&[u8]> = entries.iter().map(<[u8; 1]>::as_slice).collect();
    tree.append_batch(&entries).expect("seven small entries");
    tree
}

fn signed(head: TreeHead, extensions: &str) -> LogCheckpoint {
    let text = format!("{ORIGIN}\n{}\n{}\n{extensions}", head.size, base64(&head.root));
    let signature = signer().sign(text.as_bytes()).expect("a key in memory signs");
    let key = &log().key;
    let line = NoteLine::new(key.name(), key.key_id(), signature).expect("a good name");
    let note = Note::new(text, vec![line]).expect("one line");
    LogCheckpoint::parse(&note.to_bytes()).expect("a checkpoint")
}

/// Base64 as a checkpoint has it, by way of a checkpoint of ours.
fn base64(root: &Digest) -> String {
    let origin = crate::federation::origin();
    let text =
        auditmesh_attest::Checkpoint { origin, head: TreeHead { size: Size(0), root: *root } }.to_string();
    text.lines().nth(2).expect("three lines").to_owned()
}
