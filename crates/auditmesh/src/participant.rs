use std::error;

use auditmesh_types::{Appended, Attestation, Batch, DriftReport, MemberId, Millis, Nodes, Round, TreeHead};

/// One member in a round, as the federation sees it: local, remote, honest or not.
///
/// A member that fails hurts nobody else: its error ends up in the round's report, and the others go on without it.
///
/// [`Member`](crate::Member) is the honest one. A node that stands for a remote member implements this over its transport; a test
/// that wants a faulty member wraps an honest one.
pub trait Participant {
    /// Why it could not do its part.
    type Error: error::Error + 'static;

    /// Its name.
    fn id(&self) -> &MemberId;

    /// Stages a batch in its own log.
    ///
    /// # Errors
    /// When its log refuses the batch.
    fn record(&mut self, batch: &Batch) -> Result<Appended, Self::Error>;

    /// The tree it holds, staged leaves included, and the head it claims for it.
    fn tree(&self) -> (TreeHead, &dyn Nodes);

    /// Says what it holds. An honest member says one thing, or nothing when `drift` names it or finds no majority; and never two
    /// roots of one size. Of what a member says, the first two statements are counted.
    ///
    /// # Errors
    /// When a key is out of reach.
    fn attest(
        &mut self,
        round: Round,
        now: Millis,
        drift: &DriftReport,
    ) -> Result<Vec<Attestation>, Self::Error>;

    /// Ends the round: with an agreed head its log ends up there, staging `batch` anew if it held something else; without one the staged
    /// batch is dropped.
    ///
    /// # Errors
    /// When `batch` does not lead to the agreed head, or the log cannot be made durable.
    fn settle(&mut self, agreed: Option<TreeHead>, batch: &Batch) -> Result<(), Self::Error>;
}
