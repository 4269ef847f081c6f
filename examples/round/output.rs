//! The files of `--out DIR`.

use std::collections::{BTreeMap, BTreeSet};

use auditmesh::{
    Publication,
    attest::Certificate,
    event::Disclosure,
    merkle::Tree,
    types::{Hasher, Index},
};

use crate::{folder::Folder, report::Report};

/// Checkpoint, tiles, entry bundles, and for every index asked for: proof, entry and event.
pub(crate) fn log<H: Hasher>(
    folder: &Folder,
    tree: &Tree<H>,
    entries: &[Vec<u8>],
    certificate: &Certificate,
    prove: &BTreeSet<Index>,
    disclosures: &BTreeMap<Index, Disclosure>,
) -> Result<(), String> {
    let publication = Publication::new(tree, entries, certificate).map_err(|why| why.to_string())?;
    for file in publication.files().map_err(|why| why.to_string())? {
        let (path, bytes) = file.map_err(|why| why.to_string())?;
        folder.write(&path, &bytes)?;
    }
    for index in prove.iter().copied() {
        let proof = publication.proof(index).map_err(|why| format!("--prove {index}: {why}"))?;
        folder.write(&format!("proof/{index}.tlog-proof"), &proof.to_bytes())?;
        folder.write(&format!("proof/{index}.entry"), publication.entry(index).unwrap_or_default())?;
        if let Some(disclosure) = disclosures.get(&index) {
            let event = disclosure.encode().map_err(|why| format!("--prove {index}: {why}"))?;
            folder.write(&format!("proof/{index}.event"), &event)?;
        }
    }
    Ok(())
}

/// The report as docs/spec/report.md describes it.
pub(crate) fn json(report: &Report) -> Result<String, String> {
    let mut text = serde_json::to_string_pretty(report).map_err(|why| format!("report: {why}"))?;
    text.push('\n');
    Ok(text)
}
