use alloc::{collections::BTreeMap, vec::Vec};

use auditmesh_types::{Alert, Observer, Ratio, Sample};

use crate::{Error, Histogram, Rule, window::Window};

/// Counters, gauges and latencies of the rounds so far, with the rules that watch them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundMetrics {
    rules: Vec<Rule>,
    alerts: BTreeMap<&'static str, u64>,
    rounds: u64,
    unmeasured_rounds: u64,
    proofs: u64,
    measured_proofs: u64,
    dissents: u64,
    latency: Histogram,
    window: Window,
    last: Option<Sample>,
}

impl Default for RoundMetrics {
    fn default() -> Self {
        Self {
            rules: Rule::HOUSE.to_vec(),
            alerts: Rule::HOUSE.map(|rule| (rule.id, 0)).into(),
            rounds: 0,
            unmeasured_rounds: 0,
            proofs: 0,
            measured_proofs: 0,
            dissents: 0,
            latency: Histogram::default(),
            window: Window::new(Self::WINDOW),
            last: None,
        }
    }
}

impl RoundMetrics {
    /// How many latencies the window holds unless said otherwise.
    pub const WINDOW: usize = 1024;

    /// The most latencies a window may hold.
    pub const MAX_WINDOW: usize = 1 << 20;

    /// Metrics that have seen nothing, with the rules of the house.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Watches with `rules` instead of the house's. What was counted of alerts begins anew.
    ///
    /// # Errors
    /// [`Error::MisuseRuleRepeated`].
    pub fn with_rules(mut self, rules: impl IntoIterator<Item = Rule>) -> Result<Self, Error> {
        let mut rules: Vec<Rule> = rules.into_iter().collect();
        rules.sort_by_key(|rule| rule.id);
        if let Some([twice, _]) = rules.windows(2).find(|pair| matches!(pair, [a, b] if a.id == b.id)) {
            return Err(Error::MisuseRuleRepeated { id: twice.id });
        }
        self.alerts = rules.iter().map(|rule| (rule.id, 0)).collect();
        self.rules = rules;
        Ok(self)
    }

    /// Takes the percentile over the last `window` latencies. What the window held is forgotten.
    ///
    /// # Errors
    /// [`Error::MisuseWindow`]: zero, or more than [`RoundMetrics::MAX_WINDOW`].
    pub fn with_window(mut self, window: usize) -> Result<Self, Error> {
        if window == 0 || window > Self::MAX_WINDOW {
            return Err(Error::MisuseWindow { got: window, max: Self::MAX_WINDOW });
        }
        self.window = Window::new(window);
        Ok(self)
    }

    /// The rules, by id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// How often each rule fired, by id.
    pub fn alerts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.alerts.iter().map(|(id, count)| (*id, *count))
    }

    /// The number of rounds.
    #[must_use]
    pub fn rounds(&self) -> u64 {
        self.rounds
    }

    /// The number of rounds whose latency nobody measured.
    #[must_use]
    pub fn unmeasured_rounds(&self) -> u64 {
        self.unmeasured_rounds
    }

    /// The number of entries that entered the log.
    #[must_use]
    pub fn proofs(&self) -> u64 {
        self.proofs
    }

    /// The number of dissenting nodes, summed over the rounds.
    #[must_use]
    pub fn dissents(&self) -> u64 {
        self.dissents
    }

    /// The agree ratio of the last round.
    #[must_use]
    pub fn agree(&self) -> Option<Ratio> {
        self.last.as_ref().map(|last| last.agree)
    }

    /// The last round.
    #[must_use]
    pub fn last(&self) -> Option<&Sample> {
        self.last.as_ref()
    }

    /// The latencies of all measured rounds.
    #[must_use]
    pub fn latency(&self) -> &Histogram {
        &self.latency
    }

    /// The latency that 95 of 100 in the window do not exceed, by nearest rank, in microseconds; `None` when
    /// nothing was measured.
    ///
    /// # Cost
    /// Linear in the window.
    #[must_use]
    pub fn p95_us(&self) -> Option<u64> {
        self.window.p95()
    }

    /// Proofs in a thousand seconds of measured rounds, rounded down, at most `u64::MAX`; `None` while no time has
    /// passed. Rounds that nobody measured count neither proofs nor time.
    #[must_use]
    pub fn proof_rate_milli(&self) -> Option<u64> {
        // proofs / us = proofs * 10^6 / s, in thousandths.
        let scaled = u128::from(self.measured_proofs) * 1_000_000_000;
        let rate = scaled.checked_div(u128::from(self.latency.sum_us()))?;
        Some(u64::try_from(rate).unwrap_or(u64::MAX))
    }

    fn count(&mut self, sample: &Sample) {
        self.rounds = self.rounds.saturating_add(1);
        self.proofs = self.proofs.saturating_add(sample.proofs);
        self.dissents = self.dissents.saturating_add(sample.dissent);
        if let Some(took_us) = sample.took_us {
            self.measured_proofs = self.measured_proofs.saturating_add(sample.proofs);
            self.latency.add(took_us);
            self.window.add(took_us);
        } else {
            self.unmeasured_rounds = self.unmeasured_rounds.saturating_add(1);
        }
        self.last = Some(sample.clone());
    }
}

impl Observer for RoundMetrics {
    /// Counts the round, then asks every rule. The latency rule looks at the whole window, so that it can fire in a
    /// round that nobody measured.
    ///
    /// # Cost
    /// Linear in the window.
    fn observe(&mut self, sample: &Sample) -> Vec<Alert> {
        self.count(sample);
        let p95_us = self.p95_us();
        let alerts: Vec<Alert> = self.rules.iter().filter_map(|rule| rule.judge(sample, p95_us)).collect();
        for alert in &alerts {
            let count = self.alerts.entry(alert.rule).or_default();
            *count = count.saturating_add(1);
        }
        alerts
    }
}
