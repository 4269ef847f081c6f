use crate::step::{cargo, command, output, run};

/// How many schedules CI runs, and on how many threads: two processors do it in less than five minutes.
const SCHEDULES: &str = "0..100000";
const JOBS: &str = "2";
/// Beside them a few of a large federation.
const LARGE: [&str; 4] = ["--members", "100", "--seeds", "0..8"];

/// Simulates the ordering engine: `words` go to the simulation, which is built optimised.
///
/// # Errors
/// When it does not build, a word is wrong, or a schedule breaks a rule.
pub(crate) fn simulate(words: &[String]) -> Result<(), String> {
    let build = ["test", "--release", "--locked", "--package", "auditmesh-bft", "--test", "simulate", "--"];
    let mut simulation = cargo(build.into_iter().chain(words.iter().map(String::as_str)));
    simulation.env("AUDITMESH_COMMIT", commit());
    run(simulation)
}

/// What CI asks for: many short schedules, and that every engine that lacks a rule is found out.
///
/// # Errors
/// As [`simulate`], or when one is not found out.
pub(crate) fn smoke() -> Result<(), String> {
    for words in [["--seeds", SCHEDULES].as_slice(), &LARGE] {
        let words: Vec<String> =
            words.iter().chain(&["--jobs", JOBS]).map(|word| (*word).to_owned()).collect();
        simulate(&words)?;
    }
    let mut mutants =
        cargo(["test", "--release", "--locked", "--package", "auditmesh-bft", "--features", "mutants"]);
    mutants.args(["--test", "simulate"]);
    run(mutants)
}

/// The commit that is simulated; `+` says that files were changed since.
fn commit() -> String {
    let said = output(command("git", ["describe", "--always", "--dirty=+"]));
    said.map_or_else(|_| "unknown".to_owned(), |said| said.trim().to_owned())
}
