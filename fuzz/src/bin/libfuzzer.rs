//! Any target under libFuzzer: `AUDITMESH_FUZZ_TARGET=digest libfuzzer corpus/digest`. Built and run by
//! `cargo xtask long fuzz`.
#![no_main]

use std::sync::OnceLock;

use auditmesh_fuzz::{TARGETS, target};
use libfuzzer_sys::fuzz_target;

const VARIABLE: &str = "AUDITMESH_FUZZ_TARGET";

static RUN: OnceLock<fn(&[u8]) -> bool> = OnceLock::new();

fn chosen() -> fn(&[u8]) -> bool {
    let name = std::env::var(VARIABLE).unwrap_or_default();
    let Some((_, run)) = target(&name) else {
        let known: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        eprintln!("{VARIABLE} is {name:?}; it must be one of {}", known.join(", "));
        std::process::exit(2);
    };
    run
}

fuzz_target!(|bytes: &[u8]| {
    RUN.get_or_init(chosen)(bytes);
});
