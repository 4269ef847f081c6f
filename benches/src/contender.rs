use std::{
    fmt,
    hint::black_box,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};

/// Somebody's way of doing the work: a name and what is timed.
pub struct Contender<'a> {
    name: &'static str,
    timed: Box<dyn FnMut() -> Duration + 'a>,
}

impl<'a> Contender<'a> {
    /// What we are called.
    pub const OURS: &'static str = "auditmesh";

    /// One whose result must be `wanted`: it is checked once, before anything is timed.
    pub fn checked(name: &'static str, wanted: [u8; 32], mut work: impl FnMut() -> [u8; 32] + 'a) -> Self {
        assert_eq!(work(), wanted, "{name} gives another result");
        Self::new(name, work)
    }

    /// One whose result cannot be compared.
    pub fn new<T>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Self {
        Self::prepared(name, (), |()| {}, move |()| work())
    }

    /// One that does the same nine times before every run, which is not timed: what it reads is in the caches as far as they hold it, as
    /// in a loop, whatever the others did in between.
    pub fn again<T>(name: &'static str, work: impl Fn() -> T + 'a) -> Self {
        let timed = move || {
            for _ in 0..9 {
                drop(black_box(work()));
            }
            let since = now();
            drop(black_box(work()));
            since.elapsed()
        };
        Self { name, timed: Box::new(timed) }
    }

    /// One that has nothing in the caches: before every run all of `others` is read, which is more than they hold.
    pub fn cold<T>(name: &'static str, others: &'a [u64], mut work: impl FnMut() -> T + 'a) -> Self {
        let read = move |sum: &mut u64| *sum = black_box(others.iter().fold(*sum, |sum, word| sum ^ word));
        Self::prepared(name, 0, read, move |_| work())
    }

    /// One whose time is that of the processor, so that what else runs on the machine counts less.
    pub fn metered<T>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Self {
        let timed = move || {
            let since = cpu_time();
            drop(black_box(work()));
            cpu_time().saturating_sub(since)
        };
        Self { name, timed: Box::new(timed) }
    }

    /// One that makes `state` ready before every run, which is not timed.
    pub fn prepared<S: 'a, T>(
        name: &'static str,
        mut state: S,
        mut prepare: impl FnMut(&mut S) + 'a,
        mut work: impl FnMut(&mut S) -> T + 'a,
    ) -> Self {
        let timed = move || {
            prepare(&mut state);
            let since = now();
            drop(black_box(work(&mut state)));
            since.elapsed()
        };
        Self { name, timed: Box::new(timed) }
    }

    /// Who it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How long one run takes.
    pub fn time(&mut self) -> Duration {
        (self.timed)()
    }
}

impl fmt::Debug for Contender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Contender").field(&self.name).finish()
    }
}

/// How long this thread was on a processor.
#[must_use]
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

#[allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn now() -> Instant {
    Instant::now()
}
