//! Names for keys: `did:key` for Ed25519, the hash of the key for those too long to be a name.

use alloc::{format, string::String, vec::Vec};

use auditmesh_types::{Digest, Scheme};
use sha2::{Digest as _, Sha256};

use crate::{Error, PublicKey};

const PREFIX: &str = "did:key:z";
/// The unsigned varint of multicodec `ed25519-pub`, 0xed.
const ED25519_PUB: [u8; 2] = [0xed, 0x01];
/// Base58 takes quadratic time, so longer text is refused unread; an Ed25519 key takes 47 digits.
const MAX_DIGITS: usize = 64;

/// Writes an Ed25519 key as `did:key:z6Mk…`.
///
/// # Errors
/// [`Error::MisuseScheme`] for another scheme; name such a key with [`fingerprint`].
/// # Source
/// W3C did:key method; multicodec table.
pub fn encode(key: &PublicKey) -> Result<String, Error> {
    if key.scheme() != Scheme::Ed25519 {
        return Err(Error::MisuseScheme { got: key.scheme(), want: Scheme::Ed25519 });
    }
    let bytes: Vec<u8> = ED25519_PUB.iter().chain(key.as_bytes()).copied().collect();
    Ok(format!("{PREFIX}{}", bs58::encode(bytes).into_string()))
}

/// Reads the `did:key` of an Ed25519 key. Fragments, other multicodecs and other spellings are refused.
///
/// # Errors
/// [`Error::PeerDidKey`]; [`Error::PeerWeakKey`], [`Error::PeerMalformedKey`] for the key inside.
pub fn decode(did: &str) -> Result<PublicKey, Error> {
    let digits =
        did.strip_prefix(PREFIX).filter(|digits| digits.len() <= MAX_DIGITS).ok_or(Error::PeerDidKey)?;
    let bytes = bs58::decode(digits).into_vec().map_err(|_| Error::PeerDidKey)?;
    match bytes.strip_prefix(&ED25519_PUB) {
        Some(key) if key.len() == 32 => PublicKey::ed25519(key),
        _ => Err(Error::PeerDidKey),
    }
}

/// The name of any key: `sha256:` and the SHA-256 of its SPKI in lower-case hexadecimal. The SPKI names the algorithm,
/// so equal bytes under two algorithms get two names.
///
/// # Errors
/// [`Error::MisuseKeyFile`] when encoding fails, which it does not for a key in memory.
pub fn fingerprint(key: &PublicKey) -> Result<String, Error> {
    let digest = Digest(Sha256::digest(key.to_spki()?.as_bytes()).into());
    Ok(format!("sha256:{digest}"))
}
