use alloc::{sync::Arc, vec::Vec};
use core::fmt;

use auditmesh_types::{Digest, Origin};

use super::{Height, ValidatorIndex, ValueId, View};

/// Which of the two votes of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// "I accept this proposal." The proposer's stands in its proposal.
    Prepare,
    /// "I have seen a quorum prepare this."
    Commit,
}

/// What a validator says of one view of one height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Says {
    /// A vote for a value.
    Vote(Phase, ValueId),
    /// "I vote in no earlier view any more; of the earlier views this is the latest in which I committed to a value."
    ViewChange {
        /// The view and value of its latest COMMIT, if it sent one.
        prepared: Option<(View, ValueId)>,
    },
}

/// A statement: what is said, and of which view. The signature covers federation and validator set as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Statement {
    /// The height.
    pub height: Height,
    /// The view; of a [`Says::ViewChange`] the view asked for, at least 1.
    pub view: View,
    /// What is said.
    pub says: Says,
}

impl Statement {
    /// The bytes that are signed; `docs/spec/bft.md` has an example.
    #[must_use]
    pub fn signed_bytes(&self, federation: &Origin, set: Digest) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(192);
        bytes.extend_from_slice(b"auditmesh/bft/v1\0");
        let phase = match self.says {
            Says::Vote(Phase::Prepare, _) => 1,
            Says::Vote(Phase::Commit, _) => 2,
            Says::ViewChange { .. } => 3,
        };
        // An origin has at most 255 bytes.
        let length = u8::try_from(federation.as_str().len()).unwrap_or(u8::MAX);
        bytes.extend_from_slice(&[phase, length]);
        bytes.extend_from_slice(federation.as_str().as_bytes());
        bytes.extend_from_slice(set.as_bytes());
        bytes.extend_from_slice(&self.height.0.to_be_bytes());
        bytes.extend_from_slice(&self.view.0.to_be_bytes());
        match self.says {
            Says::Vote(_, value) => bytes.extend_from_slice(value.0.as_bytes()),
            Says::ViewChange { prepared: None } => bytes.push(0),
            Says::ViewChange { prepared: Some((view, value)) } => {
                bytes.push(1);
                bytes.extend_from_slice(&view.0.to_be_bytes());
                bytes.extend_from_slice(value.0.as_bytes());
            }
        }
        bytes
    }

    /// The phase and value, if it is a vote.
    #[must_use]
    pub const fn vote(&self) -> Option<(Phase, ValueId)> {
        match self.says {
            Says::Vote(phase, value) => Some((phase, value)),
            Says::ViewChange { .. } => None,
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { height, view, says } = self;
        match says {
            Says::Vote(Phase::Prepare, value) => write!(f, "PREPARE {height}/{view} {}", value.0),
            Says::Vote(Phase::Commit, value) => write!(f, "COMMIT {height}/{view} {}", value.0),
            Says::ViewChange { prepared: None } => write!(f, "VIEW-CHANGE {height}/{view}, nothing prepared"),
            Says::ViewChange { prepared: Some((at, value)) } => {
                write!(f, "VIEW-CHANGE {height}/{view}, prepared {} in view {at}", value.0)
            }
        }
    }
}

/// The bytes of a signature. Two signatures of one statement are the same statement: nothing counts or compares them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Signature(pub Arc<[u8]>);

impl Signature {
    /// The most bytes a signature may have.
    pub const MAX_BYTES: usize = 8_192;
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({} bytes)", self.0.len())
    }
}

/// A statement with its signature, and who it claims to come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signed {
    /// Who says it.
    pub by: ValidatorIndex,
    /// What.
    pub statement: Statement,
    /// Over [`Statement::signed_bytes`].
    pub signature: Signature,
}
