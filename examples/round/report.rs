//! `report.json`: what docs/spec/report.md describes.

use std::time::Duration;

use auditmesh::{
    Anchored, Failure, RoundReport, Step,
    types::{Digest, MemberDrift, Ratio, Size, Standing},
};
use serde::{Serialize, Serializer};

use crate::order::OrderLine;

/// The whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// `auditmesh report v1`.
    pub(crate) format: &'static str,
    /// The log.
    pub(crate) origin: String,
    /// The threshold.
    pub(crate) threshold: String,
    /// How many members that is.
    pub(crate) quorum: u64,
    /// How many Byzantine members it survives.
    pub(crate) tolerates: u64,
    /// Events a batch.
    pub(crate) batch: u32,
    /// The members.
    pub(crate) members: Vec<MemberLine>,
    /// One element a round.
    pub(crate) rounds: Vec<RoundLine>,
    /// Where the log ended.
    #[serde(rename = "final")]
    pub(crate) end: End,
}

/// The report as docs/spec/report.md describes it.
pub(crate) fn json(report: &Report) -> Result<String, String> {
    let mut text = serde_json::to_string_pretty(report).map_err(|why| format!("report: {why}"))?;
    text.push('\n');
    Ok(text)
}

/// A member of the run.
#[derive(Debug, Serialize)]
pub(crate) struct MemberLine {
    /// Its name.
    pub(crate) name: String,
    /// Its zone.
    pub(crate) zone: String,
    /// Its Ed25519 key as a `did:key`.
    pub(crate) did: String,
    /// Its fault, if it has one.
    pub(crate) fault: Option<String>,
    /// The Ed25519 key it votes on the order with, as a `did:key`; absent where nothing is voted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) orderer: Option<String>,
}

/// Where the log ended.
#[derive(Debug, Default, Serialize)]
pub(crate) struct End {
    /// Agreed entries.
    pub(crate) size: Size,
    /// The agreed root; absent when nothing was agreed.
    pub(crate) root: Option<Digest>,
    /// Events that were read and not agreed on.
    pub(crate) undecided: u64,
}

/// One round.
#[derive(Debug, Serialize)]
pub(crate) struct RoundLine {
    /// From 1.
    pub(crate) round: u64,
    /// The how-manieth attempt at this batch.
    pub(crate) attempt: u32,
    /// `agreed`, `dissent`, `tie` or `no quorum`.
    pub(crate) outcome: String,
    /// Events in the batch.
    pub(crate) events: usize,
    /// The leading head's size.
    pub(crate) size: Option<Size>,
    /// The leading head's root.
    pub(crate) root: Option<Digest>,
    /// The root of the batch's leaves alone; absent when nothing was agreed.
    pub(crate) batch_root: Option<Digest>,
    /// Agreeing members over all members.
    pub(crate) agree_ratio: Ratio,
    /// Who does not stand behind the leading head, and why.
    pub(crate) dissent: Vec<DissentLine>,
    /// Who differed before anything was signed.
    pub(crate) drift: Vec<DriftLine>,
    /// The anchor's name for the agreed head.
    pub(crate) anchor: Option<String>,
    /// Why the policy denied the anchor; empty when it allowed it.
    pub(crate) denied: Vec<String>,
    /// Where the members stand, best first.
    pub(crate) credits: Vec<Standing>,
    /// The rules that fired.
    pub(crate) alerts: Vec<AlertLine>,
    /// What failed and did not stop the round.
    pub(crate) failures: Vec<FailureLine>,
    /// How the members voted on the order; absent where they did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<OrderLine>,
    /// Measured seconds by step; absent without timings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<Seconds>,
}

/// Seconds by step, in the order of the steps.
#[derive(Debug)]
pub(crate) struct Seconds(Vec<(Step, Duration)>);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(step, took)| (step.name(), took.as_secs_f64())))
    }
}

/// A member apart from the others.
#[derive(Debug, Serialize)]
pub(crate) struct DissentLine {
    /// Who.
    pub(crate) member: String,
    /// As `auditmesh::Apart` is written.
    pub(crate) reason: String,
}

