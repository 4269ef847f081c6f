//! The vectors that Certificate Transparency implementations share.
#![allow(clippy::unwrap_used, reason = "a test may panic, and its numbers are small")]

mod reference;

use auditmesh_merkle::{Frontier, Sha256, Tree, empty_root, verify_consistency, verify_inclusion};
use auditmesh_types::{Digest, Hasher, Index, Size, TreeHead};
use reference::hex;

const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Index (from 0), size, path.
const PATHS: [(u64, u64, &[&str]); 3] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
];

/// Old size, new size, proof.
const PROOFS: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn root(size: u64) -> Digest {
    usize::try_from(size).unwrap().checked_sub(1).map_or(empty_root(), |at| ROOTS[at].parse().unwrap())
}

fn digests(texts: &[&str]) -> Vec<Digest> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn known_tree() -> Tree {
    let entries: Vec<Vec<u8>> = ENTRIES.iter().map(|entry| hex(entry)).collect();
    let mut tree = Tree::new();
    tree.append_batch(&entries.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
    tree
}

#[test]
fn roots_of_the_first_eight_sizes() {
    let (mut tree, mut frontier) = (Tree::new(), Frontier::new());
    assert_eq!(tree.root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size, entry) in (1..).zip(ENTRIES) {
        assert_eq!(tree.append(&hex(entry)), Ok(Index(size - 1)));
        frontier.append(&Sha256.leaf(&hex(entry))).unwrap();
        assert_eq!(tree.head(), TreeHead { size: Size(size), root: root(size) });
        assert_eq!(frontier.head(), tree.head());
    }
    for size in 0..=8 {
        assert_eq!(known_tree().root_at(Size(size)), Ok(root(size)));
    }
}

#[test]
fn inclusion_paths() {
    let tree = known_tree();
    for (index, size, path) in PATHS {
        let proof = tree.inclusion(Index(index), Size(size)).unwrap();
        assert_eq!(proof.path, digests(path), "leaf {index} of {size}");
        let leaf = tree.leaf(Index(index)).unwrap();
        assert_eq!(
            verify_inclusion(&Sha256, &leaf, proof.index, proof.size, &digests(path), &root(size)),
            Ok(())
        );
    }
}

#[test]
fn consistency_proofs() {
    let tree = known_tree();
    for (old, new, path) in PROOFS {
        let proof = tree.consistency(Size(old), Size(new)).unwrap();
        assert_eq!(proof.path, digests(path), "{old} to {new}");
        let head = |size| TreeHead { size: Size(size), root: root(size) };
        assert_eq!(verify_consistency(&Sha256, &head(old), &head(new), &digests(path)), Ok(()));
    }
}
