//! What a publisher writes of its intent, against the bytes that were published, both ways.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use auditmesh_conformance::frozen;
use auditmesh_store_tiles::{Error, FileName, MemoryStore, Publisher, TileStore};
use auditmesh_types::Size;
use support::{
    checkpoint, entries,
    faulty::{Mode, Shared},
    head_at, head_in, publish, slices, tree_of,
};

#[test]
fn intent() {
    let entries = entries(0, 0, 2_048);
    let tree = tree_of(&entries);
    let mut publisher = Publisher::resume(MemoryStore::new(), head_in(&MemoryStore::new())).unwrap();
    publish(&mut publisher, &tree, &entries, 256);
    let other = publisher.store().clone();
    publish(&mut publisher, &tree, &entries, 1_024);

    // The power goes after the intent was written and synced.
    let store = Shared::new(publisher.into_store(), usize::MAX, Mode::Before);
    let mut publisher = Publisher::resume(store.clone(), head_at(&tree, 1_024)).unwrap();
    store.0.borrow_mut().left = 2;
    let new = slices(&entries[1_024..]);
    assert!(publisher.publish(&tree, &new, &checkpoint(tree.head())).is_err());
    let written = store.rest().read(FileName::Intent).unwrap().unwrap();
    frozen::check("PUBLISHING_V1", frozen::PUBLISHING_V1, &written);

    // A publisher reads them as these two sizes: a store of a third one is refused with both of them.
    let mut other = other;
    other.write(FileName::Intent, &frozen::bytes("PUBLISHING_V1", frozen::PUBLISHING_V1)).unwrap();
    assert_eq!(other.read(FileName::Checkpoint).unwrap().unwrap(), checkpoint(head_at(&tree, 256)));
    let refused = Publisher::resume(other, head_at(&tree, 256)).unwrap_err();
    let (size, old, new) = (Size(256), Size(1_024), Size(2_048));
    assert_eq!(refused, Error::LocalIntentSize { size, old, new });
}
