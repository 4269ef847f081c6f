use std::{fs, process::Command};

use crate::step::{cargo, command, output, root, run};

const PACKAGE: [&str; 5] = ["--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target/fuzz"];

/// What libFuzzer needs to see which code an input reaches, in words that a stable compiler takes.
const COVERAGE: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                        -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks";

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

/// Runs every target through libFuzzer, `minutes` each. What it finds new goes to `target/fuzz/corpus/`, what fails to
/// `fuzz/artifacts/`.
///
/// # Errors
/// When a target fails, or libFuzzer cannot be built.
pub(crate) fn long(minutes: u32) -> Result<(), String> {
    let targets = output(smoke_command(&["--list"]))?;
    let host = host(&output(command("rustc", ["-vV"]))?)?;
    let mut build =
        cargo(["build", "--release", "--features", "libfuzzer", "--bin", "libfuzzer", "--target", &host]);
    build.args(PACKAGE).env("RUSTFLAGS", COVERAGE);
    run(build)?;
    let program = root().join("target/fuzz").join(&host).join("release/libfuzzer");
    for target in targets.lines() {
        let (found, seeds, failed) = (
            format!("target/fuzz/corpus/{target}"),
            format!("fuzz/corpus/{target}"),
            format!("fuzz/artifacts/{target}/"),
        );
        for folder in [&found, &seeds, &failed] {
            fs::create_dir_all(root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
        }
        println!("\n== {target}, {minutes} min");
        let seconds = format!("-max_total_time={}", u64::from(minutes) * 60);
        let mut fuzz = Command::new(&program);
        fuzz.current_dir(root()).env("AUDITMESH_FUZZ_TARGET", target);
        fuzz.args([&seconds, "-max_len=65536", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
        fuzz.args([format!("-artifact_prefix={failed}"), found, seeds]);
        run(fuzz)?;
    }
    Ok(())
}

fn smoke_command(words: &[&str]) -> Command {
    let mut smoke = cargo(["run", "--quiet"]);
    smoke.args(PACKAGE).args(["--bin", "smoke", "--"]).args(words);
    smoke
}

/// The `host: ` line of `rustc -vV`. Naming it keeps the flags away from build scripts and macros.
fn host(version: &str) -> Result<String, String> {
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| format!("`rustc -vV` names no host: {version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_read() {
        assert_eq!(host("rustc 1.95.0\nhost: a-b-c\nrelease: 1"), Ok("a-b-c".to_owned()));
        assert!(host("rustc 1.95.0").is_err());
    }
}
