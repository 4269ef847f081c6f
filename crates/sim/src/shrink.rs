use alloc::vec::Vec;

/// Makes `subject`, which fails, smaller as long as one of its `smaller` forms still fails; greedily, so the result is small, not
/// smallest.
///
/// # Cost
/// As many trials as there are smaller forms, times the number of steps down.
pub fn shrink<T>(subject: T, smaller: impl Fn(&T) -> Vec<T>, mut fails: impl FnMut(&T) -> bool) -> T {
    let mut best = subject;
    while let Some(less) = smaller(&best).into_iter().find(|less| fails(less)) {
        best = less;
    }
    best
}
