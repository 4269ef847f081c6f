use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    Error, Group, KeyType, NameFault, PolicyLog, PolicyWitness, Quorum, Threshold, TrustPolicy, VerifierKey,
    note::limit,
};

/// Puts a [`TrustPolicy`] together, line by line, in the order of the file: a name is defined before it is used.
#[derive(Debug, Clone, Default)]
pub struct PolicyBuilder {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Option<Quorum>,
    defined: BTreeSet<String>,
    grouped: BTreeSet<String>,
}

impl PolicyBuilder {
    /// An empty policy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `log <vkey> [url]`.
    ///
    /// # Errors
    /// [`Error::PeerTooLarge`], [`Error::PeerPolicyKeyTwice`], [`Error::PeerPolicyName`] for the URL.
    pub fn log(&mut self, key: VerifierKey, url: Option<&str>) -> Result<(), Error> {
        limit("policy's list of logs", self.logs.len() + 1, TrustPolicy::MAX_LOGS)?;
        check_token(url)?;
        if self.logs.iter().any(|other| other.key.key() == key.key()) || self.collides(&key) {
            return Err(Error::PeerPolicyKeyTwice { name: key.label() });
        }
        self.logs.push(PolicyLog { key, url: url.map(ToString::to_string) });
        Ok(())
    }

    /// Adds `witness <name> <vkey> [url]`.
    ///
    /// # Errors
    /// [`Error::PeerTooLarge`], [`Error::PeerPolicyName`], [`Error::PeerWitnessKeyType`],
    /// [`Error::PeerPolicyKeyTwice`].
    pub fn witness(&mut self, name: &str, key: VerifierKey, url: Option<&str>) -> Result<(), Error> {
        limit("policy's list of witnesses", self.witnesses.len() + 1, TrustPolicy::MAX_WITNESSES)?;
        check_token(url)?;
        if key.key_type() == KeyType::Ed25519 {
            return Err(Error::PeerWitnessKeyType { got: key.key_type() });
        }
        if self.witnesses.iter().any(|other| other.key.key() == key.key()) || self.collides(&key) {
            return Err(Error::PeerPolicyKeyTwice { name: key.label() });
        }
        self.define(name)?;
        self.witnesses.push(PolicyWitness { name: name.into(), key, url: url.map(ToString::to_string) });
        Ok(())
    }

    /// Adds `group <name> <threshold> <members…>`.
    ///
    /// # Errors
    /// [`Error::PeerTooLarge`], [`Error::PeerThreshold`], [`Error::PeerPolicyName`].
    pub fn group(&mut self, name: &str, threshold: Threshold, members: &[&str]) -> Result<(), Error> {
        limit("policy's list of groups", self.groups.len() + 1, TrustPolicy::MAX_GROUPS)?;
        let got = threshold.of(members.len());
        if got == 0 || got > members.len() {
            return Err(Error::PeerThreshold { got, members: members.len() });
        }
        for member in members {
            self.used(member)?;
            if !self.grouped.insert((*member).into()) {
                return Err(fault(member, NameFault::Grouped));
            }
        }
        self.define(name)?;
        let members = members.iter().map(ToString::to_string).collect();
        self.groups.push(Group { name: name.into(), threshold, members });
        Ok(())
    }

    /// Adds `quorum <name>`; `none` asks for no cosignature.
    ///
    /// # Errors
    /// [`Error::PeerQuorumLines`] for a second one, [`Error::PeerPolicyName`].
    pub fn quorum(&mut self, name: &str) -> Result<(), Error> {
        if self.quorum.is_some() {
            return Err(Error::PeerQuorumLines { got: 2 });
        }
        if name == "none" {
            self.quorum = Some(Quorum::None);
            return Ok(());
        }
        self.used(name)?;
        self.quorum = Some(Quorum::Name(name.into()));
        Ok(())
    }

    /// The policy.
    ///
    /// # Errors
    /// [`Error::PeerQuorumLines`] without a quorum; [`Error::PeerTooLarge`] when its text exceeds the limit.
    pub fn build(self) -> Result<TrustPolicy, Error> {
        let quorum = self.quorum.ok_or(Error::PeerQuorumLines { got: 0 })?;
        let policy = TrustPolicy { logs: self.logs, witnesses: self.witnesses, groups: self.groups, quorum };
        limit("policy", policy.to_string().len(), TrustPolicy::MAX_BYTES)?;
        Ok(policy)
    }

    fn collides(&self, key: &VerifierKey) -> bool {
        let keys = self.logs.iter().map(|log| &log.key);
        keys.chain(self.witnesses.iter().map(|witness| &witness.key)).any(|other| other.collides(key))
    }

    fn define(&mut self, name: &str) -> Result<(), Error> {
        check_token(Some(name))?;
        if name == "none" {
            return Err(fault(name, NameFault::Reserved));
        }
        if self.defined.insert(name.into()) { Ok(()) } else { Err(fault(name, NameFault::Taken)) }
    }

    fn used(&self, name: &str) -> Result<(), Error> {
        match name {
            "none" => Err(fault(name, NameFault::Reserved)),
            _ if self.defined.contains(name) => Ok(()),
            _ => Err(fault(name, NameFault::Undefined)),
        }
    }
}

fn fault(name: &str, fault: NameFault) -> Error {
    Error::PeerPolicyName { name: name.into(), fault }
}

fn check_token(token: Option<&str>) -> Result<(), Error> {
    match token {
        Some(text) if text.is_empty() || text.bytes().any(|b| b <= b' ' || b == 0x7f) => {
            Err(fault(text, NameFault::Malformed))
        }
        _ => Ok(()),
    }
}
