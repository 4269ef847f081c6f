//! A case as a file of the collection has it: byte strings that may be no digests, and the verdict that is wanted.

use auditmesh_merkle::{
    Error, Sha256, verify_consistency, verify_inclusion, verify_subtree_consistency, verify_subtree_inclusion,
};
use auditmesh_types::{Digest, DigestError, Index, Size, TreeHead};

/// What is proved, by the name of its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Inclusion,
    SubtreeInclusion,
    Consistency,
    SubtreeConsistency,
}

impl Kind {
    pub(crate) const fn folder(self) -> &'static str {
        match self {
            Self::Inclusion => "inclusion",
            Self::SubtreeInclusion => "subtreeinclusion",
            Self::Consistency => "consistency",
            Self::SubtreeConsistency => "subtreeconsistency",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) set: String,
    pub(crate) name: String,
    /// Of a leaf; 0 for consistency.
    pub(crate) index: u64,
    /// The part: a subtree, or the older tree from leaf 0.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// The whole. For inclusion it is the part.
    pub(crate) size: u64,
    /// Of the leaf or of the part.
    pub(crate) small: Vec<u8>,
    /// Of the part for inclusion, of the whole for consistency.
    pub(crate) large: Vec<u8>,
    pub(crate) path: Vec<Vec<u8>>,
    pub(crate) accepted: bool,
}

/// Why a case is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// One of its byte strings is no digest.
    NoDigest(DigestError),
    /// The proof.
    Proof(Error),
}

impl Case {
    /// This case with a fault, which must be refused.
    pub(crate) fn fault(&self, name: impl Into<String>, change: impl FnOnce(&mut Self)) -> Self {
        let mut bad = Self { name: name.into(), accepted: false, ..self.clone() };
        change(&mut bad);
        bad
    }

    pub(crate) fn verdict(&self) -> Result<(), Refusal> {
        let digest = |bytes: &[u8]| Digest::from_slice(bytes).map_err(Refusal::NoDigest);
        let (small, large) = (digest(&self.small)?, digest(&self.large)?);
        let path = self.path.iter().map(|hash| digest(hash)).collect::<Result<Vec<_>, _>>()?;
        let (index, size) = (Index(self.index), Size(self.size));
        let part = (Size(self.start), Size(self.end));
        let head = |size, root| TreeHead { size, root };
        let verdict = match self.kind {
            Kind::Inclusion => verify_inclusion(&Sha256, &small, index, size, &path, &large),
            Kind::SubtreeInclusion => verify_subtree_inclusion(&Sha256, &small, index, part, &path, &large),
            Kind::Consistency => verify_consistency(&Sha256, &head(part.1, small), &head(size, large), &path),
            Kind::SubtreeConsistency => {
                verify_subtree_consistency(&Sha256, part, &small, size, &path, &large)
            }
        };
        verdict.map_err(Refusal::Proof)
    }

    /// One line that says everything.
    pub(crate) fn line(&self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let path: Vec<String> = self.path.iter().map(|hash| hex(hash)).collect();
        format!(
            "{}/{}/{}: {} {} {} {} {} {} [{}] {}\n",
            self.kind.folder(),
            self.set,
            self.name,
            self.index,
            self.start,
            self.end,
            self.size,
            hex(&self.small),
            hex(&self.large),
            path.join(","),
            self.accepted
        )
    }
}
