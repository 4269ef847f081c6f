use auditmesh_types::{Anchor, Commitment, Origin, Receipt, TreeHead};

use crate::{Chain, Error, Prepared, receipts};

const PLACE: &str = "memory";

/// An anchor that lasts as long as the process: for tests, and for programs that write the chain themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemoryAnchor {
    chain: Chain,
}

impl MemoryAnchor {
    /// An anchor without a commitment.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The chain of its commitments.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }
}

impl Anchor for MemoryAnchor {
    type Error = Error;

    /// Keeps the commitment; its receipts are `memory:1`, `memory:2`, …
    ///
    /// # Errors
    /// As [`Chain::prepare`].
    fn commit(&mut self, commitment: &Commitment) -> Result<Receipt, Error> {
        match self.chain.prepare(commitment)? {
            Prepared::Kept(line) => Ok(receipts::receipt(PLACE, &line)),
            Prepared::Next(line) => {
                let receipt = receipts::receipt(PLACE, &line);
                let file_line = line.file_line();
                self.chain.push(line).map_err(|fault| Error::PeerTampered { line: file_line, fault })?;
                Ok(receipt)
            }
        }
    }

    /// The receipt for the first commitment to `head`. It does not fail.
    ///
    /// # Errors
    /// None.
    fn find(&self, origin: &Origin, head: TreeHead) -> Result<Option<Receipt>, Error> {
        Ok(self.chain.find(origin, head).map(|line| receipts::receipt(PLACE, line)))
    }

    /// Compares what is kept under `receipt` with `commitment`.
    ///
    /// # Errors
    /// [`Error::PeerReceiptUnknown`], [`Error::PeerReceiptDigest`], [`Error::PeerCommitmentDiffers`].
    fn check(&self, receipt: &Receipt, commitment: &Commitment) -> Result<(), Error> {
        receipts::compare(receipts::named(&self.chain, PLACE, receipt)?, receipt, commitment)
    }
}
