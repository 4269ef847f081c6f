//! What a tree may drop, and what it still proves then.

use auditmesh_types::{Digest, Hasher, Index, Size};

use crate::{Error, Tree, levels::Levels, tiles::FULL_WIDTH, tree::MOST_HERE};

/// The levels of the hashes that tiles hold: every eighth.
const TILE_LEVELS: usize = 8;
const TILE: usize = FULL_WIDTH as usize;

/// The first node of `level` that a tree keeps which proves leaves from `min` on.
///
/// A path of a leaf from `min` on, or of a size from `min` on, reads nothing before the two children of the node above `min`. On the
/// levels of tiles the last tile is kept as well, so that the tiles of larger sizes can be filled.
pub(crate) const fn first_kept(min: usize, level: usize) -> usize {
    let first = above(min, level);
    if level.is_multiple_of(TILE_LEVELS) { first & !(TILE - 1) } else { first & !1 }
}

/// The node of `level` above leaf `at`: the first one from where on a number has no more bits. Blocks have such levels too.
const fn above(at: usize, level: usize) -> usize {
    if level < usize::BITS as usize { at >> level } else { 0 }
}

impl<H: Hasher> Tree<H> {
    /// Goes on from a tree of `size` leaves of which only the hashes of the partial tiles are at hand, as if it had been
    /// pruned below leaf `size`: what a writer needs to append and publish, without a proof for what was there before.
    ///
    /// `edge[l]` holds the hashes of the partial tile of level l, none where every tile is full; levels that are left
    /// out have none. Their number is all that can be checked: compare [`Tree::root`] with a root that is trusted.
    ///
    /// # Errors
    /// [`Error::PeerTreeTooLarge`], [`Error::PeerEdgeLength`].
    /// # Cost
    /// At most 255 hashes a level of tiles.
    pub fn resume<T: AsRef<[Digest]>>(hasher: H, size: Size, edge: &[T]) -> Result<Self, Error> {
        let at = usize::try_from(size.0).ok().filter(|_| size.0 <= MOST_HERE);
        let at = at.ok_or(Error::PeerTreeTooLarge { got: size, max: MOST_HERE })?;
        for level in 0..edge.len().max(widths(at).count()) {
            let got = edge.get(level).map_or(0, |tile| tile.as_ref().len());
            let want = widths(at).nth(level).unwrap_or(0);
            if got != want {
                let level = u8::try_from(level).unwrap_or(u8::MAX);
                return Err(Error::PeerEdgeLength { level, size, got, want });
            }
        }
        let mut tree = Self::with_hasher(hasher);
        tree.levels = Levels::beginning(MOST_HERE.ilog2() as usize + 1, |level| first_kept(at, level));
        tree.levels.open(at);
        for (tile, edge) in edge.iter().enumerate() {
            tree.lay(TILE_LEVELS * tile, first_kept(at, TILE_LEVELS * tile), edge.as_ref());
        }
        (tree.size, tree.pruned) = (at, at);
        tree.close();
        Ok(tree)
    }

    /// Drops what no proof for leaves from `min` on needs, and gives the memory back.
    ///
    /// What is left behaves as before, byte for byte: appending; roots of every size from `min` on; the proofs that a leaf from `min`
    /// on is included, alone, with others or in a range; consistency between sizes from `min` on; roots and compact ranges of
    /// stretches that begin at `min` or later, or at 0 and end there; inclusion in a subtree for leaves from `min` on;
    /// consistency of subtrees that have a leaf from `min` on, or are all leaves of a size from `min` on; the frontier; the tiles
    /// that come with sizes above `min`. Size 0 stays, and so does the consistency of subtrees without a leaf, wherever they
    /// stand: their proof is empty. Everything else is refused with [`Error::MisusePruned`] or
    /// [`Error::MisuseSizePruned`], also where the hashes happen to be there.
    ///
    /// To prune below less than before changes nothing.
    ///
    /// # Errors
    /// [`Error::MisusePruneBeyond`]: `min` is beyond the size. Nothing is dropped then.
    /// # Cost
    /// What stays is not moved. Beside 64.05 bytes for every leaf from `min` on, at most 2 MB stay.
    pub fn prune(&mut self, min: Index) -> Result<(), Error> {
        let at = usize::try_from(min.0).ok().filter(|at| *at <= self.size);
        let at = at.ok_or(Error::MisusePruneBeyond { got: min, max: self.size() })?;
        if at > self.pruned {
            self.pruned = at;
            self.levels.release(|level| first_kept(at, level));
        }
        Ok(())
    }

