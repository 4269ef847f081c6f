//! Work that several threads do.

use std::{
    sync::{Mutex, PoisonError},
    thread::{self, Builder},
};

use auditmesh_types::Digest;

/// Does `work` on equal parts, at most so many at a time.
pub(crate) fn split<T: Sync>(
    parts: usize,
    input: &[T],
    out: &mut [Digest],
    work: impl Fn(&[T], &mut [Digest]) + Sync,
) {
    if parts < 2 {
        return work(input, out);
    }
    let each = input.len().div_ceil(parts);
    let jobs = input.chunks(each).zip(out.chunks_mut(each));
    share(parts, jobs, || (), |(), (input, out)| work(input, out));
}

/// Does `work` on every job, on this thread and on others, each with its `scratch`: each takes a job whenever it has none, so that a job
/// is also done when the system has no thread for it.
pub(crate) fn share<J, S>(
    threads: usize,
    jobs: impl Iterator<Item = J> + Send,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, J) + Sync,
) {
    share_over(Builder::new, threads, jobs, scratch, work);
}

fn share_over<J, S>(
    builder: impl Fn() -> Builder,
    threads: usize,
    jobs: impl Iterator<Item = J> + Send,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, J) + Sync,
) {
    let work_on = |next: &mut dyn FnMut() -> Option<J>| {
        let Some(first) = next() else { return };
        let mut scratch = scratch();
        work(&mut scratch, first);
        while let Some(job) = next() {
            work(&mut scratch, job);
        }
    };
    if threads < 2 {
        let mut jobs = jobs;
        return work_on(&mut || jobs.next());
    }
    let rest = Mutex::new(jobs);
    let work_on = || work_on(&mut || rest.lock().unwrap_or_else(PoisonError::into_inner).next());
    thread::scope(|scope| {
        for _ in 1..threads {
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
        let each = input.len().div_ceil(parts);
        let jobs = input.chunks(each).zip(out.chunks_mut(each));
        share_over(
            builder,
            parts,
            jobs,
            || (),
            |(), (input, out)| {
                seen.lock().unwrap().push(thread::current().id());
                for (number, slot) in input.iter().zip(out) {
                    assert_eq!(*slot, Digest::default(), "a part was done twice");
                    slot.0[..2].copy_from_slice(&(number + 1).to_be_bytes());
                }
            },
        );
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
