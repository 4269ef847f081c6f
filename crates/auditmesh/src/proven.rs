use auditmesh_attest::{Attested, LogAuthority, ProofFile};
use auditmesh_event::{Disclosure, Entry};
use auditmesh_merkle::{Inclusion, Sha256, TreeAuthority};
use auditmesh_types::{Authority, Hasher, Index, Size, Verified};
use thiserror::Error;

/// What a proof file, an entry and whom one trusts show together, without asking anybody. Only [`Proven::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    inclusion: Verified<Inclusion>,
    attested: Attested,
    entry: Option<Entry>,
}

impl Proven {
    /// Checks that `entry` is in the log, at the place the proof names, under a checkpoint that `trust` vouches for: a
    /// [`TrustPolicy`](auditmesh_attest::TrustPolicy) or a [`LogKey`](auditmesh_attest::LogKey).
    ///
    /// # Errors
    /// [`ProvenError::Attest`]: the checkpoint is not signed as `trust` demands; [`ProvenError::Inclusion`]: the entry is not at that place.
    pub fn check(trust: &dyn LogAuthority, proof: &ProofFile, entry: &[u8]) -> Result<Self, ProvenError> {
        let attested = trust.attested(proof.checkpoint())?;
        let inclusion =
            Inclusion { leaf: Sha256.leaf(entry), index: proof.index(), path: proof.path().to_vec() };
        let inclusion = TreeAuthority::new(attested.head).verify(inclusion)?;
        Ok(Self { inclusion, attested, entry: Entry::decode(entry).ok() })
    }

    /// The entry's place, proved to be in the checkpoint's tree.
    #[must_use]
    pub fn inclusion(&self) -> &Inclusion {
        &self.inclusion
    }

    /// The checkpoint, who signed it, and the rule that was met.
    #[must_use]
    pub fn attested(&self) -> &Attested {
        &self.attested
    }

    /// The entry, when it is one of ours; the proof holds for any bytes.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.entry.as_ref()
    }

    /// The entry's index.
    #[must_use]
    pub fn index(&self) -> Index {
        self.inclusion.index
    }

    /// Checks that `disclosure` is what the entry commits to.
    ///
    /// # Errors
    /// [`ProvenError::PeerForeignEntry`], [`ProvenError::Opening`].
    pub fn opens(&self, disclosure: &Disclosure) -> Result<(), ProvenError> {
        let entry = self.entry.as_ref().ok_or(ProvenError::PeerForeignEntry)?;
        entry.opens(&disclosure.salt, &disclosure.payload).map_err(ProvenError::Opening)
    }
}

/// Why something is not proved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProvenError {
    /// The checkpoint is not signed as is demanded.
    #[error("the checkpoint is not vouched for: {0}")]
    Attest(#[from] auditmesh_attest::Error),
    /// The entry is not where the proof says.
    #[error("the entry is not in the log at that place: {0}")]
    Inclusion(#[from] auditmesh_merkle::Error),
    /// The entry commits to nothing we can read.
    #[error("the entry is in the log, but is no auditmesh entry, so no event can be opened from it")]
    PeerForeignEntry,
    /// The event is not the one that was logged.
    #[error("the event is not the one that the entry commits to: {0}")]
    Opening(auditmesh_event::Error),
    /// A line of a consistency file has another form.
    #[error("line {line} of the consistency proof should read {want:?}")]
    PeerConsistencyLine {
        /// The line, from 1.
        line: usize,
        /// What it should be.
        want: &'static str,
    },
    /// A consistency file has too many bytes.
    #[error("the consistency file has {got} bytes, at most {max} are allowed")]
    PeerConsistencyTooLarge {
        /// How many there are.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// A consistency proof has too many hashes.
    #[error("the consistency proof has {got} hashes or more, at most {max} are allowed")]
    PeerConsistencyTooLong {
        /// How many were found.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// The older size is the larger one.
    #[error("the consistency proof is from size {old} to {new}, and a log does not shrink")]
    PeerShrunk {
        /// The older size.
        old: Size,
        /// The newer size.
        new: Size,
    },
    /// The older checkpoint is of another log.
    #[error(
        "the older checkpoint is of the log {got:?}, the newer one of {want:?}; compare checkpoints of one log"
    )]
    PeerOtherLog {
        /// The older checkpoint's log.
        got: String,
        /// The newer one's.
        want: String,
    },
    /// The older checkpoint is of another size than the one the proof begins with.
    #[error("the older checkpoint is of size {got}, the consistency proof begins with {want}")]
    PeerOtherSize {
        /// The checkpoint's size.
        got: Size,
        /// The proof's.
        want: Size,
    },
    /// The newer tree does not begin with the older one.
    #[error("the log does not continue the older checkpoint: {0}")]
    Growth(auditmesh_merkle::Error),
}
