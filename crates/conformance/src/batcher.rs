use std::collections::BTreeMap;

use auditmesh_types::{Batch, Batcher, MemberId, Millis, Record};

use crate::rule::{accepted, refused};

/// An event as the suite names it: source, place in the source's own sequence (from 0), time.
type Name = (usize, u64, u64);

/// Three sources with times that tie, interleave and cross.
const EVENTS: [Name; 9] = [
    (0, 0, 1_000),
    (0, 1, 2_000),
    (0, 2, 2_000),
    (1, 0, 1_000),
    (1, 1, 1_500),
    (1, 2, 9_000),
    (2, 0, 500),
    (2, 1, 2_000),
    (2, 2, 3_000),
];

/// The contract of [`Batcher`]. `make` makes one that knows the members `APAC-1`, `EU-1` and `US-1` and has seen
/// nothing; `event` makes an event of one of them with this sequence number and time. Names of events are unique, and
/// the same arguments make the same event. A source numbers its events from 0 or from 1: the suite finds out.
///
/// Rules: `batcher/first`, `batcher/accepts`, `batcher/empty`, `batcher/depth`, `batcher/arrival-order`,
/// `batcher/sequence-ascends`, `batcher/limit`, `batcher/total-order`, `batcher/seal-none`, `batcher/newest`,
/// `batcher/repeat`, `batcher/gap`, `batcher/refused-leaves-no-trace`, `batcher/entry-size`, `batcher/member`.
///
/// # Cost
/// 1,680 batches of 9 events.
pub fn batcher<B: Batcher>(make: impl Fn() -> B, event: impl Fn(&MemberId, u64, Millis) -> B::Event) {
    let members = ["APAC-1", "EU-1", "US-1"].map(|name| MemberId::new(name).expect("a member name"));
    let plain = |source: usize, sequence, at| event(&members[source], sequence, Millis(at));
    let accepts = |sequence| make().push(plain(0, sequence, 1_000)).is_ok();
    rule!(
        "batcher/first",
        accepts(0) || accepts(1),
        "neither 0 nor 1 is the first sequence number of a source"
    );
    rule!("batcher/gap", !accepts(2), "a source that begins with number 2 is accepted");
    let first = u64::from(!accepts(0));
    let event = |(source, sequence, at): Name| plain(source, first + sequence, at);

    let mut none = make();
    same!("batcher/depth", none.depth(), 0, "a new batcher");
    same!("batcher/empty", none.seal(10), None, "nothing waits");
    let names = records(&make, event, &members);
    let reference = sealed(&make, event, &EVENTS);
    ordered(&reference, &names, 9_000);
    for (count, arrival) in interleavings().into_iter().enumerate() {
        same!(
            "batcher/arrival-order",
            sealed(&make, event, &arrival),
            reference,
            "arrival {count}: {arrival:?}"
        );
    }
    limits(&make, event, &reference, &names);
    refusals(&make, event, &reference);
    clock_set_back(&make, event);
}

fn fill<B: Batcher>(batcher: &mut B, event: impl Fn(Name) -> B::Event, names: &[Name]) {
    for name in names {
        let depth = batcher.depth();
        accepted("batcher/accepts", batcher.push(event(*name)), format_args!("{name:?}"));
        same!("batcher/depth", batcher.depth(), depth + 1, "after {name:?}");
    }
}

fn sealed<B: Batcher>(make: impl Fn() -> B, event: impl Fn(Name) -> B::Event, names: &[Name]) -> Batch {
    let mut batcher = make();
    fill(&mut batcher, event, names);
    let batch = batcher.seal(names.len()).unwrap_or_default();
    same!("batcher/limit", batch.records.len(), names.len(), "all that wait, up to the limit");
    same!("batcher/depth", batcher.depth(), 0, "after everything was sealed");
    same!("batcher/empty", batcher.seal(10), None, "after everything was sealed");
    batch
}

