use std::collections::BTreeMap;

use auditmesh_types::{Commitment, Digest, Origin, Size, TreeHead};

use crate::{Error, Fault, Line, scan};

/// What becomes of a commitment in a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// It is in the chain already.
    Kept(Line),
    /// It is to be added as this line.
    Next(Line),
}

/// Lines that follow one another, with what they commit to. Pure: it reads and writes nothing.
///
/// For each log sizes never fall, one size has one root, and no commitment stands twice. Another statement about a
/// head that is in the chain, or another time, is another commitment and gets its own line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chain {
    lines: Vec<Line>,
    /// Of each log and size, the numbers of its lines.
    places: BTreeMap<Origin, BTreeMap<Size, Vec<u64>>>,
}

impl Chain {
    /// The most lines of a chain.
    pub const MAX_LINES: u64 = 1 << 22;

    /// A chain without a line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a whole file's bytes and verifies every line.
    ///
    /// # Errors
    /// [`Error::PeerTampered`] with the first bad line; [`Error::LocalTornTail`], with an empty path, when the last
    /// line has no end.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let path = std::path::Path::new("");
        scan::scan(bytes, path)?.complete(path).map(|scan| scan.chain)
    }

    /// The number of lines.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.lines.len() as u64
    }

    /// Whether it has no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The digest of the last line. Whoever keeps it notices when the chain is cut or written anew.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.lines.last().map_or_else(Line::genesis, Line::digest)
    }

    /// Line number `seq`, from 1.
    #[must_use]
    pub fn line(&self, seq: u64) -> Option<&Line> {
        self.lines.get(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    /// The first line that commits to `head` of `origin`.
    #[must_use]
    pub fn find(&self, origin: &Origin, head: TreeHead) -> Option<&Line> {
        let first = self.places.get(origin)?.get(&head.size)?.first()?;
        self.line(*first).filter(|line| line.commitment().head == head)
    }

    /// Says what becomes of `commitment`. Nothing changes.
    ///
    /// # Errors
    /// [`Error::PeerContradiction`], [`Error::PeerSizeBackwards`], [`Error::LocalFull`].
    pub fn prepare(&self, commitment: &Commitment) -> Result<Prepared, Error> {
        let Commitment { origin, head, .. } = commitment;
        match self.place(commitment) {
            Place::Kept(line) => Ok(Prepared::Kept(line.clone())),
            Place::Contradicts(line) => Err(Error::PeerContradiction {
                origin: origin.clone(),
                size: head.size,
                kept: line.commitment().head.root,
                got: head.root,
                line: line.file_line(),
            }),
            Place::Behind(kept) => {
                Err(Error::PeerSizeBackwards { origin: origin.clone(), kept, got: head.size })
            }
            Place::Free if self.len() >= Self::MAX_LINES => Err(Error::LocalFull { max: Self::MAX_LINES }),
            Place::Free => Ok(Prepared::Next(Line::seal(self.len() + 1, self.head(), commitment.clone()))),
        }
    }

    /// Adds `line`. What is refused leaves no trace.
    ///
    /// # Errors
    /// [`Fault`]: its number or what it follows is wrong, it repeats or contradicts a line, or the chain is full.
    pub fn push(&mut self, line: Line) -> Result<(), Fault> {
        let want = self.len() + 1;
        if line.seq() != want {
            return Err(Fault::Sequence { got: line.seq(), want });
        }
        if line.prev() != self.head() {
            return Err(Fault::Previous { got: line.prev(), want: self.head() });
        }
        let Commitment { origin, head, .. } = line.commitment();
        match self.place(line.commitment()) {
            Place::Kept(first) => return Err(Fault::Repeated { first: first.file_line() }),
            Place::Contradicts(first) => return Err(Fault::Contradiction { first: first.file_line() }),
            Place::Behind(kept) => return Err(Fault::Backwards { got: head.size, kept }),
            Place::Free if want > Self::MAX_LINES => return Err(Fault::TooMany { max: Self::MAX_LINES }),
            Place::Free => {}
        }
        self.places.entry(origin.clone()).or_default().entry(head.size).or_default().push(line.seq());
        self.lines.push(line);
        Ok(())
    }

    fn place(&self, commitment: &Commitment) -> Place<'_> {
        let Commitment { origin, head, .. } = commitment;
        let Some(sizes) = self.places.get(origin) else { return Place::Free };
        let same_size = || sizes.get(&head.size).into_iter().flatten().filter_map(|seq| self.line(*seq));
        if let Some(line) = same_size().find(|line| line.commitment() == commitment) {
            return Place::Kept(line);
        }
        if let Some(line) = same_size().find(|line| line.commitment().head != *head) {
            return Place::Contradicts(line);
        }
        match sizes.last_key_value() {
            Some((largest, _)) if *largest > head.size => Place::Behind(*largest),
            _ => Place::Free,
        }
    }
}

/// How a commitment stands to the lines there are.
enum Place<'c> {
    Kept(&'c Line),
    Contradicts(&'c Line),
    Behind(Size),
    Free,
}
