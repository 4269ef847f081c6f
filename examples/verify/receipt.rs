//! An entry, or a log that was only added to, by a COSE receipt.

use auditmesh::{
    attest::{Attested, Ed25519, KeyType, PolicyLog, Quorum, TrustPolicy, VerifierKey},
    event::Entry,
    merkle::Sha256,
    types::{Digest, Hasher, Index, TreeHead},
};
use auditmesh_attest_cose::{Error, Proof, Receipt};

use crate::{
    Given, attested,
    entry::{described, opened},
    growth::continues,
    signers, tree,
};

/// Checks that the entry leads to a root that a log of the policy signed; with a checkpoint, also of which size that tree is,
/// where the entry stands in it, and that the policy's quorum is met.
pub(crate) fn of_entry(
    policy: &TrustPolicy,
    receipt: &Given,
    entry: Option<&Given>,
    event: Option<&Given>,
    checkpoint: Option<&Given>,
) -> Result<Vec<String>, String> {
    let receipt = receipt.parse(Receipt::decode)?;
    let entry = entry.map_or(&[][..], |entry| &entry.bytes);
    let leaf = Sha256.leaf(entry);
    let (key, root) = by_log(policy, |key| receipt.verify_inclusion(&Ed25519, key.key().as_bytes(), &leaf))?;
    let Proof::Inclusion(proof) = receipt.proof() else {
        return Err("the receipt is of no entry".to_owned());
    };
    let mut lines = match checkpoint {
        Some(file) => {
            let attested = attested(policy, file)?;
            same_tree(key, TreeHead { size: proof.size, root }, &attested)?;
            placed(&attested, proof.index, proof.path.len())
        }
        None => alone(policy, key, root)?,
    };
    let entry = Entry::decode(entry).ok();
    lines.push(described(entry.as_ref()));
    lines.extend(opened(entry.as_ref(), event)?);
    Ok(lines)
}

/// Checks that the log of `new` begins with that of `old`, both of which meet the policy, and that a log of the policy says so.
pub(crate) fn of_growth(
    policy: &TrustPolicy,
    receipt: &Given,
    old: &Given,
    new: &Given,
) -> Result<Vec<String>, String> {
    let receipt = receipt.parse(Receipt::decode)?;
    let (old, new) = (attested(policy, old)?, attested(policy, new)?);
    let (before, after) = (old.checkpoint.head, new.checkpoint.head);
    let (key, ()) = by_log(policy, |key| {
        receipt.verify_consistency(&Ed25519, key.key().as_bytes(), &before.root, &after.root)
    })?;
    let Proof::Consistency(proof) = receipt.proof() else {
        return Err("the receipt is of no consistency".to_owned());
    };
    same_tree(key, TreeHead { size: proof.old, root: before.root }, &old)?;
    same_tree(key, TreeHead { size: proof.new, root: after.root }, &new)?;
    let mut lines = tree(&new);
    lines.push(continues(&before, proof.path.len()));
    lines.extend(signers(&new));
    Ok(lines)
}

/// What `check` gives under the first log key of the policy that signed.
fn by_log<T>(
    policy: &TrustPolicy,
    check: impl Fn(&VerifierKey) -> Result<T, Error>,
) -> Result<(&VerifierKey, T), String> {
    let keys = policy.logs().iter().map(|PolicyLog { key, .. }| key);
    for key in keys.filter(|key| key.key_type() == KeyType::Ed25519) {
        match check(key) {
            Ok(found) => return Ok((key, found)),
            Err(Error::PeerSignature { .. }) => {}
            Err(why) => return Err(format!("the receipt is refused: {why}")),
        }
    }
    Err("no log key that the policy lists has signed the receipt for this entry or these roots".to_owned())
}

/// Compares what the receipt says of its tree with a checkpoint: size and root are signed together only there.
fn same_tree(key: &VerifierKey, said: TreeHead, attested: &Attested) -> Result<(), String> {
    let checkpoint = &attested.checkpoint;
    if checkpoint.origin.as_str() != key.name() {
        return Err(format!(
            "the receipt is of the log {}, the checkpoint of {}",
            key.name(),
            checkpoint.origin
        ));
    }
    match checkpoint.head == said {
        true => Ok(()),
        false => Err(format!("the receipt is of the tree {said}, the checkpoint of {}", checkpoint.head)),
    }
}

fn placed(attested: &Attested, index: Index, hashes: usize) -> Vec<String> {
    let mut lines = tree(attested);
    lines.push(format!("place     entry {index} is in it, by a path of {hashes} hashes"));
    lines.extend(signers(attested));
    lines
}

/// What a receipt shows by itself: one log's word, where the policy asks for no other.
fn alone(policy: &TrustPolicy, key: &VerifierKey, root: Digest) -> Result<Vec<String>, String> {
    if let Quorum::Name(name) = policy.quorum() {
        let why = "and a receipt has one signature; give the --checkpoint of its tree";
        return Err(format!("the policy demands the quorum {name}, {why}"));
    }
    Ok(vec![
        format!("log       {}", key.name()),
        format!("tree      root {root}; its size is not signed"),
        "place     the entry is in it; where, is not signed".to_owned(),
        format!("signed    by {}", key.label()),
        "rule      quorum none".to_owned(),
    ])
}
