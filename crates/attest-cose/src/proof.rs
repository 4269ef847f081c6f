use alloc::{vec, vec::Vec};

use auditmesh_merkle::{ConsistencyProof, InclusionProof, MAX_PATH};
use auditmesh_types::{Digest, Index, Size};
use coset::cbor::value::Value;

use crate::{Error, wire};

/// What a receipt proves of the tree whose root is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proof {
    /// A leaf is in it.
    Inclusion(InclusionProof),
    /// It continues an older tree.
    Consistency(ConsistencyProof),
}

impl Proof {
    const INCLUSION: i64 = -1;
    const CONSISTENCY: i64 = -2;

    /// `inclusion` or `consistency`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Inclusion(_) => "inclusion",
            Self::Consistency(_) => "consistency",
        }
    }

    /// The value of the header parameter 396.
    pub(crate) fn to_value(&self) -> Result<Value, Error> {
        let (label, first, second, path) = match self {
            Self::Inclusion(proof) => (Self::INCLUSION, proof.size.0, proof.index.0, &proof.path),
            Self::Consistency(proof) => (Self::CONSISTENCY, proof.old.0, proof.new.0, &proof.path),
        };
        let path = path.iter().map(|hash| Value::Bytes(hash.0.to_vec())).collect();
        let proof = Value::Array(vec![first.into(), second.into(), Value::Array(path)]);
        let proofs = Value::Array(vec![Value::Bytes(wire::write(&proof)?)]);
        Ok(Value::Map(vec![(label.into(), proofs)]))
    }

    /// Reads the value of the header parameter 396: one kind, one proof.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Error> {
        const WANT: &str = "a map from -1 (inclusion) or -2 (consistency) to an array of byte strings";
        const SHAPE: Error = Error::PeerShape { what: "proofs (396)", want: WANT };
        let Value::Map(kinds) = value else { return Err(SHAPE) };
        let [(kind, proofs)] = kinds.as_slice() else {
            return Err(Error::PeerProofCount { got: kinds.len() });
        };
        let Value::Array(proofs) = proofs else { return Err(SHAPE) };
        let [proof] = proofs.as_slice() else {
            return Err(Error::PeerProofCount { got: proofs.len() });
        };
        let Value::Bytes(proof) = proof else { return Err(SHAPE) };
        if *kind == Value::from(Self::INCLUSION) {
            let (size, index, path) = triple("inclusion proof", proof)?;
            Ok(Self::Inclusion(InclusionProof { index: Index(index), size: Size(size), path }))
        } else if *kind == Value::from(Self::CONSISTENCY) {
            let (old, new, path) = triple("consistency proof", proof)?;
            Ok(Self::Consistency(ConsistencyProof { old: Size(old), new: Size(new), path }))
        } else {
            Err(SHAPE)
        }
    }
}

/// Two numbers and a path: both proofs have that form.
fn triple(what: &'static str, bytes: &[u8]) -> Result<(u64, u64, Vec<Digest>), Error> {
    let shape = Error::PeerShape { what, want: "an array of two numbers and an array of hashes" };
    let value = wire::read(what, bytes)?;
    let Value::Array(parts) = &value else { return Err(shape) };
    let [first, second, Value::Array(path)] = parts.as_slice() else { return Err(shape) };
    let number = |value: &Value| value.as_integer().and_then(|number| u64::try_from(number).ok());
    let (Some(first), Some(second)) = (number(first), number(second)) else { return Err(shape) };
    if path.len() > MAX_PATH {
        return Err(Error::PeerPathTooLong { got: path.len(), max: MAX_PATH });
    }
    let hash = |(at, element): (usize, &Value)| match element {
        Value::Bytes(bytes) => {
            Digest::from_slice(bytes).map_err(|_| Error::PeerHashLength { at, got: bytes.len() })
        }
        _ => Err(shape.clone()),
    };
    let path = path.iter().enumerate().map(hash).collect::<Result<_, _>>()?;
    Ok((first, second, path))
}
