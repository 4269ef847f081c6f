//! Seeds of `credit` and `anchor`: records that are chained by digest.

use auditmesh_anchor::MemoryAnchor;
use auditmesh_credit::AllocationChain;
use auditmesh_types::{Anchor, Commitment, Digest, MemberId, Millis, Origin, Round, Size, TreeHead};

use super::Seed;

pub(super) fn seeds() -> Vec<Seed> {
    let chain = allocations();
    let framed = |chain: &AllocationChain| {
        [chain.base().as_bytes().as_slice(), chain.head().as_bytes(), &chain.encode()].concat()
    };
    let anchored = anchored();
    let lines: Vec<String> =
        (1..).map_while(|seq| anchored.chain().line(seq)).map(ToString::to_string).collect();
    let file = format!("auditmesh anchor v1\n{}\n", lines.join("\n"));
    vec![
        ("allocation", "first", chain.allocations()[0].encode()),
        ("allocation", "second", chain.allocations()[1].encode()),
        ("allocation_chain", "empty", framed(&AllocationChain::default())),
        ("allocation_chain", "three", framed(&chain)),
        ("anchor_line", "first", lines[0].clone().into_bytes()),
        ("anchor_line", "last", lines[2].clone().into_bytes()),
        ("anchor_chain", "empty", b"auditmesh anchor v1\n".to_vec()),
        ("anchor_chain", "three", file.into_bytes()),
    ]
}

fn allocations() -> AllocationChain {
    let mut chain = AllocationChain::default();
    for (round, member, credit_micro, weight_ppm) in [
        (1, "EU-1", 4_489_000_000, 897_800),
        (1, "US-1", 3_668_000_000, 733_600),
        (2, "EU-1", u128::MAX, 1_000_000),
    ] {
        let member = MemberId::new(member).expect("a valid name");
        chain.append(Round(round), member, credit_micro, weight_ppm).expect("in order");
    }
    chain
}

fn anchored() -> MemoryAnchor {
    let mut anchor = MemoryAnchor::new();
    for (origin, size, root, at) in [
        ("auditmesh.example/eu-us-apac", 3, 0x11, 1_760_212_800_000),
        ("auditmesh.example/eu-us-apac", 7, 0x22, 1_760_212_801_250),
        ("other.example/log", 0, 0x33, u64::MAX),
    ] {
        let commitment = Commitment {
            origin: Origin::new(origin).expect("a valid origin"),
            head: TreeHead { size: Size(size), root: Digest([root; 32]) },
            statement: Digest([0xaa; 32]),
            at: Millis(at),
        };
        anchor.commit(&commitment).expect("sizes ascend");
    }
    anchor
}
