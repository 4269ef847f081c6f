use alloc::{vec, vec::Vec};
use core::ops::Range;

use auditmesh_types::Digest;

use crate::six_levels::{GROUPS, RUN, SPAN, WIDTH};

/// How many hashes a block holds: 64, 32, 16, 8, 4 and 2. The one above them is in a block of the next tier.
const DIGESTS: usize = 2 * WIDTH - 2;
/// How many blocks are allocated, and released, at once.
const CHUNK: usize = GROUPS;
/// Where each level begins in a block.
const PLACES: [usize; SPAN] = [0, 64, 96, 112, 120, 124];

/// The bytes of a block.
const BYTES: usize = 32 * DIGESTS;

/// All complete subtrees of six levels below one node, the lowest level first: just under a page.
type Block = [[u8; 32]];

/// The hashes of complete subtrees, level over level.
///
/// They lie in blocks of six levels, so that what a path needs is close together: a path through a million leaves reads
/// four places of the memory instead of twenty. Blocks lie in chunks that never move once they are full and are released
/// as a whole from the front. A node can be written where its block was opened, and read where it was written.
#[derive(Clone, Default)]
pub(crate) struct Levels {
    tiers: Vec<Tier>,
}

/// The blocks of six levels, from left to right.
#[derive(Clone, Default)]
struct Tier {
    /// How many chunks were released at the front.
    released: usize,
    /// Blocks as plain bytes, which are asked for as zeroes: fresh memory is not written twice.
    chunks: Vec<Vec<u8>>,
}

impl Levels {
    /// Makes room for the nodes of a tree of `size` leaves. A chunk that grows does so by as many blocks at once as the lowest
    /// tier has chunks, so that growing leaves few holes behind in the heap.
    pub(crate) fn open(&mut self, size: usize) {
        let (mut nodes, mut tier) = (size, 0);
        let spare = self.tiers.first().map_or(0, |lowest| lowest.chunks.len());
        while nodes > 0 {
            if self.tiers.len() == tier {
                self.tiers.push(Tier::default());
            }
            self.tiers[tier].open(nodes.div_ceil(WIDTH), spare);
            (nodes, tier) = (nodes >> SPAN, tier + 1);
        }
    }

    /// Whether a tree that grows by one leaf to `size` may need more room.
    pub(crate) const fn may_open(size: usize) -> bool {
        size % WIDTH <= 1
    }

    /// Takes back the room that a tree of `size` leaves does not need.
    pub(crate) fn truncate(&mut self, size: usize) {
        let mut nodes = size;
        for blocks in &mut self.tiers {
            blocks.truncate(nodes.div_ceil(WIDTH));
            nodes >>= SPAN;
        }
    }

    /// Releases the blocks that hold no node from `first(level)` on.
    pub(crate) fn release(&mut self, first: impl Fn(usize) -> usize) {
        for (tier, blocks) in self.tiers.iter_mut().enumerate() {
            blocks.release(lowest_block(tier, &first));
        }
    }

    /// No blocks but those that will hold nodes from `first(level)` on, for a tree of up to 2ᵇ leaves, b = `bits`.
    pub(crate) fn beginning(bits: usize, first: impl Fn(usize) -> usize) -> Self {
        let beginning = |tier| Tier { released: lowest_block(tier, &first) / CHUNK, chunks: Vec::new() };
        Self { tiers: (0..bits.div_ceil(SPAN)).map(beginning).collect() }
    }

    /// Node `index` of `level`, which was written.
    pub(crate) fn at(&self, level: usize, index: usize) -> Digest {
        let (tier, step) = (level / SPAN, level % SPAN);
        let block = self.tiers[tier].block(index >> (SPAN - step));
        Digest(block[PLACES[step] + (index & ((WIDTH >> step) - 1))])
    }

    /// Writes node `index` of `level`.
    pub(crate) fn put(&mut self, level: usize, index: usize, node: Digest) {
        let (tier, step) = (level / SPAN, level % SPAN);
        let block = self.tiers[tier].block_mut(index >> (SPAN - step));
        block[PLACES[step] + (index & ((WIDTH >> step) - 1))] = node.0;
    }

