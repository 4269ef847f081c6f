//! An entry, or a log that was only added to, by a COSE receipt.

use auditmesh::{
    attest::{Attested, Ed25519, KeyType, LogKey},
    event::Entry,
    merkle::Sha256,
    types::{Digest, Hasher, Index, TreeHead},
};
use auditmesh_attest_cose::{Error, Proof, Receipt};

use crate::{
    Given,
    entry::{described, opened},
    growth::continues,
    signers, tree,
    trusted::Trusted,
};

/// Checks that the entry leads to a root that a trusted log signed; with a checkpoint, also of which size that tree is,
/// where the entry stands in it, and that the quorum is met.
pub(crate) fn of_entry(
    trusted: &Trusted,
    receipt: &Given,
    entry: Option<&Given>,
    event: Option<&Given>,
    checkpoint: Option<&Given>,
) -> Result<Vec<String>, String> {
    let receipt = receipt.parse(Receipt::decode)?;
    let entry = entry.map_or(&[][..], |entry| &entry.bytes);
    let leaf = Sha256.leaf(entry);
    let (log, root) = by_log(trusted, |key| receipt.verify_inclusion(&Ed25519, key, &leaf))?;
    let Proof::Inclusion(proof) = receipt.proof() else {
        return Err("the receipt is of no entry".to_owned());
    };
    let mut lines = match checkpoint {
        Some(file) => {
            let attested = trusted.attested(file)?;
            same_tree(log, TreeHead { size: proof.size, root }, &attested)?;
            placed(&attested, proof.index, proof.path.len())
        }
        None => alone(trusted, log, root)?,
    };
    let entry = Entry::decode(entry).ok();
    lines.push(described(entry.as_ref()));
    lines.extend(opened(entry.as_ref(), event)?);
    Ok(lines)
}

/// Checks that the log of `new` begins with that of `old`, both of which are vouched for, and that a trusted log says so.
pub(crate) fn of_growth(
    trusted: &Trusted,
    receipt: &Given,
    old: &Given,
    new: &Given,
) -> Result<Vec<String>, String> {
    let receipt = receipt.parse(Receipt::decode)?;
    let (old, new) = (trusted.attested(old)?, trusted.attested(new)?);
    let (before, after) = (old.head, new.head);
    let (log, ()) =
        by_log(trusted, |key| receipt.verify_consistency(&Ed25519, key, &before.root, &after.root))?;
    let Proof::Consistency(proof) = receipt.proof() else {
        return Err("the receipt is of no consistency".to_owned());
    };
    same_tree(log, TreeHead { size: proof.old, root: before.root }, &old)?;
    same_tree(log, TreeHead { size: proof.new, root: after.root }, &new)?;
    let mut lines = tree(&new);
    lines.push(continues(&before, proof.path.len()));
    lines.extend(signers(&new));
    Ok(lines)
}

/// What `check` gives under the first trusted log's key that signed.
fn by_log<T>(trusted: &Trusted, check: impl Fn(&[u8]) -> Result<T, Error>) -> Result<(&LogKey, T), String> {
    for log in trusted.logs.iter().filter(|log| log.key.key_type() == KeyType::Ed25519) {
        match check(log.key.key().as_bytes()) {
            Ok(found) => return Ok((log, found)),
            Err(Error::PeerSignature { .. }) => {}
            Err(why) => return Err(format!("the receipt is refused: {why}")),
        }
    }
    Err("no log key that is trusted has signed the receipt for this entry or these roots".to_owned())
}

/// Compares what the receipt says of its tree with a checkpoint: size and root are signed together only there.
fn same_tree(log: &LogKey, said: TreeHead, attested: &Attested) -> Result<(), String> {
    if attested.origin != log.origin {
        let (got, want) = (&log.origin, &attested.origin);
        return Err(format!("the receipt is of the log {got:?}, the checkpoint of {want:?}"));
    }
    match attested.head == said {
        true => Ok(()),
        false => Err(format!("the receipt is of the tree {said}, the checkpoint of {}", attested.head)),
    }
}

fn placed(attested: &Attested, index: Index, hashes: usize) -> Vec<String> {
    let mut lines = tree(attested);
    lines.push(format!("place     entry {index} is in it, by a path of {hashes} hashes"));
    lines.extend(signers(attested));
    lines
}

/// What a receipt shows by itself: one log's word, where no other is asked for.
fn alone(trusted: &Trusted, log: &LogKey, root: Digest) -> Result<Vec<String>, String> {
    if let Some(name) = &trusted.quorum {
        let why = "and a receipt has one signature; give the --checkpoint of its tree";
        return Err(format!("the policy demands the quorum {name}, {why}"));
    }
    Ok(vec![
        format!("log       {}", log.origin.escape_debug()),
        format!("tree      root {root}; its size is not signed"),
        "place     the entry is in it; where, is not signed".to_owned(),
        format!("signed    by {}", log.key.label()),
        "rule      quorum none".to_owned(),
    ])
}
