/// Inputs never grow beyond this many bytes.
pub const MAX_LEN: usize = 65_536;

const MARKS: &[u8] = b"\0\x01\x7f\x80\xff\n\r \t+-.,:/=|\"\\{}[]09azAZ";

/// Makes new inputs from seeds. The same seed number gives the same inputs, whatever the machine.
#[derive(Debug, Clone)]
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// A mutator that draws its numbers from `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        // xorshift stands still at zero.
        let mixed = seed ^ 0x9e37_79b9_7f4a_7c15;
        Self { state: if mixed == 0 { 1 } else { mixed } }
    }

    /// A seed with one to eight changes, at most [`MAX_LEN`] bytes.
    #[must_use]
    pub fn mutated(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.one_of(seeds).cloned().unwrap_or_default();
        for _ in 0..=self.below(8) {
            self.change(&mut input, seeds);
        }
        input.truncate(MAX_LEN);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        let end = at + self.below(input.len() - at + 1).min(64);
        match self.below(12) {
            0..=2 => self.flip(input, at),
            3..=5 => self.set(input, at),
            6 => input.truncate(at),
            7 => drop(input.drain(at..end)),
            8 | 9 => {
                let bytes: Vec<u8> = (0..=self.below(8)).map(|_| self.byte()).collect();
                drop(input.splice(at..at, bytes));
            }
            10 => {
                let again = input.get(at..end).unwrap_or_default().to_vec();
                drop(input.splice(at..at, again));
            }
            _ => {
                let other = self.one_of(seeds).cloned().unwrap_or_default();
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend(other.into_iter().skip(from));
            }
        }
    }

    fn flip(&mut self, input: &mut [u8], at: usize) {
        let bit = self.below(8);
        if let Some(byte) = input.get_mut(at) {
            *byte ^= 1 << bit;
        }
    }

    fn set(&mut self, input: &mut [u8], at: usize) {
        let value = self.byte();
        if let Some(byte) = input.get_mut(at) {
            *byte = value;
        }
    }

    /// Half of the time a byte that means something to some decoder.
    fn byte(&mut self) -> u8 {
        let any = self.next().to_le_bytes()[0];
        if self.below(2) == 0 { self.one_of(MARKS).copied().unwrap_or(any) } else { any }
    }

    fn one_of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { list.get(self.below(list.len())) }
    }

    /// A number below `bound`, which is not zero.
    fn below(&mut self, bound: usize) -> usize {
        let drawn = (u128::from(self.next()) * bound as u128) >> 64;
        usize::try_from(drawn).unwrap_or_default()
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn one_seed_gives_one_sequence() {
        let seeds = vec![b"abcdef".to_vec(), b"123".to_vec()];
        let draw = |seed| {
            let mut mutator = Mutator::new(seed);
            (0..500).map(|_| mutator.mutated(&seeds)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let different: BTreeSet<_> = draw(7).into_iter().collect();
        assert!(different.len() > 400, "only {} of 500 inputs differ", different.len());
    }

    #[test]
    fn no_seed_and_long_seeds_are_fine() {
        let mut mutator = Mutator::new(0x9e37_79b9_7f4a_7c15);
        assert!((0..200).any(|_| !mutator.mutated(&[]).is_empty()));
        let long = vec![vec![b'x'; MAX_LEN]];
        assert!((0..200).all(|_| mutator.mutated(&long).len() <= MAX_LEN));
    }
}
