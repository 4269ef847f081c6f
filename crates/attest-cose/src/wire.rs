//! CBOR that is read strictly, and the labels of RFC 9942.

use alloc::vec::Vec;

use coset::{
    CborSerializable as _, CoseError,
    cbor::{ser::into_writer, value::Value},
};

use crate::Error;

/// Header parameter: which verifiable data structure.
pub(crate) const VDS: i64 = 395;
/// Header parameter: proofs of the verifiable data structure.
pub(crate) const VDP: i64 = 396;
/// The verifiable data structure `RFC9162_SHA256`.
pub(crate) const RFC9162_SHA256: i64 = 1;
/// The most labels a map may have.
pub(crate) const MAX_LABELS: usize = 64;

/// Reads one item that fills `bytes`, is in preferred serialisation, and repeats no label in any of its maps.
pub(crate) fn read(what: &'static str, bytes: &[u8]) -> Result<Value, Error> {
    let value = Value::from_slice(bytes).map_err(|error| refusal(what, &error))?;
    if write(&value)? != bytes {
        return Err(Error::PeerSpelling { what });
    }
    distinct(what, &value)?;
    Ok(value)
}

pub(crate) fn write(value: &Value) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    into_writer(value, &mut bytes).map_err(|_| Error::LocalEncoding)?;
    Ok(bytes)
}

/// Our word for what `coset` refuses.
pub(crate) const fn refusal(what: &'static str, error: &CoseError) -> Error {
    match error {
        CoseError::DecodeFailed(_) => Error::PeerCbor { what },
        CoseError::DuplicateMapKey => Error::PeerLabelTwice { what },
        CoseError::ExtraneousData => Error::PeerLeftOver { what },
        CoseError::UnexpectedItem(got, want) => Error::PeerHeader { got, want },
        CoseError::OutOfRangeIntegerValue => Error::PeerShape { what, want: "made of numbers of 64 bits" },
        CoseError::UnregisteredIanaValue | CoseError::UnregisteredIanaNonPrivateValue => {
            Error::PeerUnregistered
        }
        CoseError::EncodeFailed => Error::LocalEncoding,
    }
}

/// Refuses a map that has a label twice, at any depth; the depth is bounded by the decoder.
fn distinct(what: &'static str, value: &Value) -> Result<(), Error> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| distinct(what, item)),
        Value::Tag(_, inner) => distinct(what, inner),
        Value::Map(pairs) => {
            if pairs.len() > MAX_LABELS {
                return Err(Error::PeerLabels { what, got: pairs.len(), max: MAX_LABELS });
            }
            for (at, (label, item)) in pairs.iter().enumerate() {
                if pairs.iter().skip(at + 1).any(|(other, _)| other == label) {
                    return Err(Error::PeerLabelTwice { what });
                }
                distinct(what, label)?;
                distinct(what, item)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
