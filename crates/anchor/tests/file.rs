//! The file anchor: what it writes, answers and refuses.
mod support;

use std::{fs, io::ErrorKind, io::Write};

use auditmesh_anchor::{Chain, Error, Fault, FileAnchor, Line, MemoryAnchor, Prepared};
use auditmesh_types::{Anchor, Commitment, Digest, Millis, Origin, Receipt, Size, TreeHead};
use support::{FROZEN, commitment, frozen};
use tempfile::tempdir;

#[test]
fn writes_the_frozen_bytes_and_reads_them_again() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let [one, two] = frozen();
    let mut anchor = FileAnchor::create(&path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"auditmesh anchor v1\n");
    let first = anchor.commit(&one).unwrap();
    let second = anchor.commit(&two).unwrap();
    assert_eq!((first.id.as_str(), second.id.as_str()), ("file:1", "file:2"));
    assert_eq!(second.digest.to_string(), "8d59bdf42a02351e034b7b91fd4d55e89bc4b9761d7e18db2f1832feb3d97e76");
    assert_eq!(fs::read_to_string(&path).unwrap(), FROZEN);
    let chain = anchor.chain().clone();
    drop(anchor);

    assert_eq!(Chain::parse(FROZEN.as_bytes()).as_ref(), Ok(&chain));
    let anchor = FileAnchor::open(&path).unwrap();
    assert_eq!((anchor.chain(), anchor.path()), (&chain, path.as_path()));
    assert_eq!(anchor.find(&one.origin, one.head), Ok(Some(first.clone())));
    assert_eq!(anchor.check(&first, &one), Ok(()));
    assert_eq!(anchor.check(&second, &two), Ok(()));
    let (chain, third) = (anchor.chain(), commitment("else", 1, 1, 1, 1));
    assert_eq!((chain.len(), chain.is_empty(), chain.head()), (2, false, second.digest));
    assert_eq!(chain.prepare(&one), Ok(Prepared::Kept(chain.line(1).unwrap().clone())));
    assert_eq!(chain.prepare(&third), Ok(Prepared::Next(Line::seal(3, second.digest, third))));
    assert_eq!((chain.line(0), chain.line(3)), (None, None));
}

#[test]
fn the_same_commitment_gives_the_same_receipt_and_no_line() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let [one, two] = frozen();
    let mut anchor = FileAnchor::create(&path).unwrap();
    let receipts = [anchor.commit(&one).unwrap(), anchor.commit(&two).unwrap()];
    let length = fs::metadata(&path).unwrap().len();
    assert_eq!(anchor.commit(&one).as_ref(), Ok(&receipts[0]));
    drop(anchor);
    let mut anchor = FileAnchor::open(&path).unwrap();
    assert_eq!(anchor.commit(&one).as_ref(), Ok(&receipts[0]));
    assert_eq!(anchor.commit(&two).as_ref(), Ok(&receipts[1]));
    assert_eq!(fs::metadata(&path).unwrap().len(), length);
}

#[test]
fn contradictions_and_falling_sizes_are_refused_without_a_trace() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let [one, two] = frozen();
    let mut anchor = FileAnchor::create(&path).unwrap();
    anchor.commit(&one).unwrap();
    anchor.commit(&two).unwrap();
    let fork = |of: &Commitment| {
        let mut fork = of.clone();
        fork.head.root = Digest([0x33; 32]);
        fork
    };
    for (of, line) in [(&one, 2), (&two, 3)] {
        let (origin, size, kept, got) = (of.origin.clone(), of.head.size, of.head.root, Digest([0x33; 32]));
        let contradiction = Error::PeerContradiction { origin, size, kept, got, line };
        assert_eq!(anchor.commit(&fork(of)), Err(contradiction));
    }
    let between = commitment(two.origin.as_str(), 5, 1, 1, 1);
    let backwards = Error::PeerSizeBackwards { origin: two.origin.clone(), kept: Size(7), got: Size(5) };
    assert_eq!(anchor.commit(&between), Err(backwards));
    assert_eq!(anchor.find(&between.origin, between.head), Ok(None));
    assert_eq!(anchor.find(&two.origin, fork(&two).head), Ok(None));
    assert_eq!(fs::read_to_string(&path).unwrap(), FROZEN);

    // Another log has its own sizes, and another statement about the same head is another commitment.
    let other = commitment("auditmesh.example/other", 5, 1, 1, 1);
    assert_eq!(anchor.commit(&other).unwrap().id, "file:3");
    let again = Commitment { statement: Digest([0xcc; 32]), ..two.clone() };
    let receipt = anchor.commit(&again).unwrap();
    assert_eq!((receipt.id.as_str(), anchor.check(&receipt, &again)), ("file:4", Ok(())));
    assert_eq!(anchor.find(&two.origin, two.head).unwrap().unwrap().id, "file:2");
}

