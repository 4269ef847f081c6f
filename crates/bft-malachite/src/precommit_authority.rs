use arc_malachitebft_core_types::{Round, VoteType};
use auditmesh_bft::{Certificate, Decided, Phase, ValidatorSet};
use auditmesh_types::{Authority, Origin, Verifier};

use crate::{Error, signed_bytes::Scope};

/// Checks decisions made by this protocol: a quorum's precommits of the value, each signature verified.
///
/// A `Decided` of [`Malachite`](crate::Malachite) has precommits where one of our engine has COMMITs: the two are signed over different
/// bytes, so that neither authority takes the other's.
#[derive(Debug)]
pub struct PrecommitAuthority<'a, V: ?Sized> {
    federation: &'a Origin,
    set: &'a ValidatorSet,
    verifier: &'a V,
}

impl<'a, V: Verifier + ?Sized> PrecommitAuthority<'a, V> {
    /// An authority over `set`, whose signatures `verifier` checks.
    ///
    /// # Errors
    /// [`MisuseScheme`](auditmesh_bft::Error::MisuseScheme) when the two follow different rules.
    pub fn new(federation: &'a Origin, set: &'a ValidatorSet, verifier: &'a V) -> Result<Self, Error> {
        if set.scheme() != verifier.scheme() {
            let (set, verifier) = (set.scheme(), verifier.scheme());
            return Err(auditmesh_bft::Error::MisuseScheme { set, verifier }.into());
        }
        Ok(Self { federation, set, verifier })
    }
}

impl<V: Verifier + ?Sized> Authority<Decided> for PrecommitAuthority<'_, V> {
    type Error = Error;

    /// # Errors
    /// [`Error::Bft`] for a certificate that is none, or is of another value; [`Error::PeerLineage`], [`Error::PeerView`],
    /// [`Error::PeerPrecommit`].
    /// # Cost
    /// A quorum's signatures.
    fn check(&self, Decided { certificate, candidate }: &Decided) -> Result<(), Error> {
        let Certificate { height, view, phase, value, .. } = *certificate;
        if phase != Phase::Commit {
            return Err(auditmesh_bft::Error::PeerPhase { height, view }.into());
        }
        if value != candidate.value.id() {
            return Err(
                auditmesh_bft::Error::PeerOtherValue { got: candidate.value.id(), want: value }.into()
            );
        }
        if !candidate.lineage.is_empty() {
            return Err(Error::PeerLineage { height, got: candidate.lineage.len() });
        }
        let max = u64::from(u32::MAX);
        let round = u32::try_from(view.0).map_err(|_| Error::PeerView { height, got: view.0, max })?;
        certificate.check(self.set)?;
        let scope = Scope { federation: self.federation, set: self.set.hash() };
        let bytes = scope.of_vote(VoteType::Precommit, height, Round::new(round), Some(value));
        certificate.signatures.iter().try_for_each(|(by, signature)| {
            let Some(validator) = self.set.at(*by) else {
                let validators = self.set.len();
                return Err(auditmesh_bft::Error::PeerUnknownValidator { index: *by, validators }.into());
            };
            let refused = self.verifier.verify(&validator.key, &bytes, &signature.0);
            refused.map_err(|why| Error::PeerPrecommit { by: *by, height, why: why.to_string() })
        })
    }
}
