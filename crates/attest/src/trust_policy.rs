use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use core::fmt;

use auditmesh_types::Authority;

use crate::{
    Attested, Cosigned, Error, Group, LogAuthority, LogCheckpoint, PolicyLog, PolicyWitness, Quorum, Rule,
    SignedCheckpoint,
};

/// Which logs are known, which witnesses, and how many of them must have signed. Made by
/// [`TrustPolicy::parse`], [`PolicyBuilder`](crate::PolicyBuilder) or [`Membership::policy`](crate::Membership::policy).
///
/// A signed checkpoint is valid when a listed log key named as its origin signed it, when the witnesses that cosigned
/// it meet the quorum, and when no line of any listed key fails. Lines of unknown keys are ignored. A key counts once,
/// however many lines it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustPolicy {
    pub(crate) logs: Vec<PolicyLog>,
    pub(crate) witnesses: Vec<PolicyWitness>,
    pub(crate) groups: Vec<Group>,
    pub(crate) quorum: Quorum,
}

impl TrustPolicy {
    /// The most bytes a policy may have: 1 MiB. One of 100 members takes about 190 kB.
    pub const MAX_BYTES: usize = 1 << 20;
    /// The most logs.
    pub const MAX_LOGS: usize = 256;
    /// The most witnesses.
    pub const MAX_WITNESSES: usize = 256;
    /// The most groups.
    pub const MAX_GROUPS: usize = 64;

    /// The logs, in their order.
    #[must_use]
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses, in their order.
    #[must_use]
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// The groups, each after its members.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// What must be met.
    #[must_use]
    pub const fn quorum(&self) -> &Quorum {
        &self.quorum
    }

    /// How far `signed` meets the quorum.
    fn rule(&self, signed: &[Cosigned]) -> Rule {
        let mut met: BTreeSet<&str> = signed.iter().map(|witness| witness.name.as_str()).collect();
        let mut rules = BTreeMap::new();
        for group in &self.groups {
            let of = group.members.len();
            let got = group.members.iter().filter(|name| met.contains(name.as_str())).count();
            let want = group.threshold.of(of);
            if got >= want {
                met.insert(&group.name);
            }
            rules.insert(group.name.as_str(), Rule { name: group.name.clone(), got, want, of });
        }
        match &self.quorum {
            Quorum::None => Rule::none(),
            Quorum::Name(name) => rules.remove(name.as_str()).unwrap_or_else(|| {
                let got = usize::from(met.contains(name.as_str()));
                Rule { name: name.clone(), got, want: 1, of: 0 }
            }),
        }
    }
}

impl LogAuthority for TrustPolicy {
    /// # Errors
    /// [`Error::PeerBadSignature`], [`Error::PeerNoLogSignature`], [`Error::PeerQuorumMissed`];
    /// [`Error::PeerExtensionLines`] for a line of type 0x06 of a known key under a checkpoint with extension lines.
    /// # Cost
    /// One signature verification for each line of a known key.
    /// # Source
    /// C2SP tlog-policy, signed-note "Signatures".
    fn attested(&self, signed: &LogCheckpoint) -> Result<Attested, Error> {
        let mut logs = Vec::new();
        for PolicyLog { key, .. } in &self.logs {
            if signed.signed_by(key)?.is_some() && key.name() == signed.origin() {
                logs.push(key.label());
            }
        }
        let mut witnesses = Vec::new();
        for PolicyWitness { name, key, .. } in &self.witnesses {
            if let Some(at_seconds) = signed.signed_by(key)? {
                witnesses.push(Cosigned { name: name.clone(), at_seconds });
            }
        }
        if logs.is_empty() {
            return Err(Error::PeerNoLogSignature { origin: signed.origin().into() });
        }
        let rule = self.rule(&witnesses);
        if rule.got < rule.want {
            return Err(Error::PeerQuorumMissed { rule: rule.name, got: rule.got, want: rule.want });
        }
        Ok(Attested::new(signed, logs, witnesses, rule))
    }
}

impl Authority<LogCheckpoint> for TrustPolicy {
    type Error = Error;

    fn check(&self, value: &LogCheckpoint) -> Result<(), Error> {
        self.attested(value).map(drop)
    }
}

impl Authority<SignedCheckpoint> for TrustPolicy {
    type Error = Error;

    fn check(&self, value: &SignedCheckpoint) -> Result<(), Error> {
        self.attested(value.as_log()).map(drop)
    }
}

/// The policy as a file: logs, witnesses, groups, quorum, one space between words, no comments.
impl fmt::Display for TrustPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for PolicyLog { key, url } in &self.logs {
            write!(f, "log {key}")?;
            end(f, url.as_deref())?;
        }
        for PolicyWitness { name, key, url } in &self.witnesses {
            write!(f, "witness {name} {key}")?;
            end(f, url.as_deref())?;
        }
        for Group { name, threshold, members } in &self.groups {
            write!(f, "group {name} {threshold}")?;
            members.iter().try_for_each(|member| write!(f, " {member}"))?;
            writeln!(f)?;
        }
        writeln!(f, "quorum {}", self.quorum)
    }
}

fn end(f: &mut fmt::Formatter<'_>, url: Option<&str>) -> fmt::Result {
    match url {
        Some(url) => writeln!(f, " {url}"),
        None => writeln!(f),
    }
}
