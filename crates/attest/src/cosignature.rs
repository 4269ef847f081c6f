use alloc::vec::Vec;

use auditmesh_types::{MemberId, Millis, Scheme, Signer};

use crate::{Checkpoint, Error, KeyType, MlDsa44, NoteLine};

/// A timestamped signature, as the lines of types 0x04 and 0x06 carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// When it was made, in whole seconds since 1970; at most 2^63 - 1.
    pub at_seconds: u64,
    /// The signature of the key's scheme.
    pub signature: Vec<u8>,
}

impl Cosignature {
    /// Reads eight bytes of time and the signature behind them.
    ///
    /// # Errors
    /// [`Error::PeerCosignatureForm`], [`Error::PeerCosignatureTime`].
    pub fn parse(blob: &[u8]) -> Result<Self, Error> {
        let (time, signature) = blob
            .split_first_chunk::<8>()
            .filter(|(_, signature)| !signature.is_empty())
            .ok_or(Error::PeerCosignatureForm { got: blob.len() })?;
        let at_seconds = u64::from_be_bytes(*time);
        if i64::try_from(at_seconds).is_err() {
            return Err(Error::PeerCosignatureTime { got: at_seconds });
        }
        Ok(Self { at_seconds, signature: signature.to_vec() })
    }

    /// Writes it.
    #[must_use]
    pub fn to_blob(&self) -> Vec<u8> {
        [self.at_seconds.to_be_bytes().as_slice(), &self.signature].concat()
    }
}

/// Cosigns `checkpoint` as `name` at `at`: a line of type 0x06 with an ML-DSA-44 key, of type 0x04 with an Ed25519 key.
///
/// The caller answers for having checked that the checkpoint is consistent with every earlier one it cosigned. An
/// Ed25519 cosignature does not commit to `name`, so that key must cosign under no other name.
///
/// # Errors
/// [`Error::MisuseScheme`] for another scheme, [`Error::LocalSigning`].
/// # Source
/// C2SP tlog-cosignature.
pub fn cosign<S: Signer>(
    name: &MemberId,
    signer: &S,
    checkpoint: &Checkpoint,
    at: Millis,
) -> Result<NoteLine, Error> {
    let key_type = match signer.scheme() {
        Scheme::Ed25519 => KeyType::Ed25519Cosignature,
        Scheme::MlDsa44 => KeyType::MlDsa44Cosignature,
        got => return Err(Error::MisuseScheme { got, want: Scheme::MlDsa44 }),
    };
    let at_seconds = at.seconds();
    let message = checkpoint.cosigned_message(key_type, name.as_str(), at_seconds)?;
    let signature = sign(signer, &message)?;
    let key_id = key_type.key_id(name.as_str(), signer.public_key());
    NoteLine::new(name.as_str(), key_id, Cosignature { at_seconds, signature }.to_blob())
}

/// Signs, and refuses what is not as long as a signature of the scheme.
pub(crate) fn sign<S: Signer>(signer: &S, message: &[u8]) -> Result<Vec<u8>, Error> {
    let scheme = signer.scheme();
    let want = match scheme {
        Scheme::Ed25519 => crate::Ed25519::SIGNATURE_BYTES,
        _ => MlDsa44::SIGNATURE_BYTES,
    };
    let signature = signer.sign(message).map_err(|_| Error::LocalSigning { scheme })?;
    if signature.len() == want { Ok(signature) } else { Err(Error::LocalSigning { scheme }) }
}
