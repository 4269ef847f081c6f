use std::{
    io::{BufRead, Read},
    path::Path,
};

use crate::{
    Chain, Error, Fault, Line,
    line::{HEADER, MAX_BYTES},
};

/// What a file holds.
#[derive(Debug)]
pub(crate) struct Scan {
    /// Its verified lines.
    pub(crate) chain: Chain,
    /// Where each of them begins.
    pub(crate) offsets: Vec<u64>,
    /// Where the last complete line ends.
    pub(crate) end: u64,
    /// The last line, if it has no end. An unfinished header counts, an empty one too.
    pub(crate) torn: Option<Torn>,
}

/// A last line without an end.
#[derive(Debug)]
pub(crate) struct Torn {
    /// The line, from 1 with the header.
    pub(crate) line: u64,
    /// What there is of it.
    pub(crate) bytes: Vec<u8>,
}

impl Scan {
    /// The scan, if no line is torn.
    pub(crate) fn complete(self, path: &Path) -> Result<Self, Error> {
        match &self.torn {
            None => Ok(self),
            Some(Torn { line, bytes }) => {
                Err(Error::LocalTornTail { path: path.into(), line: *line, bytes: bytes.len() as u64 })
            }
        }
    }
}

/// Reads and verifies a file from its beginning. `path`: named in errors.
pub(crate) fn scan(mut reader: impl BufRead, path: &Path) -> Result<Scan, Error> {
    let mut scan = Scan { chain: Chain::new(), offsets: Vec::new(), end: 0, torn: None };
    let tampered = |line, fault| Error::PeerTampered { line, fault };
    let header = next_line(&mut reader, path, 1)?;
    if header != HEADER {
        if !HEADER.starts_with(&header) {
            return Err(tampered(1, Fault::Header));
        }
        scan.torn = Some(Torn { line: 1, bytes: header });
        return Ok(scan);
    }
    scan.end = HEADER.len() as u64;
    loop {
        let number = scan.chain.len() + 2;
        let bytes = next_line(&mut reader, path, number)?;
        if bytes.is_empty() {
            return Ok(scan);
        }
        let Some(text) = bytes.strip_suffix(b"\n") else {
            scan.torn = Some(Torn { line: number, bytes });
            return Ok(scan);
        };
        let line = Line::parse(text).map_err(|fault| tampered(number, fault))?;
        scan.chain.push(line).map_err(|fault| tampered(number, fault))?;
        scan.offsets.push(scan.end);
        scan.end += bytes.len() as u64;
    }
}

/// The next line with its line feed; without one at the end of the file; nothing after it.
fn next_line(reader: &mut impl BufRead, path: &Path, number: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    let read = reader.take(limit).read_until(b'\n', &mut bytes);
    read.map_err(|error| Error::LocalIo { operation: "read", path: path.into(), kind: error.kind() })?;
    if bytes.len() > MAX_BYTES {
        return Err(Error::PeerTampered { line: number, fault: Fault::TooLong { max: MAX_BYTES } });
    }
    Ok(bytes)
}
