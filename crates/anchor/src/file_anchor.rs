use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use auditmesh_types::{Anchor, Commitment, Origin, Receipt, TreeHead};

use crate::{
    Chain, Error, Fault, Line, Prepared, Repair,
    line::HEADER,
    receipts,
    repair::{failed, sync_folder},
    scan::{Scan, scan},
};

const PLACE: &str = "file";

/// An append-only file with one line for each commitment, each line bound to the one before.
///
/// The verified chain is kept in memory: a few hundred bytes for each commitment.
#[derive(Debug)]
pub struct FileAnchor {
    path: PathBuf,
    /// Open for appending, and locked until it is closed.
    file: File,
    chain: Chain,
    /// Where each line begins.
    offsets: Vec<u64>,
    /// Where the last line ends.
    end: u64,
    /// Whether a write was begun and not seen to end well.
    uncertain: bool,
}

impl FileAnchor {
    /// Makes a new file. File and folder are synced.
    ///
    /// # Errors
    /// [`Error::LocalIo`], with `AlreadyExists` when there is one; [`Error::LocalLocked`].
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let file = OpenOptions::new().read(true).append(true).create_new(true).open(&path);
        let mut file = file.map_err(|error| failed("create", &path, &error))?;
        lock(&file, &path)?;
        file.write_all(HEADER).map_err(|error| failed("write", &path, &error))?;
        let scan = Scan { chain: Chain::new(), offsets: Vec::new(), end: HEADER.len() as u64, torn: None };
        Self::settled(path, file, scan)
    }

    /// Opens a file and verifies every line.
    ///
    /// # Errors
    /// [`Error::PeerTampered`] with the first bad line; [`Error::LocalTornTail`] when the last line has no end;
    /// [`Error::LocalLocked`]; [`Error::LocalIo`].
    ///
    /// # Cost
    /// One SHA-256 for each line.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let (file, scan) = read(&path)?;
        let scan = scan.complete(&path)?;
        Self::settled(path, file, scan)
    }

    /// Opens a file as [`FileAnchor::open`] does; where the last line has no end, keeps a copy of its bytes beside the
    /// file, cuts them off and says so. No receipt was ever given for such a line. A changed line is not repaired.
    ///
    /// # Errors
    /// As [`FileAnchor::open`], without [`Error::LocalTornTail`].
    pub fn open_repairing(path: impl Into<PathBuf>) -> Result<(Self, Option<Repair>), Error> {
        let path = path.into();
        let (mut file, mut scan) = read(&path)?;
        let repair = match scan.torn.take() {
            Some(torn) => Some(Repair::new(&path, &mut file, &mut scan, &torn)?),
            None => None,
        };
        Ok((Self::settled(path, file, scan)?, repair))
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The verified chain of its commitments.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Syncs file and folder. A line that a killed process wrote and did not sync was just read: before it counts as
    /// anchored, it has to be on the disk.
    fn settled(path: PathBuf, file: File, scan: Scan) -> Result<Self, Error> {
        file.sync_all().map_err(|error| failed("sync", &path, &error))?;
        sync_folder(&path)?;
        let Scan { chain, offsets, end, .. } = scan;
        Ok(Self { path, file, chain, offsets, end, uncertain: false })
    }

    /// Writes, syncs and reads back; only then is the line in the chain.
    fn append(&mut self, line: Line) -> Result<Receipt, Error> {
        if self.uncertain {
            return Err(Error::LocalUncertain { path: self.path.clone() });
        }
        let got = self.file.metadata().map_err(|error| failed("measure", &self.path, &error))?.len();
        if got != self.end {
            return Err(Error::LocalLengthChanged { path: self.path.clone(), got, want: self.end });
        }
        let bytes = format!("{line}\n").into_bytes();
        self.uncertain = true;
        self.file.write_all(&bytes).map_err(|error| failed("write", &self.path, &error))?;
        self.file.sync_all().map_err(|error| failed("sync", &self.path, &error))?;
        self.read_back(self.end, &line)?;
        let (receipt, file_line) = (receipts::receipt(PLACE, &line), line.file_line());
        self.chain.push(line).map_err(|fault| Error::PeerTampered { line: file_line, fault })?;
        self.offsets.push(self.end);
        self.end += bytes.len() as u64;
        self.uncertain = false;
        Ok(receipt)
    }

    /// Reads a line where it must stand, through the file's name: a file put in its place is noticed too.
    fn read_back(&self, offset: u64, line: &Line) -> Result<(), Error> {
        let want = format!("{line}\n").into_bytes();
        let mut got = Vec::with_capacity(want.len());
        let read = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(offset))?;
            file.take(want.len() as u64).read_to_end(&mut got)
        });
        read.map_err(|error| failed("read back", &self.path, &error))?;
        if got == want {
            return Ok(());
        }
        Err(Error::PeerTampered { line: line.file_line(), fault: Fault::Changed })
    }

    /// [`FileAnchor::read_back`] of a line of the chain.
    fn read_kept(&self, line: &Line) -> Result<(), Error> {
        let place = usize::try_from(line.seq().saturating_sub(1)).ok();
        let offset = place.and_then(|place| self.offsets.get(place)).copied().unwrap_or(self.end);
        self.read_back(offset, line)
    }
}

