use std::fmt;

use auditmesh_types::{Commitment, Digest, Millis, Origin, Size, TreeHead};
use sha2::{Digest as _, Sha256};

use crate::Fault;

/// The first line of a file, line feed included.
pub(crate) const HEADER: &[u8] = b"auditmesh anchor v1\n";

/// The most bytes of a line, line feed included.
pub(crate) const MAX_BYTES: usize = 1024;

const TAG: &[u8] = b"auditmesh anchor line v1\n";
const FIELDS: usize = 8;

/// One commitment in a chain. Its digest is always that of its other fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    seq: u64,
    prev: Digest,
    commitment: Commitment,
    digest: Digest,
}

impl Line {
    /// What the first line names as the line before it: the digest of the header.
    #[must_use]
    pub fn genesis() -> Digest {
        Digest(Sha256::digest(HEADER).into())
    }

    /// Line number `seq`, from 1, after the line with digest `prev`.
    #[must_use]
    pub fn seal(seq: u64, prev: Digest, commitment: Commitment) -> Self {
        let digest = digest(seq, &prev, &commitment);
        Self { seq, prev, commitment, digest }
    }

    /// Reads a line without its line feed and checks its digest.
    ///
    /// # Errors
    /// The first [`Fault`] from the left; [`Fault::Sum`] last.
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        if bytes.len() >= MAX_BYTES {
            return Err(Fault::TooLong { max: MAX_BYTES });
        }
        let text = std::str::from_utf8(bytes).map_err(|error| Fault::NotText { at: error.valid_up_to() })?;
        let fields: Vec<&str> = text.split(' ').collect();
        let &[seq, prev, origin, size, root, statement, at, sum] = fields.as_slice() else {
            return Err(Fault::Fields { got: fields.len(), want: FIELDS });
        };
        let (seq, prev) = (number("number", seq)?, hexadecimal("previous digest", prev)?);
        let origin = Origin::new(origin).map_err(|reason| Fault::Origin { reason })?;
        let size = Size(number("size", size)?);
        let head = TreeHead { size, root: hexadecimal("root", root)? };
        let statement = hexadecimal("statement", statement)?;
        let at = Millis(number("time", at)?);
        let got = hexadecimal("digest", sum)?;
        let line = Self::seal(seq, prev, Commitment { origin, head, statement, at });
        if line.digest == got { Ok(line) } else { Err(Fault::Sum { got, want: line.digest }) }
    }

    /// Its number, from 1.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The digest of the line before it.
    #[must_use]
    pub fn prev(&self) -> Digest {
        self.prev
    }

    /// What is committed to.
    #[must_use]
    pub fn commitment(&self) -> &Commitment {
        &self.commitment
    }

    /// The digest of all its other fields.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Where it stands in a file: the header is line 1.
    pub(crate) fn file_line(&self) -> u64 {
        self.seq.saturating_add(1)
    }
}

/// The line as it stands in a file, without its line feed.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, prev, commitment: Commitment { origin, head, statement, at }, digest } = self;
        write!(f, "{seq} {prev} {origin} {} {} {statement} {at} {digest}", head.size, head.root)
    }
}

fn digest(seq: u64, prev: &Digest, commitment: &Commitment) -> Digest {
    let Commitment { origin, head, statement, at } = commitment;
    let fields: [&[u8]; 6] = [
        &seq.to_be_bytes(),
        origin.as_str().as_bytes(),
        &head.size.0.to_be_bytes(),
        head.root.as_ref(),
        statement.as_ref(),
        &at.0.to_be_bytes(),
    ];
    let mut hash = Sha256::new_with_prefix(TAG);
    for field in fields {
        // At most 255 bytes, the longest being the origin.
        hash.update(u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(field);
    }
    hash.update(prev);
    Digest(hash.finalize().into())
}

fn number(field: &'static str, text: &str) -> Result<u64, Fault> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| canonical).ok_or(Fault::Number { field })
}

fn hexadecimal(field: &'static str, text: &str) -> Result<Digest, Fault> {
    text.parse().map_err(|_| Fault::Digest { field })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(number("size", "0"), Ok(0));
        assert_eq!(number("size", "18446744073709551615"), Ok(u64::MAX));
        for bad in ["", "00", "01", "+1", "-1", " 1", "1_0", "18446744073709551616", "٣"] {
            assert_eq!(number("size", bad), Err(Fault::Number { field: "size" }), "{bad:?}");
        }
    }

    #[test]
    fn the_longest_line_fits() {
        let origin = Origin::new("o".repeat(Origin::MAX_BYTES)).unwrap();
        let head = TreeHead { size: Size(u64::MAX), root: Digest([255; 32]) };
        let commitment = Commitment { origin, head, statement: Digest([255; 32]), at: Millis(u64::MAX) };
        let line = Line::seal(u64::MAX, Digest([255; 32]), commitment);
        assert!(line.to_string().len() < MAX_BYTES);
        assert_eq!(Line::parse(line.to_string().as_bytes()), Ok(line));
    }
}
