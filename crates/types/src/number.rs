use core::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// The position of a leaf in a log, from 0.
    Index
}
number! {
    /// The number of leaves in a log.
    Size
}
number! {
    /// The number of a round, from 1. A round's statement is bound to a log by its size, not by this number.
    Round
}
number! {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Millis
}

impl Millis {
    /// Whole seconds since 1970, rounded down: the unit of cosignature times.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0 / 1000
    }
}
