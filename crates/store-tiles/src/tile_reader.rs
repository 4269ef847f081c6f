use auditmesh_merkle::{
    self as merkle, ConsistencyProof, InclusionProof, Sha256, Tree, empty_root, tiles::FULL_WIDTH,
    verify_consistency, verify_inclusion,
};
use auditmesh_types::{Digest, Hasher, Index, Size, TreeHead};

use crate::{Error, Fetch, OfStore, TileStore, head_tiles::HeadTiles};

/// Proves and reads from published tiles, trusting nothing but the head it is given.
///
/// `F` is a function from a path to the file's bytes, `Fn(&str) -> Result<Vec<u8>, E>`, or a store. Nothing is kept from one call to
/// the next.
#[derive(Debug, Clone)]
pub struct TileReader<F, H = Sha256> {
    fetch: F,
    hasher: H,
}

impl<'a, S: TileStore> TileReader<OfStore<'a, S>> {
    /// Reads from a store.
    #[must_use]
    pub const fn of_store(store: &'a S) -> Self {
        Self { fetch: OfStore(store), hasher: Sha256 }
    }
}

impl<F: Fn(&str) -> Result<Vec<u8>, E>, E> TileReader<F> {
    /// Reads what `fetch` gives for a path such as `tile/0/x001/000.p/7`.
    #[must_use]
    pub const fn new(fetch: F) -> Self {
        Self { fetch, hasher: Sha256 }
    }
}

impl<F, H> TileReader<F, H> {
    /// The same, hashing with `hasher`.
    #[must_use]
    pub fn with_hasher<G>(self, hasher: G) -> TileReader<F, G> {
        TileReader { fetch: self.fetch, hasher }
    }
}

/// # Errors
/// All methods: [`Error::PeerHead`], [`Error::PeerRootMismatch`], [`Error::PeerTileMismatch`], [`Error::PeerTileLength`],
/// [`Error::PeerMissing`] and [`Error::LocalRead`] when a tile is not there or not what the head promises.
/// # Cost
/// All methods but [`TileReader::leaves`] and [`TileReader::tree`]: at most seven partial tiles, and seven full ones for every place in the tree that is
/// looked at.
impl<F: Fetch, H: Hasher + Clone> TileReader<F, H> {
    /// The proof that leaf `index` is in the tree of `head`, verified.
    ///
    /// # Errors
    /// [`Error::MisuseTree`] when the tree has no such leaf; and those of a tile.
    pub fn inclusion(&self, index: Index, head: TreeHead) -> Result<InclusionProof, Error<F::Error>> {
        let mut tiles = self.tiles_with(index, head)?;
        let leaf = tiles.node(0, index.0)?;
        let path = climb(&mut tiles, 0, index.0)?;
        verify_inclusion(&self.hasher, &leaf, index, head.size, &path, &head.root)
            .map_err(|source| Error::PeerHead { source })?;
        Ok(InclusionProof { index, size: head.size, path })
    }

    /// The proof that the tree of `new` continues that of `old`, verified against both.
    ///
    /// # Errors
    /// [`Error::PeerHead`] also when `new` does not continue `old`; and those of a tile.
    pub fn consistency(&self, old: TreeHead, new: TreeHead) -> Result<ConsistencyProof, Error<F::Error>> {
        if old.size > new.size {
            let source = merkle::Error::PeerOldBeyondNew { old: old.size, new: new.size };
            return Err(Error::PeerHead { source });
        }
        let mut tiles = HeadTiles::open(&self.fetch, &self.hasher, new)?;
        let mut path = Vec::new();
        if old.size.0 > 0 && old.size < new.size {
            let level = old.size.0.trailing_zeros();
            let (level, index) = (u8::try_from(level).unwrap_or(u8::MAX), (old.size.0 - 1) >> level);
            if !old.size.0.is_power_of_two() {
                path.push(tiles.node(level, index)?);
            }
            path.extend(climb(&mut tiles, level, index)?);
        }
        verify_consistency(&self.hasher, &old, &new, &path).map_err(|source| Error::PeerHead { source })?;
        Ok(ConsistencyProof { old: old.size, new: new.size, path })
    }

    /// The root that the log of `head` had when it had `size` leaves.
    ///
    /// # Errors
    /// [`Error::MisuseTree`] when it has fewer; and those of a tile.
    pub fn root_at(&self, size: Size, head: TreeHead) -> Result<Digest, Error<F::Error>> {
        if size > head.size {
            let source = merkle::Error::MisuseSizeBeyondTree { got: size, max: head.size };
            return Err(Error::MisuseTree { source });
        }
        range_root(&mut HeadTiles::open(&self.fetch, &self.hasher, head)?, 0, size.0)
    }