    /// The first leaf that the tree still proves; 0 when nothing was dropped.
    #[must_use]
    pub const fn pruned_below(&self) -> Index {
        Index(self.pruned as u64)
    }

    /// The hashes of the partial tiles at the size below which the tree is pruned, level by level.
    pub(crate) fn pruned_edge(&self) -> impl Iterator<Item = impl Iterator<Item = Digest>> {
        let tiles = widths(self.pruned).count();
        (0..tiles).map(move |tile| {
            let level = TILE_LEVELS * tile;
            self.levels
                .slices(level, first_kept(self.pruned, level)..self.pruned >> level)
                .flatten()
                .copied()
                .map(Digest)
        })
    }

    /// Writes `nodes` of `level`, and what they complete below the next level of tiles.
    fn lay(&mut self, level: usize, first: usize, nodes: &[Digest]) {
        let (mut first, mut nodes) = (first, nodes.to_vec());
        for level in level..level + TILE_LEVELS {
            if nodes.is_empty() {
                return;
            }
            self.levels.write(level, first, &nodes);
            let mut above = alloc::vec![Digest::default(); nodes.len() / 2];
            self.hasher().nodes(&nodes, &mut above);
            (first, nodes) = (first >> 1, above);
        }
    }

    /// `at`, if proofs are made for that leaf.
    pub(crate) const fn kept_leaf(&self, at: usize) -> Result<usize, Error> {
        if at < self.pruned {
            return Err(Error::MisusePruned { index: Index(at as u64), pruned_below: self.pruned_below() });
        }
        Ok(at)
    }

    /// `size`, if the tree has had it and still has its root.
    pub(crate) fn kept_size(&self, size: Size) -> Result<usize, Error> {
        match self.reached(size)? {
            reached if 0 < reached && reached < self.pruned => {
                Err(Error::MisuseSizePruned { size, pruned_below: self.pruned_below() })
            }
            reached => Ok(reached),
        }
    }

    /// Both ends of a range whose complete subtrees are all there.
    pub(crate) fn kept_range(&self, start: Size, end: Size) -> Result<(usize, usize), Error> {
        if start > end {
            return Err(Error::MisuseRange { start, end });
        }
        let (from, to) = (self.reached(start)?, self.reached(end)?);
        match from {
            0 => Ok((0, self.kept_size(end)?)),
            _ => Ok((self.kept_leaf(from)?, to)),
        }
    }

    /// The end of a subtree that is not empty, and whose proof of consistency reads nothing that was dropped.
    pub(crate) fn kept_subtree(&self, start: Size, end: Size) -> Result<usize, Error> {
        match start.0 {
            0 => self.kept_size(end),
            _ => {
                let to = self.reached(end)?;
                self.kept_leaf(to.saturating_sub(1)).map(|_| to)
            }
        }
    }
}

