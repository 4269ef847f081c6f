//! Which rule is taken away.

use auditmesh_bft::Engine;

/// None, one of the engine's, or the view in what is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    None,
    Unbound,
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
            Self::None | Self::Unbound => engine,
            #[cfg(feature = "mutants")]
            Self::Engine(mutant) => engine.without(mutant),
        }
    }

    /// Whether the crate's authority would keep the rule although the engine does not.
    pub(crate) fn needs_signatures_alone(self) -> bool {
        match self {
            Self::None | Self::Unbound => false,
            #[cfg(feature = "mutants")]
            Self::Engine(mutant) => mutant == auditmesh_bft::Mutant::NewViewWithoutQuorum,
        }
    }
}
