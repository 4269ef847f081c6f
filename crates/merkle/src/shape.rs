/// How the path of a node climbs: first `inner` steps beside the last node of the tree, where the bits of the index
/// say on which side the sibling stands, then `border` steps along the tree's right edge, siblings to the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) inner: usize,
    pub(crate) border: usize,
}

impl Shape {
    /// The path of node `index` of a level whose last node is `last`; `index` is not above `last`.
    pub(crate) fn of(index: u64, last: u64) -> Self {
        let inner = u64::BITS - (index ^ last).leading_zeros();
        let border = index.checked_shr(inner).unwrap_or(0).count_ones();
        Self { inner: inner as usize, border: border as usize }
    }

    /// The number of siblings.
    pub(crate) fn len(self) -> usize {
        self.inner + self.border
    }

    /// How many of the siblings of that path stand below `level`.
    pub(crate) fn below(index: u64, last: u64, level: u32) -> usize {
        let inner = u64::BITS - (index ^ last).leading_zeros();
        let border = index.checked_shr(inner).unwrap_or(0) & low_bits(level.saturating_sub(inner));
        (inner.min(level) + border.count_ones()) as usize
    }
}

/// The number whose lowest `count` bits are 1.
pub(crate) fn low_bits(count: u32) -> u64 {
    1u64.checked_shl(count).map_or(u64::MAX, |bit| bit - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Climbs one level at a time and counts the levels at which there is a sibling.
    fn climbed(index: u64, last: u64) -> usize {
        climbed_below(index, last, u64::BITS)
    }

    fn climbed_below(mut index: u64, mut last: u64, level: u32) -> usize {
        let mut siblings = 0;
        for _ in 0..level {
            siblings += usize::from(last > 0 && index ^ 1 <= last);
            (index, last) = (index >> 1, last >> 1);
        }
        siblings
    }

    #[test]
    fn counts_the_siblings_of_a_climb() {
        for last in 0..200 {
            for index in 0..=last {
                assert_eq!(Shape::of(index, last).len(), climbed(index, last), "{index} of {last}");
                for level in [0, 1, 2, 3, 5, 7, 8, 9, 63, 64] {
                    let (got, want) = (Shape::below(index, last, level), climbed_below(index, last, level));
                    assert_eq!(got, want, "{index} of {last} below {level}");
                }
            }
        }
        for (index, last) in
            [(0, u64::MAX), (u64::MAX, u64::MAX), (u64::MAX - 1, u64::MAX), (1 << 63, u64::MAX - 1)]
        {
            assert_eq!(Shape::of(index, last).len(), climbed(index, last), "{index} of {last}");
            for level in 0..=64 {
                assert_eq!(Shape::below(index, last, level), climbed_below(index, last, level));
            }
        }
    }
}
