//! Reads the text of a policy.

use alloc::{boxed::Box, vec::Vec};
use core::str::{self, FromStr};

use crate::{Error, PolicyBuilder, Threshold, TrustPolicy, decimal, note::limit};

impl TrustPolicy {
    /// Reads a policy: one entry a line, words separated by spaces and tabs, `#` at the start of a line for comments,
    /// which need not be UTF-8.
    ///
    /// # Errors
    /// [`Error::PeerTooLarge`], [`Error::PeerPolicyByte`], [`Error::PeerNotUtf8`], [`Error::PeerQuorumLines`], and
    /// [`Error::PeerPolicyLine`] with the line and the reason.
    /// # Source
    /// C2SP tlog-policy.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        limit("policy", bytes.len(), Self::MAX_BYTES)?;
        check_bytes(bytes)?;
        let mut builder = PolicyBuilder::new();
        let mut begin = 0;
        for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            // Comments may hold any bytes; names and URLs are text here.
            if !is_comment(line) {
                let text = str::from_utf8(line).map_err(|error| Error::PeerNotUtf8 {
                    what: "policy",
                    at: begin + error.valid_up_to(),
                })?;
                entry(&mut builder, text)
                    .map_err(|source| Error::PeerPolicyLine { line: at + 1, source: Box::new(source) })?;
            }
            begin += line.len() + 1;
        }
        builder.build()
    }
}

fn check_bytes(bytes: &[u8]) -> Result<(), Error> {
    let allowed = |b: u8| b == b'\t' || b == b'\n' || (b >= 0x20 && b != 0x7f);
    if let Some((at, found)) = bytes.iter().enumerate().find(|(_, b)| !allowed(**b)) {
        return Err(Error::PeerPolicyByte { at, found: *found });
    }
    match bytes.last() {
        Some(b'\n') | None => Ok(()),
        Some(found) => Err(Error::PeerPolicyByte { at: bytes.len() - 1, found: *found }),
    }
}

fn is_comment(line: &[u8]) -> bool {
    line.iter().find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'#')
}

fn entry(builder: &mut PolicyBuilder, line: &str) -> Result<(), Error> {
    let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => Ok(()),
        ["log", key] => builder.log(key.parse()?, None),
        ["log", key, url] => builder.log(key.parse()?, Some(url)),
        ["log", ..] => Err(Error::PeerPolicySyntax { want: "log <vkey> [url]" }),
        ["witness", name, key] => builder.witness(name, key.parse()?, None),
        ["witness", name, key, url] => builder.witness(name, key.parse()?, Some(url)),
        ["witness", ..] => Err(Error::PeerPolicySyntax { want: "witness <name> <vkey> [url]" }),
        ["group", name, rule, members @ ..] => builder.group(name, threshold(rule)?, members),
        ["group", ..] => Err(Error::PeerPolicySyntax { want: "group <name> <k|any|all> <members>" }),
        ["quorum", name] => builder.quorum(name),
        ["quorum", ..] => Err(Error::PeerPolicySyntax { want: "quorum <name|none>" }),
        _ => Err(Error::PeerPolicySyntax { want: "log, witness, group or quorum" }),
    }
}

fn threshold(word: &str) -> Result<Threshold, Error> {
    match word {
        "any" => Ok(Threshold::Any),
        "all" => Ok(Threshold::All),
        _ => {
            let number = decimal::parse("group threshold", word)?;
            let max = TrustPolicy::MAX_WITNESSES + TrustPolicy::MAX_GROUPS;
            let got = usize::try_from(number).unwrap_or(usize::MAX);
            limit("group threshold", got, max)?;
            Ok(Threshold::AtLeast(got))
        }
    }
}

impl FromStr for TrustPolicy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text.as_bytes())
    }
}
