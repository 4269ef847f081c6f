//! Commitments to test with, and the frozen file of the specification.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use auditmesh_types::{Commitment, Digest, Millis, Origin, Size, TreeHead};

/// The example of the specification, made by a program that shares no code with this crate.
pub(crate) const FROZEN: &str = "auditmesh anchor v1
1 b1147a02b555dcb74a2d5c0596e8346f7f7fa3ebbc912fa2f589fa8161afaf31 auditmesh.example/eu-us-apac 3 1111111111111111111111111111111111111111111111111111111111111111 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1760212800000 235a8a818c8629064d09c575d993f498372638a29906412726e7c068348a7fed
2 235a8a818c8629064d09c575d993f498372638a29906412726e7c068348a7fed auditmesh.example/eu-us-apac 7 2222222222222222222222222222222222222222222222222222222222222222 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb 1760212801250 8d59bdf42a02351e034b7b91fd4d55e89bc4b9761d7e18db2f1832feb3d97e76
";

pub(crate) fn commitment(origin: &str, size: u64, root: u8, statement: u8, at: u64) -> Commitment {
    Commitment {
        origin: Origin::new(origin).unwrap(),
        head: TreeHead { size: Size(size), root: Digest([root; 32]) },
        statement: Digest([statement; 32]),
        at: Millis(at),
    }
}

/// The two commitments of the frozen file.
pub(crate) fn frozen() -> [Commitment; 2] {
    let origin = "auditmesh.example/eu-us-apac";
    [
        commitment(origin, 3, 0x11, 0xaa, 1_760_212_800_000),
        commitment(origin, 7, 0x22, 0xbb, 1_760_212_801_250),
    ]
}