#[test]
fn each_part_of_receipt_and_commitment_is_checked() {
    let folder = tempdir().unwrap();
    let [one, two] = frozen();
    let mut file = FileAnchor::create(folder.path().join("anchor")).unwrap();
    let mut memory = MemoryAnchor::new();
    for (anchor, place) in [
        (&mut file as &mut dyn Anchor<Error = Error>, "file"),
        (&mut memory as &mut dyn Anchor<Error = Error>, "memory"),
    ] {
        let receipt = anchor.commit(&one).unwrap();
        anchor.commit(&two).unwrap();
        for byte in 0..32 {
            let mut forged = receipt.clone();
            forged.digest.0[byte] ^= 1;
            let (id, got, kept) = (receipt.id.clone(), forged.digest, receipt.digest);
            assert_eq!(anchor.check(&forged, &one), Err(Error::PeerReceiptDigest { id, got, kept }));
        }
        let numbers = ["", "0", "01", "+1", "3", "1 ", "18446744073709551616"];
        let ids = numbers.map(|number| format!("{place}:{number}"));
        for id in ids.into_iter().chain(["", ":1", "1", "other:1", place].map(str::to_owned)) {
            let forged = Receipt { id: id.clone(), ..receipt.clone() };
            let unknown = Error::PeerReceiptUnknown { id, place, last: 2 };
            assert_eq!(anchor.check(&forged, &one), Err(unknown));
        }
        let differs = |field| Err(Error::PeerCommitmentDiffers { id: receipt.id.clone(), field });
        let origin = Origin::new("auditmesh.example/eu-us-apad").unwrap();
        let cases = [
            (Commitment { origin, ..one.clone() }, "origin"),
            (Commitment { head: TreeHead { size: Size(4), ..one.head }, ..one.clone() }, "size"),
            (Commitment { head: TreeHead { root: Digest([0; 32]), ..one.head }, ..one.clone() }, "root"),
            (Commitment { statement: Digest([0; 32]), ..one.clone() }, "statement"),
            (Commitment { at: Millis(0), ..one.clone() }, "time"),
        ];
        for (changed, field) in cases {
            assert_eq!(anchor.check(&receipt, &changed), differs(field));
        }
    }
}

#[test]
fn a_second_writer_is_refused_until_the_first_closes() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let first = FileAnchor::create(&path).unwrap();
    let locked = || Some(Error::LocalLocked { path: path.clone() });
    assert_eq!(FileAnchor::open(&path).err(), locked());
    assert_eq!(FileAnchor::open_repairing(&path).err(), locked());
    drop(first);
    let first = FileAnchor::open(&path).unwrap();
    assert_eq!(FileAnchor::open(&path).err(), locked());
    drop(first);
    assert!(FileAnchor::open(&path).is_ok());
}

#[test]
fn what_the_operating_system_refuses_is_told() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let refused = |operation, path: &std::path::Path, kind| {
        Some(Error::LocalIo { operation, path: path.to_owned(), kind })
    };
    assert_eq!(FileAnchor::open(&path).err(), refused("open", &path, ErrorKind::NotFound));
    drop(FileAnchor::create(&path).unwrap());
    assert_eq!(FileAnchor::create(&path).err(), refused("create", &path, ErrorKind::AlreadyExists));
    let nowhere = folder.path().join("none/anchor");
    assert_eq!(FileAnchor::create(&nowhere).err(), refused("create", &nowhere, ErrorKind::NotFound));
    assert_eq!(
        refused("open", &path, ErrorKind::NotFound).unwrap().to_string(),
        format!("to open {} failed: entity not found", path.display())
    );
}

#[test]
fn bytes_of_another_writer_are_noticed_before_anything_is_written() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let [one, two] = frozen();
    let mut anchor = FileAnchor::create(&path).unwrap();
    anchor.commit(&one).unwrap();
    let want = fs::metadata(&path).unwrap().len();
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"x").unwrap();
    let changed = Error::LocalLengthChanged { path: path.clone(), got: want + 1, want };
    assert_eq!(anchor.commit(&two), Err(changed));
    assert_eq!(fs::metadata(&path).unwrap().len(), want + 1);
}

#[test]
fn a_changed_line_is_noticed_while_the_file_is_open() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let [one, two] = frozen();
    let mut anchor = FileAnchor::create(&path).unwrap();
    let (first, second) = (anchor.commit(&one).unwrap(), anchor.commit(&two).unwrap());
    fs::write(&path, FROZEN.replace("1760212801250", "1760212801251")).unwrap();
    let tampered = Error::PeerTampered { line: 3, fault: Fault::Changed };
    assert_eq!(anchor.check(&first, &one), Ok(()));
    assert_eq!(anchor.check(&second, &two), Err(tampered.clone()));
    assert_eq!(anchor.find(&two.origin, two.head), Err(tampered.clone()));
    assert_eq!(anchor.commit(&two), Err(tampered));
}

#[test]
fn a_file_put_aside_gives_no_receipt_and_stops_the_anchor() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let [one, two] = frozen();
    let mut anchor = FileAnchor::create(&path).unwrap();
    let first = anchor.commit(&one).unwrap();
    fs::rename(&path, folder.path().join("aside")).unwrap();
    let gone = Error::LocalIo { operation: "read back", path: path.clone(), kind: ErrorKind::NotFound };
    assert_eq!(anchor.check(&first, &one), Err(gone.clone()));
    assert_eq!(anchor.commit(&two), Err(gone));
    assert_eq!(anchor.find(&two.origin, two.head), Ok(None));
    fs::rename(folder.path().join("aside"), &path).unwrap();
    assert_eq!(anchor.commit(&two), Err(Error::LocalUncertain { path: path.clone() }));
    assert_eq!(anchor.check(&first, &one), Ok(()));
    drop(anchor);
    assert_eq!(FileAnchor::open(&path).unwrap().commit(&two).unwrap().id, "file:2");
}
