use std::fs;

use crate::step::{cargo, command, is_installed, output, root, run};

const TARGET: &str = "aarch64-unknown-linux-gnu";
const LINKER: &str = "aarch64-linux-gnu-gcc";
const MACHINE: &str = "qemu-aarch64";

/// What two nodes must agree on, on whatever machine they run.
const CRATES: [&str; 7] = ["types", "lanes", "event", "merkle", "bft", "credit", "drift"];

/// Runs the tests of the crates whose results two nodes must agree on, on an emulated aarch64. Its files go to
/// `target/aarch64-unknown-linux-gnu/`.
///
/// # Errors
/// When something that it needs is not installed, or a test fails.
pub(crate) fn run_all() -> Result<(), String> {
    for program in [LINKER, MACHINE] {
        if !is_installed(program, &[]) {
            return Err(format!(
                "{program} is not installed; `apt-get install qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross` \
                 installs it on Debian"
            ));
        }
    }
    let rust = output(command("rustc", ["--print", "sysroot"]))?;
    let library = format!("{}/lib/rustlib/{TARGET}/lib", rust.trim());
    if fs::metadata(&library).is_err() {
        return Err(format!("there is no {library}; `rustup target add {TARGET}` installs it"));
    }
    let mut test = cargo(["test", "--locked", "--target", TARGET]);
    test.current_dir(root()).args(CRATES.map(|name| format!("--package=auditmesh-{name}")));
    test.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", LINKER);
    test.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", format!("{MACHINE} -L /usr/aarch64-linux-gnu"));
    run(test)
}
