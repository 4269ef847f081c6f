use crate::step::{self, cargo};

/// Measures ours beside the peers, which only this builds.
///
/// # Errors
/// When the measuring program does not build, or a contender does other work than ours.
pub(crate) fn run(name: &str) -> Result<(), String> {
    let build = ["run", "--release", "--locked", "--package", "auditmesh-benches", "--features", "peers"];
    step::run(cargo(build.into_iter().chain(["--bin", "figures", "--", name])))
}
