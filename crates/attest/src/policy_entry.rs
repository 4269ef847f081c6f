use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::VerifierKey;

/// A log that a policy accepts; the key's name is the log's origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key.
    pub key: VerifierKey,
    /// Where it can be reached, if the policy says so.
    pub url: Option<String>,
}

/// A witness that a policy knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name within the policy.
    pub name: String,
    /// Its key, of type 0x04 or 0x06.
    pub key: VerifierKey,
    /// Where it can be reached, if the policy says so.
    pub url: Option<String>,
}

/// How many members of a group must sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// One.
    Any,
    /// Every one.
    All,
    /// At least so many.
    AtLeast(usize),
}

impl Threshold {
    /// The number among `members`.
    #[must_use]
    pub const fn of(self, members: usize) -> usize {
        match self {
            Self::Any => 1,
            Self::All => members,
            Self::AtLeast(count) => count,
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::All => f.write_str("all"),
            Self::AtLeast(count) => count.fmt(f),
        }
    }
}

/// Witnesses and earlier groups that count as one witness once enough of them signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name within the policy.
    pub name: String,
    /// How many must sign.
    pub threshold: Threshold,
    /// Names of witnesses and earlier groups.
    pub members: Vec<String>,
}

/// What must be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quorum {
    /// No cosignature is needed.
    None,
    /// The witness or group of that name must have signed.
    Name(String),
}

impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Name(name) => name,
        })
    }
}

/// Why a name cannot stand where it stands in a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameFault {
    /// No earlier line defines it.
    Undefined,
    /// An earlier line defines it.
    Taken,
    /// It is `none`.
    Reserved,
    /// It is a member of a group already.
    Grouped,
    /// It is empty or has a space or a control character.
    Malformed,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Undefined => "is not defined by an earlier line",
            Self::Taken => "is defined twice",
            Self::Reserved => "is reserved",
            Self::Grouped => "is a group member already",
            Self::Malformed => "is empty or has a space or a control character",
        })
    }
}
