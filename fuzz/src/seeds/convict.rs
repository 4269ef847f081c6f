//! Seeds of evidence against members, and of a verifier of its own.

use super::Seed;
use crate::targets::{convict::liars, enrolled::enrolled as is_accepted};

pub(super) fn seeds() -> Vec<Seed> {
    // Each of two members signs three heads, of which the first two have one size.
    let [_, other, ..] = liars().said.as_slice() else { unreachable!("there are six statements") };
    let length = u16::try_from(other.signed.len()).expect("a few thousand bytes").to_be_bytes();
    let mut seeds = vec![
        ("convicts", "eu", vec![0, 0, 0, 0, 0, 0, 1, 0, 1]),
        ("convicts", "us_backwards", vec![1, 1, 1, 0, 4, 1, 0, 0, 3]),
        ("convicts", "written", [&[0, 0, 0, 0, 0, 0, 1, 0, 6], length.as_slice(), &other.signed].concat()),
    ];
    seeds.extend(enrolled());
    seeds
}

/// Accepted although its key is of mixed order, which its nonce undoes; the one of these inputs that the hash makes so.
fn enrolled() -> Vec<Seed> {
    let ask = |parts: [u8; 5], message: &[u8]| [&parts, message].concat();
    let mixed =
        (0..8).flat_map(|order| [b"a", b"b", b"c"].map(|message| ask([1, 9, 16 + order, 0, 0], message)));
    let mixed = mixed.into_iter().find(|input| is_accepted(input)).expect("one of three times eight");
    vec![("enrolled", "good", ask([1, 8, 16, 0, 0], b"a statement")), ("enrolled", "mixed_order", mixed)]
}
