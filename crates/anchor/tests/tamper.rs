//! Every change of a file is found, and named with its line.
mod support;

use std::fs;

use auditmesh_anchor::{Chain, Error, Fault, FileAnchor, Line};
use auditmesh_types::{Anchor, Digest, NameError, Size};
use support::{FROZEN, commitment, frozen};
use tempfile::tempdir;

/// The line, from 1, that byte `at` belongs to.
fn line_of(bytes: &[u8], at: usize) -> u64 {
    bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1
}

#[test]
fn every_other_value_of_every_byte_is_found_in_its_line() {
    let bytes = FROZEN.as_bytes();
    assert!(Chain::parse(bytes).is_ok());
    let last = bytes.len() - 1;
    for at in 0..bytes.len() {
        for value in (0..=255u8).filter(|value| *value != bytes[at]) {
            let mut changed = bytes.to_vec();
            changed[at] = value;
            match Chain::parse(&changed).unwrap_err() {
                // Without its end the last line cannot be told from one that a crash left.
                Error::LocalTornTail { line, .. } => assert_eq!((at, line), (last, 3)),
                Error::PeerTampered { line, .. } => {
                    assert_ne!(at, last);
                    assert_eq!(line, line_of(bytes, at), "byte {at} as {value}");
                }
                other => unreachable!("byte {at} as {value}: {other}"),
            }
        }
    }
}

