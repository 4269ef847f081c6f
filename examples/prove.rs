//! Proves from a published log alone: `cargo run --release --example prove -- --help`.
#![allow(clippy::print_stderr, reason = "a program speaks to a person")]

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use auditmesh::{
    ConsistencyFile,
    attest::{Ed25519Signer, KeyType, LogCheckpoint, Note, NoteLine, VerifierKey},
    types::{Index, Signer, Size, TreeHead},
};
use auditmesh_attest_cose::{consistency_receipt, inclusion_receipt};
use auditmesh_examples::{prove, read};
use auditmesh_store_tiles::{FolderStore, TileReader};
use clap::Parser;

/// The most bytes of a key file.
const MAX_KEY_BYTES: usize = 16 * 1024;

/// Makes a proof from the checkpoint and the tiles of a published log, without its members; `verify` checks it.
///
/// Every tile that is used is checked against the checkpoint's root. Who signed the checkpoint is for `verify` to say.
#[derive(Debug, Parser)]
#[command(
    version,
    override_usage = "prove [OPTIONS] <DIR> <INDEX>
       prove [OPTIONS] <DIR> --consistency <OLD_SIZE>"
)]
struct Args {
    /// The folder of the log: `checkpoint` and `tile/`
    #[arg(value_name = "DIR")]
    log: PathBuf,
    /// The entry to prove
    #[arg(required_unless_present = "consistency")]
    index: Option<u64>,
    /// Proves that the log continues itself as it was with so many entries, instead of one entry
    #[arg(long, value_name = "OLD_SIZE", conflicts_with_all = ["index", "entry_out"])]
    consistency: Option<u64>,
    /// Where the proof goes, a new file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Where the entry's bytes go, a new file
    #[arg(long, value_name = "FILE")]
    entry_out: Option<PathBuf>,
    /// Gives a COSE receipt, signed with this Ed25519 key (PKCS#8 PEM), which must have signed the checkpoint
    #[arg(long, value_name = "KEY")]
    cose: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("prove: {why}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let of_log = |why: String| format!("{}: {why}", args.log.display());
    let checkpoint = checkpoint(&args.log)?;
    let store = FolderStore::open_to_read(&args.log);
    let operator = args.cose.as_deref().map(|path| operator(path, &checkpoint)).transpose()?;
    let (proof, entry) = match (args.index, args.consistency) {
        (Some(index), _) => of_entry(&store, &checkpoint, Index(index), operator.as_ref()).map_err(of_log)?,
        (None, old) => {
            let old = Size(old.unwrap_or_default());
            (of_growth(&store, &checkpoint, old, operator.as_ref()).map_err(of_log)?, Vec::new())
        }
    };
    write(&[("--entry-out", args.entry_out.as_deref(), &entry), ("--out", args.out.as_deref(), &proof)])?;
    match args.out {
        Some(_) => Ok(()),
        None => std::io::stdout().write_all(&proof).map_err(|why| format!("standard output: {why}")),
    }
}

fn checkpoint(log: &Path) -> Result<LogCheckpoint, String> {
    let path = log.join("checkpoint");
    if path.symlink_metadata().is_err_and(|why| why.kind() == ErrorKind::NotFound) {
        return Err(format!(
            "{}: holds no published log: there is no file `checkpoint` in it",
            log.display()
        ));
    }
    let bytes = read(&path, Note::MAX_BYTES)?;
    LogCheckpoint::parse(&bytes).map_err(|why| format!("{}: {why}", path.display()))
}

/// The proof that an entry is in the log, and the entry.
fn of_entry(
    store: &FolderStore,
    checkpoint: &LogCheckpoint,
    index: Index,
    operator: Option<&Ed25519Signer>,
) -> Result<(Vec<u8>, Vec<u8>), String> {
    let (proof, entry) = prove(store, checkpoint, index)?;
    let head = checkpoint.head();
    let Some(operator) = operator else { return Ok((proof.to_bytes(), entry)) };
    let inclusion = TileReader::of_store(store).inclusion(index, head).map_err(|why| why.to_string())?;
    let receipt = inclusion_receipt(operator, &inclusion, &head.root).map_err(|why| why.to_string())?;
    Ok((receipt, entry))
}

/// The proof that the log continues itself as it was with `old` entries.
fn of_growth(
    store: &FolderStore,
    checkpoint: &LogCheckpoint,
    old: Size,
    operator: Option<&Ed25519Signer>,
) -> Result<Vec<u8>, String> {
    let (reader, head) = (TileReader::of_store(store), checkpoint.head());
    let root = reader.root_at(old, head).map_err(|why| why.to_string())?;
    let growth = reader.consistency(TreeHead { size: old, root }, head).map_err(|why| why.to_string())?;
    match operator {
        Some(operator) => consistency_receipt(operator, &growth, &head.root).map_err(|why| why.to_string()),
        None => ConsistencyFile::new(old, growth.path, checkpoint.clone())
            .map(|file| file.to_bytes())
            .map_err(|why| why.to_string()),
    }
}

/// Reads an operator's key. A receipt says no more than the checkpoint, so only whoever signed that gives one.
fn operator(path: &Path, checkpoint: &LogCheckpoint) -> Result<Ed25519Signer, String> {
    let fail = |why: String| format!("--cose {}: {why}", path.display());
    let pem = String::from_utf8(read(path, MAX_KEY_BYTES)?)
        .map_err(|_| fail("is no PEM key; give a private Ed25519 key (PKCS#8)".to_owned()))?;
    let signer = Ed25519Signer::from_pem(&pem).map_err(|why| fail(why.to_string()))?;
    let note = checkpoint.note();
    let by_name = |name: &str| VerifierKey::new(name, KeyType::Ed25519, signer.public_key());
    let signed = |line: &NoteLine| by_name(line.name()).is_ok_and(|key| note.verify(&key).is_ok());
    if !note.signatures().iter().any(signed) {
        let origin = checkpoint.origin().escape_debug();
        return Err(fail(format!(
            "has not signed the checkpoint of {origin}; a receipt is for one of its operators to give"
        )));
    }
    Ok(signer)
}

/// Writes new files: all of them, or none.
fn write(files: &[(&str, Option<&Path>, &[u8])]) -> Result<(), String> {
    let mut written: Vec<&Path> = Vec::new();
    for (option, path, bytes) in
        files.iter().filter_map(|(option, path, bytes)| Some((option, (*path)?, bytes)))
    {
        let made = File::create_new(path).and_then(|mut file| {
            written.push(path);
            file.write_all(bytes)?;
            file.sync_all()
        });
        if let Err(why) = made {
            for path in written {
                let _ = fs::remove_file(path);
            }
            return Err(match why.kind() {
                ErrorKind::AlreadyExists => {
                    format!("{}: stands already; name another file with {option}", path.display())
                }
                _ => format!("{}: {why}", path.display()),
            });
        }
    }
    Ok(())
}
