//! `cargo run -p auditmesh-judges --example two_steps -- DIR`: publishes a small log in two steps into the new folder
//! `DIR`, with what proves the second step continues the first, and receipts of both kinds. For judges that are not Rust.
#![allow(clippy::print_stderr, reason = "a program for people to run")]

use std::{env, error::Error, fs, path::PathBuf, process::ExitCode};

use auditmesh_attest::{Checkpoint, Ed25519Signer, KeyType, NoteLine, SignedCheckpoint, VerifierKey};
use auditmesh_attest_cose::{consistency_receipt, inclusion_receipt};
use auditmesh_merkle::{Tree, tiles};
use auditmesh_store_tiles::{FileName, FolderStore, Publisher, TileReader};
use auditmesh_types::{Digest, Index, Origin, Signer, Size, TreeHead};

const ORIGIN: &str = "auditmesh.example/two-steps";
const STEPS: [u64; 2] = [300, 70_000];
const PROVED: Index = Index(69_999);

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let [folder] = words.as_slice() else {
        eprintln!("two_steps DIR");
        return ExitCode::from(2);
    };
    match publish(&PathBuf::from(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("two_steps: {why}");
            ExitCode::FAILURE
        }
    }
}

fn publish(folder: &PathBuf) -> Result<(), Box<dyn Error>> {
    let key = Ed25519Signer::from_seed([7; 32]);
    let mut tree = Tree::new();
    let mut publisher = Publisher::resume(FolderStore::open(folder)?, tree.head())?;
    for (step, size) in STEPS.into_iter().enumerate() {
        let entries: Vec<String> = (tree.size().0..size).map(|index| format!("entry {index}")).collect();
        let entries: Vec<&[u8]> = entries.iter().map(String::as_bytes).collect();
        tree.append_batch(&entries)?;
        let signed = signed(&key, tree.head())?;
        publisher.publish(&tree, &entries, &signed)?;
        fs::write(folder.join(format!("checkpoint.{step}")), &signed)?;
    }
    let vkey = VerifierKey::new(ORIGIN, KeyType::Ed25519, key.public_key())?;
    fs::write(folder.join("vkey"), format!("{vkey}\n"))?;
    fs::write(folder.join("key.pem"), key.public()?.to_pem()?)?;

    let (old, new) = (Size(STEPS[0]), tree.size());
    let reader = TileReader::of_store(publisher.store());
    let old_head = TreeHead { size: old, root: tree.root_at(old)? };
    let longer = reader.consistency(old_head, tree.head())?;
    let included = reader.inclusion(PROVED, tree.head())?;
    fs::write(folder.join("consistency"), hex(&longer.path))?;
    fs::write(folder.join("inclusion"), hex(&included.path))?;
    fs::write(folder.join("entry"), format!("entry {PROVED}"))?;
    fs::write(folder.join("inclusion.cose"), inclusion_receipt(&key, &included, &tree.root())?)?;
    fs::write(folder.join("consistency.cose"), consistency_receipt(&key, &longer, &tree.root())?)?;
    let names: Vec<String> = tiles::tiles_of(new)?.map(FileName::Tile).map(|name| name.to_string()).collect();
    fs::write(folder.join("tiles"), names.join("\n") + "\n")?;
    Ok(())
}

fn signed(key: &Ed25519Signer, head: TreeHead) -> Result<Vec<u8>, Box<dyn Error>> {
    let checkpoint = Checkpoint { origin: Origin::new(ORIGIN)?, head };
    let signature = key.sign(checkpoint.to_string().as_bytes())?;
    let id = KeyType::Ed25519.key_id(ORIGIN, key.public_key());
    let line = NoteLine::new(ORIGIN, id, signature)?;
    Ok(SignedCheckpoint::new(checkpoint, vec![line])?.to_bytes())
}

/// One hash a line, in hexadecimal.
fn hex(path: &[Digest]) -> String {
    path.iter().map(|hash| format!("{hash}\n")).collect()
}
