use auditmesh_types::{Attestation, Authority, Equivocation};

use crate::{Error, Membership};

/// Checks that `evidence` proves to anyone who has the member's keys that it signed two roots for one size.
///
/// # Errors
/// [`Error::PeerEvidenceMember`], [`Error::PeerEvidenceSizes`], [`Error::PeerEvidenceSameHead`], and what verification
/// of either statement refuses.
/// # Cost
/// Two Ed25519 and two ML-DSA-44 verifications.
pub fn convicts(membership: &Membership, evidence: &Equivocation) -> Result<(), Error> {
    let [first, second] = &evidence.evidence;
    for statement in [first, second] {
        if statement.member != evidence.member {
            return Err(Error::PeerEvidenceMember {
                got: statement.member.clone(),
                want: evidence.member.clone(),
            });
        }
    }
    if first.head.size != second.head.size {
        return Err(Error::PeerEvidenceSizes { first: first.head.size, second: second.head.size });
    }
    if first.head.root == second.head.root {
        return Err(Error::PeerEvidenceSameHead);
    }
    Authority::<Attestation>::check(membership, first)?;
    Authority::<Attestation>::check(membership, second)
}
