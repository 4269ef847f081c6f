//! Receipts that a log gives out.

use alloc::{vec, vec::Vec};

use auditmesh_merkle::{ConsistencyProof, InclusionProof, MAX_PATH};
use auditmesh_types::{Digest, Signer};
use coset::{CoseSign1Builder, Header, Label, TaggedCborSerializable as _, cbor::value::Value};

use crate::{Error, Proof, algorithm, wire};

/// Signs `root` and gives the receipt that a leaf is in its tree.
///
/// `proof`: of the tree with `root`. Whether it leads there is not checked, since the leaf is not known here; a receipt
/// whose path leads elsewhere verifies for nobody.
///
/// # Errors
/// [`Error::MisuseScheme`], [`Error::MisuseIndexBeyondSize`], [`Error::MisusePathTooLong`], [`Error::LocalSigning`].
/// # Cost
/// One signature.
/// # Source
/// RFC 9942 §5.2.
pub fn inclusion_receipt<S: Signer + ?Sized>(
    signer: &S,
    proof: &InclusionProof,
    root: &Digest,
) -> Result<Vec<u8>, Error> {
    if proof.index.0 >= proof.size.0 {
        return Err(Error::MisuseIndexBeyondSize { index: proof.index, size: proof.size });
    }
    issue(signer, &Proof::Inclusion(proof.clone()), proof.path.len(), root)
}

/// Signs `new_root` and gives the receipt that its tree continues an older one.
///
/// `proof`: between the older tree and the one with `new_root`; not checked, as in [`inclusion_receipt`].
///
/// # Errors
/// [`Error::MisuseScheme`], [`Error::MisuseShrunk`], [`Error::MisusePathTooLong`], [`Error::LocalSigning`].
/// # Cost
/// One signature.
/// # Source
/// RFC 9942 §5.3.
pub fn consistency_receipt<S: Signer + ?Sized>(
    signer: &S,
    proof: &ConsistencyProof,
    new_root: &Digest,
) -> Result<Vec<u8>, Error> {
    if proof.old > proof.new {
        return Err(Error::MisuseShrunk { old: proof.old, new: proof.new });
    }
    issue(signer, &Proof::Consistency(proof.clone()), proof.path.len(), new_root)
}

fn issue<S: Signer + ?Sized>(
    signer: &S,
    proof: &Proof,
    hashes: usize,
    root: &Digest,
) -> Result<Vec<u8>, Error> {
    if hashes > MAX_PATH {
        return Err(Error::MisusePathTooLong { got: hashes, max: MAX_PATH });
    }
    let scheme = signer.scheme();
    let (algorithm, length) = algorithm::of(scheme).ok_or(Error::MisuseScheme { got: scheme })?;
    let structure = (Label::Int(wire::VDS), Value::from(wire::RFC9162_SHA256));
    let protected = Header { alg: Some(algorithm.into()), rest: vec![structure], ..Header::default() };
    let proofs = (Label::Int(wire::VDP), proof.to_value()?);
    let unprotected = Header { rest: vec![proofs], ..Header::default() };
    let sign = |message: &[u8]| {
        let signature = signer.sign(message).ok().filter(|signature| signature.len() == length);
        signature.ok_or(Error::LocalSigning { scheme })
    };
    CoseSign1Builder::new()
        .protected(protected)
        .unprotected(unprotected)
        .try_create_detached_signature(&root.0, &[], sign)?
        .build()
        .to_tagged_vec()
        .map_err(|_| Error::LocalEncoding)
}
