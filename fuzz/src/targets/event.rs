use std::{io::BufReader, sync::OnceLock};

use auditmesh_event::{
    Disclosure, Entry, Error, Event,
    jsonl::{Lines, Mapping, Numbered, Place},
};
use auditmesh_types::{MemberId, Millis, Zone};

/// `event::Entry`: one encoding, and the limits of every field.
pub(super) fn entry_decode(bytes: &[u8]) -> bool {
    let Ok(entry) = Entry::decode(bytes) else { return false };
    assert!(bytes.len() <= Entry::MAX_BYTES);
    assert!(entry.time() <= Event::MAX_TIME);
    assert_eq!(entry.encode(), bytes, "two encodings of one entry");
    true
}

/// `event::Disclosure`: one encoding.
pub(super) fn disclosure_decode(bytes: &[u8]) -> bool {
    let Ok(disclosure) = Disclosure::decode(bytes) else { return false };
    assert_eq!(disclosure.payload.len(), bytes.len() - Disclosure::HEADER_BYTES);
    assert_eq!(disclosure.encode().as_deref(), Ok(bytes), "two encodings of one event file");
    true
}

/// `event::jsonl::Mapping`: what a line says makes an event whose entry reads back and is opened by that line.
pub(super) fn jsonl_line(bytes: &[u8]) -> bool {
    static MAPPING: OnceLock<Mapping> = OnceLock::new();
    let mapping = MAPPING.get_or_init(Mapping::built_in);
    let Ok(line) = mapping.read(bytes) else { return false };
    assert_eq!(line.payload, bytes, "the payload is the line");
    assert!(line.format == Mapping::UNRECOGNISED || mapping.formats().any(|known| known == line.format));
    assert!(line.time.is_none_or(|time| time <= Event::MAX_TIME));
    let elsewhere = Place {
        zone: Zone::new("EU").expect("a valid zone"),
        node: MemberId::new("EU-1").expect("a valid name"),
        sequence: 1,
    };
    let event = line.event(line.place(elsewhere), Millis(7), [3; 32]).expect("a line that reads is an event");
    assert_eq!(event.time, line.time.unwrap_or(Millis(7)));
    let entry = Entry::of(&event).expect("an event that was checked has an entry");
    assert_eq!(Entry::decode(&entry.encode()).as_ref(), Ok(&entry));
    assert_eq!(entry.opens(&[3; 32], bytes), Ok(()));
    true
}

/// `event::jsonl::Lines` against a plain split. Input: the limit, the size of what is read at once, the stream.
pub(super) fn jsonl_lines(bytes: &[u8]) -> bool {
    let &[limit, chunk, ref stream @ ..] = bytes else { return false };
    let allowed = usize::from(limit);
    let got: Vec<_> =
        Lines::with_limit(BufReader::with_capacity(1 + usize::from(chunk), stream), allowed).collect();
    let ended = stream.strip_suffix(b"\n").unwrap_or(stream);
    let split = ended.split(|byte| *byte == b'\n').filter(|_| !stream.is_empty());
    let want: Vec<_> = (1u64..)
        .zip(split)
        .map(|(number, line)| match line.len() <= allowed {
            true => Ok(Numbered { number, bytes: line.to_vec() }),
            false => Err(Error::PeerLineTooLong { line: number, got: line.len() as u64, allowed }),
        })
        .collect();
    assert_eq!(got, want, "another split than at line feeds");
    got.iter().all(Result::is_ok)
}
