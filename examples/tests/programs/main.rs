//! The programs as their users run them: exit status, what they say, and which files exist afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod arguments;
mod bytes;
mod closed;
mod desk;
mod faults;
mod foreign;
mod growth;
mod input;
mod keys;
mod mapping;
mod ordered;
mod other_logs;
mod output;
mod proves;
mod published;
mod receipts;
mod recorded;
mod report;
mod resumed;
mod verified;
mod verified_not;
mod voted;
