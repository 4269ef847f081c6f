//! How leaves are added to a tree: one alone, or many at once.

use alloc::{vec, vec::Vec};
use core::mem;

use auditmesh_types::{Digest, Hasher};

use crate::{Tree, levels::Levels};

/// Two rows of nodes, one to read and one to write, kept from one stretch of leaves to the next.
pub(crate) struct Rows {
    below: Vec<Digest>,
    above: Vec<Digest>,
}

impl Rows {
    /// For at most so many leaves at once.
    pub(crate) fn new(leaves: usize) -> Self {
        let row = |nodes| vec![Digest::default(); nodes + 3];
        Self { below: row(leaves / 2), above: row(leaves / 4) }
    }
}

impl<H: Hasher> Tree<H> {
    /// How many of `leaves` leaves are taken at once: all of their subtrees are hashed while they are in the cache.
    pub(crate) fn stride(&self, leaves: usize) -> usize {
        self.hasher().stride().min(leaves).max(1)
    }

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

    /// Appends leaves, for which there is room, and hashes the subtrees that they complete, one level after the other.
    pub(crate) fn grow(&mut self, leaves: &[Digest], rows: &mut Rows) {
        let old = self.size;
        self.size += leaves.len();
        self.levels.write(0, old, leaves);
        let (mut below, mut above) = (&mut rows.below, &mut rows.above);
        // The first place of a row is for the left sibling of the first new node, where that has one.
        let (mut level, mut count) = (1, (leaves.len() + (old & 1)) / 2);
        match leaves.split_first() {
            Some((first, leaves)) if old & 1 == 1 => {
                below[1] = self.hasher().node(&self.levels.at(0, old - 1), first);
                self.hasher().nodes(leaves, &mut below[2..=count]);
            }
            _ => self.hasher().nodes(leaves, &mut below[1..=count]),
        }
        while count > 0 {
            let have = old >> level;
            self.levels.write(level, have, &below[1..=count]);
            if have & 1 == 1 {
                below[0] = self.levels.at(level, have - 1);
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
