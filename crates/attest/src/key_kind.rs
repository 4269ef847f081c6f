use core::fmt;

/// What a key file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// A PKCS#8 Ed25519 key.
    Ed25519Private,
    /// An SPKI Ed25519 key.
    Ed25519Public,
    /// A PKCS#8 ML-DSA-44 key.
    MlDsa44Private,
    /// An SPKI ML-DSA-44 key.
    MlDsa44Public,
    /// A PKCS#8 key of another algorithm.
    OtherPrivate,
    /// An SPKI key of another algorithm.
    OtherPublic,
    /// A PEM block with another label: an encrypted key, a certificate, an older form.
    OtherBlock,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ed25519Private => "a private Ed25519 key (PKCS#8)",
            Self::Ed25519Public => "a public Ed25519 key (SPKI)",
            Self::MlDsa44Private => "a private ML-DSA-44 key (PKCS#8)",
            Self::MlDsa44Public => "a public ML-DSA-44 key (SPKI)",
            Self::OtherPrivate => "a private key of another algorithm",
            Self::OtherPublic => "a public key of another algorithm",
            Self::OtherBlock => "a PEM block that is neither 'PRIVATE KEY' nor 'PUBLIC KEY'",
        })
    }
}
