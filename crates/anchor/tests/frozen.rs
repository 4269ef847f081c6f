//! The anchor file against the bytes that were published, both ways.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;

use auditmesh_anchor::{Chain, FileAnchor};
use auditmesh_conformance::frozen;
use auditmesh_types::Anchor;
use tempfile::tempdir;

#[test]
fn anchor_file() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("anchor");
    let mut anchor = FileAnchor::create(&path).unwrap();
    let receipts = support::frozen().map(|commitment| anchor.commit(&commitment).unwrap());
    drop(anchor);
    frozen::check("ANCHOR_FILE_V1", frozen::ANCHOR_FILE_V1, &fs::read(&path).unwrap());

    let chain = Chain::parse(frozen::ANCHOR_FILE_V1.as_bytes()).unwrap();
    assert_eq!(chain.head(), receipts[1].digest);
    for (seq, commitment) in (1..).zip(support::frozen()) {
        assert_eq!(chain.line(seq).unwrap().commitment(), &commitment);
    }
    assert_eq!(chain.len(), 2);
}
