use std::{io, path::PathBuf};

/// Why a [`FolderStore`](crate::FolderStore) is not opened, or does not read, write or remove a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// The folder was opened to read.
    #[error("{} was opened to read; open it with FolderStore::open to write", path.display())]
    MisuseReadOnly {
        /// The folder.
        path: PathBuf,
    },
    /// A file is longer than one of its name can be.
    #[error("{} has more than {max} bytes, which no file of that name has; restore it from a copy", path.display())]
    PeerTooLong {
        /// The file.
        path: PathBuf,
        /// The most allowed.
        max: usize,
    },
    /// Somebody else writes to the folder.
    #[error("{} is open for writing elsewhere; only one writer at a time is allowed, close the other", path.display())]
    LocalLocked {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("to {operation} {} failed: {kind}", path.display())]
    LocalIo {
        /// What was tried.
        operation: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        kind: io::ErrorKind,
    },
}
