use auditmesh_merkle::{Sha256, tiles::EntryBundle};

use super::Seed;

pub(super) fn seeds() -> Vec<Seed> {
    let file = |log: u8, file: u8, bytes: &[u8]| [&[log, file], bytes].concat();
    let intent = |log, sizes: &str| file(log, 0, format!("auditmesh publishing v1\n{sizes}\n").as_bytes());
    let bundle = EntryBundle::new(vec![b"0", b"1", b"2", b"", b"4"]).expect("short entries");
    let tile: Vec<u8> = bundle.leaf_hashes(&Sha256).iter().flat_map(|hash| hash.0).collect();
    let ask = |log: u8, what: u8, head: u8, numbers: [u32; 2], changes: &[[u8; 6]]| {
        let numbers = numbers.map(u32::to_be_bytes);
        [&[log, what, head], numbers.as_flattened(), changes.as_flattened()].concat()
    };
    vec![
        ("publisher_resume", "begun", intent(3, "300 310")),
        ("publisher_resume", "begun_and_first", intent(0, "0 1")),
        ("publisher_resume", "bundle", file(1, 3, &bundle.encode())),
        ("publisher_resume", "checkpoint", file(4, 1, b"fuzz.example/log\n600\nroot\n\nsignatures\n")),
        ("publisher_resume", "done", intent(4, "300 600")),
        ("publisher_resume", "gone_back", file(1, 4, b"auditmesh publishing v1\n0 5\n")),
        ("publisher_resume", "tile", file(1, 2, &tile)),
        ("tile_reader", "consistency", ask(0, 2, 3, [0, 255], &[])),
        ("tile_reader", "entry", ask(1, 4, 2, [65_999, 0], &[])),
        ("tile_reader", "inclusion", ask(0, 1, 0, [3, 0], &[[0, 0, 0, 0, 9, 0]])),
        ("tile_reader", "leaf", ask(1, 0, 1, [70, 0], &[[1, 4, 0, 0, 3, 0]])),
        ("tile_reader", "leaves", ask(0, 5, 2, [0, 0], &[])),
        ("tile_reader", "tree", ask(0, 6, 3, [300, 0], &[])),
        ("tile_reader", "tree_of_the_end", ask(1, 6, 2, [65_990, 0], &[[0, 9, 0, 0, 3, 0]])),
        ("tile_reader", "root", ask(1, 3, 2, [0, 65_537], &[])),
    ]
}
