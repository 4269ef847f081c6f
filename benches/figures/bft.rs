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
- All peers are the core of Malachite (`arc-malachitebft-core-consensus`) in our adapter `bft-malachite`, and differ in who checks signatures.
  `malachite` is given `verify_strict` of `ed25519-dalek`. `malachite-zip215` is Malachite as it is shipped: signatures by the crate that its project
  publishes (`arc-malachitebft-signing-ed25519`), which follows the rule of ZIP 215. `malachite-enrolled` is given the very function that ours has,
  `attest::EnrolledEd25519`: the verdicts of `verify_strict`, by tables of 128 KiB a key made beforehand. All have their keys expanded beforehand.
- The core asks about each vote and proposal, its own among them, and about a quorum of precommits once more when it decides; ours sets votes beyond a
  quorum aside. With one function on both sides the ratio is near that of `verifies`; what is beyond comes from cheaper checks.
- `limit` is signing and checking alone: the calls that a run of ours made, repeated in their order by the same functions. It is a median of its own runs,
  and ours adds a few hundredths to it, so that on a busy machine noise may put the two in the wrong order.
- In the table below, `f` members are not there, or tell members with an odd number of another value than the others. `hops` is the longest chain
  of packets from the proposal to the last member's decision; time that passes until a view ends is not in it.
";

/// The section of the page, and the figures that stand in its second table.
pub(crate) fn section() -> (Section, Vec<Figure>) {
    let figures = figures();
    let (more, table, plot) = loads();
    let caption = "messages, bytes, processor time and hops of a decision by the number of members";
    let notes = format!("{NOTES}{}{table}", verdicts(&figures));
    (Section { figures, notes, caption, plot }, more)
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

/// How many times as many decisions a second as the peer ours is meant to make.
const MARKS: [(&str, f64); 2] =
    [("decisions-per-cpu-second/n=4", 3.5), ("decisions-per-cpu-second/n=10", 2.8)];

/// Against which peers ours reaches the marks.
fn verdicts(figures: &[Figure]) -> String {
    let mut text =
        "- The marks set for ours are 3.5 times as many decisions a second as Malachite with `verify_strict` with 4 members, and 2.8 times with 10.\n".to_owned();
    for (peer, what) in [
        ("malachite", "Malachite with `verify_strict` of `ed25519-dalek`"),
        ("malachite-zip215", "Malachite as it is shipped"),
        ("malachite-enrolled", "Malachite with our signature check"),
    ] {
        let said: Vec<String> = MARKS
            .iter()
            .filter_map(|(work, mark)| {
                let figure = figures.iter().find(|figure| figure.work == *work)?;
                let ratio = figure.ratio(*figure.peers.get(peer)?);
                Some(format!("{ratio:.2} ({})", if ratio < *mark { "missed" } else { "met" }))
            })
            .collect();
        text += &format!("  Against {what} (`{peer}`): {}.\n", said.join(" and "));
    }
    text
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

/// What a decision takes in larger sets and under faults: as figures, as a table, and as a plot of the first four of its columns.
fn loads() -> (Vec<Figure>, String, String) {
    let mut figures = Vec::new();
    let mut table = "\n| n | f | spread | faulty | messages | KiB | CPU ms | hops | checks |\n|---|---|---|---|---|---|---|---|---|\n".to_owned();
    let mut panels = [
        Panel::logarithmic("messages a decision"),
        Panel::logarithmic("KiB a decision, all members"),
        Panel::logarithmic("CPU ms a decision, all members"),
        Panel::linear("hops to the last member's decision"),
    ];
    for (mode, spread) in MODES {
        for (fault, faulty) in FAULTS {
            let name = if fault == "none" { mode.to_owned() } else { format!("{mode}, f {fault}") };
            let mut curves = [(); 4].map(|()| Curve::new(name.clone()));
            for count in SIZES {
                let Load { messages, bytes, cpu, hops, checks } = load(count, spread, faulty);
                let (kib, cpu_ms) = (bytes / 1024.0, cpu.as_secs_f64() * 1e3);
                let f = (count - 1) / 3;
                table += &format!(
                    "| {count} | {f} | {mode} | {fault} | {messages:.0} | {kib:.1} | {cpu_ms:.2} | {hops:.1} | {checks:.0} |\n"
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
                for (curve, value) in curves.iter_mut().zip([messages, kib, cpu_ms, hops]) {
                    curve.points.push((count as f64, value));
                }
            }
            for (panel, curve) in panels.iter_mut().zip(curves) {
                panel.curves.push(curve);
            }
        }
    }
    (figures, table, crate::curves::plot(&panels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_met_or_missed_peer_by_peer() {
        let figure = |work: &str, ours, peers: [(&'static str, f64); 3]| Figure {
            work: work.to_owned(),
            unit: "1/s",
            ours,
            peers: peers.into(),
            limit: None,
        };
        let peers = [("malachite", 250.0), ("malachite-enrolled", 400.0), ("malachite-zip215", 200.0)];
        let figures = [
            figure("decisions-per-cpu-second/n=4", 1000.0, peers),
            figure("decisions-per-cpu-second/n=10", 700.0, peers),
        ];
        let text = verdicts(&figures);
        let lines: Vec<&str> = text.lines().skip(1).collect();
        let wanted = [
            "  Against Malachite with `verify_strict` of `ed25519-dalek` (`malachite`): 4.00 (met) and 2.80 (met).",
            "  Against Malachite as it is shipped (`malachite-zip215`): 5.00 (met) and 3.50 (met).",
            "  Against Malachite with our signature check (`malachite-enrolled`): 2.50 (missed) and 1.75 (missed).",
        ];
        assert_eq!(lines, wanted);
    }
}
