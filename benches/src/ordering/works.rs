use auditmesh::bft::{Orderer, Spread};

use super::{SIGNATURES_ALONE, Signatures, Table, ours, signatures::signatures_alone};
#[cfg(feature = "peers")]
use crate::peers::malachite;
use crate::{Contender, Work};

/// How long the value of a decision is.
pub const BYTES: usize = 1024;

/// Gives all work on the order to `take`: decisions, with signatures and without.
pub fn ordering(take: &mut dyn FnMut(Work<'_>)) {
    work("decisions-per-cpu-second/n=4", 4, Signatures::Strict, 100, take);
    work("decisions-per-cpu-second/n=10", 10, Signatures::Strict, 15, take);
    work("decisions-per-cpu-second/n=4,signatures=none", 4, Signatures::None, 2_000, take);
}

fn work(name: &str, count: usize, signatures: Signatures, per: u64, take: &mut dyn FnMut(Work<'_>)) {
    let mut contenders =
        vec![decider(Contender::OURS, ours(count, BYTES, signatures, Spread::AllToAll), per)];
    #[cfg(feature = "peers")]
    {
        let peers: &[_] = match signatures {
            Signatures::Strict => &[
                ("malachite", Signatures::Dalek),
                ("malachite-enrolled", Signatures::Strict),
                ("malachite-zip215", Signatures::Zip215),
            ],
            other => &[("malachite", other)],
        };
        for (name, signatures) in peers {
            contenders.push(decider(name, malachite(count, BYTES, *signatures), per));
        }
    }
    if signatures == Signatures::Strict {
        let alone = signatures_alone(count, per);
        contenders.push(Contender::metered(SIGNATURES_ALONE, alone));
    }
    take(Work { name, unit: "ns/decision", per, runs: 25, contenders });
}

fn decider<'a, O: Orderer<Packet: Clone> + 'a>(
    name: &'static str,
    mut table: Table<O>,
    per: u64,
) -> Contender<'a> {
    table.decide(3);
    Contender::metered(name, move || table.decide(per))
}

/// How many messages `decisions` decisions of ours take.
#[must_use]
pub fn messages(count: usize, spread: Spread, decisions: u64) -> u64 {
    let mut table = ours(count, BYTES, Signatures::None, spread);
    table.decide(decisions);
    table.sent()
}

/// How many signatures ours checks for a decision, when everybody tells everybody.
#[must_use]
pub fn verifies(count: usize) -> u64 {
    let (mut table, decisions) = (ours(count, BYTES, Signatures::None, Spread::AllToAll), 100);
    table.decide(decisions);
    table.checks().div_ceil(decisions)
}

/// How many messages, and how many checks, a decision of `table` takes.
pub fn decisions<O: Orderer<Packet: Clone>>(table: &mut Table<O>, decisions: u64) -> (f64, f64) {
    let before = (table.sent(), table.checks());
    table.decide(decisions);
    #[allow(clippy::float_arithmetic, reason = "a mean")]
    let each = |now: u64, then: u64| (now - then) as f64 / decisions as f64;
    (each(table.sent(), before.0), each(table.checks(), before.1))
}
