//! Joins the statements of a quorum into a certificate, and verifies one from its bytes.

use alloc::{collections::BTreeMap, vec::Vec};

use auditmesh_types::{Attestation, Authority, Certifier, Digest, MemberId, TreeHead, Verified};

use crate::{
    Certificate, Checkpoint, Error, Membership, NoteLine, SignedCheckpoint, membership_policy::GROUP,
};

/// Joins statements that name one head. Whatever their order, the same statements give the same bytes: the operators'
/// lines by member name, then the cosigners' lines by member name. Of two statements of one member the earlier is taken.
impl Certifier for Membership {
    type Certificate = Certificate;
    type Error = Error;

    /// The [digest](Checkpoint::digest) of the checkpoint's text.
    fn statement(&self, head: TreeHead) -> Digest {
        Checkpoint { origin: self.origin().clone(), head }.digest()
    }

    /// # Errors
    /// [`Error::PeerQuorumMissed`], [`Error::MisuseHeadsDiffer`], and what verification of a certificate refuses.
    /// # Cost
    /// One Ed25519 and one ML-DSA-44 verification a member: the certificate is verified from its bytes, whoever
    /// verified the statements, with the keys expanded at enrolment.
    fn certify(&self, agreeing: &[Verified<Attestation>]) -> Result<Verified<Certificate>, Error> {
        let mut statements: BTreeMap<&MemberId, &Attestation> = BTreeMap::new();
        for statement in agreeing {
            let first = statements.values().next().map_or(statement.head, |first| first.head);
            if statement.head != first {
                let (member, got) = (statement.member.clone(), statement.head);
                return Err(Error::MisuseHeadsDiffer { member, got, want: first });
            }
            let kept = statements.entry(&statement.member).or_insert(statement);
            if (statement.at, &statement.signed) < (kept.at, &kept.signed) {
                *kept = statement;
            }
        }
        let (got, want) = (statements.len(), self.quorum());
        let Some(head) = statements.values().next().map(|first| first.head).filter(|_| got >= want) else {
            return Err(Error::PeerQuorumMissed { rule: GROUP.into(), got, want });
        };
        let (mut operators, mut cosigners) = (Vec::new(), Vec::new());
        for (id, statement) in statements {
            let member = self.member(id).ok_or_else(|| Error::PeerUnknownMember { member: id.clone() })?;
            let (_, [operator, cosigner]) = self.read_lines(member, statement)?;
            operators.push(operator);
            cosigners.push(cosigner);
        }
        operators.append(&mut cosigners);
        let checkpoint = Checkpoint { origin: self.origin().clone(), head };
        self.verify(Certificate::new(SignedCheckpoint::new(checkpoint, operators)?))
    }
}

/// A certificate is valid when the [policy](Membership::policy) accepts it, it is of this log, and a quorum of members
/// signed it with both of their keys: more than the policy asks, which counts cosigner lines and one operator line.
impl Authority<Certificate> for Membership {
    type Error = Error;

    fn check(&self, value: &Certificate) -> Result<(), Error> {
        if value.origin() != self.origin() {
            return Err(Error::PeerOriginMismatch {
                got: value.origin().as_str().into(),
                want: self.origin().as_str().into(),
            });
        }
        self.policy().check(value.signed())?;
        let lines = value.signed().note().signatures();
        let signed = |key: &crate::VerifierKey| lines.iter().any(|line: &NoteLine| key.owns(line));
        let got = self.members().filter(|m| signed(m.operator()) && signed(m.cosigner())).count();
        let want = self.quorum();
        if got < want {
            return Err(Error::PeerQuorumMissed { rule: GROUP.into(), got, want });
        }
        Ok(())
    }
}
