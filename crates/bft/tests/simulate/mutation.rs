//! Which rule is taken away.

use auditmesh_bft::{Engine, Record};

/// None, one of the engine's, the view in what is signed, or one of reading records back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    None,
    Unbound,
    /// The file of records is not cut where it is torn.
    #[cfg(feature = "mutants")]
    LeavesTorn,
    /// The last record is passed over when a member is booted.
    #[cfg(feature = "mutants")]
    ForgetsLast,
    #[cfg(feature = "mutants")]
    Engine(auditmesh_bft::Mutant),
}

impl Mutation {
    pub(crate) fn unbound(self) -> bool {
        self == Self::Unbound
    }

    /// Takes the rule away from an engine.
    pub(crate) fn apply(self, engine: Engine) -> Engine {
        match self {
            #[cfg(feature = "mutants")]
            Self::Engine(mutant) => engine.without(mutant),
            _ => engine,
        }
    }

    /// Whether the crate's authority would keep the rule although the engine does not.
    pub(crate) fn needs_signatures_alone(self) -> bool {
        match self {
            #[cfg(feature = "mutants")]
            Self::Engine(mutant) => mutant == auditmesh_bft::Mutant::NewViewWithoutQuorum,
            _ => false,
        }
    }

    /// Whether what is torn is left where it is.
    pub(crate) fn leaves_torn(self) -> bool {
        match self {
            #[cfg(feature = "mutants")]
            Self::LeavesTorn => true,
            _ => false,
        }
    }

    /// What a member goes on from, of what its file holds.
    pub(crate) fn remembers(self, records: &[Record]) -> &[Record] {
        match self {
            #[cfg(feature = "mutants")]
            Self::ForgetsLast => records.split_last().map_or(records, |(_, known)| known),
            _ => records,
        }
    }
}
