//! A last line without an end: told apart from tampering, cut off after a copy was kept.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{fs, path::Path};

use auditmesh_anchor::{Error, FileAnchor, Repair};
use auditmesh_types::Anchor;
use support::{FROZEN, frozen};
use tempfile::tempdir;

/// Where the header and the lines of the frozen file end.
fn ends() -> [usize; 3] {
    let ends: Vec<_> = FROZEN.match_indices('\n').map(|(at, _)| at + 1).collect();
    ends.try_into().unwrap()
}

#[test]
fn a_file_cut_anywhere_is_repaired_to_its_last_whole_line() {
    let folder = tempdir().unwrap();
    let [header, one, _] = ends();
    for cut in 0..FROZEN.len() {
        let path = folder.path().join(format!("anchor-{cut}"));
        fs::write(&path, &FROZEN[..cut]).unwrap();
        if cut == header || cut == one {
            assert_eq!(FileAnchor::open_repairing(&path).unwrap().1, None);
            continue;
        }
        let (line, begin) = match cut {
            _ if cut < header => (1, 0),
            _ if cut < one => (2, header),
            _ => (3, one),
        };
        let bytes = (cut - begin) as u64;
        let torn = Error::LocalTornTail { path: path.clone(), line, bytes };
        assert_eq!(FileAnchor::open(&path).unwrap_err(), torn, "cut at {cut}");
        assert_eq!(fs::read(&path).unwrap(), FROZEN.as_bytes()[..cut], "opening changes nothing");

        let (mut anchor, repair) = FileAnchor::open_repairing(&path).unwrap();
        let copy = folder.path().join(format!("anchor-{cut}.torn-{line}"));
        assert_eq!(fs::read(&copy).unwrap(), FROZEN.as_bytes()[begin..cut]);
        assert_eq!(repair, Some(Repair { line, bytes, copy }));
        assert_eq!(fs::read(&path).unwrap(), FROZEN.as_bytes()[..begin.max(header)]);
        frozen().iter().for_each(|commitment| assert!(anchor.commit(commitment).is_ok()));
        assert_eq!(fs::read_to_string(&path).unwrap(), FROZEN, "and goes on as if nothing had happened");
    }
}

#[test]
fn zeroes_that_a_power_failure_leaves_are_a_torn_line() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let bytes = [FROZEN.as_bytes(), &[0; 300]].concat();
    fs::write(&path, bytes).unwrap();
    let (anchor, repair) = FileAnchor::open_repairing(&path).unwrap();
    assert_eq!((anchor.chain().len(), repair.unwrap().bytes), (2, 300));
    assert_eq!(fs::read_to_string(&path).unwrap(), FROZEN);
}

fn repair(path: &Path, tail: &str) -> Repair {
    fs::write(path, format!("{FROZEN}{tail}")).unwrap();
    FileAnchor::open_repairing(path).unwrap().1.unwrap()
}

#[test]
fn no_copy_is_ever_overwritten_and_an_equal_one_serves_again() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let named = |name: &str| folder.path().join(name);
    assert_eq!(repair(&path, "3 8d59").copy, named("anchor.torn-4"));
    assert_eq!(repair(&path, "3 8d59bd").copy, named("anchor.torn-4-2"));
    assert_eq!(repair(&path, "3 8d59").copy, named("anchor.torn-4"));
    assert_eq!(repair(&path, "3 8d59bd").copy, named("anchor.torn-4-2"));
    assert_eq!(fs::read_to_string(named("anchor.torn-4")).unwrap(), "3 8d59");
    assert_eq!(fs::read_to_string(named("anchor.torn-4-2")).unwrap(), "3 8d59bd");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn a_file_of_something_else_is_never_cut() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("diary");
    fs::write(&path, "dear diary").unwrap();
    assert!(matches!(FileAnchor::open_repairing(&path), Err(Error::PeerTampered { line: 1, .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "dear diary");
}
