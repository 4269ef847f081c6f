//! Medians of interleaved runs.

use std::{collections::BTreeMap, hint::black_box, time::Instant};

use serde::Serialize;

/// One line of the table: the same work by us and by the peers.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    /// What was done.
    pub(crate) work: String,
    /// What the numbers count.
    pub(crate) unit: &'static str,
    /// Ours.
    pub(crate) ours: f64,
    /// The peers' that can do it.
    pub(crate) peers: BTreeMap<&'static str, f64>,
    /// What the machine allows, where that can be measured.
    pub(crate) limit: Option<f64>,
}

/// Somebody's way of doing the work: a name and what is timed.
pub(crate) struct Contender<'a>(&'static str, Box<dyn FnMut() + 'a>);

impl<'a> Contender<'a> {
    /// One whose result must be `wanted`: it is checked once, before anything is timed.
    pub(crate) fn checked(
        name: &'static str,
        wanted: [u8; 32],
        mut work: impl FnMut() -> [u8; 32] + 'a,
    ) -> Self {
        assert_eq!(work(), wanted, "{name} gives another result");
        Self::new(name, work)
    }

    /// One whose result cannot be compared.
    pub(crate) fn new<T>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Self {
        Self(name, Box::new(move || drop(black_box(work()))))
    }
}

/// Runs every contender in turn, `runs` times; nanoseconds by `per`. The first is ours.
pub(crate) fn race(
    work: &str,
    unit: &'static str,
    per: u64,
    runs: usize,
    mut all: Vec<Contender<'_>>,
) -> Figure {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); all.len()];
    for _ in 0..runs {
        for (Contender(_, run), times) in all.iter_mut().zip(&mut times) {
            let since = Instant::now();
            run();
            times.push(since.elapsed().as_nanos() as f64 / per as f64);
        }
    }
    let mut medians = all.iter().zip(times).map(|(Contender(name, _), times)| (*name, median(times)));
    let ours = medians.next().map_or(0.0, |(_, ours)| ours);
    let peers: BTreeMap<&'static str, f64> = medians.collect();
    println!("{work:<38} {ours:>9.2} {unit:<9} {peers:.1?}");
    Figure { work: work.to_owned(), unit, ours, peers, limit: None }
}

/// The middle of `times`.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
