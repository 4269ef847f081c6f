//! The batcher suite accepts a plain one and refuses faulty ones.
#![allow(clippy::unwrap_used, reason = "a reference in a test stops where it cannot go on")]

use std::collections::BTreeMap;
use std::{error, fmt};

use auditmesh_conformance::{batcher, rejects};
use auditmesh_types::{Batch, Batcher, EventId, MemberId, Millis, Record};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    AsTheyCame,
    ByTimeAlone,
    IgnoresLimit,
    ZeroLoses,
    EmptyBatch,
    NewestOfLast,
    NewestEver,
    AllowsRepeats,
    ForgetsSealed,
    AllowsGaps,
    RefusedAdvances,
    DepthCountsRefused,
    LargeEntries,
    AnyFirst,
    NamesFirstMember,
    Backwards,
    FairWhenShort,
    NoDepth,
}

struct Event(MemberId, u64, Millis);

#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl error::Error for Refused {}

struct Plain {
    flaw: Flaw,
    first: u64,
    next: BTreeMap<MemberId, u64>,
    waiting: Vec<Event>,
    refused: usize,
    newest: Millis,
}

impl Plain {
    fn new(flaw: Flaw, first: u64) -> Self {
        Self { flaw, first, next: BTreeMap::new(), waiting: Vec::new(), refused: 0, newest: Millis(0) }
    }

    /// The place of the next event: of the first that waits of every source, the one with the least time and name.
    fn least(&self, short: bool) -> usize {
        let first = |n: &usize| {
            let (source, sequence) = (&self.waiting[*n].0, self.waiting[*n].1);
            self.waiting.iter().all(|other| other.0 != *source || other.1 >= sequence)
        };
        let all = 0..self.waiting.len();
        let key = |n: &usize| (self.waiting[*n].2, self.waiting[*n].0.clone());
        match self.flaw {
            Flaw::AsTheyCame => 0,
            Flaw::Backwards => all.max_by_key(|n| (key(n), self.waiting[*n].1)).unwrap_or(0),
            Flaw::FairWhenShort if short => {
                all.filter(first).min_by_key(|n| self.waiting[*n].0.clone()).unwrap_or(0)
            }
            Flaw::ByTimeAlone => all.min_by_key(|n| self.waiting[*n].2).unwrap_or(0),
            _ => all.filter(first).min_by_key(key).unwrap_or(0),
        }
    }

    fn record(&self, event: &Event) -> Record {
        let length = if self.flaw == Flaw::LargeEntries { 65_536 } else { 40 };
        Record {
            id: EventId::new(format!("{}/{}/{}", event.0, event.1, event.2)).unwrap(),
            member: if self.flaw == Flaw::NamesFirstMember {
                MemberId::new("APAC-1").unwrap()
            } else {
                event.0.clone()
            },
            entry: vec![7; length],
        }
    }
}

impl Batcher for Plain {
    type Event = Event;
    type Error = Refused;

    fn push(&mut self, event: Event) -> Result<(), Refused> {
        let start = if self.flaw == Flaw::AnyFirst { event.1 } else { self.first };
        let next = self.next.entry(event.0.clone()).or_insert(start);
        let repeat = event.1 < *next && self.flaw != Flaw::AllowsRepeats;
        let gap = event.1 > *next && self.flaw != Flaw::AllowsGaps;
        if repeat || gap {
            match self.flaw {
                Flaw::RefusedAdvances => *next += 1,
                Flaw::DepthCountsRefused => self.refused += 1,
                _ => {}
            }
            return Err(Refused);
        }
        *next = event.1 + 1;
        self.waiting.push(event);
        Ok(())
    }

    fn seal(&mut self, limit: usize) -> Option<Batch> {
        if self.waiting.is_empty() {
            return (self.flaw == Flaw::EmptyBatch).then(Batch::default);
        }
        if limit == 0 && self.flaw == Flaw::ZeroLoses {
            self.waiting.clear();
        }
        let limit = if self.flaw == Flaw::IgnoresLimit && limit > 0 { usize::MAX } else { limit };
        let mut batch = Batch::default();
        let short = limit < self.waiting.len();
        while !self.waiting.is_empty() && batch.records.len() < limit {
            let event = self.waiting.remove(self.least(short));
            batch.records.push(self.record(&event));
            batch.newest = if self.flaw == Flaw::NewestOfLast { event.2 } else { batch.newest.max(event.2) };
        }
        self.newest = self.newest.max(batch.newest);
        if self.flaw == Flaw::NewestEver {
            batch.newest = self.newest.max(Millis(9_000));
        }
        if self.flaw == Flaw::ForgetsSealed {
            self.next.clear();
        }
        Some(batch)
    }

    fn depth(&self) -> usize {
        if self.flaw == Flaw::NoDepth { 0 } else { self.waiting.len() + self.refused }
    }
}

fn run(flaw: Flaw, first: u64) {
    batcher(|| Plain::new(flaw, first), |member, sequence, at| Event(member.clone(), sequence, at));
}

#[test]
fn accepts_sources_that_count_from_zero_and_from_one() {
    run(Flaw::None, 0);
    run(Flaw::None, 1);
}

#[test]
fn refuses_faulty_batchers() {
    for (flaw, rule) in [
        (Flaw::NamesFirstMember, "batcher/member"),
        (Flaw::Backwards, "batcher/sequence-ascends"),
        (Flaw::FairWhenShort, "batcher/total-order"),
        (Flaw::NoDepth, "batcher/depth"),
        (Flaw::AsTheyCame, "batcher/arrival-order"),
        (Flaw::ByTimeAlone, "batcher/arrival-order"),
        (Flaw::IgnoresLimit, "batcher/limit"),
        (Flaw::NewestOfLast, "batcher/newest"),
        (Flaw::ZeroLoses, "batcher/seal-none"),
        (Flaw::EmptyBatch, "batcher/empty"),
        (Flaw::NewestEver, "batcher/newest"),
        (Flaw::AllowsRepeats, "batcher/repeat"),
        (Flaw::ForgetsSealed, "batcher/accepts"),
        (Flaw::AllowsGaps, "batcher/gap"),
        (Flaw::RefusedAdvances, "batcher/accepts"),
        (Flaw::DepthCountsRefused, "batcher/refused-leaves-no-trace"),
        (Flaw::LargeEntries, "batcher/entry-size"),
        (Flaw::AnyFirst, "batcher/gap"),
    ] {
        rejects(rule, || run(flaw, 0));
    }
    rejects("batcher/first", || run(Flaw::None, 5));
}
