use alloc::string::String;
use core::fmt::{self, Write};

use auditmesh_types::Ratio;

use crate::RoundMetrics;

impl RoundMetrics {
    /// All metrics as OpenMetrics 1.0 text. What is not known yet, such as the percentile before the first
    /// measurement, has a description and no sample.
    ///
    /// # Cost
    /// Linear in the window and the number of rules.
    #[must_use]
    pub fn to_openmetrics(&self) -> String {
        let mut text = Text(String::new());
        text.counter("rounds", "Rounds that ended.", self.rounds());
        text.counter("unmeasured_rounds", "Rounds whose latency nobody measured.", self.unmeasured_rounds());
        text.counter("proofs", "Entries that entered the log.", self.proofs());
        text.counter("dissents", "Dissenting nodes, summed over the rounds.", self.dissents());
        text.describe("alerts", "counter", "", "Rounds in which an alert rule fired.");
        for (rule, count) in self.alerts() {
            text.line(format_args!("alerts_total{{rule=\"{}\"}} {count}", Escaped(rule)));
        }
        let last = self.last();
        let agree = last.map(|last| share(last.agree));
        text.gauge("agree_ratio", "ratio", "Agree ratio of the last round, rounded down.", agree);
        let dissent = last.map(|last| Decimal { value: last.dissent.into(), places: 0 });
        text.gauge("dissent_nodes", "", "Nodes that signed otherwise in the last round.", dissent);
        let depth = last.map(|last| Decimal { value: last.queue_depth.into(), places: 0 });
        text.gauge("queue_depth", "", "Events that wait after the last round.", depth);
        let p95 = self.p95_us().map(seconds);
        text.gauge(
            "round_p95_seconds",
            "seconds",
            "Latency that 95 in 100 of the last rounds do not exceed.",
            p95,
        );
        let rate = self.proof_rate_milli().map(|rate| Decimal { value: rate.into(), places: 3 });
        text.gauge("proofs_per_second", "", "Proofs in a second of measured rounds.", rate);
        self.write_latency(&mut text);
        text.0.push_str("# EOF\n");
        text.0
    }

    fn write_latency(&self, text: &mut Text) {
        text.describe(
            "round_seconds",
            "histogram",
            "seconds",
            "Time from the closing of a batch to the decision.",
        );
        let latency = self.latency();
        for (bound, within) in latency.buckets() {
            text.line(format_args!("round_seconds_bucket{{le=\"{}\"}} {within}", seconds(bound)));
        }
        text.line(format_args!("round_seconds_bucket{{le=\"+Inf\"}} {}", latency.count()));
        text.line(format_args!("round_seconds_sum {}", seconds(latency.sum_us())));
        text.line(format_args!("round_seconds_count {}", latency.count()));
    }
}

/// Text that grows by whole lines. Writing to a string does not fail.
struct Text(String);

impl Text {
    fn line(&mut self, line: fmt::Arguments<'_>) {
        let _ = writeln!(self.0, "auditmesh_{line}");
    }

    fn describe(&mut self, name: &str, kind: &str, unit: &str, help: &str) {
        let _ = writeln!(self.0, "# TYPE auditmesh_{name} {kind}");
        if !unit.is_empty() {
            let _ = writeln!(self.0, "# UNIT auditmesh_{name} {unit}");
        }
        let _ = writeln!(self.0, "# HELP auditmesh_{name} {help}");
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.describe(name, "counter", "", help);
        self.line(format_args!("{name}_total {value}"));
    }

    fn gauge(&mut self, name: &str, unit: &str, help: &str, value: Option<Decimal>) {
        self.describe(name, "gauge", unit, help);
        if let Some(value) = value {
            self.line(format_args!("{name} {value}"));
        }
    }
}

/// An integer with the decimal point `places` digits from the right, written without trailing zeroes but with one
/// digit after the point at least; without places, as an integer.
struct Decimal {
    value: u128,
    places: u32,
}

/// Microseconds in seconds.
fn seconds(us: u64) -> Decimal {
    Decimal { value: us.into(), places: 6 }
}

/// A fraction to nine places, rounded down: it stays at or above every threshold of at most nine places that it is at
/// or above, and below every one that it is below.
fn share(ratio: Ratio) -> Decimal {
    Decimal { value: u128::from(ratio.num()) * 1_000_000_000 / u128::from(ratio.den()), places: 9 }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10u128.pow(self.places);
        write!(f, "{}", self.value / scale)?;
        let (mut part, mut places) = (self.value % scale, self.places as usize);
        if places == 0 {
            return Ok(());
        }
        while places > 1 && part % 10 == 0 {
            part /= 10;
            places -= 1;
        }
        write!(f, ".{part:0places$}")
    }
}

/// A label's value, with backslash, quote and line feed escaped.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| match letter {
            '\\' => f.write_str("\\\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str("\\n"),
            other => f.write_char(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn decimals_are_exact_and_have_one_form() {
        let cases = [
            (0, "0.0"),
            (1, "0.000001"),
            (10, "0.00001"),
            (5_000, "0.005"),
            (100_000, "0.1"),
            (1_000_000, "1.0"),
            (10_000_000, "10.0"),
            (12_340_000, "12.34"),
            (u64::MAX, "18446744073709.551615"),
        ];
        for (us, text) in cases {
            assert_eq!(seconds(us).to_string(), text);
        }
        assert_eq!(Decimal { value: 70, places: 0 }.to_string(), "70");
    }

    #[test]
    fn shares_are_rounded_down() {
        for ((num, den), text) in [
            ((2, 3), "0.666666666"),
            ((67, 100), "0.67"),
            ((1, 1), "1.0"),
            ((0, 7), "0.0"),
            ((u64::MAX - 1, u64::MAX), "0.999999999"),
            ((u64::MAX, 1), "18446744073709551615.0"),
        ] {
            assert_eq!(share(Ratio::new(num, den).unwrap()).to_string(), text);
        }
    }

    #[test]
    fn labels_are_escaped() {
        assert_eq!(Escaped("a\\b\"c\nd").to_string(), r#"a\\b\"c\nd"#);
    }
}
