//! Splitting a stream into lines, with a limit.
#![cfg(feature = "std")]

use std::io::{self, BufRead, BufReader, Read};

use auditmesh_event::{
    Error, Event,
    jsonl::{Lines, Numbered},
};
use proptest::prelude::*;

fn lines(text: &[u8], limit: usize, buffer: usize) -> Vec<Result<Numbered, Error>> {
    Lines::with_limit(BufReader::with_capacity(buffer, text), limit).collect()
}

fn line(number: u64, bytes: &[u8]) -> Result<Numbered, Error> {
    Ok(Numbered { number, bytes: bytes.to_vec() })
}

#[test]
fn takes_off_the_line_feed_and_nothing_else() {
    let text = b"{}\r\n\n  {\"a\":1} \nlast";
    let expected = [line(1, b"{}\r"), line(2, b""), line(3, b"  {\"a\":1} "), line(4, b"last")];
    assert_eq!(lines(text, 100, 4), expected);
    assert_eq!(lines(b"", 100, 4), []);
    assert_eq!(lines(b"a\n", 100, 4), [line(1, b"a")]);
    assert_eq!(lines(b"\n", 100, 4), [line(1, b"")]);
}

#[test]
fn a_long_line_is_refused_and_the_next_one_read() {
    let long = |line, got| Err(Error::PeerLineTooLong { line, got, allowed: 4 });
    assert_eq!(
        lines(b"abcd\nabcde\nab\nabcdef", 4, 3),
        [line(1, b"abcd"), long(2, 5), line(3, b"ab"), long(4, 6)]
    );
}

#[test]
fn the_limit_is_that_of_a_payload() {
    let text = [vec![b'x'; Event::MAX_PAYLOAD_BYTES + 1], b"\n{}".to_vec()].concat();
    let long = Error::PeerLineTooLong { line: 1, got: 524_289, allowed: 524_288 };
    assert_eq!(Lines::new(&text[..]).collect::<Vec<_>>(), [Err(long), line(2, b"{}")]);
    let most: Vec<_> = Lines::new(&text[1..]).collect();
    assert_eq!(most, [line(1, &text[1..=Event::MAX_PAYLOAD_BYTES]), line(2, b"{}")]);
}

/// Gives one line, is interrupted, then breaks.
struct Breaking(u8);

impl Read for Breaking {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }
}

impl BufRead for Breaking {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.0 {
            0 => Ok(b"a\n"),
            1 => {
                self.0 = 2;
                Err(io::ErrorKind::Interrupted.into())
            }
            _ => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }

    fn consume(&mut self, _: usize) {
        self.0 = 1;
    }
}

#[test]
fn says_when_the_stream_breaks_and_ends() {
    let broken = Err(Error::LocalRead { line: 2, kind: io::ErrorKind::ConnectionReset });
    assert_eq!(Lines::new(Breaking(0)).collect::<Vec<_>>(), [line(1, b"a"), broken]);
}

proptest! {
    #[test]
    fn splits_as_a_plain_split_does(
        text in prop::collection::vec(prop::sample::select(&b"ab\r\n\n"[..]), 0..60),
        limit in 0usize..6,
        buffer in 1usize..9,
    ) {
        let mut parts: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        if parts.last().is_some_and(|last| last.is_empty()) {
            parts.pop();
        }
        let expected: Vec<_> = (1..).zip(parts).map(|(number, part)| match part.len() {
            got if got > limit => Err(Error::PeerLineTooLong { line: number, got: got as u64, allowed: limit }),
            _ => line(number, part),
        }).collect();
        prop_assert_eq!(lines(&text, limit, buffer), expected);
    }
}
