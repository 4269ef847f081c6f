//! A log that was only added to, by a consistency proof.

use auditmesh::{
    ConsistencyFile,
    attest::{LogAuthority, LogCheckpoint},
};

use crate::{Given, signers, tree};

/// Checks that the newer log begins with the older one, both under checkpoints that are vouched for.
pub(crate) fn proved(
    trust: &dyn LogAuthority,
    consistency: &Given,
    old: Option<&Given>,
) -> Result<Vec<String>, String> {
    let file = consistency.parse(ConsistencyFile::parse)?;
    let old = old.ok_or("--old is missing")?.parse(LogCheckpoint::parse)?;
    let grown = file.check(trust, &old).map_err(|why| why.to_string())?;
    let mut lines = tree(grown.new_head());
    lines.push(continues(&grown.prefix().old, grown.prefix().path.len()));
    lines.extend(signers(grown.new_head()));
    Ok(lines)
}

/// What a consistency proof shows.
pub(crate) fn continues(old: &auditmesh::types::TreeHead, hashes: usize) -> String {
    format!("begins    with the {} entries of root {}, by {hashes} hashes", old.size, old.root)
}