#[test]
fn every_byte_of_the_file_on_disk_counts() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    for at in 0..FROZEN.len() {
        let mut changed = FROZEN.as_bytes().to_vec();
        changed[at] ^= 1;
        fs::write(&path, &changed).unwrap();
        let error = FileAnchor::open(&path).unwrap_err();
        let torn = matches!(error, Error::LocalTornTail { line: 3, .. });
        let named =
            matches!(error, Error::PeerTampered { line, .. } if line == line_of(FROZEN.as_bytes(), at));
        assert!(if at == FROZEN.len() - 1 { torn } else { named }, "byte {at}: {error}");
        if !torn {
            assert_eq!(FileAnchor::open_repairing(&path).unwrap_err(), error, "tampering is not repaired");
            assert_eq!(fs::read(&path).unwrap(), changed);
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no copy without a repair");
}

#[test]
fn every_byte_put_in_or_left_out_is_found() {
    let bytes = FROZEN.as_bytes();
    for at in 0..bytes.len() {
        let (mut less, mut more) = (bytes.to_vec(), bytes.to_vec());
        less.remove(at);
        assert!(Chain::parse(&less).is_err(), "without byte {at}");
        for value in [b'0', b'1', b' ', b'\n', b'a', 0, bytes[at]] {
            more.insert(at, value);
            assert!(Chain::parse(&more).is_err(), "{value} before byte {at}");
            more.remove(at);
        }
    }
}

fn tampered(bytes: impl AsRef<[u8]>) -> (u64, Fault) {
    match Chain::parse(bytes.as_ref()) {
        Err(Error::PeerTampered { line, fault }) => (line, fault),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn lines_that_move_repeat_or_vanish_are_found() {
    let lines: Vec<_> = FROZEN.split_inclusive('\n').collect();
    let [header, one, two] = lines[..] else { unreachable!() };
    let sequence = |got, want| Fault::Sequence { got, want };
    assert_eq!(tampered([header, two].concat()), (2, sequence(2, 1)));
    assert_eq!(tampered([header, two, one].concat()), (2, sequence(2, 1)));
    assert_eq!(tampered([header, one, one, two].concat()), (3, sequence(1, 2)));
    assert_eq!(tampered([header, header, one].concat()), (2, Fault::Fields { got: 3, want: 8 }));
    assert_eq!(tampered([one, two].concat()), (1, Fault::Header));
    assert_eq!(tampered("auditmesh anchor v2\n"), (1, Fault::Header));
    assert_eq!(tampered("something else"), (1, Fault::Header));
    // What was cut off after a line is shown by a receipt alone: the rest is a chain of its own.
    assert_eq!(Chain::parse([header, one].concat().as_bytes()).unwrap().len(), 1);
}

#[test]
fn lines_with_a_right_digest_are_still_held_to_the_chain() {
    let [one, two] = frozen();
    let first = Line::seal(1, Line::genesis(), one.clone());
    let file = |second: Line| format!("auditmesh anchor v1\n{first}\n{second}\n");
    assert!(Chain::parse(file(Line::seal(2, first.digest(), two.clone())).as_bytes()).is_ok());
    let next = |commitment| tampered(file(Line::seal(2, first.digest(), commitment)));
    let (got, want) = (Digest([0; 32]), first.digest());
    assert_eq!(tampered(file(Line::seal(2, got, two.clone()))), (3, Fault::Previous { got, want }));
    assert_eq!(tampered(file(Line::seal(3, first.digest(), two))), (3, Fault::Sequence { got: 3, want: 2 }));
    assert_eq!(next(one.clone()), (3, Fault::Repeated { first: 2 }));
    assert_eq!(next(commitment(one.origin.as_str(), 3, 9, 9, 9)), (3, Fault::Contradiction { first: 2 }));
    let backwards = Fault::Backwards { got: Size(2), kept: Size(3) };
    assert_eq!(next(commitment(one.origin.as_str(), 2, 9, 9, 9)), (3, backwards));
}

#[test]
fn each_field_has_one_form() {
    let one = FROZEN.lines().nth(1).unwrap();
    let fields: Vec<&str> = one.split(' ').collect();
    let with = |place: usize, text: &str| {
        let mut fields = fields.clone();
        fields[place] = text;
        Line::parse(fields.join(" ").as_bytes()).unwrap_err()
    };
    for (place, field) in [(0, "number"), (3, "size"), (6, "time")] {
        for bad in ["", "-1", "03", "+3", "3.0", "18446744073709551616"] {
            assert_eq!(with(place, bad), Fault::Number { field }, "{bad:?}");
        }
    }
    for (place, field) in [(1, "previous digest"), (4, "root"), (5, "statement"), (7, "digest")] {
        let upper = fields[place].to_uppercase().replace('1', "A");
        for bad in ["", "00", &fields[place][1..], &upper] {
            assert_eq!(with(place, bad), Fault::Digest { field }, "{bad:?}");
        }
    }
    let control = NameError::MisuseCharacter { what: "origin", at: 1, found: '\t' };
    assert_eq!(with(2, "a\tb"), Fault::Origin { reason: control });
    assert_eq!(with(2, ""), Fault::Origin { reason: NameError::MisuseEmpty { what: "origin" } });
    assert!(matches!(with(7, fields[1]), Fault::Sum { got, .. } if got.to_string() == fields[1]));
    assert_eq!(Line::parse(format!("{one} ").as_bytes()), Err(Fault::Fields { got: 9, want: 8 }));
    assert_eq!(Line::parse(format!("{one}\r").as_bytes()), Err(Fault::Digest { field: "digest" }));
    assert_eq!(Line::parse(b"1 \xff"), Err(Fault::NotText { at: 2 }));
}

#[test]
fn long_lines_are_refused_with_and_without_an_end() {
    let header = "auditmesh anchor v1\n";
    let too_long = (2, Fault::TooLong { max: 1024 });
    assert_eq!(tampered(format!("{header}{}", "x".repeat(1025))), too_long);
    assert_eq!(tampered(format!("{header}{}\n", "x".repeat(1024))), too_long);
    assert_eq!(tampered(format!("{header}{}\n", "x".repeat(1023))), (2, Fault::Fields { got: 1, want: 8 }));
    let torn = Chain::parse(format!("{header}{}", "x".repeat(1024)).as_bytes());
    assert_eq!(torn, Err(Error::LocalTornTail { path: "".into(), line: 2, bytes: 1024 }));
    assert_eq!(tampered("x".repeat(5000)), (1, Fault::TooLong { max: 1024 }));
}

#[test]
fn a_receipt_kept_elsewhere_convicts_a_file_written_anew() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let [one, two] = frozen();
    let mut anchor = FileAnchor::create(&path).unwrap();
    let kept = anchor.commit(&one).unwrap();
    drop(anchor);
    fs::remove_file(&path).unwrap();
    let mut anchor = FileAnchor::create(&path).unwrap();
    let forged = anchor.commit(&two).unwrap();
    assert_eq!(
        anchor.check(&kept, &one),
        Err(Error::PeerReceiptDigest { id: "file:1".into(), got: kept.digest, kept: forged.digest })
    );
}
