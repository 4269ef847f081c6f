use alloc::{string::String, vec::Vec};
use core::fmt;

use auditmesh_types::TreeHead;

use crate::LogCheckpoint;

/// Who signed a checkpoint that was found valid, for a person to read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attested {
    /// The log.
    pub origin: String,
    /// Its size and root.
    pub head: TreeHead,
    /// The lines after the root hash, which mean what the log says they mean. Checkpoints of ours have none.
    pub extensions: Vec<String>,
    /// The keys of the log that signed, as `name+hex(key id)`, in the policy's order.
    pub logs: Vec<String>,
    /// The witnesses that cosigned, in the policy's order.
    pub witnesses: Vec<Cosigned>,
    /// The rule that was met.
    pub rule: Rule,
}

impl Attested {
    pub(crate) fn new(
        signed: &LogCheckpoint,
        logs: Vec<String>,
        witnesses: Vec<Cosigned>,
        rule: Rule,
    ) -> Self {
        let (origin, extensions) = (signed.origin().into(), signed.extensions().to_vec());
        Self { origin, head: signed.head(), extensions, logs, witnesses, rule }
    }
}

/// A witness that cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// The witness's name in the policy.
    pub name: String,
    /// When, in seconds since 1970; the latest of its lines.
    pub at_seconds: u64,
}

/// A quorum rule and how far it was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// As the policy calls it: `none`, a witness or a group.
    pub name: String,
    /// How many of its members signed.
    pub got: usize,
    /// How many must sign.
    pub want: usize,
    /// How many it has.
    pub of: usize,
}

impl Rule {
    /// The rule that asks for no cosignature.
    pub(crate) fn none() -> Self {
        Self { name: "none".into(), got: 0, want: 0, of: 0 }
    }
}

/// `group members 3 of 4`: the rule's name, how many must sign, how many there are.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.of, self.name.as_str()) {
            (0, name) => write!(f, "quorum {name}"),
            (of, name) => write!(f, "group {name} {} of {of}", self.want),
        }
    }
}
