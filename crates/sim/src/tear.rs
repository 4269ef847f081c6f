use alloc::vec::Vec;

use crate::Random;

/// What may stand on disk of `bytes` when a crash cuts their write off: a first part of them, or as many bytes of which some are zeros or
/// noise. Nothing where chance left nothing, or all.
#[must_use]
pub fn tear(bytes: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut left = bytes.to_vec();
    let from = random.place(bytes.len());
    match random.below(4) {
        0 | 1 => left.truncate(from),
        2 => left.iter_mut().skip(from).for_each(|byte| *byte = 0),
        _ => {
            let length = random.place(bytes.len().saturating_sub(from)).saturating_add(1);
            let noise = |byte: &mut u8| *byte = u8::try_from(random.below(256)).unwrap_or(0);
            left.iter_mut().skip(from).take(length).for_each(noise);
        }
    }
    (!left.is_empty() && left != bytes).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_a_part_or_has_zeros_or_noise_in_it() {
        let bytes: Vec<u8> = (1..=100).collect();
        let (mut short, mut zeros, mut noise) = (0, 0, 0);
        for seed in 0..1_000 {
            let Some(left) = tear(&bytes, &mut Random::new(seed)) else { continue };
            let same = left.iter().zip(&bytes).take_while(|(left, was)| left == was).count();
            assert!(same < 100 && !left.is_empty(), "{left:?}");
            if left.len() < 100 {
                assert_eq!(same, left.len());
                short += 1;
            } else if left[same..].iter().all(|byte| *byte == 0) {
                zeros += 1;
            } else {
                noise += 1;
            }
        }
        assert!(short > 400 && zeros > 150 && noise > 150, "{short} {zeros} {noise}");
    }

    #[test]
    fn of_nothing_and_of_one_byte_no_part_is_left() {
        assert!((0..100).all(|seed| tear(&[], &mut Random::new(seed)).is_none()));
        let one: Vec<_> = (0..100).filter_map(|seed| tear(&[7], &mut Random::new(seed))).collect();
        assert!(!one.is_empty() && one.iter().all(|left| left.len() == 1 && left != &[7]));
    }
}
