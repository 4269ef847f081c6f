use auditmesh_types::{Ratio, Severity};

/// The band `score` falls into: low below 1/10, medium from there, high from 3/10, critical from 1/2.
#[must_use]
pub fn severity(score: Ratio) -> Severity {
    if score >= Ratio::share(1, 2) {
        Severity::Critical
    } else if score >= Ratio::share(3, 10) {
        Severity::High
    } else if score >= Ratio::share(1, 10) {
        Severity::Medium
    } else {
        Severity::Low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_at_their_edges() {
        let edges = [
            ((0, 1), Severity::Low),
            ((99_999, 1_000_000), Severity::Low),
            ((1, 10), Severity::Medium),
            ((10, 100), Severity::Medium),
            ((299_999, 1_000_000), Severity::Medium),
            ((3, 10), Severity::High),
            ((499_999, 1_000_000), Severity::High),
            ((1, 2), Severity::Critical),
            ((1, 1), Severity::Critical),
            ((u64::MAX / 2, u64::MAX), Severity::High),
            ((u64::MAX / 2 + 1, u64::MAX), Severity::Critical),
        ];
        for ((num, den), band) in edges {
            assert_eq!(severity(Ratio::new(num, den).unwrap()), band, "{num}/{den}");
        }
    }
}
