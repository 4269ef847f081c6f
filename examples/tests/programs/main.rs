//! The two programs as their users run them: exit status, what they say, and which files exist afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod arguments;
mod bytes;
mod closed;
mod desk;
mod faults;
mod input;
mod keys;
mod mapping;
mod ordered;
mod output;
mod published;
mod recorded;
mod report;
mod verified;
mod verified_not;
