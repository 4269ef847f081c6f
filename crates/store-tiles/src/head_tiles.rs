use auditmesh_merkle::{
    self as merkle, Frontier, MAX_LEAVES, Tree,
    tiles::{BundlePath, EntryBundle, FULL_WIDTH, TilePath},
};
use auditmesh_types::{Digest, Hasher, Index, Size, TreeHead};

use crate::{Error, Fetch, FileName};

/// The levels of tiles of the largest tree.
const LEVELS: u8 = 7;
/// How many leaves are appended at once.
const AT_ONCE: usize = 1 << 16;

/// The tiles of one head. Every hash it gives is verified against the head's root.
pub(crate) struct HeadTiles<'a, F, H> {
    fetch: &'a F,
    frontier: Frontier<H>,
    hasher: H,
    /// The hashes of the partial tile of each level; none where every tile is full.
    edge: Vec<Vec<Digest>>,
    /// Of each level, the last full tile that was read.
    kept: Vec<Option<(u64, Vec<Digest>)>>,
}

impl<'a, F: Fetch, H: Hasher + Clone> HeadTiles<'a, F, H> {
    /// Reads the partial tiles and compares their root with that of the head.
    pub(crate) fn open(fetch: &'a F, hasher: &H, head: TreeHead) -> Result<Self, Error<F::Error>> {
        let size = head.size;
        if size.0 > MAX_LEAVES {
            let source = merkle::Error::PeerTreeTooLarge { got: size, max: MAX_LEAVES };
            return Err(Error::PeerHead { source });
        }
        let (mut edge, mut hashes) = (Vec::new(), Vec::new());
        for level in 0..LEVELS {
            let (index, width) = edge_of(size, level);
            edge.push(match width {
                0 => Vec::new(),
                _ => read_tile(fetch, tile_path(level, index, width)?)?,
            });
        }
        for tile in edge.iter().rev() {
            let mut rest = tile.as_slice();
            for step in (0..8).rev().filter(|step| tile.len() >> step & 1 == 1) {
                let (subtree, after) = rest.split_at(1 << step);
                hashes.push(fold(hasher, subtree));
                rest = after;
            }
        }
        let frontier = Frontier::resume(hasher.clone(), size, hashes);
        let frontier = frontier.map_err(|source| Error::PeerHead { source })?;
        let (got, want) = (frontier.root(), head.root);
        if got != want {
            return Err(Error::PeerRootMismatch { size, got, want });
        }
        let hasher = hasher.clone();
        Ok(Self { fetch, frontier, hasher, edge, kept: vec![None; usize::from(LEVELS)] })
    }

    pub(crate) fn size(&self) -> Size {
        self.frontier.size()
    }

    pub(crate) const fn hasher(&self) -> &H {
        &self.hasher
    }

    pub(crate) fn into_frontier(self) -> Frontier<H> {
        self.frontier
    }

    /// The tree, without what proofs for leaves from `min` on do not need.
    pub(crate) fn tree(&mut self, min: Index) -> Result<Tree<H>, Error<F::Error>> {
        let size = self.size();
        if min.0 > size.0 {
            let source = merkle::Error::MisusePruneBeyond { got: min, max: size };
            return Err(Error::MisuseTree { source });
        }
        let (width, mut edge) = (u64::from(FULL_WIDTH), Vec::new());
        for level in 0..LEVELS {
            let (index, count) = edge_of(Size(min.0), level);
            edge.push(match count {
                0 => Vec::new(),
                _ => self.tile(level, index)?.iter().take(count.into()).copied().collect(),
            });
        }
        let misuse = |source| Error::MisuseTree { source };
        let mut tree = Tree::resume(self.hasher.clone(), Size(min.0), &edge).map_err(misuse)?;
        let (mut leaves, mut skip) = (Vec::new(), usize::try_from(min.0 % width).unwrap_or(0));
        for index in min.0 / width..size.0.div_ceil(width) {
            leaves.extend(self.tile(0, index)?.iter().skip(skip));
            skip = 0;
            if leaves.len() >= AT_ONCE {
                tree.append_leaf_hashes(&leaves).map_err(misuse)?;
                leaves.clear();
            }
        }
        tree.append_leaf_hashes(&leaves).map_err(misuse)?;
        let (got, want) = (tree.root(), self.frontier.root());
        if got == want { Ok(tree) } else { Err(Error::PeerRootMismatch { size, got, want }) }
    }

    /// The hash of the complete subtree of 2^`level` leaves; `index` counts such subtrees.
    pub(crate) fn node(&mut self, level: u8, index: u64) -> Result<Digest, Error<F::Error>> {
        let (tile_level, step) = (level / 8, level % 8);
        let size = self.size();
        let beyond = || Error::MisuseTree {
            source: merkle::Error::MisuseTileBeyondTree { level: tile_level, index, size },
        };
        let first = index.checked_mul(1 << step).ok_or_else(beyond)?;
        let start = usize::try_from(first % u64::from(FULL_WIDTH)).map_err(|_| beyond())?;
        let tile = self.tile(tile_level, first / u64::from(FULL_WIDTH))?;
        let subtree = tile.get(start..start + (1 << step)).ok_or_else(beyond)?.to_vec();
        Ok(fold(&self.hasher, &subtree))
    }