impl Anchor for FileAnchor {
    type Error = Error;

    /// Writes one line, syncs it and reads it back, then gives its receipt: `file:1`, `file:2`, … For a commitment that
    /// is in the file already, reads it back and gives the same receipt.
    ///
    /// # Errors
    /// [`Error::PeerContradiction`], [`Error::PeerSizeBackwards`], [`Error::LocalFull`],
    /// [`Error::LocalLengthChanged`]: nothing was written. [`Error::LocalIo`], [`Error::PeerTampered`]: it is unknown
    /// what was, and after that [`Error::LocalUncertain`] until the file is opened again.
    fn commit(&mut self, commitment: &Commitment) -> Result<Receipt, Error> {
        match self.chain.prepare(commitment)? {
            Prepared::Next(line) => self.append(line),
            Prepared::Kept(line) => {
                self.read_kept(&line)?;
                Ok(receipts::receipt(PLACE, &line))
            }
        }
    }

    /// The receipt for the first commitment to `head`, whose line is read back.
    ///
    /// # Errors
    /// [`Error::LocalIo`], [`Error::PeerTampered`].
    fn find(&self, origin: &Origin, head: TreeHead) -> Result<Option<Receipt>, Error> {
        let Some(line) = self.chain.find(origin, head) else { return Ok(None) };
        self.read_kept(line)?;
        Ok(Some(receipts::receipt(PLACE, line)))
    }

    /// Reads back the line under `receipt` and compares it with `commitment`.
    ///
    /// # Errors
    /// [`Error::PeerReceiptUnknown`], [`Error::PeerReceiptDigest`], [`Error::PeerCommitmentDiffers`];
    /// [`Error::LocalIo`], [`Error::PeerTampered`].
    fn check(&self, receipt: &Receipt, commitment: &Commitment) -> Result<(), Error> {
        let line = receipts::named(&self.chain, PLACE, receipt)?;
        self.read_kept(line)?;
        receipts::compare(line, receipt, commitment)
    }
}

/// Opens, locks and scans.
fn read(path: &Path) -> Result<(File, Scan), Error> {
    let file = OpenOptions::new().read(true).append(true).open(path);
    let file = file.map_err(|error| failed("open", path, &error))?;
    lock(&file, path)?;
    let scan = scan(BufReader::new(&file), path)?;
    Ok((file, scan))
}

fn lock(file: &File, path: &Path) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::LocalLocked { path: path.into() }),
        Err(TryLockError::Error(error)) => Err(failed("lock", path, &error)),
    }
}
