use core::fmt;

/// What a trust score means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// 0 to 24.
    VeryLow,
    /// 25 to 49.
    Low,
    /// 50 to 74.
    Medium,
    /// 75 to 100.
    High,
}

impl Band {
    /// The band of a score; above 100 there is nothing higher than [`Band::High`].
    #[must_use]
    pub const fn of(score: u8) -> Self {
        match score {
            0..=24 => Self::VeryLow,
            25..=49 => Self::Low,
            50..=74 => Self::Medium,
            75.. => Self::High,
        }
    }

    /// What a member in this band may do, in one sentence part.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::High => "full participation",
            Self::Medium => "standard participation",
            Self::Low => "limited participation, flagged for review",
            Self::VeryLow => "excluded, sync disabled",
        }
    }

    /// Whether such a member is synchronised with.
    #[must_use]
    pub const fn may_sync(self) -> bool {
        !matches!(self, Self::VeryLow)
    }

    /// Whether a person should look at such a member.
    #[must_use]
    pub const fn flagged(self) -> bool {
        matches!(self, Self::Low | Self::VeryLow)
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::High => "HIGH",
            Self::Medium => "MEDIUM",
            Self::Low => "LOW",
            Self::VeryLow => "VERY LOW",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn bands_begin_and_end_where_they_should() {
        let edges =
            [(0, 24, Band::VeryLow), (25, 49, Band::Low), (50, 74, Band::Medium), (75, 100, Band::High)];
        for (first, last, band) in edges {
            assert!((first..=last).all(|score| Band::of(score) == band), "{band}");
        }
        assert!(Band::High > Band::Medium && Band::Medium > Band::Low && Band::Low > Band::VeryLow);
    }

    #[test]
    fn bands_say_what_they_mean() {
        let rows = [
            (Band::High, "HIGH", "full participation", true, false),
            (Band::Medium, "MEDIUM", "standard participation", true, false),
            (Band::Low, "LOW", "limited participation, flagged for review", true, true),
            (Band::VeryLow, "VERY LOW", "excluded, sync disabled", false, true),
        ];
        for (band, name, meaning, may_sync, flagged) in rows {
            assert_eq!((band.to_string().as_str(), band.meaning()), (name, meaning));
            assert_eq!((band.may_sync(), band.flagged()), (may_sync, flagged), "{band}");
        }
    }
}