/// The record of every event, by its source alone: pushed and sealed one by one.
fn records<B: Batcher>(
    make: impl Fn() -> B,
    event: impl Fn(Name) -> B::Event,
    members: &[MemberId],
) -> BTreeMap<String, (Name, Record)> {
    let mut all = BTreeMap::new();
    for (source, member) in members.iter().enumerate() {
        let mut batcher = make();
        for name in EVENTS.into_iter().filter(|name| name.0 == source) {
            fill(&mut batcher, &event, &[name]);
            let batch = batcher.seal(1).unwrap_or_default();
            same!("batcher/limit", batch.records.len(), 1, "{name:?} alone");
            same!("batcher/newest", batch.newest, Millis(name.2), "{name:?} alone");
            let record = batch.records[0].clone();
            same!("batcher/member", record.member, *member, "{name:?}");
            let length = record.entry.len();
            rule!(
                "batcher/entry-size",
                (1..=65_535).contains(&length),
                "{name:?} has an entry of {length} bytes"
            );
            let before = all.insert(record.id.as_str().to_owned(), (name, record));
            rule!(
                "batcher/accepts",
                before.is_none(),
                "the events given to the suite share a name: {name:?}"
            );
        }
    }
    all
}

/// The names of a batch's events, which must be known records, ascending within each source.
fn ordered(batch: &Batch, names: &BTreeMap<String, (Name, Record)>, newest: u64) -> Vec<Name> {
    let mut order: Vec<Name> = Vec::new();
    for record in &batch.records {
        let Some((name, alone)) = names.get(record.id.as_str()) else {
            crate::rule::broken("batcher/accepts", format_args!("{} was never pushed", record.id));
        };
        same!("batcher/arrival-order", record, alone, "{name:?} sealed alone and with others");
        let earlier = order.iter().filter(|other| other.0 == name.0).count() as u64;
        rule!(
            "batcher/sequence-ascends",
            earlier <= name.1,
            "{name:?} twice, or after its successor: {order:?}"
        );
        let last = order.iter().rfind(|other| other.0 == name.0).map(|other| other.1);
        rule!(
            "batcher/sequence-ascends",
            last < Some(name.1),
            "{name:?} comes after its successor: {order:?}"
        );
        order.push(*name);
    }
    same!("batcher/newest", batch.newest, Millis(newest), "the latest time of {order:?}");
    order
}

/// All 1,680 ways in which three events of three sources can arrive, each source in its own order.
fn interleavings() -> Vec<Vec<Name>> {
    fn extend(taken: [usize; 3], so_far: &[Name], all: &mut Vec<Vec<Name>>) {
        if so_far.len() == EVENTS.len() {
            all.push(so_far.to_vec());
        }
        for source in 0..3 {
            if taken[source] < 3 {
                let mut next = taken;
                next[source] += 1;
                extend(next, &[so_far, &[EVENTS[3 * source + taken[source]]]].concat(), all);
            }
        }
    }
    let mut all = Vec::new();
    extend([0; 3], &[], &mut all);
    all
}

fn limits<B: Batcher>(
    make: impl Fn() -> B,
    event: impl Fn(Name) -> B::Event,
    reference: &Batch,
    names: &BTreeMap<String, (Name, Record)>,
) {
    for limit in 1..=10usize {
        let mut batcher = make();
        fill(&mut batcher, &event, &EVENTS);
        let mut joined = Vec::new();
        while joined.len() < EVENTS.len() {
            let nothing = batcher.seal(0).map_or(0, |batch| batch.records.len());
            same!("batcher/seal-none", nothing, 0, "records of a batch with limit 0");
            same!(
                "batcher/seal-none",
                batcher.depth(),
                EVENTS.len() - joined.len(),
                "the depth after limit 0"
            );
            let batch = batcher.seal(limit).unwrap_or_default();
            let want = limit.min(EVENTS.len() - joined.len());
            same!("batcher/limit", batch.records.len(), want, "limit {limit} after {}", joined.len());
            let times = batch
                .records
                .iter()
                .filter_map(|record| names.get(record.id.as_str()))
                .map(|found| found.0.2);
            ordered(&batch, names, times.max().unwrap_or(0));
            joined.extend(batch.records);
            same!("batcher/depth", batcher.depth(), EVENTS.len() - joined.len(), "limit {limit}");
        }
        same!("batcher/total-order", joined, reference.records, "batches of {limit}, joined");
    }
    let mut batcher = make();
    fill(&mut batcher, &event, &EVENTS);
    let batch = batcher.seal(usize::MAX).unwrap_or_default();
    same!("batcher/limit", batch, *reference, "the largest limit");
}

