use auditmesh_merkle::Tree;
use auditmesh_types::{Index, Size};

use super::{Seed, small_tree};

pub(super) fn seeds() -> Vec<Seed> {
    let (tree, mut pruned, mut edge) = (small_tree(), small_tree(), small_tree());
    pruned.prune(Index(6)).expect("within the tree");
    edge.prune(Index(13)).expect("within the tree");
    let range = |start, end| tree.compact_range(Size(start), Size(end)).expect("within the tree").encode();
    vec![
        ("frontier_file", "empty", Tree::new().frontier().encode()),
        ("frontier_file", "some", tree.frontier().encode()),
        ("range_file", "empty", range(5, 5)),
        ("range_file", "from_0", range(0, 13)),
        ("range_file", "inner", range(3, 11)),
        ("tree_file", "all_pruned", edge.encode()),
        ("tree_file", "empty", Tree::new().encode()),
        ("tree_file", "pruned", pruned.encode()),
        ("tree_file", "whole", tree.encode()),
    ]
}
