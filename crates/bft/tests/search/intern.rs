//! Things by number: equal things have equal numbers, compared in full and not by their hash.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
    ops::Index,
    sync::Arc,
};

/// A map that is looked up and never walked, with a quick hash that is the same in every run.
pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

/// A multiplicative hash.
#[derive(Default, Clone, Copy)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(n.into());
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(n.into());
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(25) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

/// Each distinct thing once.
pub(crate) struct Intern<T> {
    things: Vec<Arc<T>>,
    numbers: Map<Arc<T>, u32>,
}

impl<T> Default for Intern<T> {
    fn default() -> Self {
        Self { things: Vec::new(), numbers: Map::default() }
    }
}

impl<T: Hash + Eq> Intern<T> {
    /// The number of `thing`.
    pub(crate) fn number(&mut self, thing: T) -> u32 {
        if let Some(number) = self.numbers.get(&thing) {
            return *number;
        }
        let number = u32::try_from(self.things.len()).unwrap();
        let thing = Arc::new(thing);
        self.things.push(Arc::clone(&thing));
        self.numbers.insert(thing, number);
        number
    }

    /// The number of `thing`, if it has one.
    pub(crate) fn find(&self, thing: &T) -> Option<u32> {
        self.numbers.get(thing).copied()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.things.len()
    }
}

impl<T> Index<u32> for Intern<T> {
    type Output = Arc<T>;

    fn index(&self, number: u32) -> &Arc<T> {
        &self.things[number as usize]
    }
}
