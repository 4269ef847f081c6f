//! The index of leaves against a search through all of them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod reference;

use auditmesh_merkle::{Error, LeafIndex, Sha256, Tree};
use auditmesh_types::{Digest, Hasher, Index, Size};
use proptest::prelude::*;

#[test]
fn follows_a_tree_and_never_takes_back() {
    let tree = reference::tree(13);
    let mut places = LeafIndex::new();
    assert_eq!(places.follow(&tree, Size(0)), Ok(()));
    assert_eq!(places, LeafIndex::default());
    assert_eq!(places.follow(&tree, Size(5)), Ok(()));
    let (fourth, sixth) = (tree.leaf(Index(4)).unwrap(), tree.leaf(Index(5)).unwrap());
    assert_eq!((places.first(&fourth), places.first(&sixth)), (Some(Index(4)), None));

    let before = places.clone();
    let refused = Err(Error::MisuseSizeBeyondTree { got: Size(14), max: Size(13) });
    assert_eq!(places.follow(&tree, Size(14)), refused);
    let refused = Err(Error::MisuseRange { start: Size(5), end: Size(4) });
    assert_eq!(places.follow(&tree, Size(4)), refused);
    let refused = Err(Error::MisuseSizeBeyondTree { got: Size(5), max: Size(4) });
    assert_eq!(places.follow(&reference::tree(4), Size(5)), refused);
    assert_eq!(places, before);
    assert_eq!(places.follow(&tree, Size(5)), Ok(()));
    assert_eq!(places, before);

    assert_eq!(places.follow(&tree, tree.size()), Ok(()));
    assert_eq!((places.first(&sixth), places.size()), (Some(Index(5)), Size(13)));
}

proptest! {
    /// Few different entries, so that many stand at several indices.
    #[test]
    fn finds_what_a_search_finds(
        entries in prop::collection::vec(0u8..6, 0..60),
        steps in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
    ) {
        let leaves: Vec<Digest> = entries.iter().map(|entry| Sha256.leaf(&[*entry])).collect();
        let mut tree = Tree::new();
        tree.append_leaf_hashes(&leaves).unwrap();
        let mut steps: Vec<usize> = steps.iter().map(|step| step.index(leaves.len() + 1)).collect();
        steps.sort_unstable();
        let mut places = LeafIndex::new();
        for size in steps {
            places.follow(&tree, Size(size as u64)).unwrap();
            for entry in 0..6 {
                let leaf = Sha256.leaf(&[entry]);
                let known = leaves[..size].iter().zip(0..).filter(|(other, _)| **other == leaf);
                let want: Vec<Index> = known.map(|(_, at)| Index(at)).collect();
                prop_assert_eq!(places.first(&leaf), want.first().copied());
                prop_assert_eq!(places.positions(&leaf).collect::<Vec<_>>(), want);
            }
        }
    }
}
