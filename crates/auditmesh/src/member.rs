use auditmesh_types::{
    Appended, Attestation, Attestor, Batch, DriftReport, Log, MemberId, Millis, Nodes, Round, TreeHead,
};
use thiserror::Error;

use crate::Participant;

/// An honest member: its own log, and what signs for it.
///
/// It remembers the last head it signed and never signs another root of that size, nor a smaller size. It remembers it in memory: whoever
/// restarts a member gives it a log that holds at least what it signed.
#[derive(Debug)]
pub struct Member<L, A> {
    id: MemberId,
    log: L,
    attestor: A,
    staged: TreeHead,
    signed: Option<TreeHead>,
}

impl<L: Log + Nodes, A: Attestor> Member<L, A> {
    /// A member with the given log, which may already hold entries.
    pub fn new(id: MemberId, log: L, attestor: A) -> Self {
        let staged = log.head();
        Self { id, log, attestor, staged, signed: None }
    }

    /// Its log.
    pub fn log(&self) -> &L {
        &self.log
    }

    /// What signs for it.
    pub fn attestor(&self) -> &A {
        &self.attestor
    }
}

impl<L: Log + Nodes, A: Attestor> Participant for Member<L, A> {
    type Error = MemberError<L::Error, A::Error>;

    fn id(&self) -> &MemberId {
        &self.id
    }

    fn record(&mut self, batch: &Batch) -> Result<Appended, Self::Error> {
        let appended = self.log.stage(batch).map_err(MemberError::Log)?;
        self.staged = appended.head;
        Ok(appended)
    }

    fn tree(&self) -> (TreeHead, &dyn Nodes) {
        (self.staged, &self.log)
    }

    fn attest(
        &mut self,
        round: Round,
        now: Millis,
        drift: &DriftReport,
    ) -> Result<Vec<Attestation>, Self::Error> {
        if drift.reference != Some(self.staged) || drift.contradicting.contains(&self.id) {
            return Ok(Vec::new());
        }
        if let Some(signed) =
            self.signed.filter(|signed| *signed != self.staged && signed.size >= self.staged.size)
        {
            return Err(MemberError::MisuseSecondRoot { signed, asked: self.staged });
        }
        let attestation = self.attestor.attest(round, self.staged, now).map_err(MemberError::Attestor)?;
        self.signed = Some(self.staged);
        Ok(vec![attestation])
    }

    fn settle(&mut self, agreed: Option<TreeHead>, batch: &Batch) -> Result<(), Self::Error> {
        let Some(agreed) = agreed else {
            self.log.discard();
            self.staged = self.log.head();
            return Ok(());
        };
        if self.staged != agreed {
            let found = self.record(batch)?.head;
            if found != agreed {
                self.log.discard();
                self.staged = self.log.head();
                return Err(MemberError::PeerAgreedHeadDiffers { agreed, found });
            }
        }
        self.log.commit().map(|_| ()).map_err(MemberError::Log)
    }
}

/// Why a member could not do its part.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MemberError<L: std::error::Error + 'static, A: std::error::Error + 'static> {
    /// Its log refused.
    #[error("the log refused")]
    Log(#[source] L),
    /// Its keys refused.
    #[error("the statement could not be signed")]
    Attestor(#[source] A),
    /// It was asked to sign a head that contradicts one it signed.
    #[error(
        "{signed} was signed before, so {asked} is not: two roots of one size are equivocation; decide the open batch first"
    )]
    MisuseSecondRoot {
        /// What it signed.
        signed: TreeHead,
        /// What it was asked to sign.
        asked: TreeHead,
    },
    /// The members agreed on a head that the batch of the round does not lead to.
    #[error(
        "the agreed head is {agreed}, but this round's batch leads to {found}; stop and compare logs by hand"
    )]
    PeerAgreedHeadDiffers {
        /// What was agreed.
        agreed: TreeHead,
        /// Where the batch leads.
        found: TreeHead,
    },
}