/// How many hashes the partial tile of each level has, up to the last level that has tiles.
pub(crate) fn widths(size: usize) -> impl Iterator<Item = usize> {
    let shift = move |tile: usize| size.checked_shr(u32::try_from(TILE_LEVELS * tile).unwrap_or(u32::MAX));
    (0..).map_while(move |tile| shift(tile).filter(|hashes| *hashes > 0)).map(|hashes| hashes % TILE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sha256, tree::peaks};
    use alloc::vec::Vec;

    /// Shifting a number by as many bits as it has, or more, is a panic where overflow is looked for.
    #[test]
    fn above_the_bits_of_a_number_the_first_node_is_kept() {
        let bits = usize::BITS as usize;
        for at in [0, 1, 255, 256, 70_000, usize::MAX / 2 + 1, usize::MAX] {
            for level in 0..3 * bits {
                let halved = (0..level).fold(at, |at, _| at / 2);
                assert_eq!(above(at, level), halved, "{at} {level}");
                let within = if level % 8 == 0 { halved % 256 } else { halved % 2 };
                assert_eq!(first_kept(at, level), halved - within, "{at} {level}");
            }
        }
    }

    /// The blocks of the highest levels reach beyond the bits of a number of 32.
    #[test]
    fn the_largest_tree_goes_on_and_a_larger_one_is_refused() {
        let made = |size| -> Vec<Vec<Digest>> {
            widths(size).map(|width| (0..width).map(|n| Sha256.leaf(&n.to_be_bytes())).collect()).collect()
        };
        let leaves = [1, 2, 3].map(|n| Sha256.leaf(&[n]));
        let most = usize::try_from(MOST_HERE).unwrap();
        let mut tree = Tree::resume(Sha256, Size(MOST_HERE - 3), &made(most - 3)).unwrap();
        let mut frontier = tree.frontier();
        tree.append_leaf_hashes(&leaves).unwrap();
        frontier.append_leaf_hashes(&leaves).unwrap();
        assert_eq!(tree.head(), frontier.head());
        for (index, leaf) in (MOST_HERE - 3..).zip(&leaves) {
            let proof = tree.inclusion(Index(index), tree.size()).unwrap();
            assert_eq!(proof.verify(&Sha256, leaf, &tree.root()), Ok(()));
        }
        let older = Size(MOST_HERE - 1);
        let proof = tree.consistency(older, tree.size()).unwrap();
        assert_eq!(proof.verify(&Sha256, &tree.root_at(older).unwrap(), &tree.root()), Ok(()));
        tree.prune(Index(MOST_HERE)).unwrap();
        let refused = Error::MisuseTreeFull { size: Size(MOST_HERE), adding: 1, max: MOST_HERE };
        assert_eq!(tree.append_leaf_hashes(&leaves[..1]), Err(refused));

        let got = Size(MOST_HERE + 1);
        let refused = Tree::resume(Sha256, got, &made(most + 1)).unwrap_err();
        assert_eq!(refused, Error::PeerTreeTooLarge { got, max: MOST_HERE });
    }

    /// Every node that is kept after a resumption is there and right.
    #[test]
    fn what_is_kept_is_what_the_whole_tree_has() {
        let leaves: Vec<Digest> = (0..70_000u32).map(|n| Sha256.leaf(&n.to_be_bytes())).collect();
        let mut tree = Tree::new();
        tree.append_leaf_hashes(&leaves).unwrap();
        for min in [0, 1, 255, 256, 257, 1_023, 4_096, 65_535, 65_536, 65_537, 69_999, 70_000] {
            let mut pruned = tree.clone();
            pruned.prune(Index(min as u64)).unwrap();
            let edge: Vec<Vec<Digest>> = pruned.pruned_edge().map(Iterator::collect).collect();
            let mut resumed = Tree::resume(Sha256, Size(min as u64), &edge).unwrap();
            resumed.append_leaf_hashes(&leaves[min..]).unwrap();
            for level in 0..17 {
                for index in first_kept(min, level)..tree.size >> level {
                    let want = tree.levels.at(level, index);
                    assert_eq!(pruned.levels.at(level, index), want, "{min}: {level} {index}");
                    if level % 8 == 0 || index >= min >> level || peaks(min).any(|peak| peak == level) {
                        assert_eq!(resumed.levels.at(level, index), want, "{min}: {level} {index}");
                    }
                }
            }
        }
    }
}
