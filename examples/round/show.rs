//! What a person sees.

use std::{
    io::{ErrorKind, IsTerminal, Write},
    time::Duration,
};

use auditmesh::{
    Anchored, RoundReport, Step, Watch,
    types::{MemberId, Standing},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{order::OrderLine, report::Report};

/// Measures steps with the machine's monotonic clock.
#[derive(Debug)]
pub(crate) struct Stopwatch {
    since: std::time::Instant,
    tells: bool,
    laps: Vec<(Step, Duration)>,
}

impl Stopwatch {
    /// Starts. Unless it `tells`, the federation learns of no duration, and nothing that is published depends on one.
    #[allow(clippy::disallowed_methods, reason = "a program may read the clock; what decides gets durations")]
    pub(crate) fn start(tells: bool) -> Self {
        Self { since: std::time::Instant::now(), tells, laps: Vec::new() }
    }

    /// How long ago it started.
    pub(crate) fn elapsed(&self) -> f64 {
        self.since.elapsed().as_secs_f64()
    }

    /// The steps' seconds together.
    pub(crate) fn total(&self) -> f64 {
        self.laps.iter().map(|(_, took)| took.as_secs_f64()).sum()
    }

    /// The steps so far.
    pub(crate) fn laps(&self) -> &[(Step, Duration)] {
        &self.laps
    }
}

impl Watch for Stopwatch {
    fn lap(&mut self, step: Step) -> Option<Duration> {
        let before: Duration = self.laps.iter().map(|(_, took)| *took).sum();
        let took = self.since.elapsed().saturating_sub(before);
        self.laps.push((step, took));
        self.tells.then_some(took)
    }
}

/// Prints a text. Whoever reads only the beginning, as `head` does, does not end the run.
pub(crate) fn say(text: &str) -> Result<(), String> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(why) if why.kind() != ErrorKind::BrokenPipe => Err(format!("standard output: {why}")),
        _ => Ok(()),
    }
}

/// A bar on the terminal, or nothing where there is none.
pub(crate) fn progress(rounds: Option<u64>, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = rounds.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let style = "{bar:30} round {pos}/{len}  {msg}  {elapsed}";
    ProgressStyle::with_template(style).map_or(bar.clone(), |style| bar.with_style(style))
}

/// The steps of one round, in words.
pub(crate) fn round<C>(report: &RoundReport<C>, order: Option<&OrderLine>, seconds: f64) -> String {
    let decision = &report.decision;
    let mut lines = vec![format!("round {}{}", report.round, attempt(report.attempt))];
    let events = report.batch.records.len();
    lines.push(match order {
        None => format!("  order    {events} events in one order, whatever order they came in"),
        Some(OrderLine { height, view, proposer, committed, .. }) => format!(
            "  order    {events} events at height {height}, proposed by {proposer} in view {view}, {} COMMITs",
            committed.len()
        ),
    });
    lines.push(match decision.head {
        Some(head) => format!("  record   size {}, root {}…", head.size, &head.root.to_string()[..16]),
        None => "  record   no head leads".to_owned(),
    });
    lines.push(drift(report));
    let signed = decision.agreeing.len() + decision.dissenting.len() + decision.equivocators.len();
    lines.push(format!("  attest   {signed} members made a valid statement"));
    let mut agreeing: Vec<&str> =
        decision.agreeing.iter().map(|said| said.member.as_str()).take(10).collect();
    if agreeing.len() < decision.agreeing.len() {
        agreeing.push("…");
    }
    lines.push(format!(
        "  agree    {}: {} of the members: {}",
        decision.outcome,
        decision.ratio,
        agreeing.join(" ")
    ));
    for (member, why) in &report.apart {
        lines.push(format!("           {member} apart: {why}"));
    }
    for found in &decision.equivocators {
        let [a, b] = &found.evidence;
        lines.push(format!(
            "           evidence against {}: {} and {}",
            found.member,
            short(a.head),
            short(b.head)
        ));
    }
    if let Some(agreed) = &report.agreed {
        lines.push(match &agreed.anchored {
            Anchored::Kept(receipt) => {
                format!("  anchor   {} {}…", receipt.id, &receipt.digest.to_string()[..16])
            }
            Anchored::Denied(_) => "  anchor   denied by the policy".to_owned(),
            Anchored::Failed => "  anchor   failed".to_owned(),
        });
        if let Anchored::Denied(reasons) = &agreed.anchored {
            lines.extend(reasons.iter().map(|r| format!("           {}: {}: {}", r.rule, r.about, r.why)));
        }
    }
    for failure in &report.failures {
        let who = failure.member.as_ref().map_or("a shared part", |member| member.as_str());
        lines.push(format!("  failed   {who} at {}: {}", failure.step, failure.why));
    }
    for alert in &report.alerts {
        lines
            .push(format!("  alert    {} ({}): {}; {}", alert.rule, alert.severity, alert.saw, alert.action));
    }
    lines.push(format!("  took     {:.1} ms", seconds * 1000.0));
    lines.join("\n")
}

