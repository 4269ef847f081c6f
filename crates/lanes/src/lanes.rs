#[cfg(target_arch = "x86_64")]
use core::array;
use core::num::NonZeroUsize;
use std::{
    sync::{Mutex, PoisonError},
    thread::{self, Builder},
};

use auditmesh_types::{Digest, Hasher};

use crate::{Kernel, portable};
#[cfg(target_arch = "x86_64")]
use crate::{avx512, sha_ni};

/// Below this many messages a thread, one thread does them all: starting one costs as much as a thousand nodes.
const MESSAGES_A_THREAD: usize = 2048;

/// Below this many bytes a thread, one thread hashes all leaves.
const BYTES_A_THREAD: usize = 256 << 10;

/// How many leaves and their nodes stay in a core's second cache.
const STRIDE_OF_ONE: usize = 1 << 14;

/// How many leaves it takes for their nodes to be worth more than one thread down to the last few levels.
const STRIDE_OF_MORE: usize = 1 << 17;

/// Hashes leaves and nodes with the fastest [`Kernel`] of this processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lanes {
    kernel: Kernel,
    threads: NonZeroUsize,
}

impl Lanes {
    /// The fastest kernel there is, on the caller's thread alone.
    #[must_use]
    pub fn new() -> Self {
        Self { kernel: Kernel::fastest(), threads: NonZeroUsize::MIN }
    }

    /// A given kernel; `None` when this processor does not have it.
    #[must_use]
    pub fn with_kernel(kernel: Kernel) -> Option<Self> {
        kernel.is_here().then_some(Self { kernel, threads: NonZeroUsize::MIN })
    }

