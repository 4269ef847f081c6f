//! Both anchors against a plain list that is searched from its beginning.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use auditmesh_anchor::{Error, FileAnchor, MemoryAnchor};
use auditmesh_types::{Anchor, Commitment, Receipt};
use proptest::prelude::*;
use support::commitment;

/// What the list says of a commitment: where it is or goes, or which sort of refusal it gets.
fn expected(list: &[Commitment], new: &Commitment) -> Result<usize, &'static str> {
    if let Some(place) = list.iter().position(|old| old == new) {
        return Ok(place);
    }
    let of_log = || list.iter().filter(|old| old.origin == new.origin);
    if of_log().any(|old| old.head.size == new.head.size && old.head.root != new.head.root) {
        return Err("contradiction");
    }
    if of_log().any(|old| old.head.size > new.head.size) {
        return Err("backwards");
    }
    Ok(list.len())
}

fn sort_of(result: &Result<Receipt, Error>) -> Result<usize, &'static str> {
    match result {
        Ok(receipt) => Ok(receipt.id.split_once(':').unwrap().1.parse::<usize>().unwrap() - 1),
        Err(Error::PeerContradiction { .. }) => Err("contradiction"),
        Err(Error::PeerSizeBackwards { .. }) => Err("backwards"),
        Err(_) => Err("something else"),
    }
}

proptest! {
    #[test]
    fn answers_as_a_list_does(
        drawn in prop::collection::vec((0..2u8, 0..6u64, 0..2u8, 0..2u8, 0..2u64), 1..30), reopen in 0..30usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anchor");
        let mut file = FileAnchor::create(&path).unwrap();
        let mut memory = MemoryAnchor::new();
        let mut list = Vec::new();
        for (turn, (log, size, root, statement, at)) in drawn.into_iter().enumerate() {
            // Sizes mostly grow, so that more than refusals is seen.
            let size = size + turn as u64 / 3;
            let new = commitment(if log == 0 { "a/log" } else { "b/log" }, size, root, statement, at);
            let want = expected(&list, &new);
            prop_assert_eq!(sort_of(&memory.commit(&new)), want);
            let result = file.commit(&new);
            prop_assert_eq!(sort_of(&result), want);
            if want == Ok(list.len()) {
                list.push(new.clone());
            }
            if let Ok(receipt) = result {
                prop_assert_eq!(file.check(&receipt, &new), Ok(()));
            }
            if turn == reopen {
                drop(file);
                file = FileAnchor::open(&path).unwrap();
            }
            prop_assert_eq!(memory.chain(), file.chain());
            let first = list.iter().position(|old| old.origin == new.origin && old.head == new.head);
            let found = file.find(&new.origin, new.head).unwrap().map(|receipt| receipt.id);
            prop_assert_eq!(found, first.map(|place| format!("file:{}", place + 1)));
            let found = memory.find(&new.origin, new.head).unwrap().map(|receipt| receipt.id);
            prop_assert_eq!(found, first.map(|place| format!("memory:{}", place + 1)));
        }
    }
}
