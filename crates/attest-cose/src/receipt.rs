use alloc::{boxed::Box, vec::Vec};

use auditmesh_merkle::{Sha256, root_from_inclusion};
use auditmesh_types::{Digest, Scheme, Verifier};
use coset::{
    AsCborValue as _, CoseSign1, Header, Label, ProtectedHeader, SignatureContext,
    cbor::value::Value,
    iana::{CborTag, EnumI64 as _},
    sig_structure_data,
};

use crate::{Error, Proof, algorithm, wire};

/// The most bytes a receipt may have.
pub const MAX_BYTES: usize = 64 * 1024;

/// A receipt as it was read. It proves nothing until it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    scheme: Scheme,
    proof: Proof,
    key_id: Vec<u8>,
    /// The protected header's bytes as they were signed.
    protected: Vec<u8>,
    signature: Vec<u8>,
}

impl Receipt {
    /// Reads a receipt and checks its form.
    ///
    /// # Errors
    /// Every `Peer…` but [`Error::PeerProof`] and [`Error::PeerSignature`].
    /// # Cost
    /// Linear in the receipt's bytes for each level of nesting, of which there are at most 256.
    /// # Source
    /// RFC 9942 §5, RFC 9052 §4.2.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let message = message(bytes)?;
        let (protected, unprotected) = (&message.protected, &message.unprotected);
        if !protected.header.crit.is_empty() || !unprotected.crit.is_empty() {
            return Err(Error::PeerCritical);
        }
        let scheme = algorithm::scheme(protected.header.alg.as_ref())?;
        let structure = parameter(&protected.header, wire::VDS);
        let got = structure.and_then(Value::as_integer).and_then(|number| i64::try_from(number).ok());
        if got != Some(wire::RFC9162_SHA256) {
            return Err(Error::PeerStructure { got });
        }
        if message.payload.is_some() {
            return Err(Error::PeerPayload);
        }
        let proofs = parameter(unprotected, wire::VDP).ok_or(Error::PeerProofCount { got: 0 })?;
        let proof = Proof::from_value(proofs)?;
        let (_, want) = algorithm::of(scheme).ok_or(Error::MisuseScheme { got: scheme })?;
        let got = message.signature.len();
        if got != want {
            return Err(Error::PeerSignatureLength { scheme, got, want });
        }
        let key_id = protected.header.key_id.clone();
        let protected = message.protected.original_data.unwrap_or_default();
        Ok(Self { scheme, proof, key_id, protected, signature: message.signature })
    }

    /// The scheme under which it says that it is signed.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// What it is to prove. Sizes and index are not signed.
    #[must_use]
    pub const fn proof(&self) -> &Proof {
        &self.proof
    }

    /// The key id of the protected header, to find the key by; empty when there is none.
    #[must_use]
    pub fn key_id(&self) -> &[u8] {
        &self.key_id
    }

    /// Verifies that the log with `key` has signed a root to which `leaf` leads, and gives that root.
    ///
    /// The leaf is in the tree of that root. At which index, and of which size that tree is, is for a checkpoint of the
    /// same root to say.
    ///
    /// # Errors
    /// [`Error::MisuseKind`], [`Error::MisuseVerifier`], [`Error::PeerProof`], [`Error::PeerSignature`].
    /// # Cost
    /// One hash a digest of the path, and one verification.
    /// # Source
    /// RFC 9942 §5.2.1.
    pub fn verify_inclusion<V: Verifier + ?Sized>(
        &self,
        verifier: &V,
        key: &[u8],
        leaf: &Digest,
    ) -> Result<Digest, Error> {
        let Proof::Inclusion(proof) = &self.proof else { return Err(self.other_kind()) };
        let root = root_from_inclusion(&Sha256, leaf, proof.index, proof.size, &proof.path)
            .map_err(|source| Error::PeerProof { source })?;
        self.verify_signature(verifier, key, &root)?;
        Ok(root)
    }

    /// Verifies that the log with `key` has signed `new_root`, and that its tree continues the one with `old_root`.
    ///
    /// # Errors
    /// As [`Receipt::verify_inclusion`].
    /// # Cost
    /// At most two hashes a digest of the proof, and one verification.
    /// # Source
    /// RFC 9942 §5.3.1.
    pub fn verify_consistency<V: Verifier + ?Sized>(
        &self,
        verifier: &V,
        key: &[u8],
        old_root: &Digest,
        new_root: &Digest,
    ) -> Result<(), Error> {
        let Proof::Consistency(proof) = &self.proof else { return Err(self.other_kind()) };
        proof.verify(&Sha256, old_root, new_root).map_err(|source| Error::PeerProof { source })?;
        self.verify_signature(verifier, key, new_root)
    }

    /// Verifies the signature alone, over `root`: nothing is said of the proof.
    ///
    /// # Errors
    /// [`Error::MisuseVerifier`], [`Error::PeerSignature`].
    /// # Cost
    /// One verification.
    /// # Source
    /// RFC 9052 §4.4.
    pub fn verify_signature<V: Verifier + ?Sized>(
        &self,
        verifier: &V,
        key: &[u8],
        root: &Digest,
    ) -> Result<(), Error> {
        let scheme = self.scheme;
        if verifier.scheme() != scheme {
            return Err(Error::MisuseVerifier { got: scheme, want: verifier.scheme() });
        }
        let signed =
            ProtectedHeader { original_data: Some(self.protected.clone()), header: Header::default() };
        let message = sig_structure_data(SignatureContext::CoseSign1, signed, None, &[], &root.0);
        verifier.verify(key, &message, &self.signature).map_err(|_| Error::PeerSignature { scheme })
    }

    const fn other_kind(&self) -> Error {
        Error::MisuseKind { got: self.proof.kind() }
    }
}

/// Reads a tagged `COSE_Sign1` none of whose labels stands twice.
fn message(bytes: &[u8]) -> Result<CoseSign1, Error> {
    const SHAPE: Error =
        Error::PeerShape { what: "receipt", want: "a COSE_Sign1: tag 18 and an array of four" };
    if bytes.len() > MAX_BYTES {
        return Err(Error::PeerTooLong { got: bytes.len(), max: MAX_BYTES });
    }
    let value = wire::read("receipt", bytes)?;
    let Value::Tag(tag, content) = value else { return Err(SHAPE) };
    if i64::try_from(tag).ok() != Some(CborTag::CoseSign1.to_i64()) {
        return Err(SHAPE);
    }
    if let Value::Array(parts) = content.as_ref()
        && let [Value::Bytes(protected), Value::Map(unprotected), _, _] = parts.as_slice()
        && !protected.is_empty()
    {
        let protected = wire::read("protected header", protected)?;
        let labels = protected.as_map().map(Vec::as_slice).unwrap_or_default();
        if labels.iter().any(|(label, _)| unprotected.iter().any(|(other, _)| other == label)) {
            return Err(Error::PeerLabelTwice { what: "two headers" });
        }
    }
    let content: Box<Value> = content;
    CoseSign1::from_cbor_value(*content).map_err(|error| wire::refusal("receipt", &error))
}

/// The parameter with a label that `coset` has no field for.
fn parameter(header: &Header, label: i64) -> Option<&Value> {
    header.rest.iter().find(|(found, _)| *found == Label::Int(label)).map(|(_, value)| value)
}
