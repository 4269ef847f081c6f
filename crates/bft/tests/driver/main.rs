//! What a member does when its disk or its application fails, what it tells of its start, of forks, and of a signer that signs wrongly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod cast;
mod forks;
mod signers;
mod starts;
mod stops;
#[path = "../wire_samples/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]
mod wire_samples;
