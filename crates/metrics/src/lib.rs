//! What is counted over rounds, and when it alerts.
//!
//! # Example
//!
//! ```
//! use auditmesh_metrics::RoundMetrics;
//! use auditmesh_types::{Observer, Ratio, Round, Sample, Severity};
//!
//! let mut metrics = RoundMetrics::new();
//! let agree = Ratio::new(2, 3)?;
//! let sample = Sample { round: Round(1), proofs: 50, took_us: Some(8_000), agree, dissent: 1, queue_depth: 0 };
//! let alerts = metrics.observe(&sample);
//! assert_eq!((alerts[0].rule, alerts[0].severity), ("FED-AGREE-001", Severity::Critical));
//! assert_eq!(metrics.p95_us(), Some(8_000));
//! assert!(metrics.to_openmetrics().contains("\nauditmesh_agree_ratio 0.666666666\n"));
//! # Ok::<(), auditmesh_types::RatioError>(())
//! ```
//!
//! # Model
//!
//! [`RoundMetrics`] is a plain value: one [`Sample`](auditmesh_types::Sample) for each round goes in, and the alerts of
//! its [`Rule`]s come out. It keeps counters, the last round's gauges, a histogram of latencies, and a window of the
//! last ones, of which the 95th percentile is exact. Rules are data with exact thresholds:
//!
//! | rule | fires | severity |
//! |---|---|---|
//! | `FED-AGREE-001` | agree ratio below 67/100 | critical |
//! | `FED-LAT-002` | 95th percentile of latency above 100 ms | medium |
//! | `FED-DISS-003` | two dissenting nodes or more | medium |
//!
//! A rule fires in every round in which it holds: whoever sends alerts on folds repetitions. It needs no registry, no
//! clock and no server; [`RoundMetrics::to_openmetrics`] gives the text that one serves.
//!
//! # Security
//!
//! Samples are believed. All numbers are integers, or fractions of them; sums stay at the largest number instead of
//! overflowing. Memory is bounded by the window. The text names no member, event or payload.
//!
//! # Status
//!
//! Format: OpenMetrics 1.0, names alpha, `docs/spec/metrics.md`. API: alpha.
//!
//! # Sources
//!
//! OpenMetrics 1.0.0. Percentile: nearest rank, which is always one of the latencies seen.
#![no_std]

extern crate alloc;

mod error;
mod histogram;
mod openmetrics;
mod round_metrics;
mod rule;
mod window;

pub use error::Error;
pub use histogram::{BOUNDS_US, Histogram};
pub use round_metrics::RoundMetrics;
pub use rule::{Condition, Rule};
