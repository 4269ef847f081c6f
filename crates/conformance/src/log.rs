use auditmesh_types::{Appended, Batch, Digest, EventId, Index, Log, MemberId, Millis, Nodes, Record, Size};

use crate::rule::{accepted, refused};
use crate::{nodes, tree};

/// Batch sizes that cross the powers of two up to 64.
const GROWTH: [u64; 11] = [1, 1, 1, 2, 3, 1, 4, 8, 12, 1, 33];

/// The contract of [`Log`] and [`Nodes`] together; `make` makes an empty log.
///
/// Rules: `log/empty-head`, `log/stage-head`, `log/stage-keeps-head`, `log/batch-root`, `log/pairs`, `log/commit`,
/// `log/commit-without-batch`, `log/empty-batch`, `log/staging-replaces`, `log/discard-restores`,
/// `log/refused-stages-nothing`, `log/entry-limit`, `log/prove`, `log/prove-index-beyond-size`,
/// `log/prove-beyond-commit`, and those of [`nodes`](crate::nodes()).
///
/// # Cost
/// About 60,000 compressions: every proof of every size up to 67 leaves, and single ones up to 667.
///
/// # Source
/// RFC 6962 §2.1.
pub fn log<L: Log + Nodes>(make: impl Fn() -> L) {
    empty(&mut make());
    let mut grown = make();
    let mut leaves = grow(&mut grown);
    staging(&mut grown, &leaves);
    refusals(&mut grown, &leaves);
    every_proof(&grown, &leaves);
    beyond_commit(&mut grown, &mut leaves);
    wide(&mut grown, &mut leaves);
}

/// `count` records from number `first` on, with entries of 1 to 130 bytes.
fn batch(first: u64, count: u64) -> Batch {
    let member = |n: u64| MemberId::new(["EU-1", "US-1", "APAC-1"][usize::try_from(n % 3).unwrap_or(0)]);
    let record = |n: u64| Record {
        id: EventId::new(format!("event-{n}")).expect("an event id"),
        member: member(n).expect("a member name"),
        entry: n
            .to_be_bytes()
            .iter()
            .copied()
            .cycle()
            .take(1 + usize::try_from(n * 37 % 130).unwrap_or(0))
            .collect(),
    };
    Batch { records: (first..first + count).map(record).collect(), newest: Millis(1_000 + first + count) }
}

fn hashes(batch: &Batch) -> Vec<Digest> {
    batch.records.iter().map(|record| tree::leaf(&record.entry)).collect()
}

/// Stages `batch` over `leaves` and compares everything that is said of it; gives all leaves, staged ones included.
fn stage<L: Log + Nodes>(log: &mut L, leaves: &[Digest], batch: &Batch) -> Vec<Digest> {
    let (before, added) = (log.head(), hashes(batch));
    let appended: Appended = accepted("log/stage-head", log.stage(batch), "an honest batch");
    let all = [leaves, &added].concat();
    let when = format!("{} records on {} leaves", added.len(), leaves.len());
    same!("log/stage-head", appended.head, tree::head(&all), "{when}");
    same!("log/stage-keeps-head", log.head(), before, "{when}: head() is of what is committed");
    same!("log/batch-root", appended.batch_root, tree::root(&added), "{when}");
    let pairs: Vec<_> = batch.records.iter().map(|record| record.id.clone()).zip(added).collect();
    same!("log/pairs", appended.pairs, pairs, "{when}");
    nodes(log, &all);
    all
}

fn commit<L: Log + Nodes>(log: &mut L, leaves: &[Digest]) {
    let head = accepted("log/commit", log.commit(), "what is staged");
    same!("log/commit", head, tree::head(leaves), "the head that commit gives");
    same!("log/commit", log.head(), head, "head() after commit");
}

fn empty<L: Log + Nodes>(log: &mut L) {
    let head = tree::head(&[]);
    same!("log/empty-head", log.head(), head, "a new log: size 0, SHA-256 of nothing");
    nodes(log, &[]);
    let got = accepted("log/commit-without-batch", log.commit(), "commit of a new log");
    same!("log/commit-without-batch", got, head, "commit of a new log");
    log.discard();
    same!("log/discard-restores", log.head(), head, "discard in a new log");
    refused("log/prove-index-beyond-size", log.prove(Index(0), Size(0)), "leaf 0 of an empty log");
    refused("log/prove-beyond-commit", log.prove(Index(0), Size(1)), "size 1 of an empty log");
    refused("log/empty-batch", log.stage(&batch(0, 0)), "a batch of nothing: two rounds would sign one size");
    nodes(log, &[]);
}