/// A member that drifted.
#[derive(Debug, Serialize)]
pub(crate) struct DriftLine {
    /// Who.
    pub(crate) member: String,
    /// The member it was compared with.
    pub(crate) against: String,
    /// How many leaves differ.
    pub(crate) divergent: u64,
    /// `divergent` over the leaves compared.
    pub(crate) score: Ratio,
    /// `low`, `medium`, `high` or `critical`.
    pub(crate) severity: String,
    /// Whether the score is above the threshold.
    pub(crate) alert: bool,
    /// The first ten leaves that differ.
    pub(crate) first_leaves: Vec<u64>,
    /// What to do.
    pub(crate) actions: Vec<String>,
}

/// A rule that fired.
#[derive(Debug, Serialize)]
pub(crate) struct AlertLine {
    /// The rule.
    pub(crate) rule: &'static str,
    /// How bad it is.
    pub(crate) severity: String,
    /// What was seen.
    pub(crate) saw: String,
    /// What to do.
    pub(crate) action: &'static str,
}

/// What failed and did not stop the round.
#[derive(Debug, Serialize)]
pub(crate) struct FailureLine {
    /// The step.
    pub(crate) step: &'static str,
    /// The member; absent when a shared part failed.
    pub(crate) member: Option<String>,
    /// Its error.
    pub(crate) why: String,
}

impl RoundLine {
    /// The line of one round.
    pub(crate) fn of<C>(
        report: &RoundReport<C>,
        order: Option<OrderLine>,
        laps: Option<&[(Step, Duration)]>,
    ) -> Self {
        let decision = &report.decision;
        let agreed = report.agreed.as_ref();
        let denied = match agreed.map(|agreed| &agreed.anchored) {
            Some(Anchored::Denied(reasons)) => {
                reasons.iter().map(|r| format!("{}: {}: {}", r.rule, r.about, r.why)).collect()
            }
            _ => Vec::new(),
        };
        let alert = |alert: &auditmesh::types::Alert| AlertLine {
            rule: alert.rule,
            severity: alert.severity.to_string(),
            saw: alert.saw.clone(),
            action: alert.action,
        };
        Self {
            round: report.round.0,
            attempt: report.attempt,
            outcome: decision.outcome.to_string(),
            events: report.batch.records.len(),
            size: decision.head.map(|head| head.size),
            root: decision.head.map(|head| head.root),
            batch_root: agreed.map(|agreed| agreed.batch_root),
            agree_ratio: decision.ratio,
            dissent: report.apart.iter().map(DissentLine::of).collect(),
            drift: report.drift.drifted.iter().map(DriftLine::of).collect(),
            anchor: match agreed.map(|agreed| &agreed.anchored) {
                Some(Anchored::Kept(receipt)) => Some(receipt.id.clone()),
                _ => None,
            },
            denied,
            credits: report.standings.clone(),
            alerts: report.alerts.iter().map(alert).collect(),
            failures: report.failures.iter().map(FailureLine::of).collect(),
            order,
            seconds: laps.map(|laps| Seconds(laps.to_vec())),
        }
    }
}

impl FailureLine {
    fn of(failure: &Failure) -> Self {
        let member = failure.member.as_ref().map(ToString::to_string);
        Self { step: failure.step.name(), member, why: failure.why.clone() }
    }
}

impl DissentLine {
    fn of((member, why): &(auditmesh::types::MemberId, auditmesh::Apart)) -> Self {
        Self { member: member.to_string(), reason: why.to_string() }
    }
}

impl DriftLine {
    fn of(drift: &MemberDrift) -> Self {
        Self {
            member: drift.member.to_string(),
            against: drift.against.to_string(),
            divergent: drift.divergent,
            score: drift.score,
            severity: drift.severity.to_string(),
            alert: drift.alert,
            first_leaves: drift.leaves.iter().take(10).map(|leaf| leaf.0).collect(),
            actions: drift.actions.iter().map(ToString::to_string).collect(),
        }
    }
}
