use std::{io, path::PathBuf};

use auditmesh_types::{Digest, Origin, Size};

use crate::Fault;

/// Why a commitment is not made, found or right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another root of that log was anchored for the same size.
    #[error(
        "size {size} of {origin} was anchored with root {kept} in line {line}, now comes {got}; one of the two is \
         false: anchor nothing until it is known which"
    )]
    PeerContradiction {
        /// The log.
        origin: Origin,
        /// The size both are about.
        size: Size,
        /// The root that was anchored.
        kept: Digest,
        /// The root that came.
        got: Digest,
        /// The line it stands in, from 1 with the header.
        line: u64,
    },
    /// A larger size of that log was anchored before.
    #[error("size {kept} of {origin} was anchored already, now comes {got}; sizes never fall")]
    PeerSizeBackwards {
        /// The log.
        origin: Origin,
        /// The largest size anchored.
        kept: Size,
        /// The size that came.
        got: Size,
    },
    /// A line is not as it was written.
    #[error("line {line} was tampered with: {fault}; compare it with the receipts kept elsewhere")]
    PeerTampered {
        /// The first such line, from 1 with the header.
        line: u64,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The anchor has nothing under that name.
    #[error("nothing is anchored under {id:?}; receipts of this anchor are {place}:1 to {place}:{last}")]
    PeerReceiptUnknown {
        /// The name in the receipt.
        id: String,
        /// How this anchor's names begin.
        place: &'static str,
        /// The number of the last commitment.
        last: u64,
    },
    /// The receipt's digest is not that of what the anchor keeps under its name.
    #[error("the receipt {id} has digest {got}, anchored is {kept}")]
    PeerReceiptDigest {
        /// The name in the receipt.
        id: String,
        /// The digest in the receipt.
        got: Digest,
        /// The digest of what is kept.
        kept: Digest,
    },
    /// Under that name the anchor keeps another commitment.
    #[error("the commitment anchored under {id} has another {field}")]
    PeerCommitmentDiffers {
        /// The name in the receipt.
        id: String,
        /// The first field that differs.
        field: &'static str,
    },
    /// The last line has no end, as a crash while writing leaves it. No receipt was given for it.
    #[error(
        "line {line} of {} is torn: {bytes} bytes without an end; open the file repairing, which keeps a copy of them \
         and cuts them off", path.display()
    )]
    LocalTornTail {
        /// The file.
        path: PathBuf,
        /// The line, from 1 with the header.
        line: u64,
        /// How many bytes of it there are.
        bytes: u64,
    },
    /// Somebody else has the file open.
    #[error("{} is open for writing elsewhere; only one writer at a time is allowed, close the other", path.display())]
    LocalLocked {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("to {operation} {} failed: {kind}", path.display())]
    LocalIo {
        /// What was tried.
        operation: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the operating system says.
        kind: io::ErrorKind,
    },
    /// The file has another length than was written: somebody who does not respect the lock wrote to it.
    #[error("{} has {got} bytes, {want} were written; find out who else writes to it and open it again", path.display())]
    LocalLengthChanged {
        /// The file.
        path: PathBuf,
        /// Its length.
        got: u64,
        /// The length it was left with.
        want: u64,
    },
    /// An earlier write or sync failed, so nobody knows what is on the disk.
    #[error("an earlier write to {} failed and its state is unknown; open it again", path.display())]
    LocalUncertain {
        /// The file.
        path: PathBuf,
    },
    /// No room for another commitment.
    #[error("the anchor has {max} commitments, no more are allowed; begin a new one")]
    LocalFull {
        /// The most allowed.
        max: u64,
    },
}
