use auditmesh_types::{MemberId, Origin};

use crate::{Error, KeyType, VerifierKey};

/// A member and its two keys: one that signs the log as an operator, one that cosigns under the member's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    id: MemberId,
    operator: VerifierKey,
    cosigner: VerifierKey,
}

impl Member {
    /// A member of the log `origin` with an Ed25519 and an ML-DSA-44 public key.
    ///
    /// # Errors
    /// [`Error::PeerLength`], [`Error::PeerMalformedKey`], [`Error::PeerWeakKey`].
    pub fn new(id: MemberId, origin: &Origin, ed25519: &[u8], ml_dsa44: &[u8]) -> Result<Self, Error> {
        let operator = VerifierKey::new(origin.as_str(), KeyType::Ed25519, ed25519)?;
        let cosigner = VerifierKey::new(id.as_str(), KeyType::MlDsa44Cosignature, ml_dsa44)?;
        Ok(Self { id, operator, cosigner })
    }

    /// A member with keys that were read: `operator` of type 0x01, `cosigner` of type 0x06 and named as the member.
    ///
    /// # Errors
    /// [`Error::MisuseKeyRole`], [`Error::MisuseKeyName`].
    pub fn from_keys(id: MemberId, operator: VerifierKey, cosigner: VerifierKey) -> Result<Self, Error> {
        for (key, want) in [(&operator, KeyType::Ed25519), (&cosigner, KeyType::MlDsa44Cosignature)] {
            if key.key_type() != want {
                let (name, got) = (key.name().into(), key.key_type());
                return Err(Error::MisuseKeyRole { name, got, want });
            }
        }
        if cosigner.name() != id.as_str() {
            return Err(Error::MisuseKeyName { got: cosigner.name().into(), want: id.as_str().into() });
        }
        Ok(Self { id, operator, cosigner })
    }

    /// Its name.
    #[must_use]
    pub const fn id(&self) -> &MemberId {
        &self.id
    }

    /// Its key of type 0x01, named as the log.
    #[must_use]
    pub const fn operator(&self) -> &VerifierKey {
        &self.operator
    }

    /// Its key of type 0x06, named as the member.
    #[must_use]
    pub const fn cosigner(&self) -> &VerifierKey {
        &self.cosigner
    }
}
