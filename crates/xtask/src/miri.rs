use std::process::Command;

use crate::step::{command, is_installed, run};

const INSTALL: &str = "rustup component add --toolchain nightly miri rust-src";

/// What Miri is told to look at more strictly than it does by itself.
const FLAGS: &str = "-Zmiri-strict-provenance -Zmiri-symbolic-alignment-check";

/// Features of x86-64 that the compiler is told to rely on: under Miri no others are detected, so they choose the kernel.
const KERNELS: [&str; 3] = [
    "",
    "-Ctarget-feature=+sha,+ssse3,+sse4.1",
    "-Ctarget-feature=+sha,+ssse3,+sse4.1,+avx512f,+avx512bw,+avx512vbmi2",
];

/// A machine that writes the high byte first.
const BIG_ENDIAN: &str = "s390x-unknown-linux-gnu";

/// Runs a few cases of `lanes` through Miri, with each kernel that it knows on this machine and on one that writes the high byte
/// first, and unit tests of `types` and `merkle`. Its files go to `target/miri/`.
///
/// # Errors
/// When Miri is not installed or finds something.
pub(crate) fn run_all() -> Result<(), String> {
    if !is_installed("rustup", &["run", "nightly", "cargo", "miri"]) {
        return Err(format!("Miri is not installed; `{INSTALL}` installs it"));
    }
    let kernels = if std::env::consts::ARCH == "x86_64" { KERNELS.as_slice() } else { &[""] };
    for features in kernels {
        run(miri(features, &["--package", "auditmesh-lanes", "--lib", "--test", "small"]))?;
    }
    let few = ["--package", "auditmesh-lanes", "--test", "small", "--target", BIG_ENDIAN];
    run(miri("", &few))?;
    run(miri("", &["--package", "auditmesh-types", "--lib"]))?;
    // Of `merkle`, which has no `unsafe`, what is done in minutes.
    run(miri("", &["--package", "auditmesh-merkle", "--lib", "--", "compact_range::", "sha256::"]))
}

fn miri(features: &str, words: &[&str]) -> Command {
    let mut miri = command("rustup", ["run", "nightly", "cargo", "miri", "test", "--locked"]);
    miri.args(["--target-dir", "target/miri"]).args(words);
    miri.env("MIRIFLAGS", FLAGS).env("RUSTFLAGS", features);
    miri
}
