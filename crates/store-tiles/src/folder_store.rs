use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use crate::{FileName, FolderError, TileStore};

/// The one file that is written to; then it is renamed. A killed process leaves at most this one.
const WRITING: &str = ".writing";
const LOCK: &str = ".lock";

/// The files of a log as plain files below a folder, as a web server can serve them.
///
/// A file is written under another name, synced, and renamed; [`TileStore::sync`] syncs the folders. The folder belongs to the
/// store: besides the log's files it holds `.lock` and, while something is written, `.writing`. A server offers `checkpoint` and
/// what is below `tile/`, and no name that begins with a dot.
#[derive(Debug)]
pub struct FolderStore {
    root: PathBuf,
    /// Locked until it is closed; none when the folder was opened to read.
    lock: Option<File>,
    /// The folders in which names were made or removed, or were to be, since the last sync.
    touched: BTreeSet<PathBuf>,
}

impl FolderStore {
    /// Opens a folder to write, and makes it where there is none. The folder above must be there.
    ///
    /// # Errors
    /// [`FolderError::LocalLocked`], [`FolderError::LocalIo`].
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let root = root.into();
        match fs::create_dir(&root) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed("create the folder", &root, &error));
            }
            _ => sync_folder(above(&root))?,
        }
        let path = root.join(LOCK);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|error| failed("open", &path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FolderError::LocalLocked { path: root }),
            Err(TryLockError::Error(error)) => return Err(failed("lock", &path, &error)),
        }
        // What a killed process renamed into the folder is read from now on, so the next sync must cover it.
        let touched = BTreeSet::from([root.clone()]);
        Ok(Self { root, lock: Some(lock), touched })
    }

    /// Opens a folder to read, also while another process writes to it.
    #[must_use]
    pub fn open_to_read(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), lock: None, touched: BTreeSet::new() }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    fn path_of(&self, name: FileName) -> PathBuf {
        self.root.join(name.to_string())
    }

    fn check_writable(&self) -> Result<(), FolderError> {
        let refused = || FolderError::MisuseReadOnly { path: self.root.clone() };
        self.lock.as_ref().map(|_| ()).ok_or_else(refused)
    }

    /// Remembers all folders from that of `path` up to the root: a folder on the way may be new, or made by a process
    /// that was killed before it synced.
    fn touch(&mut self, path: &Path) {
        let folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root));
        self.touched.extend(folders.map(Path::to_path_buf));
    }
}

impl TileStore for FolderStore {
    type Error = FolderError;

    /// # Errors
    /// [`FolderError::PeerTooLong`], [`FolderError::LocalIo`].
    fn read(&self, name: FileName) -> Result<Option<Vec<u8>>, FolderError> {
        let (path, max) = (self.path_of(name), name.max_bytes());
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("open", &path, &error)),
        };
        let mut bytes = Vec::new();
        let read = file.take(max as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| failed("read", &path, &error))?;
        if bytes.len() > max { Err(FolderError::PeerTooLong { path, max }) } else { Ok(Some(bytes)) }
    }

    /// # Errors
    /// [`FolderError::MisuseReadOnly`], [`FolderError::LocalIo`].
    fn write(&mut self, name: FileName, bytes: &[u8]) -> Result<(), FolderError> {
        self.check_writable()?;
        let (path, writing) = (self.path_of(name), self.root.join(WRITING));
        self.touch(&path);
        let folder = above(&path);
        fs::create_dir_all(folder).map_err(|error| failed("create the folder", folder, &error))?;
        let mut file = File::create(&writing).map_err(|error| failed("create", &writing, &error))?;
        file.write_all(bytes).map_err(|error| failed("write", &writing, &error))?;
        file.sync_all().map_err(|error| failed("sync", &writing, &error))?;
        drop(file);
        fs::rename(&writing, &path).map_err(|error| failed("rename a written file to", &path, &error))
    }

    /// # Errors
    /// [`FolderError::MisuseReadOnly`], [`FolderError::LocalIo`].
    fn remove(&mut self, name: FileName) -> Result<(), FolderError> {
        self.check_writable()?;
        let path = self.path_of(name);
        // Also where nothing is found: whoever removed it may have been killed before the folder was synced.
        self.touch(&path);
        match fs::remove_file(&path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed("remove", &path, &error)),
        }
    }

    /// Removes the folder of the partial files, `<index>.p`.
    ///
    /// # Errors
    /// [`FolderError::MisuseReadOnly`], [`FolderError::LocalIo`].
    fn remove_partials(&mut self, name: FileName) -> Result<(), FolderError> {
        self.check_writable()?;
        let Some(full) = name.full() else { return Ok(()) };
        let folder = self.root.join(format!("{full}.p"));
        self.touch(&folder);
        match fs::remove_dir_all(&folder) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed("remove the folder", &folder, &error)),
        }
    }

    /// # Errors
    /// [`FolderError::LocalIo`].
    fn sync(&mut self) -> Result<(), FolderError> {
        for folder in &self.touched {
            let there = folder.try_exists().map_err(|error| failed("look for the folder", folder, &error))?;
            // A folder that was touched and then removed is synced by way of the one above it.
            if there {
                sync_folder(folder)?;
            }
        }
        self.touched.clear();
        Ok(())
    }
}

