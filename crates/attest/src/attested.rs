use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::Checkpoint;

/// Who signed a checkpoint that was found valid, for a person to read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attested {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The keys of the log that signed, as `name+hex(key id)`, in the policy's order.
    pub logs: Vec<String>,
    /// The witnesses that cosigned, in the policy's order.
    pub witnesses: Vec<Cosigned>,
    /// The rule that was met.
    pub rule: Rule,
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

/// `group members 3 of 4`: the rule's name, how many must sign, how many there are.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.of, self.name.as_str()) {
            (0, name) => write!(f, "quorum {name}"),
            (of, name) => write!(f, "group {name} {} of {of}", self.want),
        }
    }
}