    /// Splits long runs over at most `threads` threads. The digests are the same.
    #[must_use]
    pub const fn with_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
    }

    /// The kernel in use.
    #[must_use]
    pub const fn kernel(&self) -> Kernel {
        self.kernel
    }

    fn nodes_here(&self, pairs: &[[Digest; 2]], out: &mut [Digest]) {
        #[cfg(target_arch = "x86_64")]
        if self.kernel >= Kernel::ShaNi {
            return self.nodes_side_by_side(pairs, out);
        }
        for (pair, slot) in pairs.iter().zip(out) {
            *slot = portable::node(pair);
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn nodes_side_by_side(&self, mut pairs: &[[Digest; 2]], mut out: &mut [Digest]) {
        if self.kernel == Kernel::Avx512 {
            let (groups, rest) = pairs.as_chunks();
            let (slots, rest_out) = out.as_chunks_mut();
            let (twos, one) = groups.as_chunks::<2>();
            let (two_slots, one_slot) = slots.as_chunks_mut();
            twos.iter().zip(two_slots).for_each(|(pairs, slots)| avx512::nodes(pairs, slots));
            one.iter()
                .zip(one_slot)
                .for_each(|(pairs, slot)| avx512::nodes(&[*pairs], array::from_mut(slot)));
            (pairs, out) = (rest, rest_out);
            if pairs.len() >= avx512::WORTH_SIXTEEN {
                let mut padded = [[[Digest::default(); 2]; avx512::LANES]];
                padded[0][..pairs.len()].copy_from_slice(pairs);
                let mut digests = [[Digest::default(); avx512::LANES]];
                avx512::nodes(&padded, &mut digests);
                return out.copy_from_slice(&digests[0][..pairs.len()]);
            }
        }
        let (fours, rest) = pairs.as_chunks();
        let (slots, rest_out) = out.as_chunks_mut();
        for (pairs, slots) in fours.iter().zip(slots) {
            sha_ni::nodes::<4>(pairs, slots);
        }
        for (pair, slot) in rest.iter().zip(rest_out) {
            sha_ni::nodes::<1>(array::from_ref(pair), array::from_mut(slot));
        }
    }

    fn leaves_here(&self, entries: &[&[u8]], out: &mut [Digest]) {
        #[cfg(target_arch = "x86_64")]
        if self.kernel >= Kernel::ShaNi {
            return crate::leaves::by_length(self.kernel, entries, out);
        }
        for (entry, slot) in entries.iter().zip(out) {
            *slot = portable::leaf(entry);
        }
    }

    /// How many threads a run of `messages` and `bytes` is worth.
    fn worth(&self, messages: usize, bytes: usize) -> usize {
        let by_size = (messages / MESSAGES_A_THREAD).max(bytes / BYTES_A_THREAD);
        self.threads.get().min(by_size).max(1)
    }
}

impl Default for Lanes {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher for Lanes {
    fn stride(&self) -> usize {
        if self.threads.get() > 1 { STRIDE_OF_MORE } else { STRIDE_OF_ONE }
    }

    fn leaf(&self, entry: &[u8]) -> Digest {
        let mut out = [Digest::default()];
        self.leaves_here(&[entry], &mut out);
        out[0]
    }

    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        let pair = [*left, *right];
        #[cfg(target_arch = "x86_64")]
        if self.kernel >= Kernel::ShaNi {
            let mut out = [Digest::default()];
            sha_ni::nodes(&[pair], &mut out);
            return out[0];
        }
        portable::node(&pair)
    }

    fn leaves(&self, entries: &[&[u8]], out: &mut [Digest]) {
        let count = entries.len().min(out.len());
        let (entries, out) = (&entries[..count], &mut out[..count]);
        let bytes = || entries.iter().map(|entry| entry.len()).sum();
        let threads = if self.threads.get() > 1 { self.worth(count, bytes()) } else { 1 };
        split(threads, entries, out, |entries, out| self.leaves_here(entries, out));
    }

    fn nodes(&self, children: &[Digest], out: &mut [Digest]) {
        let (pairs, _) = children.as_chunks();
        let count = pairs.len().min(out.len());
        let threads = self.worth(count, 0);
        split(threads, &pairs[..count], &mut out[..count], |pairs, out| self.nodes_here(pairs, out));
    }
}

/// Does `work` on equal parts, on this thread and on others: each takes a part whenever it has none, so that a part is also
/// done when the system has no thread for it.
fn split<T: Sync>(parts: usize, input: &[T], out: &mut [Digest], work: impl Fn(&[T], &mut [Digest]) + Sync) {
    split_over(Builder::new, parts, input, out, work);
}

fn split_over<T: Sync>(
    builder: impl Fn() -> Builder,
    parts: usize,
    input: &[T],
    out: &mut [Digest],
    work: impl Fn(&[T], &mut [Digest]) + Sync,
) {
    if parts < 2 {
        return work(input, out);
    }
    let each = input.len().div_ceil(parts);
    let rest = Mutex::new(input.chunks(each).zip(out.chunks_mut(each)));
    let next = || rest.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work_on = || {
        while let Some((input, out)) = next() {
            work(input, out);
        }
    };
    thread::scope(|scope| {
        for _ in 1..parts {
            if builder().spawn_scoped(scope, work_on).is_err() {
                break;
            }
        }
        work_on();
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, thread::ThreadId};

    /// The threads that the parts were done on; every part was done once.
    fn threads(builder: impl Fn() -> Builder, parts: usize) -> BTreeSet<String> {
        let input: Vec<u16> = (0..1_000).collect();
        let mut out = vec![Digest::default(); 1_000];
        let seen = Mutex::new(Vec::<ThreadId>::new());
        split_over(builder, parts, &input, &mut out, |input, out| {
            seen.lock().unwrap().push(thread::current().id());
            for (number, slot) in input.iter().zip(out) {
                assert_eq!(*slot, Digest::default(), "a part was done twice");
                slot.0[..2].copy_from_slice(&(number + 1).to_be_bytes());
            }
        });
        for (digest, number) in out.iter().zip(1u16..) {
            assert_eq!(digest.0[..2], number.to_be_bytes());
        }
        let seen = seen.into_inner().unwrap();
        assert_eq!(seen.len(), parts);
        seen.into_iter().map(|thread| format!("{thread:?}")).collect()
    }

    #[test]
    fn every_part_is_done_once() {
        for parts in [1, 2, 3, 7, 8] {
            assert!((1..=parts).contains(&threads(Builder::new, parts).len()), "{parts}");
        }
    }

    /// A stack of an exabyte is what no system gives.
    #[test]
    #[cfg_attr(miri, ignore = "its threads need no stack")]
    #[cfg(target_pointer_width = "64")]
    fn without_a_thread_all_parts_are_done_here() {
        let none = || Builder::new().stack_size(1 << 60);
        assert!(none().spawn(|| ()).is_err());
        let here = BTreeSet::from([format!("{:?}", thread::current().id())]);
        assert_eq!(threads(none, 5), here);
        // One is given and no further.
        let asked = core::cell::Cell::new(0);
        let one = || {
            asked.set(asked.get() + 1);
            if asked.get() == 1 { Builder::new() } else { none() }
        };
        assert!(threads(one, 5).len() <= 2);
        assert_eq!(asked.get(), 2, "after a refusal no further thread is asked for");
    }
}
