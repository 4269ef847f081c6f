//! Whose signatures count.

use auditmesh::attest::{
    Attested, LogAuthority, LogCheckpoint, LogKey, PolicyLog, Quorum, TrustPolicy, VerifierKey,
};

use crate::Given;

/// A policy, or one key.
pub(crate) struct Trusted {
    /// Who vouches for checkpoints.
    pub(crate) authority: Box<dyn LogAuthority>,
    /// The log keys, each with the log it is trusted for.
    pub(crate) logs: Vec<LogKey>,
    /// The quorum that is demanded besides, if one is.
    pub(crate) quorum: Option<String>,
}

impl Trusted {
    /// Trusts what a file in the tlog-policy format says.
    pub(crate) fn policy(file: &Given) -> Result<Self, String> {
        let policy = file.parse(TrustPolicy::parse)?;
        let quorum = match policy.quorum() {
            Quorum::None => None,
            Quorum::Name(name) => Some(name.clone()),
        };
        let logs = policy.logs().iter().map(|PolicyLog { key, .. }| LogKey::from(key.clone())).collect();
        Ok(Self { authority: Box::new(policy), logs, quorum })
    }

    /// Trusts one key for the log `origin`, or for the log of its own name.
    pub(crate) fn key(key: &str, origin: Option<&str>) -> Result<Self, String> {
        let key: VerifierKey = key.parse().map_err(|why| format!("--log {key}: {why}"))?;
        let mut log = LogKey::from(key);
        if let Some(origin) = origin {
            origin.clone_into(&mut log.origin);
        }
        Ok(Self { authority: Box::new(log.clone()), logs: vec![log], quorum: None })
    }

    /// A checkpoint that is vouched for.
    pub(crate) fn attested(&self, file: &Given) -> Result<Attested, String> {
        let signed = file.parse(LogCheckpoint::parse)?;
        let unmet = |why| format!("{}: the checkpoint is not vouched for: {why}", file.name);
        self.authority.attested(&signed).map_err(unmet)
    }
}