fn above(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn sync_folder(folder: &Path) -> Result<(), FolderError> {
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| failed("sync the folder", folder, &error))?;
    }
    Ok(())
}

fn failed(operation: &'static str, path: &Path, error: &io::Error) -> FolderError {
    FolderError::LocalIo { operation, path: path.into(), kind: error.kind() }
}

#[cfg(test)]
mod tests {
    use auditmesh_merkle::tiles::BundlePath;
    use tempfile::tempdir;

    use super::*;

    /// What cannot be looked at may hold names that are not durable.
    #[cfg(unix)]
    #[test]
    fn a_folder_that_cannot_be_looked_at_is_an_error() {
        let folder = tempdir().unwrap();
        let mut store = FolderStore::open(folder.path()).unwrap();
        store.write(FileName::Bundle(BundlePath::new(3, 7).unwrap()), b"x").unwrap();
        fs::remove_dir_all(folder.path().join("tile")).unwrap();
        fs::write(folder.path().join("tile"), b"a file where a folder was").unwrap();
        let path = folder.path().join("tile/entries");
        let kind = io::ErrorKind::NotADirectory;
        let refused = FolderError::LocalIo { operation: "look for the folder", path, kind };
        for _ in 0..2 {
            // It stays to be synced: the next sync does not promise it either.
            assert_eq!(store.sync(), Err(refused.clone()));
        }
        fs::remove_file(folder.path().join("tile")).unwrap();
        assert_eq!(store.sync(), Ok(()));
    }

    /// A killed process may have removed it, and not synced the folder.
    #[test]
    fn what_is_not_there_to_be_removed_has_its_folders_synced() {
        let folder = tempdir().unwrap();
        let mut store = FolderStore::open(folder.path()).unwrap();
        let bundle = FileName::Bundle(BundlePath::new(3, 7).unwrap());
        let up_to = |last: &str| -> BTreeSet<PathBuf> {
            ["", "tile", "tile/entries", "tile/entries/003.p"]
                .into_iter()
                .take_while(|path| *path <= last)
                .map(|path| folder.path().join(path))
                .collect()
        };
        for (name, partials, last) in [
            (FileName::Intent, false, ""),
            (bundle, false, "tile/entries/003.p"),
            (bundle, true, "tile/entries"),
        ] {
            store.sync().unwrap();
            assert_eq!(store.touched, BTreeSet::new());
            let removed = if partials { store.remove_partials(name) } else { store.remove(name) };
            assert_eq!((removed, &store.touched), (Ok(()), &up_to(last)), "{name}");
        }
        assert_eq!(store.sync(), Ok(()));
    }
}
