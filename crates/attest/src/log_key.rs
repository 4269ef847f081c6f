use alloc::{string::String, vec::Vec};

use auditmesh_types::Authority;

use crate::{Attested, Error, LogAuthority, LogCheckpoint, Rule, VerifierKey};

/// One key that is trusted for one log, whatever the key is called.
///
/// A [`TrustPolicy`](crate::TrustPolicy) finds a log's keys by the log's origin. Some logs sign under another name, such as
/// Go's checksum database: its origin is `go.sum database tree`, its key is called `sum.golang.org`. No cosignature is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKey {
    /// The key.
    pub key: VerifierKey,
    /// The log: the first line of its checkpoints, compared byte for byte.
    pub origin: String,
}

/// The key of a log that is called as its key.
impl From<VerifierKey> for LogKey {
    fn from(key: VerifierKey) -> Self {
        Self { origin: key.name().into(), key }
    }
}

impl LogAuthority for LogKey {
    /// # Errors
    /// [`Error::PeerOriginMismatch`]; [`Error::PeerNotSignedBy`] when the key has no line, [`Error::PeerBadSignature`] when
    /// one of its lines does not verify; [`Error::PeerExtensionLines`] for a key of type 0x06 under a checkpoint with
    /// extension lines.
    /// # Cost
    /// One signature verification for each line of the key.
    fn attested(&self, signed: &LogCheckpoint) -> Result<Attested, Error> {
        if signed.origin() != self.origin {
            return Err(Error::PeerOriginMismatch { got: signed.origin().into(), want: self.origin.clone() });
        }
        let label = self.key.label();
        match signed.signed_by(&self.key)? {
            Some(_) => Ok(Attested::new(signed, Vec::from([label]), Vec::new(), Rule::none())),
            None => Err(Error::PeerNotSignedBy { name: label }),
        }
    }
}

impl Authority<LogCheckpoint> for LogKey {
    type Error = Error;

    fn check(&self, value: &LogCheckpoint) -> Result<(), Error> {
        self.attested(value).map(drop)
    }
}