    /// Writes `nodes` at `from` and behind it.
    pub(crate) fn write(&mut self, level: usize, from: usize, nodes: &[Digest]) {
        let (step, tier) = (level % SPAN, &mut self.tiers[level / SPAN]);
        let (mut at, mut rest) = (from, nodes);
        while !rest.is_empty() {
            let within = at & ((WIDTH >> step) - 1);
            let (here, after) = rest.split_at(rest.len().min((WIDTH >> step) - within));
            let place = PLACES[step] + within;
            let slots = &mut tier.block_mut(at >> (SPAN - step))[place..place + here.len()];
            slots.iter_mut().zip(here).for_each(|(slot, node)| *slot = node.0);
            (at, rest) = (at + here.len(), after);
        }
    }

    /// The chunks of the leaves from `from` on, a multiple of a run: one a run, whole where they were opened whole.
    pub(crate) fn chunks_from(&mut self, from: usize) -> &mut [Vec<u8>] {
        self.tiers.first_mut().map_or(&mut [], |lowest| &mut lowest.chunks[from / RUN - lowest.released..])
    }

    /// The nodes of `level` in `range`, a slice a block.
    pub(crate) fn slices(&self, level: usize, range: Range<usize>) -> impl Iterator<Item = &[[u8; 32]]> {
        let step = level % SPAN;
        let (bits, place) = (SPAN - step, PLACES[step]);
        let blocks = if range.is_empty() { 0..0 } else { range.start >> bits..((range.end - 1) >> bits) + 1 };
        blocks.map(move |block| {
            let first = block << bits;
            let (from, to) = (range.start.max(first) - first, range.end.min(first + (1 << bits)) - first);
            &self.tiers[level / SPAN].block(block)[place + from..place + to]
        })
    }

    /// Writes the siblings that the path of leaf `at` has on `levels` to the beginning of `path`.
    pub(crate) fn siblings(&self, at: usize, levels: Range<usize>, path: &mut [Digest]) {
        let (mut level, mut rest) = (levels.start, path);
        while level < levels.end {
            let (tier, step) = (level / SPAN, level % SPAN);
            let (block, within) = (self.tiers[tier].block(at >> (SPAN * tier + SPAN)), at >> (SPAN * tier));
            let steps = (levels.end - level).min(SPAN - step);
            let (here, after) = rest.split_at_mut(steps);
            if let Ok(here) = <&mut [Digest; SPAN]>::try_from(&mut *here) {
                all_siblings(block, within, here);
            } else {
                for (step, sibling) in (step..).zip(here) {
                    *sibling = Digest(block[PLACES[step] + ((within >> step ^ 1) & ((WIDTH >> step) - 1))]);
                }
            }
            (level, rest) = (level + steps, after);
        }
    }

    /// The bytes that are allocated.
    pub(crate) fn allocated(&self) -> usize {
        let chunks = self.tiers.iter().flat_map(|tier| &tier.chunks);
        let blocks: usize = chunks.map(Vec::capacity).sum();
        let tables: usize = self.tiers.iter().map(|tier| tier.chunks.capacity()).sum();
        blocks + tables * size_of::<Vec<u8>>() + self.tiers.capacity() * size_of::<Tier>()
    }
}

/// Writes the nodes of a level, counted within the blocks, into the blocks of one chunk.
pub(crate) fn write_chunk(chunk: &mut [u8], step: usize, nodes: &[Digest]) {
    let (blocks, width) = (chunk.as_chunks_mut::<BYTES>().0, WIDTH >> step);
    debug_assert_eq!(blocks.len() * width, nodes.len());
    for (block, nodes) in blocks.iter_mut().zip(nodes.chunks_exact(width)) {
        let slots = &mut block.as_chunks_mut::<32>().0[PLACES[step]..PLACES[step] + width];
        slots.iter_mut().zip(nodes).for_each(|(slot, node)| *slot = node.0);
    }
}

/// The siblings of one node on all levels of a block; every place is known to be within it.
fn all_siblings(block: &Block, within: usize, siblings: &mut [Digest; SPAN]) {
    let Some(block) = block.first_chunk::<DIGESTS>() else { return };
    siblings[0] = Digest(block[(within ^ 1) & 63]);
    siblings[1] = Digest(block[64 + ((within >> 1 ^ 1) & 31)]);
    siblings[2] = Digest(block[96 + ((within >> 2 ^ 1) & 15)]);
    siblings[3] = Digest(block[112 + ((within >> 3 ^ 1) & 7)]);
    siblings[4] = Digest(block[120 + ((within >> 4 ^ 1) & 3)]);
    siblings[5] = Digest(block[124 + ((within >> 5 ^ 1) & 1)]);
}

