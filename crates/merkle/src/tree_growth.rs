//! How leaves are added to a tree: one alone, some, or many at once.

use alloc::{vec, vec::Vec};
use core::mem;

use auditmesh_types::{Digest, Hasher};

use crate::{
    Tree,
    levels::{Levels, write_chunk},
    six_levels::{GROUPS, RUN, SPAN, SixLevels},
};

/// How the leaf hashes of what is appended are had; they may be written to the buffer.
pub(crate) type LeafHashes<H, T> = for<'a> fn(&H, &'a [T], &'a mut Vec<Digest>) -> &'a [Digest];

/// Of entries.
pub(crate) fn hashed<'a, H: Hasher>(
    hasher: &H,
    entries: &'a [&[u8]],
    buffer: &'a mut Vec<Digest>,
) -> &'a [Digest] {
    buffer.resize(entries.len(), Digest::default());
    hasher.leaves(entries, buffer);
    buffer
}

/// Of leaf hashes.
pub(crate) fn as_they_are<'a, H>(_: &H, leaves: &'a [Digest], _: &'a mut Vec<Digest>) -> &'a [Digest] {
    leaves
}

impl<H: Hasher> Tree<H> {
    /// Appends one leaf and hashes the subtrees that it completes.
    pub(crate) fn push(&mut self, leaf: Digest) {
        let at = self.size;
        self.size += 1;
        if Levels::may_open(self.size) {
            self.levels.open(self.size);
        }
        self.levels.put(0, at, leaf);
        let mut node = leaf;
        for level in 0..at.trailing_ones() as usize {
            node = self.hasher().node(&self.levels.at(level, (at >> level) - 1), &node);
            self.levels.put(level + 1, at >> (level + 1), node);
        }
    }

    /// Appends leaves, for which there is room, and hashes the subtrees that they complete; `a_job` runs of them are worth a thread.
    pub(crate) fn extend<T: Sync>(&mut self, items: &[T], leaf_hashes: LeafHashes<H, T>, a_job: usize) {
        self.levels.open(self.size + items.len());
        let (head, rest) = items.split_at((self.size.wrapping_neg() % RUN).min(items.len()));
        let (runs, tail) = rest.as_chunks();
        if runs.is_empty() {
            return self.extend_by_some(items, leaf_hashes);
        }
        self.extend_by_some(head, leaf_hashes);
        self.extend_by_runs(runs, leaf_hashes, a_job);
        self.extend_by_some(tail, leaf_hashes);
    }

    fn extend_by_some<T>(&mut self, items: &[T], leaf_hashes: LeafHashes<H, T>) {
        if !items.is_empty() {
            let mut buffer = Vec::new();
            let leaves = leaf_hashes(self.hasher(), items, &mut buffer);
            self.grow(0, leaves);
        }
    }

    /// The size is a multiple of a run. Six levels of each run are hashed and written while it is in the cache, on any thread.
    fn extend_by_runs<T: Sync>(&mut self, runs: &[[T; RUN]], leaf_hashes: LeafHashes<H, T>, a_job: usize) {
        let mut roots = vec![[Digest::default(); GROUPS]; runs.len()];
        let chunks = self.levels.chunks_from(self.size);
        debug_assert!(chunks.len() >= runs.len(), "{} chunks for {} runs", chunks.len(), runs.len());
        let jobs = runs.chunks(a_job).zip(chunks.chunks_mut(a_job)).zip(roots.chunks_mut(a_job));
        let scratch = || (SixLevels::new(RUN), Vec::new());
        self.hasher.share(jobs, scratch, |hasher, (levels, buffer), ((runs, chunks), roots)| {
            for ((run, chunk), roots) in runs.iter().zip(chunks).zip(roots) {
                let leaves = leaf_hashes(hasher, run, buffer);
                write_chunk(chunk, 0, leaves);
                let above = levels.above(hasher, leaves, |level, nodes| write_chunk(chunk, level, nodes));
                roots.copy_from_slice(above);
            }
        });
        // What is within the chunks was written; from here on it is as if they were 64 times fewer leaves.
        for roots in roots.as_flattened().chunks(RUN) {
            self.grow(SPAN, roots);
        }
    }

    /// Appends complete subtrees of 2^`base` leaves, the size being a multiple of that, and hashes those that they complete, one
    /// level after the other.
    fn grow(&mut self, base: usize, subtrees: &[Digest]) {
        let old = self.size >> base;
        self.size += subtrees.len() << base;
        self.levels.write(base, old, subtrees);
        // The first place of a row is for the left sibling of the first new node, where that has one.
        let row = |nodes| vec![Digest::default(); nodes + 3];
        let (mut below, mut above) = (row(subtrees.len() / 2), row(subtrees.len() / 4));
        let (mut level, mut count) = (1, (subtrees.len() + (old & 1)) / 2);
        match subtrees.split_first() {
            Some((first, others)) if old & 1 == 1 => {
                below[1] = self.hasher().node(&self.levels.at(base, old - 1), first);
                self.hasher().nodes(others, &mut below[2..=count]);
            }
            _ => self.hasher().nodes(subtrees, &mut below[1..=count]),
        }
        while count > 0 {
            let have = old >> level;
            self.levels.write(base + level, have, &below[1..=count]);
            if have & 1 == 1 {
                below[0] = self.levels.at(base + level, have - 1);
            }
            let children = &below[1 - (have & 1)..=count];
            count = children.len() / 2;
            if count > 0 {
                self.hasher().nodes(children, &mut above[1..=count]);
            }
            mem::swap(&mut below, &mut above);
            level += 1;
        }
    }
}
