use alloc::{collections::BTreeSet, string::ToString, vec::Vec};

use auditmesh_types::{Authority, MemberId, Origin, Verified, Verifier};

use super::{
    Candidate, Certificate, Decided, Evidence, Message, Phase, Prepared, Proposal, Says, Signature, Signed,
    Statement, ValidatorIndex, ValidatorSet, View, ViewChange,
};
use crate::Error;

/// Checks what is said under one validator set of one federation: every signature, and that everything a message rests on is
/// there and in order. What it marks as verified is entirely sound; whether it comes at the right time, the
/// [`Engine`](crate::Engine) knows.
///
/// A height is not bound to a set here: take the set that [`Engine::set_of`](crate::Engine::set_of) names for it.
#[derive(Debug)]
pub struct SetAuthority<'a, V: ?Sized> {
    federation: &'a Origin,
    set: &'a ValidatorSet,
    verifier: &'a V,
}

impl<'a, V: Verifier + ?Sized> SetAuthority<'a, V> {
    /// An authority over `set`, whose signatures `verifier` checks.
    ///
    /// # Errors
    /// [`Error::MisuseScheme`] when the two follow different rules.
    pub fn new(federation: &'a Origin, set: &'a ValidatorSet, verifier: &'a V) -> Result<Self, Error> {
        if set.scheme() != verifier.scheme() {
            return Err(Error::MisuseScheme { set: set.scheme(), verifier: verifier.scheme() });
        }
        Ok(Self { federation, set, verifier })
    }

    /// Checks that every key of the set may be enrolled. Called once, before a set is agreed on.
    ///
    /// # Errors
    /// [`Error::MisuseKey`] for the first that may not.
    /// # Cost
    /// One key check for each validator.
    pub fn check_keys(&self) -> Result<(), Error> {
        self.set.iter().try_for_each(|(_, validator)| {
            let member = || validator.name.clone();
            let refused = self.verifier.check_key(&validator.key);
            refused.map_err(|why| Error::MisuseKey { member: member(), why: why.to_string() })
        })
    }

    /// Whom `evidence` convicts, from its two statements and the keys of the set alone.
    ///
    /// # Errors
    /// [`Error::PeerUnknownValidator`], [`Error::PeerSignature`].
    /// # Cost
    /// Two signatures.
    pub fn culprit(&self, evidence: &Evidence) -> Result<&'a MemberId, Error> {
        self.check(evidence)?;
        self.set.at(evidence.culprit()).map(|validator| &validator.name).ok_or_else(|| {
            Error::PeerUnknownValidator { index: evidence.culprit(), validators: self.set.len() }
        })
    }

    /// Whom two decisions of one height for different values convict, with the evidence: validators of more weight than may be
    /// faulty, in the order of their names.
    ///
    /// # Errors
    /// [`Error::PeerNoFork`] when the two are no fork; [`Error::PeerForkUnaccounted`] when they show too little, which takes a
    /// value that lost the eldest part of its lineage; [`Error::PeerSignature`] when they were verified under another set.
    /// # Cost
    /// Two signatures for each culprit.
    pub fn fork_culprits(
        &self,
        a: &Verified<Decided>,
        b: &Verified<Decided>,
    ) -> Result<Vec<(&'a MemberId, Evidence)>, Error> {
        let named = |decided: &Decided| (decided.height(), decided.certificate.value);
        if a.height() != b.height() || a.certificate.value == b.certificate.value {
            return Err(Error::PeerNoFork { first: named(a), second: named(b) });
        }
        let mut found = Evidence::of_fork(a, b);
        found.sort_by_key(Evidence::culprit);
        found.dedup_by_key(|evidence| evidence.culprit());
        let got: u64 = found.iter().map(|evidence| self.set.weight(evidence.culprit())).sum();
        if got <= self.set.faults() {
            return Err(Error::PeerForkUnaccounted { got, more_than: self.set.faults() });
        }
        found.into_iter().map(|evidence| Ok((self.culprit(&evidence)?, evidence))).collect()
    }

    fn signatures(&self) -> Signatures<'a, '_, V> {
        Signatures {
            federation: self.federation,
            set: self.set,
            verifier: self.verifier,
            good: BTreeSet::new(),
        }
    }

    fn proposal(&self, Proposal { candidate, prepare }: &Proposal) -> Result<(), Error> {
        let Statement { height, view, .. } = prepare.statement;
        if prepare.statement.vote() != Some((Phase::Prepare, candidate.value.id())) {
            return Err(misplaced(prepare));
        }
        candidate.check(self.set, height, view)?;
        let mut signatures = self.signatures();
        signatures.signed(prepare)?;
        signatures.candidate(candidate)
    }

    fn view_change(&self, ViewChange { ask, prepared }: &ViewChange) -> Result<(), Error> {
        let Statement { height, view, says: Says::ViewChange { prepared: named } } = ask.statement else {
            return Err(misplaced(ask));
        };
        if view == View(0) || named.is_some_and(|(at, _)| at >= view) {
            return Err(misplaced(ask));
        }
        if named != prepared.as_ref().map(Prepared::named) {
            return Err(Error::PeerHighest { view });
        }
        prepared.as_ref().map_or(Ok(()), |prepared| prepared.check(self.set, height))?;
        let mut signatures = self.signatures();
        signatures.signed(ask)?;
        let Some(Prepared { certificate, candidate }) = prepared else { return Ok(()) };
        signatures.certificate(certificate)?;
        signatures.candidate(candidate)
    }
}

