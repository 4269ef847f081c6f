//! The tally: the design's scenarios, each rule alone, and everything at once against a naive count.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation, reason = "a test may panic")]

mod ballots;
mod naive;
mod properties;
mod rules;
mod scenarios;
