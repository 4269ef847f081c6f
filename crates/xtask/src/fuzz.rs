use std::process::Command;

use crate::{
    long_fuzz,
    step::{cargo, output, run},
};

const PACKAGE: [&str; 5] = ["--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target/fuzz"];

/// Formatting and lints of the fuzz workspace, which the root's do not reach.
///
/// # Errors
/// When either complains.
pub(crate) fn check() -> Result<(), String> {
    run(cargo(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))?;
    let mut clippy = cargo(["clippy"]);
    clippy.args(PACKAGE).args(["--all-targets", "--", "-D", "warnings"]);
    run(clippy)
}

/// Replays every target's corpus, then runs seeded mutations of it.
///
/// # Errors
/// When an input makes a target panic.
pub(crate) fn smoke() -> Result<(), String> {
    let mut test = cargo(["test"]);
    test.args(PACKAGE);
    run(test)?;
    run(smoke_command(&[]))
}

/// As [`long_fuzz::run_all`].
///
/// # Errors
/// As there, or when the targets cannot be listed.
pub(crate) fn long(minutes: u32, targets: &[String]) -> Result<(), String> {
    long_fuzz::run_all(minutes, targets, &output(smoke_command(&["--list"]))?, &PACKAGE)
}

/// As [`long_fuzz::keep`].
///
/// # Errors
/// As there, or when the targets cannot be listed.
pub(crate) fn keep(targets: &[String]) -> Result<(), String> {
    long_fuzz::keep(targets, &output(smoke_command(&["--list"]))?, &PACKAGE)
}

fn smoke_command(words: &[&str]) -> Command {
    let mut smoke = cargo(["run", "--quiet"]);
    smoke.args(PACKAGE).args(["--bin", "smoke", "--"]).args(words);
    smoke
}
