use arc_malachitebft_core_types::{
    CertificateError, CommitSignature, ExtendedCommitCertificate, NilOrVal, PolkaCertificate, Round,
    RoundCertificate, RoundCertificateType, VoteType,
};
use auditmesh_bft::{Height, Signature, ValueId};
use auditmesh_types::Verifier;

use crate::{
    Context, Seal,
    context::{Address, BlobId, Seats},
    signed_bytes::Scope,
};

type Refused = Result<(), CertificateError<Context>>;

/// Checks what the core asks about: single signatures, and the signatures and weight of certificates.
pub(crate) struct Checks<'a, V: ?Sized> {
    pub(crate) scope: Scope<'a>,
    pub(crate) seats: &'a Seats,
    pub(crate) verifier: &'a V,
}

impl<V: Verifier + ?Sized> Checks<'_, V> {
    pub(crate) fn signature(&self, key: &[u8], bytes: &[u8], Seal(signature): &Seal) -> bool {
        signature.len() <= Signature::MAX_BYTES && self.verifier.verify(key, bytes, signature).is_ok()
    }

    pub(crate) fn commits(
        &self,
        height: Height,
        round: Round,
        value: ValueId,
        signatures: &[CommitSignature<Context>],
    ) -> Refused {
        let bytes = self.scope.of_vote(VoteType::Precommit, height, round, Some(value));
        let votes = signatures.iter().map(|it| (&it.address, bytes.clone(), &it.signature));
        self.quorum(votes, self.seats.set().quorum())
    }

    pub(crate) fn extended(&self, certificate: &ExtendedCommitCertificate<Context>) -> Refused {
        let plain = certificate.trim_vote_extensions();
        self.commits(plain.height.0, plain.round, plain.value_id.0, &plain.commit_signatures)
    }

    pub(crate) fn polka(&self, certificate: &PolkaCertificate<Context>) -> Refused {
        let PolkaCertificate { height, round, value_id, polka_signatures } = certificate;
        let bytes = self.scope.of_vote(VoteType::Prevote, height.0, *round, Some(value_id.0));
        let votes = polka_signatures.iter().map(|it| (&it.address, bytes.clone(), &it.signature));
        self.quorum(votes, self.seats.set().quorum())
    }

    pub(crate) fn round(&self, certificate: &RoundCertificate<Context>) -> Refused {
        let RoundCertificate { height, round, cert_type, round_signatures } = certificate;
        let set = self.seats.set();
        let want = match cert_type {
            RoundCertificateType::Precommit => set.quorum(),
            // More than may be faulty are there: one of them is honest.
            RoundCertificateType::Skip => set.faults().saturating_add(1),
        };
        let other = round_signatures.iter().find(|it| it.vote_type != VoteType::Precommit);
        if let (RoundCertificateType::Precommit, Some(other)) = (cert_type, other) {
            return Err(CertificateError::InvalidVoteType(other.address.clone()));
        }
        let votes = round_signatures.iter().map(|it| {
            let value = match it.value_id {
                NilOrVal::Nil => None,
                NilOrVal::Val(BlobId(value)) => Some(value),
            };
            let bytes = self.scope.of_vote(it.vote_type, height.0, *round, value);
            (&it.address, bytes, &it.signature)
        });
        self.quorum(votes, want)
    }

    /// Distinct members of the set, whose signatures hold, that weigh at least `want` together.
    fn quorum<'m>(
        &self,
        votes: impl Iterator<Item = (&'m Address, Vec<u8>, &'m Seal)>,
        want: u64,
    ) -> Refused {
        let set = self.seats.set();
        let (mut seen, mut signed) = (vec![false; set.len()], 0u64);
        for (address, bytes, signature) in votes {
            let unknown = || CertificateError::UnknownValidator(address.clone());
            let place = self.seats.place(address).ok_or_else(unknown)?;
            let (_, validator) = set.iter().nth(place).ok_or_else(unknown)?;
            if let Some(seen) = seen.get_mut(place)
                && std::mem::replace(seen, true)
            {
                return Err(CertificateError::DuplicateVote(address.clone()));
            }
            if !self.signature(&validator.key, &bytes, signature) {
                return Err(CertificateError::VerificationError(None));
            }
            // Distinct validators of one set, whose total fits.
            signed = signed.saturating_add(validator.weight);
        }
        if signed < want {
            let (total, expected) = (set.total(), want);
            return Err(CertificateError::NotEnoughVotingPower { signed, total, expected });
        }
        Ok(())
    }
}
