use alloc::{string::String, vec::Vec};

/// Why a set of rules cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No rule has that id.
    #[error("there is no rule {id:?}; the known ones are {}", known.join(", "))]
    MisuseUnknownRule {
        /// What was asked for.
        id: String,
        /// The ids of the house's rules, and of those in the set.
        known: Vec<&'static str>,
    },
    /// Another rule with that id is in the set, or is the house's.
    #[error("the id {id} is taken by another rule; give the new one its own")]
    MisuseRuleRepeated {
        /// The id.
        id: &'static str,
    },
}
