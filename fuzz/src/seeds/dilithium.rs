//! Seeds of the Dilithium2 adapter, from one pair.

use super::Seed;
use crate::targets::dilithium::{MESSAGE, pair};

pub(super) fn seeds() -> Vec<Seed> {
    let good = pair();
    let ask = |what: u8, parts: &[&[u8]]| [&[what], parts.concat().as_slice()].concat();
    let lengths = [good.public.len(), good.signature.len()];
    let lengths = lengths.map(|length| u16::try_from(length).expect("a few thousand").to_be_bytes());
    vec![
        ("dilithium", "key", ask(0, &[&good.public])),
        ("dilithium", "signature", ask(1, &[&good.signature])),
        ("dilithium", "all", ask(2, &[lengths.as_flattened(), &good.public, &good.signature, MESSAGE])),
        ("dilithium", "changed", ask(3, &[&[0, 0, 1, 5, 0x20, 0, 0, 0, 1]])),
        ("dilithium", "secret", ask(4, &[&good.secret])),
        ("dilithium", "pair_changed", ask(5, &[&[10, 0, 0]])),
    ]
}
