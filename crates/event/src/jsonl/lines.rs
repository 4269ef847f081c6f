use alloc::vec::Vec;
use std::io::{BufRead, ErrorKind};

use crate::{Error, Event};

/// A line with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Its number in what is read, from 1.
    pub number: u64,
    /// Its bytes, without the line feed that ended it. A carriage return stays.
    pub bytes: Vec<u8>,
}

/// Splits a stream at line feeds and never keeps more of a line than the limit.
///
/// A line that is too long is an error, passed over to its end; the next one follows. Empty lines are lines. After an
/// error of the stream itself the iterator ends.
#[derive(Debug, Clone)]
pub struct Lines<R> {
    reader: R,
    allowed: usize,
    number: u64,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most [`Event::MAX_PAYLOAD_BYTES`].
    pub fn new(reader: R) -> Self {
        Self::with_limit(reader, Event::MAX_PAYLOAD_BYTES)
    }

    /// Lines of at most `allowed` bytes, the line feed not counted.
    pub fn with_limit(reader: R, allowed: usize) -> Self {
        Self { reader, allowed, number: 0, ended: false }
    }

    /// Reads on to the end of a line: the line, and how long it was. `None` at the end of the stream.
    fn line(&mut self) -> Result<Option<(Vec<u8>, u64)>, ErrorKind> {
        let (mut line, mut length, mut begun) = (Vec::new(), 0, false);
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.kind()),
            };
            if chunk.is_empty() {
                return Ok(begun.then_some((line, length)));
            }
            begun = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            let room = self.allowed.saturating_sub(line.len());
            line.extend_from_slice(part.get(..room).unwrap_or(part));
            length += part.len() as u64;
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                return Ok(Some((line, length)));
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Numbered, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.number += 1;
        let (line, number) = (self.line(), self.number);
        match line {
            Ok(Some((bytes, got))) if bytes.len() as u64 == got => Some(Ok(Numbered { number, bytes })),
            Ok(Some((_, got))) => {
                Some(Err(Error::PeerLineTooLong { line: number, got, allowed: self.allowed }))
            }
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(kind) => {
                self.ended = true;
                Some(Err(Error::LocalRead { line: number, kind }))
            }
        }
    }
}
