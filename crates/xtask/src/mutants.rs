use std::fs;

use crate::step::{cargo, is_installed, root, run};

/// Changes one expression of a crate at a time, and runs the crate's tests, which must notice. `files`: only these, below the
/// crate's `src/`; all when there are none. Works on a copy of the tree; what was found lies in `target/mutants/`.
///
/// # Errors
/// When `cargo-mutants` is not installed, there is no such crate, or a change was not noticed.
pub(crate) fn run_all(name: &str, files: &[String]) -> Result<(), String> {
    if !is_installed("cargo", &["mutants"]) {
        return Err(
            "cargo-mutants is not installed; `cargo install --locked cargo-mutants` installs it".to_owned()
        );
    }
    let source = format!("crates/{name}/src");
    if !root().join(&source).is_dir() {
        return Err(format!("there is no folder {source}"));
    }
    let folder = root().join("target/mutants");
    let copies = folder.join("copies");
    fs::create_dir_all(&copies).map_err(|error| format!("{}: {error}", copies.display()))?;
    let mut mutants =
        cargo(["mutants", "--package", &format!("auditmesh-{name}"), "--jobs", "1", "--no-shuffle"]);
    mutants.args(["--output".as_ref(), folder.as_os_str()]).env("TMPDIR", &copies);
    for file in files {
        mutants.args(["--file", &format!("{source}/{file}")]);
    }
    run(mutants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_named() {
        let failure = run_all("nothing-of-that-name", &[]).unwrap_err();
        let installed = is_installed("cargo", &["mutants"]);
        let want =
            if installed { "there is no folder crates/nothing-of-that-name/src" } else { "cargo install" };
        assert!(failure.contains(want), "{failure}");
    }
}
