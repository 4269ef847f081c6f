use auditmesh_attest::{Certificate, ProofFile};
use auditmesh_merkle::{
    Error as LogError, Tree,
    tiles::{EntryBundle, bundles_of, tile_bytes, tiles_of},
};
use auditmesh_types::{Hasher, Index};
use thiserror::Error;

/// An agreed log in the form that existing software reads (C2SP `tlog-tiles`, `tlog-proof`).
#[derive(Debug)]
pub struct Publication<'a, H> {
    tree: &'a Tree<H>,
    entries: &'a [Vec<u8>],
    certificate: &'a Certificate,
}

impl<'a, H: Hasher> Publication<'a, H> {
    /// Joins the log's tree, all of its entries and the certificate over its head.
    ///
    /// # Errors
    /// [`PublicationError::MisuseEntryCount`], [`PublicationError::MisuseOtherEntry`], [`PublicationError::MisuseOtherHead`].
    /// # Cost
    /// One leaf hash an entry.
    pub fn new(
        tree: &'a Tree<H>,
        entries: &'a [Vec<u8>],
        certificate: &'a Certificate,
    ) -> Result<Self, PublicationError> {
        let size = tree.size().0;
        if entries.len() as u64 != size {
            return Err(PublicationError::MisuseEntryCount { got: entries.len(), size });
        }
        let differs = |(entry, at): (&Vec<u8>, u64)| tree.leaf(Index(at)) != Some(tree.hasher().leaf(entry));
        if let Some(index) = entries.iter().zip(0..).position(differs) {
            return Err(PublicationError::MisuseOtherEntry { index });
        }
        if certificate.head() != tree.head() {
            return Err(PublicationError::MisuseOtherHead);
        }
        Ok(Self { tree, entries, certificate })
    }

    /// The files below the log's prefix, as (path, bytes): tiles, entry bundles, and last the checkpoint, which must not be there
    /// before what it promises.
    ///
    /// # Errors
    /// When an entry is too long for a bundle.
    pub fn files(
        &self,
    ) -> Result<impl Iterator<Item = Result<(String, Vec<u8>), PublicationError>> + '_, PublicationError>
    {
        let tile = |path| Ok((format!("{path}"), tile_bytes(self.tree, path)?));
        let bundle = |path: auditmesh_merkle::tiles::BundlePath| {
            let start = usize::try_from(path.index() * 256).unwrap_or(usize::MAX);
            let entries = self.entries.iter().skip(start).take(path.width().into()).map(Vec::as_slice);
            Ok((format!("{path}"), EntryBundle::new(entries.collect())?.encode()))
        };
        let checkpoint = || Ok(("checkpoint".to_owned(), self.certificate.to_bytes()));
        let size = self.tree.size();
        Ok(tiles_of(size)?
            .map(tile)
            .chain(bundles_of(size)?.map(bundle))
            .chain(std::iter::once_with(checkpoint)))
    }

    /// The proof file of one entry.
    ///
    /// # Errors
    /// [`PublicationError::Log`] when the log has no such entry.
    pub fn proof(&self, index: Index) -> Result<ProofFile, PublicationError> {
        let inclusion = self.tree.inclusion(index, self.tree.size())?;
        Ok(ProofFile::new(None, index, inclusion.path, self.certificate.signed().clone())?)
    }

    /// One entry's bytes.
    #[must_use]
    pub fn entry(&self, index: Index) -> Option<&'a [u8]> {
        self.entries.get(usize::try_from(index.0).ok()?).map(Vec::as_slice)
    }
}

/// Why a log cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PublicationError {
    /// Entries are missing, or there are too many.
    #[error("{got} entries were given for a log of {size}")]
    MisuseEntryCount {
        /// How many came.
        got: usize,
        /// How many the log has.
        size: u64,
    },
    /// An entry is not the one the log has there.
    #[error("entry {index} is not the one that the log has there")]
    MisuseOtherEntry {
        /// The first such entry.
        index: usize,
    },
    /// The certificate is over another head.
    #[error("the certificate is over another head than the tree's")]
    MisuseOtherHead,
    /// The tree refuses.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The proof file refuses.
    #[error(transparent)]
    Attest(#[from] auditmesh_attest::Error),
}
