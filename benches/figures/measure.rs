//! Medians of interleaved runs.

use std::collections::BTreeMap;

use auditmesh_benches::Work;
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

impl Figure {
    /// Says the line as soon as it is known.
    pub(crate) fn said(self) -> Self {
        let Self { work, unit, ours, peers, limit } = &self;
        let limit = limit.map_or_else(String::new, |limit| format!("limit {limit:.2}"));
        println!("{work:<38} {ours:>9.2} {unit:<9} {peers:.1?} {limit}");
        self
    }

    /// How many times as much as ours a peer takes. Of a rate that is how many times as fast ours is.
    pub(crate) fn ratio(&self, peer: f64) -> f64 {
        if self.unit == "1/s" { self.ours / peer } else { peer / self.ours }
    }

    /// The peer that takes least, and how many times as much as ours that is.
    pub(crate) fn fastest(&self) -> Option<(&'static str, f64)> {
        let peers = self.peers.iter().map(|(peer, value)| (*peer, self.ratio(*value)));
        peers.min_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}

/// Runs every contender in turn, as often as the work says, after one run of each that is not counted.
pub(crate) fn race(work: Work<'_>) -> Figure {
    let Work { name, unit, per, runs, mut contenders } = work;
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contenders.len()];
    for run in 0..=runs {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            let time = contender.time().as_nanos() as f64 / per as f64;
            times.extend((run > 0).then_some(time));
        }
    }
    let mut medians = contenders.iter().zip(times).map(|(who, times)| (who.name(), median(times)));
    let ours = medians.next().map_or(0.0, |(_, ours)| ours);
    let mut peers: BTreeMap<&'static str, f64> = medians.collect();
    let limits = [auditmesh_benches::ONE_FILE, auditmesh_benches::SIGNATURES_ALONE];
    let limit = limits.into_iter().find_map(|least| peers.remove(least));
    Figure { work: name.to_owned(), unit, ours, peers, limit }
}

/// The middle of `times`.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
