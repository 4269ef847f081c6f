use auditmesh_merkle::{
    Tree,
    tiles::{BundlePath, EntryBundle, TilePath},
};
use auditmesh_types::{Digest, Index, Size};

use super::Seed;

pub(super) fn seeds() -> Vec<Seed> {
    let tile = |level, index, width| {
        TilePath::new(level, index, width).expect("a tile that can be").to_string().into_bytes()
    };
    let bundle =
        |index, width| BundlePath::new(index, width).expect("a bundle that can be").to_string().into_bytes();
    let entries = |entries: Vec<&[u8]>| {
        let width = u8::try_from(entries.len() - 1).expect("at most 256 entries");
        let file = EntryBundle::new(entries).expect("short entries").encode();
        [&[width], file.as_slice()].concat()
    };
    let tree = small_tree();
    let frontier = |size: u64, hashes: &[Digest], adding: u16| {
        let hashes = hashes.iter().flat_map(|hash| hash.0);
        size.to_be_bytes().into_iter().chain(adding.to_be_bytes()).chain(hashes).collect::<Vec<u8>>()
    };
    let held = tree.frontier();
    let full = Digest([9; 32]);
    vec![
        ("tile_path", "full", tile(0, 1_234_067, 256)),
        ("tile_path", "partial", tile(2, 67, 12)),
        ("tile_path", "top", tile(6, 0, 1)),
        ("bundle_path", "full", bundle(1_234_067, 256)),
        ("bundle_path", "partial", bundle(273, 112)),
        ("entry_bundle", "three", entries(vec![b"ab", b"", b"c"])),
        ("entry_bundle", "full", entries(vec![b"x"; 256])),
        ("inclusion", "first", inclusion(&tree, 0, 8)),
        ("inclusion", "inner", inclusion(&tree, 5, 7)),
        ("inclusion", "last", inclusion(&tree, 12, 13)),
        ("inclusion", "only", inclusion(&tree, 0, 1)),
        ("consistency", "from_empty", consistency(&tree, 0, 5)),
        ("consistency", "from_odd", consistency(&tree, 6, 13)),
        ("consistency", "from_power", consistency(&tree, 4, 11)),
        ("consistency", "same", consistency(&tree, 7, 7)),
        ("subtree_inclusion", "last", within(&tree, 10, 8, 11)),
        ("subtree_inclusion", "only", within(&tree, 5, 5, 6)),
        ("subtree_consistency", "from_0", part(&tree, 0, 6, 13)),
        ("subtree_consistency", "inner", part(&tree, 4, 7, 13)),
        ("subtree_consistency", "to_the_end", part(&tree, 8, 13, 13)),
        ("subtree_consistency", "nothing", part(&tree, 0, 0, 0)),
        ("compact_range", "around_8", numbers(&[3, 5, 5], &[0, 3])),
        ("compact_range", "from_0", numbers(&[0, 255, 258], &[0, 200])),
        ("compact_range", "nearly_full", numbers(&[1, (1 << 47) - 1, (1 << 47) - 9], &[3, 12])),
        ("frontier", "empty", frontier(0, &[], 5)),
        ("frontier", "some", frontier(13, held.hashes(), 600)),
        ("frontier", "nearly_full", frontier((1 << 48) - (1 << 10), &[full; 38], 1_023)),
        ("frontier", "full", frontier(1 << 48, &[full], 1)),
    ]
}

/// The tree of thirteen entries of one byte.
pub(crate) fn small_tree() -> Tree {
    let mut tree = Tree::new();
    let entries: Vec<[u8; 1]> = (0..13).map(|entry| [entry]).collect();
    let entries: Vec<&[u8]> = entries.iter().map(<[u8; 1]>::as_slice).collect();
    tree.append_batch(&entries).expect("short entries");
    tree
}

/// The inclusion in a subtree.
fn within(tree: &Tree, index: u64, start: u64, end: u64) -> Vec<u8> {
    let path = tree.subtree_inclusion(Index(index), Size(start), Size(end)).expect("a subtree of the tree");
    let leaf = tree.leaf(Index(index)).expect("within the tree");
    let hashes: Vec<u8> =
        [subtree_root(tree, start, end), leaf].iter().chain(&path).flat_map(|hash| hash.0).collect();
    numbers(&[index, start, end], &hashes)
}

/// The consistency of a subtree.
fn part(tree: &Tree, start: u64, end: u64, size: u64) -> Vec<u8> {
    let path = tree.subtree_consistency(Size(start), Size(end), Size(size)).expect("a subtree of the tree");
    let root = tree.root_at(Size(size)).expect("within the tree");
    let hashes: Vec<u8> =
        [subtree_root(tree, start, end), root].iter().chain(&path).flat_map(|hash| hash.0).collect();
    numbers(&[start, end, size], &hashes)
}

fn subtree_root(tree: &Tree, start: u64, end: u64) -> Digest {
    let mut part = Tree::new();
    let leaves: Vec<Digest> = (start..end).filter_map(|index| tree.leaf(Index(index))).collect();
    part.append_leaf_hashes(&leaves).expect("a small tree");
    part.root()
}

fn numbers(numbers: &[u64], rest: &[u8]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).chain(rest.iter().copied()).collect()
}

fn inclusion(tree: &Tree, index: u64, size: u64) -> Vec<u8> {
    let proof = tree.inclusion(Index(index), Size(size)).expect("within the tree");
    let root = tree.root_at(Size(size)).expect("within the tree");
    let leaf = tree.leaf(Index(index)).expect("within the tree");
    structured(index, size, [root, leaf], &proof.path)
}

fn consistency(tree: &Tree, old: u64, new: u64) -> Vec<u8> {
    let proof = tree.consistency(Size(old), Size(new)).expect("within the tree");
    let root = |size| tree.root_at(Size(size)).expect("within the tree");
    structured(old, new, [root(old), root(new)], &proof.path)
}

fn structured(first: u64, second: u64, pair: [Digest; 2], path: &[Digest]) -> Vec<u8> {
    let mut bytes = [first.to_be_bytes(), second.to_be_bytes()].concat();
    pair.iter().chain(path).for_each(|digest| bytes.extend_from_slice(digest.as_bytes()));
    bytes
}
