#![cfg_attr(not(feature = "mutants"), allow(unreachable_pub, reason = "named only with the feature"))]

/// A rule that a test takes away, to see that a search or a simulation notices. Nothing else uses this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mutant {
    /// Decides and prepares with a quorum less one vote.
    QuorumOneShort,
    /// Forgets what it prepared when it asks for a later view.
    LockIgnored,
    /// Speaks before its record is on disk.
    SendBeforePersist,
    /// Decides before it is on disk that the height began.
    DecideBeforePersist,
    /// Takes a proposal of a later view without the quorum that asked for the view.
    NewViewWithoutQuorum,
    /// Starts no timer in a later view.
    TimeoutNotReset,
    /// Keeps quiet about what it can prove.
    EvidenceDropped,
}

/// The rule that is taken away: none, unless a test asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Mutation(#[cfg(feature = "mutants")] pub(crate) Option<Mutant>);

impl Mutation {
    /// Whether `mutant` is at work: never, without the feature.
    #[cfg_attr(not(feature = "mutants"), expect(clippy::unused_self, reason = "nothing is taken away"))]
    pub(crate) fn is(self, mutant: Mutant) -> bool {
        #[cfg(feature = "mutants")]
        return self.0 == Some(mutant);
        #[cfg(not(feature = "mutants"))]
        {
            let _ = mutant;
            false
        }
    }
}
