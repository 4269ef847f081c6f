//! The ordering engine through its public inputs and effects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod evidence;
mod intake;
mod normal_case;
mod restart;
mod table;
