use std::{fs, process::Command};

use crate::{
    examples, exhaust, fuzz, manifest, simulate,
    step::{cargo, command, is_installed, root, run, timed},
    suite::{self, HEAVY, WITHOUT_HEAVY},
};

/// A heading and what it runs.
type Step = (&'static str, fn() -> Result<(), String>);

/// In the order in which they run: what fails fast comes first.
const STEPS: [Step; 14] = [
    ("format", format),
    ("clippy", clippy),
    ("fuzz: format and clippy", fuzz::check),
    ("documentation", documentation),
    ("spelling", spelling),
    ("dependencies", dependencies),
    ("no default features", without_default_features),
    ("tests", suite::run),
    ("Malachite's core in our adapter", heavy),
    ("100,000 simulated schedules", simulate::smoke),
    ("two views exhausted, and twins", exhaust::smoke),
    ("benchmarks, once each", benches),
    ("fuzz targets, a minute", fuzz::smoke),
    ("examples", examples::smoke),
];

/// Runs steps until one fails; what each took, and the failure.
fn run_steps(steps: &[Step]) -> (String, Result<(), String>) {
    let mut summary = String::new();
    for (at, (name, work)) in steps.iter().enumerate() {
        println!("\n== {}/{} {name}", at + 1, steps.len());
        let (result, seconds) = timed(work);
        let word = if result.is_ok() { "ok" } else { "FAILED" };
        println!("== {name}: {word}, {seconds:.1} s");
        summary.push_str(&format!("  {word:<6} {seconds:>7.1} s  {name}\n"));
        if let Err(failure) = result {
            for (name, _) in steps.iter().skip(at + 1) {
                summary.push_str(&format!("  not run            {name}\n"));
            }
            return (summary, Err(format!("{name}: {failure}")));
        }
    }
    (summary, Ok(()))
}

/// Everything that must hold before a change is taken.
///
/// # Errors
/// The first failure.
pub(crate) fn all() -> Result<(), String> {
    let ((summary, result), seconds) = timed(|| run_steps(&STEPS));
    println!("\n== summary, {seconds:.1} s\n{summary}");
    result
}

fn format() -> Result<(), String> {
    run(cargo(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<(), String> {
    let strict = ["--locked", "--", "-D", "warnings"];
    // The features of the benchmarks are peers, which take longer to build than all the rest.
    let rest = ["clippy", "--workspace", "--all-targets", "--all-features", "--exclude", "auditmesh-benches"];
    run(cargo(rest.into_iter().chain(WITHOUT_HEAVY).chain(strict)))?;
    let benches = ["clippy", "--package", "auditmesh-benches", "--all-targets"];
    run(cargo(benches.into_iter().chain(strict)))
}

/// What the other steps leave out: clippy, documentation and tests, among them the suite that every `Orderer` passes.
fn heavy() -> Result<(), String> {
    let strict = ["--all-targets", "--locked", "--", "-D", "warnings"];
    run(cargo(["clippy", "--package", HEAVY].into_iter().chain(strict)))?;
    run(strict_doc(cargo(["doc", "--package", HEAVY, "--no-deps", "--locked"])))?;
    run(cargo(["test", "--package", HEAVY, "--locked"]))
}

fn strict_doc(mut doc: Command) -> Command {
    doc.env("RUSTDOCFLAGS", "-D warnings");
    doc
}

fn documentation() -> Result<(), String> {
    let all = ["doc", "--workspace", "--no-deps", "--locked"];
    run(strict_doc(cargo(all.into_iter().chain(WITHOUT_HEAVY))))
}

fn spelling() -> Result<(), String> {
    if !is_installed("typos", &[]) {
        println!("typos is not installed, so spelling is not checked; `cargo install --locked typos-cli`");
        return Ok(());
    }
    run(command("typos", ["--config", ".typos.toml"]))
}

fn dependencies() -> Result<(), String> {
    if !is_installed("cargo", &["deny"]) {
        println!(
            "cargo-deny is not installed, so licences and advisories are not checked; `cargo install --locked cargo-deny`"
        );
        return Ok(());
    }
    run(cargo(["deny", "check", "--config", ".deny.toml"]))
}

fn without_default_features() -> Result<(), String> {
    let names = manifest::without_std(&root().join("crates")).map_err(|error| format!("crates/: {error}"))?;
    for name in names {
        run(cargo(["check", "--locked", "--no-default-features", "--lib", "--package", &name]))?;
    }
    Ok(())
}

fn benches() -> Result<(), String> {
    let text = fs::read_to_string(root().join("benches/Cargo.toml"))
        .map_err(|error| format!("benches/Cargo.toml: {error}"))?;
    let names = manifest::benches(&text);
    if names.is_empty() {
        return Err("benches/Cargo.toml has no [[bench]]".to_owned());
    }
    for name in names {
        run(cargo([
            "bench",
            "--locked",
            "--package",
            "auditmesh-benches",
            "--bench",
            &name,
            "--",
            "--test",
        ]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_stops_the_rest() {
        let (summary, result) =
            run_steps(&[("a", || Ok(())), ("b", || Err("broken".to_owned())), ("c", || Ok(()))]);
        assert_eq!(result, Err("b: broken".to_owned()));
        let words: Vec<_> = summary.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
        assert_eq!((words[0][0], words[1][0], words[2][0]), ("ok", "FAILED", "not"));
    }

    #[test]
    fn all_steps_that_succeed_are_listed() {
        let (summary, result) = run_steps(&[("a", || Ok(())), ("b", || Ok(()))]);
        assert_eq!((summary.lines().count(), result), (2, Ok(())));
    }
}
