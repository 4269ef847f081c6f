use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    Error,
    line::HEADER,
    scan::{Scan, Torn},
};

/// What was cut off a file, and where a copy of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The torn line, from 1 with the header.
    pub line: u64,
    /// How many bytes were cut off.
    pub bytes: u64,
    /// The file that holds these bytes now, beside the anchor file.
    pub copy: PathBuf,
}

impl Repair {
    /// Keeps a copy of the torn line, then cuts it off. A torn header is written anew.
    pub(crate) fn new(path: &Path, file: &mut File, scan: &mut Scan, torn: &Torn) -> Result<Self, Error> {
        let copy = keep(path, torn)?;
        sync_folder(path)?;
        file.set_len(scan.end).map_err(|error| failed("cut the torn line off", path, &error))?;
        if torn.line == 1 {
            file.write_all(HEADER).map_err(|error| failed("write", path, &error))?;
            scan.end = HEADER.len() as u64;
        }
        Ok(Self { line: torn.line, bytes: torn.bytes.len() as u64, copy })
    }
}

/// Writes the torn bytes to `<file>.torn-<line>`, or `<file>.torn-<line>-<n>` where that holds something else.
fn keep(path: &Path, torn: &Torn) -> Result<PathBuf, Error> {
    let mut attempt = 1u64;
    loop {
        let suffix = match attempt {
            1 => format!(".torn-{}", torn.line),
            _ => format!(".torn-{}-{attempt}", torn.line),
        };
        let mut name: OsString = path.as_os_str().to_owned();
        name.push(suffix);
        let copy = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).open(&copy) {
            Ok(mut file) => {
                let written = file.write_all(&torn.bytes).and_then(|()| file.sync_all());
                return written.map(|()| copy.clone()).map_err(|error| failed("write", &copy, &error));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // A repair that was itself interrupted has left the same bytes there, or the first of them.
                if holds(&copy, &torn.bytes).map_err(|error| failed("read", &copy, &error))? {
                    return Ok(copy);
                }
                attempt += 1;
            }
            Err(error) => return Err(failed("create", &copy, &error)),
        }
    }
}

/// Whether `copy` has these very bytes, which are then synced.
fn holds(copy: &Path, bytes: &[u8]) -> io::Result<bool> {
    if fs::metadata(copy)?.len() != bytes.len() as u64 || fs::read(copy)? != bytes {
        return Ok(false);
    }
    File::open(copy)?.sync_all()?;
    Ok(true)
}

/// Makes the name of `path` durable in its folder.
pub(crate) fn sync_folder(path: &Path) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| failed("sync the folder", folder, &error))?;
    }
    Ok(())
}

pub(crate) fn failed(operation: &'static str, path: &Path, error: &io::Error) -> Error {
    Error::LocalIo { operation, path: path.into(), kind: error.kind() }
}
