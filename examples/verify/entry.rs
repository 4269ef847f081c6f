//! An entry, by a proof file.

use auditmesh::{
    Proven,
    attest::{LogAuthority, ProofFile},
    event::{Disclosure, Entry},
};

use crate::{Given, signers, time, tree};

/// Checks that the entry is at its place in a log that is trusted.
pub(crate) fn proved(
    trust: &dyn LogAuthority,
    proof: &Given,
    entry: Option<&Given>,
    event: Option<&Given>,
) -> Result<Vec<String>, String> {
    let proof = proof.parse(ProofFile::parse)?;
    let entry = entry.map_or(&[][..], |entry| &entry.bytes);
    let proven = Proven::check(trust, &proof, entry).map_err(|why| why.to_string())?;
    let mut lines = tree(proven.attested());
    let hashes = proven.inclusion().path.len();
    lines.push(format!("place     entry {} is in it, by a path of {hashes} hashes", proven.index()));
    lines.extend(signers(proven.attested()));
    lines.push(described(proven.entry()));
    lines.extend(opened(proven.entry(), event)?);
    Ok(lines)
}

/// The entry, when it is one of ours.
pub(crate) fn described(entry: Option<&Entry>) -> String {
    match entry {
        Some(entry) => format!(
            "entry     {} from {} in {}, number {}, at {}, id {}",
            entry.kind(),
            entry.node(),
            entry.zone(),
            entry.sequence(),
            time(entry.time().0),
            entry.id()
        ),
        None => "entry     not an auditmesh entry; its bytes are in the log all the same".to_owned(),
    }
}

/// Checks that an event is the one that the entry commits to.
pub(crate) fn opened(entry: Option<&Entry>, event: Option<&Given>) -> Result<Option<String>, String> {
    let Some(event) = event else { return Ok(None) };
    let event = event.parse(Disclosure::decode)?;
    let entry = entry
        .ok_or("the entry is in the log, but is no auditmesh entry, so no event can be opened from it")?;
    entry
        .opens(&event.salt, &event.payload)
        .map_err(|why| format!("the event is not the one that the entry commits to: {why}"))?;
    let bytes = event.payload.len();
    Ok(Some(format!("event     its {bytes} payload bytes are the ones that were committed to")))
}
