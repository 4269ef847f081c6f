use alloc::{string::ToString, vec};

use auditmesh_types::{Attestation, Attestor, MemberId, Millis, Origin, Round, Scheme, Signer, TreeHead};

use crate::{Checkpoint, Error, KeyType, Member, NoteLine, SignedCheckpoint, cosign, cosignature::sign};

/// Speaks for one member: signs the head it holds with both of its keys.
///
/// `E` signs as an operator of the log, line type 0x01; `P` cosigns under the member's name, line type 0x06. It keeps
/// no memory of what it signed: never signing two roots of one size is the duty of whoever calls it.
#[derive(Debug)]
pub struct MemberAttestor<E, P> {
    member: Member,
    origin: Origin,
    operator: E,
    cosigner: P,
}

impl<E: Signer, P: Signer> MemberAttestor<E, P> {
    /// The voice of `member` in the log `origin`.
    ///
    /// # Errors
    /// [`Error::MisuseScheme`] unless `operator` is Ed25519 and `cosigner` ML-DSA-44; what [`Member::new`] refuses.
    pub fn new(member: MemberId, origin: Origin, operator: E, cosigner: P) -> Result<Self, Error> {
        for (got, want) in [(operator.scheme(), Scheme::Ed25519), (cosigner.scheme(), Scheme::MlDsa44)] {
            if got != want {
                return Err(Error::MisuseScheme { got, want });
            }
        }
        let member = Member::new(member, &origin, operator.public_key(), cosigner.public_key())?;
        Ok(Self { member, origin, operator, cosigner })
    }

    /// The member with its public keys, as others enrol it.
    #[must_use]
    pub const fn member(&self) -> &Member {
        &self.member
    }

    /// The log.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl<E: Signer, P: Signer> Attestor for MemberAttestor<E, P> {
    type Error = Error;

    fn attest(&self, round: Round, head: TreeHead, at: Millis) -> Result<Attestation, Error> {
        let checkpoint = Checkpoint { origin: self.origin.clone(), head };
        let key = self.member.operator();
        let message = checkpoint.cosigned_message(KeyType::Ed25519, key.name(), 0)?;
        let operator = NoteLine::new(key.name().to_string(), key.key_id(), sign(&self.operator, &message)?)?;
        let cosigner = cosign(self.member.id(), &self.cosigner, &checkpoint, at)?;
        let signed = SignedCheckpoint::new(checkpoint, vec![operator, cosigner])?.to_bytes();
        Ok(Attestation { member: self.member.id().clone(), round, head, at, signed })
    }
}