/// The first block of a tier that holds one of the nodes from `first(level)` on.
fn lowest_block(tier: usize, first: &impl Fn(usize) -> usize) -> usize {
    (0..SPAN).map(|step| first(SPAN * tier + step) >> (SPAN - step)).min().unwrap_or(0)
}

impl Tier {
    fn block(&self, block: usize) -> &Block {
        let blocks = self.chunks[block / CHUNK - self.released].as_chunks::<BYTES>().0;
        blocks[block % CHUNK].as_chunks().0
    }

    fn block_mut(&mut self, block: usize) -> &mut Block {
        let blocks = self.chunks[block / CHUNK - self.released].as_chunks_mut::<BYTES>().0;
        blocks[block % CHUNK].as_chunks_mut().0
    }

    /// Adds blocks until there are `blocks`, the released ones included: of a chunk as many as are needed, or `spare` where those
    /// are more and it has room for them.
    fn open(&mut self, blocks: usize, spare: usize) {
        let chunks = (blocks.div_ceil(CHUNK)).saturating_sub(self.released);
        self.chunks.reserve(chunks.saturating_sub(self.chunks.len()));
        for chunk in self.chunks.len().max(1) - 1..chunks {
            if chunk == self.chunks.len() {
                self.chunks.push(Vec::new());
            }
            let want = (blocks - (self.released + chunk) * CHUNK).min(CHUNK);
            let chunk = &mut self.chunks[chunk];
            let have = chunk.len() / BYTES;
            if want > have {
                let room = want.max((have + spare).min(CHUNK));
                if have == 0 {
                    *chunk = vec![0; room * BYTES];
                } else {
                    chunk.reserve_exact((room - have) * BYTES);
                    chunk.resize(room * BYTES, 0);
                }
            }
        }
    }

    /// Takes back the chunks behind the first `blocks` blocks, the released ones included.
    fn truncate(&mut self, blocks: usize) {
        self.chunks.truncate(blocks.div_ceil(CHUNK).saturating_sub(self.released));
    }

    fn release(&mut self, lowest: usize) {
        let released = (lowest / CHUNK).saturating_sub(self.released).min(self.chunks.len());
        self.chunks.drain(..released);
        self.chunks.shrink_to_fit();
        self.released += released;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(level: usize, index: usize) -> Digest {
        let mut bytes = [0; 32];
        bytes[0] = u8::try_from(level).unwrap();
        bytes[1..9].copy_from_slice(&(index as u64).to_be_bytes());
        Digest(bytes)
    }

    fn filled(size: usize) -> Levels {
        let mut levels = Levels::default();
        levels.open(size);
        for level in 0..usize::BITS as usize {
            let nodes: Vec<Digest> = (0..size >> level).map(|index| mark(level, index)).collect();
            if !nodes.is_empty() {
                levels.write(level, 0, &nodes);
            }
        }
        levels
    }

    #[test]
    fn every_node_has_a_place_of_its_own() {
        let size = 70_000;
        let levels = filled(size);
        for level in 0..17 {
            for index in 0..size >> level {
                assert_eq!(levels.at(level, index), mark(level, index), "{level} {index}");
            }
            let range = (size >> level) / 3..(size >> level) * 2 / 3;
            let read: Vec<Digest> =
                levels.slices(level, range.clone()).flatten().copied().map(Digest).collect();
            assert_eq!(read, range.map(|index| mark(level, index)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn siblings_are_read_at_any_height() {
        let levels = filled(1 << 13);
        for from in 0..13 {
            for to in from..13 {
                for at in [0, 1, 63, 64, 100, 4_095, 4_096, 8_191] {
                    let mut path = [Digest::default(); 13];
                    levels.siblings(at, from..to, &mut path);
                    for (level, sibling) in (from..to).zip(path) {
                        assert_eq!(sibling, mark(level, at >> level ^ 1), "{from} {to} {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_released_is_released_and_the_rest_stays() {
        let (size, min) = (100_000, 90_001);
        let mut levels = filled(size);
        let before = levels.allocated();
        levels.release(|level| min >> level);
        assert!(levels.allocated() < before / 5, "{} of {before}", levels.allocated());
        for level in 0..16 {
            for index in min >> level..size >> level {
                assert_eq!(levels.at(level, index), mark(level, index));
            }
        }
        levels.truncate(min);
        levels.open(size);
        assert_eq!(levels.at(0, min - 1), mark(0, min - 1));
    }
}
