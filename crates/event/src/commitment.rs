use auditmesh_types::Digest;
use sha2::{Digest as _, Sha256};

const TAG: &[u8] = b"auditmesh commitment v1\n";

/// Commits to `payload` under `salt`: SHA-256 of `auditmesh commitment v1\n`, the salt and the payload.
///
/// # Cost
/// One SHA-256 over the payload.
/// # Source
/// `docs/spec/entry.md`.
#[must_use]
pub fn commitment(salt: &[u8; 32], payload: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(TAG);
    hash.update(salt);
    hash.update(payload);
    Digest(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_hash_of_tag_salt_and_payload() {
        let whole = [TAG, &[9; 32], b"payload"].concat();
        assert_eq!(commitment(&[9; 32], b"payload"), Digest(Sha256::digest(whole).into()));
    }
}
