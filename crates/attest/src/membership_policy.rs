//! Reads a federation back from the policy it publishes.

use alloc::vec::Vec;

use auditmesh_types::{MemberId, Origin};

use crate::{Error, KeyType, Member, Membership, Quorum, TrustPolicy};

/// The name of the one group of a federation's policy.
pub(crate) const GROUP: &str = "members";

impl Membership {
    /// The federation whose [policy](Membership::policy) this is.
    ///
    /// The lines of a log do not name the member, so the first log key is taken for the first witness's, and so on.
    /// Lines that were reordered give members whose statements do not verify, never a member that counts twice.
    ///
    /// # Errors
    /// [`Error::PeerNotFederation`] when the policy has another shape; what [`Membership::new`] refuses.
    pub fn from_policy(policy: &TrustPolicy) -> Result<Self, Error> {
        let fail = |want| Err(Error::PeerNotFederation { want });
        let (logs, witnesses) = (policy.logs(), policy.witnesses());
        if logs.len() != witnesses.len() {
            return fail("one log line for each witness line");
        }
        let [group] = policy.groups() else { return fail("one group") };
        if group.name != GROUP || *policy.quorum() != Quorum::Name(GROUP.into()) {
            return fail("the group and the quorum are called members");
        }
        if !witnesses.iter().map(|witness| &witness.name).eq(&group.members) {
            return fail("the group lists every witness in the order of their lines");
        }
        let Some(first) = logs.first() else { return fail("at least one member") };
        let origin = Origin::new(first.key.name())
            .map_err(|_| Error::PeerNotFederation { want: "log keys named by an origin" })?;
        let mut members = Vec::new();
        for (log, witness) in logs.iter().zip(witnesses) {
            if log.key.key_type() != KeyType::Ed25519 || witness.key.key_type() != KeyType::MlDsa44Cosignature
            {
                return fail("log keys of type 0x01 and witness keys of type 0x06");
            }
            let id = MemberId::new(witness.name.as_str())
                .map_err(|_| Error::PeerNotFederation { want: "witnesses named as members may be" })?;
            members.push(Member::from_keys(id, log.key.clone(), witness.key.clone())?);
        }
        Self::new(origin, members, group.threshold.of(witnesses.len()))
    }
}
