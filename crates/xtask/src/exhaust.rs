use crate::step::{cargo, run};

/// Every state of the ordering engine in two views, all scenarios of twins, and that engines that lack a rule are found out.
///
/// # Errors
/// When they do not build, or a rule is broken.
pub(crate) fn smoke() -> Result<(), String> {
    tests(&["--test", "search", "--test", "twins"], &["--skip", "long_"])
}

/// Three views, as far as memory goes; what was seen is printed.
///
/// # Errors
/// As [`smoke`].
pub(crate) fn search() -> Result<(), String> {
    tests(&["--test", "search"], &["long_"])
}

/// A million scenarios of twins with chosen leaders.
///
/// # Errors
/// As [`smoke`].
pub(crate) fn twins() -> Result<(), String> {
    tests(&["--test", "twins"], &["long_"])
}

/// Runs these tests optimised, those that are ignored elsewhere too, one after the other.
fn tests(targets: &[&str], filter: &[&str]) -> Result<(), String> {
    let mut tests =
        cargo(["test", "--release", "--locked", "--package", "auditmesh-bft", "--features", "mutants"]);
    tests.args(targets).args(["--", "--include-ignored", "--nocapture", "--test-threads", "1"]).args(filter);
    run(tests)
}
