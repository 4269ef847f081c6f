use auditmesh_merkle::Error as MerkleError;
use auditmesh_types::{Index, Scheme, Size};

/// Why a receipt is not issued, not read or not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A key of a scheme that receipts are not signed with here.
    #[error("receipts are signed with Ed25519 or ML-DSA-44, the key is of {got}; use another key")]
    MisuseScheme {
        /// The scheme of the key.
        got: Scheme,
    },
    /// A receipt was to be issued for a leaf that the tree does not have.
    #[error("leaf {index} is not in a tree of {size} leaves; issue for a lower index")]
    MisuseIndexBeyondSize {
        /// The leaf.
        index: Index,
        /// The tree's leaves.
        size: Size,
    },
    /// A receipt was to be issued from a larger tree to a smaller one.
    #[error("a tree of {old} leaves is not continued by one of {new}; exchange the two")]
    MisuseShrunk {
        /// The older tree's leaves.
        old: Size,
        /// The newer tree's leaves.
        new: Size,
    },
    /// A receipt was to be issued with more hashes than any proof has.
    #[error("the path has {got} hashes, at most {max} are allowed")]
    MisusePathTooLong {
        /// Its hashes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A receipt of consistency was asked for inclusion, or the other way round.
    #[error("this is a receipt of {got}; verify it as one")]
    MisuseKind {
        /// What it is a receipt of.
        got: &'static str,
    },
    /// The receipt is signed under another scheme than the verifier's.
    #[error("the receipt is signed with {got}, the verifier is for {want}; use the key of its log")]
    MisuseVerifier {
        /// The receipt's scheme.
        got: Scheme,
        /// The verifier's scheme.
        want: Scheme,
    },
    /// The key is out of reach, or gave a signature of another length.
    #[error("no {scheme} signature could be made; see to the signer")]
    LocalSigning {
        /// The key's scheme.
        scheme: Scheme,
    },
    /// `coset` could not write what it was given.
    #[error("the receipt could not be encoded")]
    LocalEncoding,
    /// More bytes than a receipt may have.
    #[error("the receipt has {got} bytes, at most {max} are allowed")]
    PeerTooLong {
        /// Its bytes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// Not CBOR, or nested deeper than 256 levels.
    #[error("the {what} is not well-formed CBOR")]
    PeerCbor {
        /// Which part of the receipt.
        what: &'static str,
    },
    /// Bytes after the end.
    #[error("the {what} goes on after its end")]
    PeerLeftOver {
        /// Which part of the receipt.
        what: &'static str,
    },
    /// A number, length or simple value that is not written in its shortest form.
    #[error("the {what} is not in the preferred serialisation of RFC 8949 §4.1")]
    PeerSpelling {
        /// Which part of the receipt.
        what: &'static str,
    },
    /// A map with too many labels.
    #[error("a map in the {what} has {got} labels, at most {max} are allowed")]
    PeerLabels {
        /// Which part of the receipt.
        what: &'static str,
        /// The labels.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A label that stands twice in a map, or in both headers.
    #[error("a label stands twice in the {what}")]
    PeerLabelTwice {
        /// Which part of the receipt.
        what: &'static str,
    },
    /// A part of the receipt is of another form.
    #[error("the {what} must be {want}")]
    PeerShape {
        /// Which part.
        what: &'static str,
        /// The form it must have.
        want: &'static str,
    },
    /// A standard header parameter that `coset` refuses.
    #[error("COSE has {got} where {want} must stand")]
    PeerHeader {
        /// What was found.
        got: &'static str,
        /// What must stand there.
        want: &'static str,
    },
    /// An algorithm, content format or critical label that `coset` does not know.
    #[error("a header names a registered value that is not known here")]
    PeerUnregistered,
    /// The header says that a parameter must be understood which is not understood here.
    #[error("the receipt has critical header parameters, none is supported")]
    PeerCritical,
    /// The signature algorithm is missing from the protected header, or another one.
    #[error("the algorithm {got:?} is not EdDSA (-8), Ed25519 (-19) or ML-DSA-44 (-48)")]
    PeerAlgorithm {
        /// The algorithm, if it is there and a number.
        got: Option<i64>,
    },
    /// The verifiable data structure is missing from the protected header, or another one.
    #[error("the verifiable data structure {got:?} is not RFC9162_SHA256 (1)")]
    PeerStructure {
        /// The structure, if it is there and a number.
        got: Option<i64>,
    },
    /// The payload is attached: it would not be compared with the path.
    #[error("the receipt carries its payload; it must be detached")]
    PeerPayload,
    /// Not exactly one proof.
    #[error("the receipt has {got} proofs, it must have exactly one")]
    PeerProofCount {
        /// How many it has.
        got: usize,
    },
    /// A path with more hashes than any proof has.
    #[error("the path has {got} hashes, at most {max} are allowed")]
    PeerPathTooLong {
        /// Its hashes.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// An element of the path of another length.
    #[error("element {at} of the path has {got} bytes, it must have 32")]
    PeerHashLength {
        /// Which element, from 0.
        at: usize,
        /// Its bytes.
        got: usize,
    },
    /// A signature of another length than its algorithm's.
    #[error("the {scheme} signature has {got} bytes, it must have {want}")]
    PeerSignatureLength {
        /// The receipt's scheme.
        scheme: Scheme,
        /// Its bytes.
        got: usize,
        /// The only length allowed.
        want: usize,
    },
    /// The path does not fit the sizes, or leads elsewhere.
    #[error("the proof in the receipt is refused: {source}")]
    PeerProof {
        /// Why.
        source: MerkleError,
    },
    /// The signature is not by that key over that root, or the key is malformed.
    #[error("the {scheme} signature does not verify over the root that the proof leads to")]
    PeerSignature {
        /// The receipt's scheme.
        scheme: Scheme,
    },
}
