//! The suites of the role that both anchors play.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use auditmesh_anchor::{FileAnchor, MemoryAnchor};

#[test]
fn the_memory_anchor_keeps_the_contract() {
    auditmesh_conformance::anchor(MemoryAnchor::new);
}

#[test]
fn the_file_anchor_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0..;
    auditmesh_conformance::anchor(|| {
        FileAnchor::create(folder.path().join(format!("{}.log", files.next().unwrap_or(0)))).unwrap()
    });
}

#[test]
fn the_file_anchor_keeps_the_contract_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anchors.log");
    auditmesh_conformance::anchor_reopened(FileAnchor::create(&path).unwrap(), |anchor| {
        drop(anchor);
        FileAnchor::open(&path).unwrap()
    });
}