/// Proposals, votes, view changes and certificates.
impl<V: Verifier + ?Sized> Authority<Message> for SetAuthority<'_, V> {
    type Error = Error;

    /// # Errors
    /// [`Error::PeerSignature`], [`Error::PeerUnknownValidator`], [`Error::PeerStatement`] for what does not belong where it stands,
    /// [`Error::PeerHighest`], [`Error::PeerUnjustified`], and those of [`Certificate::check`].
    /// # Cost
    /// Everything but signatures is checked first, then the sender's, then the rest: one signature for a vote, at most `N` for a
    /// certificate, at most `1 + 2 × N × lineage` for a proposal and `1 + N + 2 × N × lineage` for a view change, where lineage is
    /// zero in view 0 and at most [`Justification::MAX_LINEAGE`](crate::Justification::MAX_LINEAGE).
    fn check(&self, message: &Message) -> Result<(), Error> {
        match message {
            Message::Proposal(proposal) => self.proposal(proposal),
            Message::Vote(vote) if vote.statement.vote().is_none() => Err(misplaced(vote)),
            Message::Vote(vote) => self.signatures().signed(vote),
            Message::ViewChange(change) => self.view_change(change),
            Message::Certificate(certificate) => {
                certificate.check(self.set)?;
                self.signatures().certificate(certificate)
            }
        }
    }
}

/// Decisions, whoever hands them over.
impl<V: Verifier + ?Sized> Authority<Decided> for SetAuthority<'_, V> {
    type Error = Error;

    /// # Errors
    /// [`Error::PeerPhase`] for PREPAREs, [`Error::PeerOtherValue`], [`Error::PeerUnjustified`], [`Error::PeerSignature`], and those of
    /// [`Certificate::check`].
    /// # Cost
    /// At most `N + 2 × N × lineage` signatures: a quorum's in view 0.
    fn check(&self, Decided { certificate, candidate }: &Decided) -> Result<(), Error> {
        let Certificate { height, view, phase, value, .. } = *certificate;
        if phase != Phase::Commit {
            return Err(Error::PeerPhase { height, view });
        }
        if value != candidate.value.id() {
            return Err(Error::PeerOtherValue { got: candidate.value.id(), want: value });
        }
        certificate.check(self.set)?;
        candidate.check(self.set, height, view)?;
        let mut signatures = self.signatures();
        signatures.certificate(certificate)?;
        signatures.candidate(candidate)
    }
}

/// Accusations. That the two statements break a rule is known of every [`Evidence`]; what is left is who signed them.
impl<V: Verifier + ?Sized> Authority<Evidence> for SetAuthority<'_, V> {
    type Error = Error;

    /// # Errors
    /// [`Error::PeerUnknownValidator`], [`Error::PeerSignature`].
    /// # Cost
    /// Two signatures.
    fn check(&self, evidence: &Evidence) -> Result<(), Error> {
        let mut signatures = self.signatures();
        evidence.statements().into_iter().try_for_each(|signed| signatures.signed(signed))
    }
}

fn misplaced(signed: &Signed) -> Error {
    Error::PeerStatement { by: signed.by, got: signed.statement }
}

/// The signatures of one message: each is verified, and one that stands in it twice, byte for byte, once.
struct Signatures<'a, 'm, V: ?Sized> {
    federation: &'a Origin,
    set: &'a ValidatorSet,
    verifier: &'a V,
    good: BTreeSet<(ValidatorIndex, Statement, &'m [u8])>,
}

impl<'m, V: Verifier + ?Sized> Signatures<'_, 'm, V> {
    fn signed(&mut self, Signed { by, statement, signature }: &'m Signed) -> Result<(), Error> {
        let bytes = statement.signed_bytes(self.federation, self.set.hash());
        self.verify(*by, *statement, &bytes, signature)
    }

    fn certificate(&mut self, certificate: &'m Certificate) -> Result<(), Error> {
        let statement = certificate.statement();
        let bytes = statement.signed_bytes(self.federation, self.set.hash());
        let mut votes = certificate.signatures.iter();
        votes.try_for_each(|(by, signature)| self.verify(*by, statement, &bytes, signature))
    }

    fn candidate(&mut self, candidate: &'m Candidate) -> Result<(), Error> {
        candidate.lineage.iter().try_for_each(|justification| {
            justification.asks.iter().try_for_each(|ask| self.signed(ask))?;
            justification.highest.as_ref().map_or(Ok(()), |certificate| self.certificate(certificate))
        })
    }

    fn verify(
        &mut self,
        by: ValidatorIndex,
        statement: Statement,
        bytes: &[u8],
        Signature(signature): &'m Signature,
    ) -> Result<(), Error> {
        let Some(validator) = self.set.at(by) else {
            return Err(Error::PeerUnknownValidator { index: by, validators: self.set.len() });
        };
        if signature.len() > Signature::MAX_BYTES {
            let (what, got, max) = ("signature", signature.len(), Signature::MAX_BYTES);
            return Err(Error::PeerLength { what, got, max });
        }
        if self.good.contains(&(by, statement, &**signature)) {
            return Ok(());
        }
        let refused = self.verifier.verify(&validator.key, bytes, signature);
        refused.map_err(|why| Error::PeerSignature { by, statement, why: why.to_string() })?;
        self.good.insert((by, statement, signature));
        Ok(())
    }
}
