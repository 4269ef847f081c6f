//! Shared by the examples.

use std::{fs::File, io::Read, path::Path};

use auditmesh::{
    attest::{LogCheckpoint, ProofFile},
    types::Index,
};
use auditmesh_store_tiles::{FolderStore, TileReader};

/// Makes the proof of one entry from published tiles alone, and gives the entry's bytes.
///
/// # Errors
/// When the log has no such entry, or a file is not what the checkpoint promises.
pub fn prove(
    store: &FolderStore,
    checkpoint: &LogCheckpoint,
    index: Index,
) -> Result<(ProofFile, Vec<u8>), String> {
    let (reader, head) = (TileReader::of_store(store), checkpoint.head());
    let inclusion = reader.inclusion(index, head).map_err(|why| why.to_string())?;
    let entry = reader.entry(index, head).map_err(|why| why.to_string())?;
    let proof = ProofFile::new(None, index, inclusion.path, checkpoint.clone());
    Ok((proof.map_err(|why| why.to_string())?, entry))
}

/// A whole file of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read or is longer.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, String> {
    let fail = |why: std::io::Error| format!("{}: {why}", path.display());
    let mut bytes = Vec::new();
    File::open(path).map_err(fail)?.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(fail)?;
    match bytes.len() > limit {
        true => {
            Err(format!("{}: has more than {limit} bytes, the most such a file may have", path.display()))
        }
        false => Ok(bytes),
    }
}
