//! The order: messages, checks and decisions a second, ours beside Malachite's core, and what larger sets and faults take.

use std::collections::BTreeMap;

use auditmesh::bft::Spread;
use auditmesh_benches::{
    BYTES, Fault, Load, SIZES, Signatures, Table, Work, decisions, load, messages, ordering,
    peers::malachite, verifies,
};

use crate::{
    curves::{Curve, Panel},
    measure::{Figure, race},
    page::Section,
};

/// What a reader must know to compare the columns.
const NOTES: &str = "\
- All members run on one thread, under the same loop for ours and the peer: a driver around the engine, an application that proposes 1 KiB and keeps the
  last decisions, records in memory, packets handed over as values in the order they were sent. The time is that of the processor.
- `malachite` is the core of Malachite (`arc-malachitebft-core-consensus`) in our adapter `bft-malachite`, with the same keys and the same function
  for checking signatures as ours: `attest::EnrolledEd25519`, which is `verify_strict` by tables made beforehand. It checks what the core asks for,
  which is each vote and proposal, its own among them, and a quorum of precommits once more when it decides; ours sets votes beyond a quorum aside.
- `malachite-zip215` is the same with the signatures that Malachite's project publishes (`arc-malachitebft-signing-ed25519`), which follow another rule.
- `limit` is what making and checking as many signatures as ours takes alone.
- In the table below, `f` members are not there, or tell members with an odd number of another value than the others. `hops` is the longest chain
  of packets from the proposal to the last member's decision; time that passes until a view ends is not in it.
";

/// The section of the page, and the figures that stand in its second table.
pub(crate) fn section() -> (Section, Vec<Figure>) {
    let figures = figures();
    let (more, table, plot) = loads();
    let caption = "messages and processor time of a decision by the number of members";
    (Section { figures, notes: format!("{NOTES}{table}"), caption, plot }, more)
}

fn figures() -> Vec<Figure> {
    let mut figures = Vec::new();
    for (mode, spread) in MODES {
        for count in [4, 7, 10] {
            let theirs = (mode == "all")
                .then(|| decisions(&mut warm(malachite(count, BYTES, Signatures::None)), 50).0);
            let ours = messages(count, spread, 100) as f64 / 100.0;
            figures.push(counted(format!("messages/n={count},mode={mode}"), ours, theirs).said());
        }
    }
    for count in [4, 7, 10] {
        let theirs = decisions(&mut warm(malachite(count, BYTES, Signatures::None)), 50).1;
        figures.push(counted(format!("verifies/n={count}"), verifies(count) as f64, Some(theirs)).said());
    }
    ordering(&mut |work: Work<'_>| figures.push(rate(race(work)).said()));
    figures
}

const MODES: [(&str, Spread); 2] = [("all", Spread::AllToAll), ("collector", Spread::Collector)];

const FAULTS: [(&str, Fault); 3] =
    [("none", Fault::None), ("crashed", Fault::Crashed), ("equivocating", Fault::Equivocating)];

fn warm<O: auditmesh::bft::Orderer<Packet: Clone>>(mut table: Table<O>) -> Table<O> {
    table.decide(2);
    table
}

fn counted(work: String, ours: f64, theirs: Option<f64>) -> Figure {
    let peers: BTreeMap<_, _> = theirs.into_iter().map(|theirs| ("malachite", theirs)).collect();
    Figure { work, unit: "1/decision", ours, peers, limit: None }
}

/// Decisions a second from nanoseconds a decision.
fn rate(figure: Figure) -> Figure {
    let rate = |ns: f64| 1e9 / ns;
    let peers = figure.peers.into_iter().map(|(peer, ns)| (peer, rate(ns))).collect();
    Figure { unit: "1/s", ours: rate(figure.ours), peers, limit: figure.limit.map(rate), ..figure }
}

/// What a decision takes in larger sets and under faults: as figures, as a table, and as a plot of messages and of time.
fn loads() -> (Vec<Figure>, String, String) {
    let mut figures = Vec::new();
    let mut table = "\n| n | f | spread | faulty | messages | KiB | CPU ms | hops | checks |\n|---|---|---|---|---|---|---|---|---|\n".to_owned();
    let mut panels = [Panel::new("messages a decision"), Panel::new("CPU ms a decision, all members")];
    for (mode, spread) in MODES {
        for (fault, faulty) in FAULTS {
            let name = if fault == "none" { mode.to_owned() } else { format!("{mode}, f {fault}") };
            let mut curves = [Curve::new(name.clone()), Curve::new(name)];
            for count in SIZES {
                let Load { messages, bytes, cpu, hops, checks } = load(count, spread, faulty);
                let cpu_ms = cpu.as_secs_f64() * 1e3;
                let f = (count - 1) / 3;
                table += &format!(
                    "| {count} | {f} | {mode} | {fault} | {messages:.0} | {:.1} | {cpu_ms:.2} | {hops:.1} | {checks:.0} |\n",
                    bytes / 1024.0
                );
                for (what, unit, ours) in [
                    ("load-messages", "1/decision", messages),
                    ("load-bytes", "B/decision", bytes),
                    ("load-cpu", "ms/decision", cpu_ms),
                    ("load-hops", "1/decision", hops),
                ] {
                    let work = format!("{what}/n={count},mode={mode},faulty={fault}");
                    figures.push(Figure { work, unit, ours, peers: BTreeMap::new(), limit: None });
                }
                println!(
                    "n={count} {mode} {fault}: {messages:.0} messages, {cpu_ms:.2} ms, {hops:.1} hops, {checks:.0} checks"
                );
                curves[0].points.push((count as f64, messages));
                curves[1].points.push((count as f64, cpu_ms));
            }
            for (panel, curve) in panels.iter_mut().zip(curves) {
                panel.curves.push(curve);
            }
        }
    }
    (figures, table, crate::curves::plot(&panels))
}
