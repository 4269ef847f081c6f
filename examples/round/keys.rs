//! Keys and salts of the example: keys from files, or both drawn from the seed. A real member draws them from its operating system.

use std::{fs, path::Path};

use auditmesh::{
    attest::{Ed25519Signer, MlDsa44Signer},
    event::jsonl::Place,
    merkle::Sha256,
    types::{Hasher, MemberId},
};

/// A member's two keys: from `folder` if there is one, else from `drawn`.
pub(crate) fn of(
    member: &MemberId,
    folder: Option<&Path>,
    drawn: u64,
) -> Result<(Ed25519Signer, MlDsa44Signer), String> {
    let Some(folder) = folder else {
        let operator = Ed25519Signer::from_seed(seed(drawn, member, "operator"));
        return Ok((operator, MlDsa44Signer::from_seed(seed(drawn, member, "cosigner"))));
    };
    let operator = read(folder, member, "operator", Ed25519Signer::from_pem)?;
    Ok((operator, read(folder, member, "cosigner", MlDsa44Signer::from_pem)?))
}

/// The key a member votes on the order with: a role of its own, so a key of its own.
pub(crate) fn orderer(member: &MemberId, folder: Option<&Path>, drawn: u64) -> Result<Ed25519Signer, String> {
    match folder {
        Some(folder) => read(folder, member, "orderer", Ed25519Signer::from_pem),
        None => Ok(Ed25519Signer::from_seed(seed(drawn, member, "orderer"))),
    }
}

fn read<K, E: std::fmt::Display>(
    folder: &Path,
    member: &MemberId,
    role: &str,
    parse: impl Fn(&str) -> Result<K, E>,
) -> Result<K, String> {
    let path = folder.join(format!("{member}.{role}.pem"));
    let pem = fs::read_to_string(&path).map_err(|why| format!("--keys {}: {why}", path.display()))?;
    parse(&pem).map_err(|why| format!("--keys {}: {why}", path.display()))
}

/// The seed of a member's key for one role.
fn seed(seed: u64, member: &MemberId, role: &str) -> [u8; 32] {
    Sha256.leaf(format!("auditmesh example key\n{seed}\n{member}\n{role}").as_bytes()).0
}

/// The salt of one event.
pub(crate) fn salt(seed: u64, place: &Place) -> [u8; 32] {
    let Place { zone, node, sequence } = place;
    Sha256.leaf(format!("auditmesh example salt\n{seed}\n{zone}\n{node}\n{sequence}").as_bytes()).0
}