/// Repeats and gaps at every moment, none of which may change what is sealed.
fn refusals<B: Batcher>(make: impl Fn() -> B, event: impl Fn(Name) -> B::Event, reference: &Batch) {
    let mut batcher = make();
    for (count, (source, sequence, at)) in EVENTS.into_iter().enumerate() {
        for ahead in [1, 2, 1_000] {
            let gap = batcher.push(event((source, sequence + ahead, at)));
            refused("batcher/gap", gap, format_args!("{ahead} ahead of {source}/{sequence}"));
        }
        fill(&mut batcher, &event, &[(source, sequence, at)]);
        refused("batcher/repeat", batcher.push(event((source, sequence, at))), "the same event again");
        refused(
            "batcher/repeat",
            batcher.push(event((source, sequence, at + 1))),
            "a used number at another time",
        );
        refused("batcher/repeat", batcher.push(event((source, 0, at))), "the source's first number");
        same!(
            "batcher/refused-leaves-no-trace",
            batcher.depth(),
            count + 1,
            "the depth after refused events"
        );
    }
    let batch = batcher.seal(100).unwrap_or_default();
    same!("batcher/refused-leaves-no-trace", batch, *reference, "the batch after refused events");
    for (source, sequence, at) in EVENTS {
        refused(
            "batcher/repeat",
            batcher.push(event((source, sequence, at))),
            "an event that was sealed before",
        );
        refused("batcher/gap", batcher.push(event((source, 4, at + 9_000))), "a gap behind what was sealed");
    }
    same!("batcher/refused-leaves-no-trace", batcher.seal(100), None, "a batch of refused events");
    fill(&mut batcher, &event, &[(0, 3, 9_500)]);
    let next = batcher.seal(100).unwrap_or_default();
    same!("batcher/newest", next.newest, Millis(9_500), "the latest time of the next batch alone");
    same!("batcher/limit", next.records.len(), 1, "the next batch");
}

/// A source whose clock was set back is refused, or keeps its own order; either way in every arrival alike.
fn clock_set_back<B: Batcher>(make: impl Fn() -> B, event: impl Fn(Name) -> B::Event) {
    let (one, two, other) = ((0, 0, 5_000), (0, 1, 1_000), (1, 0, 3_000));
    let run = |arrival: [Name; 3]| {
        let mut batcher = make();
        let verdicts: BTreeMap<Name, bool> =
            arrival.into_iter().map(|name| (name, batcher.push(event(name)).is_ok())).collect();
        (verdicts, batcher.seal(10).unwrap_or_default())
    };
    let (verdicts, batch) = run([one, two, other]);
    for arrival in [[one, other, two], [other, one, two]] {
        same!(
            "batcher/arrival-order",
            run(arrival),
            (verdicts.clone(), batch.clone()),
            "a clock that was set back"
        );
    }
    if verdicts.values().all(|taken| *taken) {
        same!("batcher/newest", batch.newest, Millis(5_000), "a clock that was set back");
        let mut alone = make();
        fill(&mut alone, &event, &[one, two]);
        let first = alone.seal(1).unwrap_or_default().records;
        let second = alone.seal(1).unwrap_or_default().records;
        let place = |records: &[Record]| batch.records.iter().position(|record| records.contains(record));
        let kept = place(&first) < place(&second);
        rule!(
            "batcher/sequence-ascends",
            kept,
            "a clock that was set back puts an event before its predecessor"
        );
        let mut both = make();
        fill(&mut both, &event, &[one]);
        let first_alone = both.seal(1).unwrap_or_default().records;
        same!("batcher/sequence-ascends", first, first_alone, "the first batch of a clock that was set back");
    }
}