fn grow<L: Log + Nodes>(log: &mut L) -> Vec<Digest> {
    let mut leaves = Vec::new();
    for count in GROWTH {
        let all = stage(log, &leaves, &batch(leaves.len() as u64, count));
        commit(log, &all);
        leaves = all;
        let again = accepted("log/commit-without-batch", log.commit(), "a second commit");
        same!("log/commit-without-batch", again, tree::head(&leaves), "the head that a second commit gives");
        nodes(log, &leaves);
    }
    leaves
}

fn staging<L: Log + Nodes>(log: &mut L, leaves: &[Digest]) {
    let head = log.head();
    stage(log, leaves, &batch(500, 9));
    let added = batch(600, 4);
    let got = accepted("log/staging-replaces", log.stage(&added), "a second batch over a staged one").head;
    let want = tree::head(&[leaves, &hashes(&added)].concat());
    same!("log/staging-replaces", got, want, "a staged batch is replaced, not built upon");
    log.discard();
    same!("log/discard-restores", log.head(), head, "head() after discard");
    let size = log.size().0;
    rule!(
        "log/discard-restores",
        size == head.size.0,
        "after discard the tree has {size} leaves, not {}",
        head.size
    );
    nodes(log, leaves);
    let got = accepted("log/discard-restores", log.commit(), "commit after discard");
    same!("log/discard-restores", got, head, "what was discarded cannot be committed");
    stage(log, leaves, &batch(700, 2));
    log.discard();
    log.discard();
    same!("log/discard-restores", log.head(), head, "head() after discarding twice");
    nodes(log, leaves);
}

fn refusals<L: Log + Nodes>(log: &mut L, leaves: &[Digest]) {
    let head = log.head();
    let mut limit = batch(800, 2);
    limit.records[1].entry = vec![7; 65_535];
    let all = [leaves, &hashes(&limit)].concat();
    let got = accepted("log/entry-limit", log.stage(&limit), "an entry of 65,535 bytes").head;
    same!("log/entry-limit", got, tree::head(&all), "an entry of 65,535 bytes");
    limit.records[1].entry.push(7);
    refused("log/entry-limit", log.stage(&limit), "an entry of 65,536 bytes");
    same!("log/refused-stages-nothing", log.head(), head, "head() after a refused batch");
    let got = accepted("log/refused-stages-nothing", log.commit(), "commit after a refused batch");
    same!(
        "log/refused-stages-nothing",
        got,
        head,
        "nothing is staged after a refused batch, an older one included"
    );
    nodes(log, leaves);
}

fn prove(log: &impl Log, leaves: &[Digest], root: &Digest, index: usize) {
    let size = leaves.len() as u64;
    let when = format!("leaf {index} of {size}");
    let path = accepted("log/prove", log.prove(Index(index as u64), Size(size)), &when);
    let climbed = tree::climb(index as u64, size, &leaves[index], &path);
    same!("log/prove", climbed, Some(*root), "{when}: the path's {} digests lead elsewhere", path.len());
}

fn every_proof(log: &impl Log, leaves: &[Digest]) {
    for size in 1..=leaves.len() {
        let part = &leaves[..size];
        let root = tree::root(part);
        for index in 0..size {
            prove(log, part, &root, index);
        }
        for index in [size as u64, size as u64 + 1, u64::MAX] {
            let when = format!("leaf {index} of {size}");
            refused("log/prove-index-beyond-size", log.prove(Index(index), Size(size as u64)), when);
        }
    }
    refused("log/prove-index-beyond-size", log.prove(Index(0), Size(0)), "leaf 0 of none");
}

fn beyond_commit<L: Log + Nodes>(log: &mut L, leaves: &mut Vec<Digest>) {
    let committed = leaves.len() as u64;
    let all = stage(log, leaves, &batch(900, 5));
    let root = tree::root(leaves);
    prove(log, leaves, &root, 3);
    for size in [committed + 1, committed + 5, committed + 6, u64::MAX] {
        for index in [0, committed - 1, committed] {
            let when = format!("leaf {index} of {size} with {committed} committed and 5 staged");
            refused("log/prove-beyond-commit", log.prove(Index(index), Size(size)), when);
        }
    }
    log.discard();
    stage(log, leaves, &batch(900, 5));
    commit(log, &all);
    *leaves = all;
}

/// One batch that crosses 256 and 512 leaves, and proofs around them.
fn wide<L: Log + Nodes>(log: &mut L, leaves: &mut Vec<Digest>) {
    let all = stage(log, leaves, &batch(1_000, 600));
    commit(log, &all);
    for size in [255, 256, 257, 511, 512, 513, all.len()] {
        let part = &all[..size];
        let root = tree::root(part);
        for index in [0, 1, size / 2, size - 2, size - 1] {
            prove(log, part, &root, index);
        }
    }
    *leaves = all;
}
