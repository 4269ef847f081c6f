use auditmesh_merkle::{
    self as merkle, Frontier, MAX_ENTRY_BYTES, Sha256, Tree,
    tiles::{BundlePath, EntryBundle, FULL_WIDTH, new_bundles, new_tiles, tile_bytes},
};
use auditmesh_types::{Digest, Hasher, Index, Nodes, Size, TreeHead};

use crate::{
    Error, FileName, MAX_CHECKPOINT_BYTES, OfStore, Resumed, TileStore, checkpoint, head_tiles::HeadTiles,
    intent::Intent, interrupted,
};

/// Publishes a log batch by batch. Killed at any point, the store holds the last checkpoint and all it promises.
#[derive(Debug)]
pub struct Publisher<S, H = Sha256> {
    store: S,
    hasher: H,
    /// Of what is published.
    frontier: Frontier<H>,
    /// The entries of the last bundle, when it is partial.
    partial: Vec<Vec<u8>>,
    /// Whether a publication was begun and not seen to end well.
    uncertain: bool,
}

impl<S: TileStore> Publisher<S> {
    /// Goes on where the checkpoint in the store stands; `head` is that of the checkpoint, which the caller verified, or of
    /// the empty tree for a store without one. Removes what an interrupted publication left; where none was interrupted,
    /// nothing is removed.
    ///
    /// # Errors
    /// [`Error::MisuseHeadSize`], [`Error::PeerCheckpoint`], [`Error::LocalIntent`], [`Error::LocalIntentSize`],
    /// [`Error::LocalCheckpointOlder`], [`Error::LocalStore`], and those of [`resume`](crate::resume). Nothing is removed
    /// before all was read and found right.
    /// # Cost
    /// That of [`resume`](crate::resume), at most 300 reads more, nearly all of files that are not there, and one removal for
    /// every file of the interrupted publication.
    pub fn resume(store: S, head: TreeHead) -> Result<Self, Error<S::Error>> {
        Self::resume_with(Sha256, store, head)
    }
}

impl<S: TileStore, H: Hasher + Clone> Publisher<S, H> {
    /// As [`Publisher::resume`], hashing with `hasher`.
    ///
    /// # Errors
    /// As [`Publisher::resume`].
    /// # Cost
    /// As [`Publisher::resume`].
    pub fn resume_with(hasher: H, mut store: S, head: TreeHead) -> Result<Self, Error<S::Error>> {
        let want = match read(&store, FileName::Checkpoint)? {
            Some(bytes) => checkpoint::size_of(&bytes).ok_or(Error::PeerCheckpoint)?,
            None => Size(0),
        };
        if head.size != want {
            return Err(Error::MisuseHeadSize { got: head.size, want });
        }
        let Resumed { frontier, entries } = crate::resume_with(hasher.clone(), &store, head)?;
        // What a killed process did is seen, and may not be durable yet.
        sync(&mut store)?;
        interrupted::finish(&mut store, head.size)?;
        Ok(Self { store, hasher, frontier, partial: entries, uncertain: false })
    }

    /// The tree of what is published, as far as a writer needs it: it appends, has the root, and fills the tiles to come. It
    /// proves nothing for what was there before; [`TileReader::tree`](crate::TileReader::tree) gives more.
    ///
    /// # Errors
    /// Those of [`resume`](crate::resume) without a bundle's.
    /// # Cost
    /// Reads at most seven partial tiles.
    pub fn tree(&self) -> Result<Tree<H>, Error<S::Error>> {
        let head = self.head();
        let fetch = OfStore(&self.store);
        HeadTiles::open(&fetch, &self.hasher, head)?.tree(Index(head.size.0))
    }

