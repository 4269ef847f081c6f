use super::Seed;
use crate::targets::batch::{batch, value};

pub(super) fn seeds() -> Vec<Seed> {
    let ask = |before: u8, numbers: &[u64]| [&[before], value(&batch(numbers)).as_slice()].concat();
    vec![
        ("batch_value", "first", ask(0, &[1, 2])),
        ("batch_value", "one", ask(0, &[7])),
        ("batch_value", "next", ask(1, &[3, 4, 5])),
    ]
}
