#[cfg(target_arch = "x86_64")]
use core::array;
use core::num::NonZeroUsize;

use auditmesh_types::{Digest, Hasher};

use crate::{
    Kernel, portable,
    threads::{share, split},
};
#[cfg(target_arch = "x86_64")]
use crate::{avx512, sha_ni};

/// Below this many messages a thread, one thread does them all: starting one costs as much as a thousand nodes.
const MESSAGES_A_THREAD: usize = 2048;

/// Below this many bytes a thread, one thread hashes all leaves.
const BYTES_A_THREAD: usize = 256 << 10;

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

    /// Shares jobs among at most `threads` threads, and splits long runs over them. The digests are the same.
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
        for ([left, right], slot) in rest.iter().zip(rest_out) {
            *slot = sha_ni::node(left, right);
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
    fn leaf(&self, entry: &[u8]) -> Digest {
        let mut out = [Digest::default()];
        self.leaves_here(&[entry], &mut out);
        out[0]
    }

    fn node(&self, left: &Digest, right: &Digest) -> Digest {
        #[cfg(target_arch = "x86_64")]
        if self.kernel >= Kernel::ShaNi {
            return sha_ni::node(left, right);
        }
        portable::node(&[*left, *right])
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

    fn share<J: Send, S>(
        &self,
        jobs: impl ExactSizeIterator<Item = J> + Send,
        scratch: impl Fn() -> S + Sync,
        work: impl Fn(&Self, &mut S, J) + Sync,
    ) {
        let at_once = self.threads.get().min(jobs.len()).max(1);
        // What is left over is for runs within the jobs.
        let each = NonZeroUsize::new(self.threads.get() / at_once).unwrap_or(NonZeroUsize::MIN);
        share(at_once, jobs, scratch, |scratch, job| work(&self.with_threads(each), scratch, job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Barrier, Mutex};

    /// The hashers that the jobs are given.
    fn given(threads: usize, jobs: usize) -> Vec<Lanes> {
        let seen = Mutex::new(Vec::new());
        let lanes = Lanes::new().with_threads(NonZeroUsize::new(threads).unwrap());
        lanes.share(0..jobs, || (), |hasher, (), _| seen.lock().unwrap().push(*hasher));
        seen.into_inner().unwrap()
    }

    #[test]
    fn jobs_that_are_done_together_have_no_more_threads_than_there_are() {
        for (threads, jobs, each) in [(1, 5, 1), (2, 0, 2), (2, 1, 2), (2, 2, 1), (7, 2, 3), (7, 30, 1)] {
            let each = Lanes::new().with_threads(NonZeroUsize::new(each).unwrap());
            assert_eq!(given(threads, jobs), vec![each; jobs], "{threads} threads, {jobs} jobs");
        }
    }

    /// Each of two jobs waits until the other one has begun.
    #[test]
    fn two_threads_do_two_jobs_at_a_time() {
        let (both, lanes) = (Barrier::new(2), Lanes::new().with_threads(NonZeroUsize::new(2).unwrap()));
        lanes.share(
            0..4,
            || (),
            |_, (), _| {
                both.wait();
            },
        );
    }
}