    /// The head of what is published.
    ///
    /// # Cost
    /// At most O(log size) hashes.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        self.frontier.head()
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// Gives the store back, to resume from it.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    /// Publishes `new_entries` and then `checkpoint`, which must be for the size with them; the head that is published.
    ///
    /// `tree` holds what was published and then the new entries; what it has beyond them, such as a staged batch, is
    /// left alone. Without new entries only the checkpoint is replaced, for one with more signatures. Once this
    /// returns, everything is durable.
    ///
    /// # Errors
    /// [`Error::MisuseTooMany`], [`Error::MisuseTree`] (an entry is too long, the log is full), [`Error::MisuseTreeDiffers`],
    /// [`Error::MisuseCheckpointSize`], [`Error::MisuseCheckpointTooLong`]: nothing was written. [`Error::LocalStore`]: it is unknown
    /// what was, and after that [`Error::LocalUncertain`] until a publisher resumes from the store's checkpoint.
    /// # Cost
    /// Two hashes an entry. Written are the entries, 2 bytes for the length and 32 for the hash of each, 32 more for
    /// every 256; and the last partial bundle and tiles once more, at most 255 entries and hashes.
    pub fn publish<N: Nodes + ?Sized>(
        &mut self,
        tree: &N,
        new_entries: &[&[u8]],
        checkpoint: &[u8],
    ) -> Result<TreeHead, Error<S::Error>> {
        if self.uncertain {
            return Err(Error::LocalUncertain);
        }
        let (got, max) = (new_entries.len() as u64, Intent::MAX_ENTRIES);
        if got > max {
            return Err(Error::MisuseTooMany { got, max });
        }
        let frontier = self.extended(new_entries)?;
        check_tree(tree, &frontier)?;
        check_checkpoint(checkpoint, frontier.size())?;
        let entries: Vec<&[u8]> =
            self.partial.iter().map(Vec::as_slice).chain(new_entries.iter().copied()).collect();
        let (old, new) = (self.frontier.size(), frontier.size());
        self.uncertain = true;
        if old < new {
            write(&mut self.store, FileName::Intent, &Intent { old, new }.encode())?;
            sync(&mut self.store)?;
            write_files(&mut self.store, tree, &entries, old, new)?;
            sync(&mut self.store)?;
        }
        write(&mut self.store, FileName::Checkpoint, checkpoint)?;
        sync(&mut self.store)?;
        if old < new {
            interrupted::remove_partials(&mut self.store, old, new)?;
            interrupted::remove_intent(&mut self.store)?;
        }
        let whole = entries.len() - entries.len() % usize::from(FULL_WIDTH);
        self.partial = entries.get(whole..).unwrap_or_default().iter().map(|entry| entry.to_vec()).collect();
        self.frontier = frontier;
        self.uncertain = false;
        Ok(self.head())
    }

    /// The frontier with the new entries.
    fn extended(&self, entries: &[&[u8]]) -> Result<Frontier<H>, Error<S::Error>> {
        if let Some(long) = entries.iter().find(|entry| entry.len() > MAX_ENTRY_BYTES) {
            let source = merkle::Error::MisuseEntryTooLong { got: long.len(), max: MAX_ENTRY_BYTES };
            return Err(Error::MisuseTree { source });
        }
        let mut leaves = vec![Digest::default(); entries.len()];
        self.hasher.leaves(entries, &mut leaves);
        let mut frontier = self.frontier.clone();
        frontier.append_leaf_hashes(&leaves).map_err(|source| Error::MisuseTree { source })?;
        Ok(frontier)
    }
}

/// Whether the complete subtrees of the tree's first leaves are those of the frontier.
fn check_tree<N: Nodes + ?Sized, H, E>(tree: &N, frontier: &Frontier<H>) -> Result<(), Error<E>> {
    let size = frontier.size();
    let levels = (0..64u8).rev().filter(|level| size.0 >> level & 1 == 1);
    for (level, want) in levels.zip(frontier.hashes()) {
        let index = (size.0 >> level) - 1;
        if tree.node(level, index) != Some(*want) {
            return Err(Error::MisuseTreeDiffers { level, index, size });
        }
    }
    Ok(())
}

fn check_checkpoint<E>(checkpoint: &[u8], want: Size) -> Result<(), Error<E>> {
    let (got, max) = (checkpoint.len(), MAX_CHECKPOINT_BYTES);
    if got > max {
        return Err(Error::MisuseCheckpointTooLong { got, max });
    }
    let got = checkpoint::size_of(checkpoint);
    if got == Some(want) { Ok(()) } else { Err(Error::MisuseCheckpointSize { got, want }) }
}

/// Writes the bundles and tiles that come with `new`; `entries` begin with the first of the last partial bundle.
fn write_files<S: TileStore, N: Nodes + ?Sized>(
    store: &mut S,
    tree: &N,
    entries: &[&[u8]],
    old: Size,
    new: Size,
) -> Result<(), Error<S::Error>> {
    let misuse = |source| Error::MisuseTree { source };
    let bundles: Vec<BundlePath> = new_bundles(old, new).map_err(misuse)?.collect();
    for (path, entries) in bundles.into_iter().zip(entries.chunks(FULL_WIDTH.into())) {
        let bundle = EntryBundle::new(entries.to_vec()).map_err(misuse)?;
        write(store, FileName::Bundle(path), &bundle.encode())?;
    }
    for path in new_tiles(old, new).map_err(misuse)? {
        write(store, FileName::Tile(path), &tile_bytes(tree, path).map_err(misuse)?)?;
    }
    Ok(())
}

pub(crate) fn read<S: TileStore>(store: &S, name: FileName) -> Result<Option<Vec<u8>>, Error<S::Error>> {
    store.read(name).map_err(|source| Error::LocalRead { name, source })
}

fn write<S: TileStore>(store: &mut S, name: FileName, bytes: &[u8]) -> Result<(), Error<S::Error>> {
    store.write(name, bytes).map_err(|source| Error::LocalStore { operation: "write a file", source })
}

pub(crate) fn sync<S: TileStore>(store: &mut S) -> Result<(), Error<S::Error>> {
    store.sync().map_err(|source| Error::LocalStore { operation: "sync", source })
}
