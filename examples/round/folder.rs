//! A folder that appears whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
};

/// Files written beside their final place, and moved there at once.
#[derive(Debug)]
pub(crate) struct Folder {
    wanted: PathBuf,
    beside: PathBuf,
    done: bool,
}

impl Folder {
    /// Starts the folder that will be `wanted`, which must not exist.
    pub(crate) fn start(wanted: &Path) -> Result<Self, String> {
        if wanted.symlink_metadata().is_ok() {
            return Err(format!("--out {}: already exists; name a new folder", wanted.display()));
        }
        let name =
            wanted.file_name().ok_or_else(|| format!("--out {}: is no folder name", wanted.display()))?;
        let beside = wanted.with_file_name(format!(".{}.{}.partial", name.to_string_lossy(), process::id()));
        fs::create_dir(&beside).map_err(|why| format!("--out {}: {why}", wanted.display()))?;
        Ok(Self { wanted: wanted.to_owned(), beside, done: false })
    }

    /// Where a file stands until the folder is finished.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.beside.join(name)
    }

    /// Writes one file and makes it durable.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let path = self.path(name);
        let write = || -> io::Result<()> {
            fs::create_dir_all(path.parent().unwrap_or(&self.beside))?;
            let mut file = File::create_new(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(|why| format!("{}/{name}: {why}", self.wanted.display()))
    }

    /// Makes every folder durable and moves the whole into place.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        let finish = || -> io::Result<()> {
            sync_folders(&self.beside)?;
            fs::rename(&self.beside, &self.wanted)?;
            let parent = self.wanted.parent().filter(|parent| !parent.as_os_str().is_empty());
            File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
        };
        finish().map_err(|why| format!("--out {}: {why}", self.wanted.display()))?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Folder {
    /// What was not finished leaves nothing behind.
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_dir_all(&self.beside);
        }
    }
}

fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder)?.sync_all()
}