fn attempt(attempt: u32) -> String {
    if attempt > 1 { format!(" (attempt {attempt} at the same batch)") } else { String::new() }
}

fn short(head: auditmesh::types::TreeHead) -> String {
    format!("{}:{}…", head.size, &head.root.to_string()[..16])
}

fn drift<C>(report: &RoundReport<C>) -> String {
    if report.drift.drifted.is_empty() && report.drift.contradicting.is_empty() {
        return "  drift    none: every member holds the same tree".to_owned();
    }
    let contradicts = |member: &MemberId| format!("  drift    {member} shows a tree that contradicts itself");
    let line = |drift: &auditmesh::types::MemberDrift| {
        let first: Vec<String> = drift.leaves.iter().take(5).map(ToString::to_string).collect();
        let actions: Vec<String> = drift.actions.iter().map(ToString::to_string).collect();
        format!(
            "  drift    {} differs from {} in {} of its leaves ({}, {}{}), first {}\n           {}",
            drift.member,
            drift.against,
            drift.divergent,
            drift.score,
            drift.severity,
            if drift.alert { ", alert" } else { "" },
            first.join(" "),
            actions.join("; ")
        )
    };
    let drifted = report.drift.drifted.iter().map(line);
    drifted.chain(report.drift.contradicting.iter().map(contradicts)).collect::<Vec<_>>().join("\n")
}

/// The end of the run, in words.
pub(crate) fn summary(report: &Report, seconds: f64) -> String {
    let agreed = report.rounds.iter().filter(|round| round.outcome == "agreed").count();
    let events: usize =
        report.rounds.iter().filter(|round| round.outcome == "agreed").map(|round| round.events).sum();
    let mut lines = vec![
        String::new(),
        format!(
            "{}: {agreed} of {} rounds agreed, {events} entries logged",
            report.origin,
            report.rounds.len()
        ),
    ];
    match report.end.root {
        Some(root) => lines.push(format!("  root     {root} at size {}", report.end.size)),
        None => lines.push("  root     nothing was agreed".to_owned()),
    }
    if report.end.undecided > 0 {
        lines.push(format!("  open     {} events wait: their batch was not agreed on", report.end.undecided));
    }
    lines.push(format!(
        "  quorum   {} of {} members (threshold {}), survives {} Byzantine",
        report.quorum,
        report.members.len(),
        report.threshold,
        report.tolerates
    ));
    lines.extend(standings(report));
    lines.push(format!(
        "  took     {seconds:.2} s, {:.0} events a second",
        to_f64(events) / seconds.max(1e-9)
    ));
    lines.join("\n")
}

/// Where the members stand after the last decided round, if there was one.
fn standings(report: &Report) -> Vec<String> {
    let Some(last) = report.rounds.iter().rev().find(|round| !round.credits.is_empty()) else {
        return Vec::new();
    };
    let heading = "  member     rank         credit   weight trust  apart in rounds".to_owned();
    let line = |standing: &Standing| {
        let line = format!(
            "  {:<10} {:>4} {:>14} {:>8} {:>5}  {}",
            standing.member.as_str(),
            standing.rank,
            fixed(standing.credit_micro, 1_000_000),
            fixed(standing.weight_ppm.into(), 1_000_000),
            standing.trust,
            apart(report, standing.member.as_str())
        );
        line.trim_end().to_owned()
    };
    std::iter::once(heading).chain(last.credits.iter().map(line)).collect()
}

#[allow(clippy::cast_precision_loss, reason = "shown to a person")]
fn to_f64(count: usize) -> f64 {
    count as f64
}

fn fixed(value: u128, unit: u128) -> String {
    format!("{}.{:04}", value / unit, value % unit * 10_000 / unit)
}

fn apart(report: &Report, member: &str) -> String {
    let mut reasons: Vec<(String, usize)> = Vec::new();
    for dissent in report.rounds.iter().flat_map(|round| &round.dissent).filter(|line| line.member == member)
    {
        match reasons.iter_mut().find(|(reason, _)| *reason == dissent.reason) {
            Some((_, times)) => *times += 1,
            None => reasons.push((dissent.reason.clone(), 1)),
        }
    }
    reasons.iter().map(|(reason, times)| format!("{reason} ×{times}")).collect::<Vec<_>>().join(", ")
}
