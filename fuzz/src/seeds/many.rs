use auditmesh_attest::Ed25519Signer;
use auditmesh_attest_cose::{consistency_receipt, inclusion_receipt};
use auditmesh_types::{Digest, Index, Size};

use super::{Seed, small_tree};

pub(super) fn seeds() -> Vec<Seed> {
    let tree = small_tree();
    let (size, root, signer) = (tree.size(), tree.root(), Ed25519Signer::from_seed([1; 32]));
    let head = |path: &[Digest]| {
        let length = u8::try_from(path.len()).expect("a short path");
        [
            &size.0.to_be_bytes()[..],
            root.as_ref(),
            &[length],
            &path.iter().flat_map(|digest| digest.0).collect::<Vec<u8>>(),
        ]
        .concat()
    };
    let leaf = |index: u64| tree.leaf(Index(index)).expect("within the tree");

    let places = [1, 4, 5, 12].map(Index);
    let proof = tree.multiproof(&places, size).expect("within the tree");
    let leaves: Vec<u8> = places
        .iter()
        .flat_map(|place| [&place.0.to_be_bytes()[..], leaf(place.0).as_ref()].concat())
        .collect();
    let multi = [head(&proof.path), leaves].concat();

    let proof = tree.range_proof(Size(3), Size(9), size).expect("within the tree");
    let range: Vec<u8> = (3..9).flat_map(|index| leaf(index).0).collect();
    let range = [head(&proof.path), 3u64.to_be_bytes().to_vec(), range].concat();

    let inclusion = tree.inclusion(Index(6), size).expect("within the tree");
    let consistency = tree.consistency(Size(7), size).expect("within the tree");
    let from_power = tree.consistency(Size(8), size).expect("within the tree");
    let entries: Vec<u8> =
        (0..40u8).flat_map(|length| [vec![length], vec![7; length.into()]].concat()).collect();
    // Twelve entries of 290 to 300 bytes, each byte another than its neighbours.
    let byte = |n: u8, at: usize| (usize::from(n) * 83 + at * 29 + at / 64).to_le_bytes()[0];
    let long = |n: u8| -> Vec<u8> {
        let more = n % 11 + 35;
        [255, more].into_iter().chain((0..255 + usize::from(more)).map(|at| byte(n, at))).collect()
    };
    let long = (0..12).flat_map(long).collect();
    vec![
        ("lanes", "growing", entries),
        ("lanes", "equal", [vec![3], vec![9; 3]].concat().repeat(37)),
        ("lanes", "long", long),
        ("multi", "four", multi),
        ("range", "six", range),
        ("receipt", "inclusion", inclusion_receipt(&signer, &inclusion, &root).expect("a key at hand")),
        ("receipt", "from_power", consistency_receipt(&signer, &from_power, &root).expect("a key at hand")),
        ("receipt", "consistency", consistency_receipt(&signer, &consistency, &root).expect("a key at hand")),
    ]
}
