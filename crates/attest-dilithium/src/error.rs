/// Why a key or a signature is refused. Nothing here repeats key material.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A key or signature of another length.
    #[error("the Dilithium2 {what} has {got} bytes, it must have exactly {want}")]
    PeerLength {
        /// Which of them.
        what: &'static str,
        /// Its bytes.
        got: usize,
        /// The only length allowed.
        want: usize,
    },
    /// A public key whose vector `t1` is zero.
    #[error("the Dilithium2 public key is weak: anyone can sign for it; enrol another")]
    PeerWeakKey,
    /// The signature does not verify.
    #[error("the Dilithium2 signature does not verify")]
    PeerSignatureRefused,
    /// Secret and public key are not of one pair.
    #[error("the Dilithium2 secret key does not belong to the public key; give both of one pair")]
    MisuseKeyPair,
}
