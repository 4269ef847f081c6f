use std::{convert::Infallible, sync::Arc};

use arc_malachitebft_core_types::SigningScheme;

/// Signatures and keys as bytes: making and checking them is the member's signer's and verifier's affair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing;

/// The bytes of a signature.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seal(pub(crate) Arc<[u8]>);

impl SigningScheme for Sealing {
    type DecodingError = Infallible;
    type Signature = Seal;
    type PublicKey = Arc<[u8]>;
    type PrivateKey = ();

    fn decode_signature(bytes: &[u8]) -> Result<Seal, Infallible> {
        Ok(Seal(bytes.into()))
    }

    fn encode_signature(Seal(bytes): &Seal) -> Vec<u8> {
        bytes.to_vec()
    }

    fn decode_public_key(bytes: &[u8]) -> Result<Arc<[u8]>, Infallible> {
        Ok(bytes.into())
    }

    fn encode_public_key(key: &Arc<[u8]>) -> Vec<u8> {
        key.to_vec()
    }
}