    /// The hash of leaf `index`.
    ///
    /// # Errors
    /// [`Error::MisuseTree`] when the tree has no such leaf; and those of a tile.
    pub fn leaf(&self, index: Index, head: TreeHead) -> Result<Digest, Error<F::Error>> {
        self.tiles_with(index, head)?.node(0, index.0)
    }

    /// The hashes of all leaves, in order: enough to build the tree anew.
    ///
    /// # Errors
    /// Those of a tile.
    /// # Cost
    /// Reads every tile of level 0 once; two hashes a leaf.
    pub fn leaves(&self, head: TreeHead) -> Result<Vec<Digest>, Error<F::Error>> {
        let mut tiles = HeadTiles::open(&self.fetch, &self.hasher, head)?;
        let mut leaves = Vec::new();
        for index in 0..head.size.0.div_ceil(FULL_WIDTH.into()) {
            leaves.extend_from_slice(tiles.tile(0, index)?);
        }
        Ok(leaves)
    }

    /// The tree of `head`, as if it had been pruned below leaf `min`: the whole tree for 0, what a writer needs for the size of the
    /// head.
    ///
    /// # Errors
    /// [`Error::MisuseTree`] when `min` is beyond the size; and those of a tile.
    /// # Cost
    /// Reads the tiles of level 0 from that of leaf `min` on, each once, and what leads to them; two hashes a leaf, and as many to
    /// verify the tiles. For `min` the size, at most seven partial tiles.
    pub fn tree(&self, min: Index, head: TreeHead) -> Result<Tree<H>, Error<F::Error>> {
        HeadTiles::open(&self.fetch, &self.hasher, head)?.tree(min)
    }

    /// Entry `index`, whose hash is in the tree of `head`.
    ///
    /// # Errors
    /// [`Error::MisuseTree`] when the tree has no such leaf; [`Error::PeerBundle`], [`Error::PeerEntryMismatch`] (also
    /// for another entry of the same bundle); and those of a tile.
    /// # Cost
    /// One bundle besides the tiles.
    pub fn entry(&self, index: Index, head: TreeHead) -> Result<Vec<u8>, Error<F::Error>> {
        let width = u64::from(FULL_WIDTH);
        let entries = self.tiles_with(index, head)?.bundle(index.0 / width)?;
        let at = usize::try_from(index.0 % width).ok();
        let entry = at.and_then(|at| entries.into_iter().nth(at));
        entry.ok_or(Error::MisuseTree { source: beyond(index, head.size) })
    }

    fn tiles_with(&self, index: Index, head: TreeHead) -> Result<HeadTiles<'_, F, H>, Error<F::Error>> {
        if index.0 >= head.size.0 {
            return Err(Error::MisuseTree { source: beyond(index, head.size) });
        }
        HeadTiles::open(&self.fetch, &self.hasher, head)
    }
}

const fn beyond(index: Index, size: Size) -> merkle::Error {
    merkle::Error::MisuseIndexBeyondSize { index, size }
}

/// The siblings on the way from node `index` of `level` to the root.
fn climb<F: Fetch, H: Hasher + Clone>(
    tiles: &mut HeadTiles<'_, F, H>,
    level: u8,
    index: u64,
) -> Result<Vec<Digest>, Error<F::Error>> {
    let size = tiles.size().0;
    let (mut level, mut index, mut last, mut path) = (level, index, (size - 1) >> level, Vec::new());
    while last > 0 {
        let sibling = index ^ 1;
        if sibling <= last {
            path.push(match (sibling + 1) << level <= size {
                true => tiles.node(level, sibling)?,
                false => range_root(tiles, sibling << level, size)?,
            });
        }
        (level, index, last) = (level + 1, index >> 1, last >> 1);
    }
    Ok(path)
}

/// The hash of the leaves from `start` to `end`, where `start` is a multiple of a power of two that is not below
/// `end - start`.
fn range_root<F: Fetch, H: Hasher + Clone>(
    tiles: &mut HeadTiles<'_, F, H>,
    start: u64,
    end: u64,
) -> Result<Digest, Error<F::Error>> {
    let mut root = None;
    for level in (0..64u8).filter(|level| (end - start) >> level & 1 == 1) {
        let left = tiles.node(level, (end >> level) - 1)?;
        root = Some(root.map_or(left, |right| tiles.hasher().node(&left, &right)));
    }
    Ok(root.unwrap_or(empty_root()))
}
