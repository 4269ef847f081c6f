//! Standard Base 64 with padding, one encoding for every byte string.

use alloc::{string::String, vec::Vec};

use base64ct::{Base64, Encoding};

use crate::Error;

pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Decodes `text` and refuses every spelling but the one [`encode`] writes.
pub(crate) fn decode(what: &'static str, text: &str) -> Result<Vec<u8>, Error> {
    let bytes = Base64::decode_vec(text).map_err(|_| Error::PeerBase64 { what })?;
    if encode(&bytes) == text { Ok(bytes) } else { Err(Error::PeerBase64 { what }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_every_second_spelling() {
        assert_eq!(decode("x", "AAE="), Ok([0, 1].to_vec()));
        for bad in ["AAE", "AAF=", "AAE=\n", " AAE=", "AA E=", "AAE==", "AA-_", "A", "===="] {
            assert_eq!(decode("x", bad), Err(Error::PeerBase64 { what: "x" }), "{bad:?}");
        }
    }
}
