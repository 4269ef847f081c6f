use alloc::{sync::Arc, vec::Vec};
use core::fmt;

use auditmesh_types::Digest;
use sha2::{Digest as _, Sha256};

use crate::Error;

/// The name of a value: SHA-256 over a domain tag and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(pub Digest);

/// What is proposed for a height: bytes that only the application reads.
#[derive(Clone)]
pub struct Value {
    id: ValueId,
    bytes: Arc<[u8]>,
}

impl Value {
    /// The most bytes a value may have: 4 MiB.
    pub const MAX_BYTES: usize = 4 << 20;

    /// Takes the bytes of a value.
    ///
    /// # Errors
    /// [`Error::PeerValueTooLong`].
    /// # Cost
    /// One hash over the bytes, one copy.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let bytes = bytes.into();
        if bytes.len() > Self::MAX_BYTES {
            return Err(Error::PeerValueTooLong { got: bytes.len(), max: Self::MAX_BYTES });
        }
        let hash = Sha256::new_with_prefix(b"auditmesh/value/v1\0").chain_update(&bytes);
        Ok(Self { id: ValueId(Digest(hash.finalize().into())), bytes: bytes.into() })
    }

    /// Its name.
    #[must_use]
    pub const fn id(&self) -> ValueId {
        self.id
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Value {}

impl core::hash::Hash for Value {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({} bytes, {})", self.bytes.len(), self.id.0)
    }
}