    /// The hashes of a tile: those of the partial one, if it is that, or of a full one.
    pub(crate) fn tile(&mut self, level: u8, index: u64) -> Result<&[Digest], Error<F::Error>> {
        let at = usize::from(level);
        if index >= edge_of(self.size(), level).0 {
            let partial = if index == edge_of(self.size(), level).0 { self.edge.get(at) } else { None };
            return Ok(partial.map_or(&[], Vec::as_slice));
        }
        if !matches!(self.kept.get(at), Some(Some((kept, _))) if *kept == index) {
            let path = tile_path(level, index, FULL_WIDTH)?;
            let want = self.node((level + 1) * 8, index)?;
            let hashes = read_tile(self.fetch, path)?;
            let got = fold(&self.hasher, &hashes);
            if got != want {
                return Err(Error::PeerTileMismatch { name: FileName::Tile(path), got, want });
            }
            if let Some(slot) = self.kept.get_mut(at) {
                *slot = Some((index, hashes));
            }
        }
        Ok(self.kept.get(at).and_then(Option::as_ref).map_or(&[], |(_, hashes)| hashes.as_slice()))
    }

    /// The entries of a bundle, in order, each with the hash that the tile has for it.
    pub(crate) fn bundle(&mut self, index: u64) -> Result<Vec<Vec<u8>>, Error<F::Error>> {
        let leaves = self.tile(0, index)?.to_vec();
        let width = u16::try_from(leaves.len()).unwrap_or(FULL_WIDTH);
        let path = BundlePath::new(index, width).map_err(|source| Error::MisuseTree { source })?;
        let (name, bytes) = read(self.fetch, FileName::Bundle(path))?;
        let there = if name.is_partial() { width } else { FULL_WIDTH };
        let bundle =
            EntryBundle::decode(&bytes, there).map_err(|source| Error::PeerBundle { name, source })?;
        let entries = bundle.entries().get(..leaves.len()).unwrap_or_default();
        let mut hashes = vec![Digest::default(); entries.len()];
        self.hasher.leaves(entries, &mut hashes);
        for ((got, want), index) in hashes.into_iter().zip(leaves).zip(index * u64::from(FULL_WIDTH)..) {
            if got != want {
                return Err(Error::PeerEntryMismatch { name, index: Index(index), got, want });
            }
        }
        Ok(entries.iter().map(|entry| entry.to_vec()).collect())
    }
}

/// Where the partial tile of a level stands, and how many hashes it has: the full ones stand before it.
pub(crate) fn edge_of(size: Size, level: u8) -> (u64, u16) {
    let hashes = size.0.checked_shr(8 * u32::from(level)).unwrap_or(0);
    let width = u16::try_from(hashes % u64::from(FULL_WIDTH)).unwrap_or(0);
    (hashes / u64::from(FULL_WIDTH), width)
}

/// The names of the partial files of a tree of `old` leaves whose full files a tree of `new` leaves has.
pub(crate) fn filled(old: Size, new: Size) -> Vec<FileName> {
    let mut names = Vec::new();
    for level in 0..LEVELS {
        let (index, width) = edge_of(old, level);
        if width > 0 && edge_of(new, level).0 > index {
            names.extend(TilePath::new(level, index, FULL_WIDTH).map(FileName::Tile));
            if level == 0 {
                names.extend(BundlePath::new(index, FULL_WIDTH).map(FileName::Bundle));
            }
        }
    }
    names
}

fn tile_path<E>(level: u8, index: u64, width: u16) -> Result<TilePath, Error<E>> {
    TilePath::new(level, index, width).map_err(|source| Error::MisuseTree { source })
}

/// The hashes of a tile, not verified.
fn read_tile<F: Fetch>(fetch: &F, path: TilePath) -> Result<Vec<Digest>, Error<F::Error>> {
    let (name, bytes) = read(fetch, FileName::Tile(path))?;
    let want = name.max_bytes();
    if bytes.len() != want {
        return Err(Error::PeerTileLength { name, got: bytes.len(), want });
    }
    let (hashes, _) = bytes.as_chunks();
    Ok(hashes.iter().take(usize::from(path.width())).map(|hash| Digest(*hash)).collect())
}

/// The bytes of a file, or of the full file that took the place of a partial one; and which of the two it was.
fn read<F: Fetch>(fetch: &F, name: FileName) -> Result<(FileName, Vec<u8>), Error<F::Error>> {
    let refused = match fetch.fetch(name) {
        Ok(Some(bytes)) => return Ok((name, bytes)),
        Ok(None) => Error::PeerMissing { name },
        Err(source) => Error::LocalRead { name, source },
    };
    if let Some(full) = name.full().filter(|_| name.is_partial())
        && let Ok(Some(bytes)) = fetch.fetch(full)
    {
        return Ok((full, bytes));
    }
    Err(refused)
}

/// The root over a power of two of hashes.
fn fold<H: Hasher>(hasher: &H, hashes: &[Digest]) -> Digest {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        let mut above = vec![Digest::default(); level.len() / 2];
        hasher.nodes(&level, &mut above);
        level = above;
    }
    level.first().copied().unwrap_or_default()
}
