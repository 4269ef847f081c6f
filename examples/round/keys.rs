//! Keys and salts of the example: keys from files, or both drawn from the seed. A real member draws them from its operating system.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

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

/// Writes the keys drawn from the seed as new files, under the names that [`of`] and [`orderer`] read: all of them, or none.
/// How many there are.
pub(crate) fn write<'a>(
    folder: &Path,
    members: impl Iterator<Item = &'a MemberId>,
    drawn: u64,
    orderers: bool,
) -> Result<usize, String> {
    let mut keys = Vec::new();
    for member in members {
        let (operator, cosigner) = of(member, None, drawn)?;
        keys.push((file(folder, member, "operator"), operator.to_pem()));
        keys.push((file(folder, member, "cosigner"), cosigner.to_pem()));
        if orderers {
            keys.push((file(folder, member, "orderer"), orderer(member, None, drawn)?.to_pem()));
        }
    }
    let made = match fs::create_dir(folder) {
        Ok(()) => true,
        Err(why) if why.kind() == ErrorKind::AlreadyExists => false,
        Err(why) => return Err(format!("--write-keys {}: {why}", folder.display())),
    };
    let mut written: Vec<&Path> = Vec::new();
    let wrote = keys.iter().try_for_each(|(path, pem)| {
        let fail = |why: String| format!("--write-keys {}: {why}", path.display());
        let pem = pem.as_ref().map_err(|why| fail(why.to_string()))?;
        let mut file = new_file(path).map_err(|why| match why.kind() {
            ErrorKind::AlreadyExists => fail("stands already; name another folder".to_owned()),
            _ => fail(why.to_string()),
        })?;
        written.push(path);
        file.write_all(pem.as_bytes()).and_then(|()| file.sync_all()).map_err(|why| fail(why.to_string()))
    });
    if wrote.is_err() {
        for path in written {
            let _ = fs::remove_file(path);
        }
        let _ = if made { fs::remove_dir(folder) } else { Ok(()) };
    }
    wrote.map(|()| keys.len())
}

/// A file that was not there, and that nobody but its owner opens.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn file(folder: &Path, member: &MemberId, role: &str) -> PathBuf {
    folder.join(format!("{member}.{role}.pem"))
}

fn read<K, E: std::fmt::Display>(
    folder: &Path,
    member: &MemberId,
    role: &str,
    parse: impl Fn(&str) -> Result<K, E>,
) -> Result<K, String> {
    let path = file(folder, member, role);
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
