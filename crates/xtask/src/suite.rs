use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::step::{cargo, root, shown};

/// The adapter that compiles half a node: it is built when it is named, and in a step of its own in CI.
pub(crate) const HEAVY: &str = "auditmesh-bft-malachite";

/// Leaves it out.
pub(crate) const WITHOUT_HEAVY: [&str; 2] = ["--exclude", HEAVY];

const DATA: &str = "AUDITMESH_DATA";

/// What the closing lines of `cargo test` add up to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            ignored: self.ignored + other.ignored,
        }
    }
}

/// Runs every test; with recorded data also those that are ignored without it.
///
/// # Errors
/// When a test fails.
pub(crate) fn run() -> Result<(), String> {
    let all = count_tests(cargo(["test", "--workspace", "--locked"].into_iter().chain(WITHOUT_HEAVY)))?;
    println!(
        "\nwithout recorded data: {} passed, {} failed, {} ignored",
        all.passed, all.failed, all.ignored
    );
    if all.ignored == 0 {
        return Ok(());
    }
    let Some(data) = data(env::var_os(DATA).map(PathBuf::from), &root())? else {
        println!(
            "{} tests are ignored; set {DATA} to the folder with the recorded events to run them",
            all.ignored
        );
        return Ok(());
    };
    println!("recorded data: {}\n", data.display());
    let all = ["test", "--workspace", "--locked", "--lib", "--bins", "--tests"];
    // What the ordering engine ignores needs an optimised build, not data: `cargo xtask ci` runs it.
    let without = WITHOUT_HEAVY.into_iter().chain(["--exclude", "auditmesh-bft"]);
    let mut command = cargo(all.into_iter().chain(without).chain(["--", "--ignored"]));
    command.env(DATA, &data);
    let more = count_tests(command)?;
    println!("\nwith recorded data: {} passed, {} failed", more.passed, more.failed);
    Ok(())
}

/// Where recorded data is: what the variable says, or else `shared/data` beside the workspace, if it is there.
fn data(said: Option<PathBuf>, root: &Path) -> Result<Option<PathBuf>, String> {
    match said {
        Some(path) if path.is_dir() => Ok(Some(path)),
        Some(path) => Err(format!("{DATA} is {}, which is no folder", path.display())),
        None => {
            Ok(root.parent().map(|beside| beside.join("shared").join("data")).filter(|path| path.is_dir()))
        }
    }
}

/// Runs `cargo test`, passes on every line as it comes, and adds up the results.
fn count_tests(mut command: Command) -> Result<Count, String> {
    let shown = shown(&command);
    println!("$ {shown}");
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{shown}` did not start: {error}"))?;
    let mut count = Count::default();
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).split(b'\n')) {
        let line = line.map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        count = count.and(counted(&line));
    }
    let status = child.wait().map_err(|error| format!("`{shown}` was lost: {error}"))?;
    if status.success() { Ok(count) } else { Err(format!("`{shown}` failed: {status}")) }
}

/// The numbers of a line `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
fn counted(line: &str) -> Count {
    let Some(result) = line.trim().strip_prefix("test result: ") else { return Count::default() };
    let number = |what: &str| {
        let part = result.split(['.', ';']).map(str::trim).find_map(|part| part.strip_suffix(what));
        part.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
    };
    Count { passed: number("passed"), failed: number("failed"), ignored: number("ignored") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        let line =
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(counted(line), Count { passed: 12, failed: 0, ignored: 3 });
        let line = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(counted(line), Count { passed: 1, failed: 2, ignored: 0 });
        assert_eq!(counted("test a ... ok"), Count::default());
    }

    #[test]
    fn the_variable_decides_where_data_is() {
        let here = root();
        assert_eq!(data(Some(here.clone()), &here), Ok(Some(here.clone())));
        let wrong = data(Some(here.join("no-such-folder")), &here).unwrap_err();
        assert!(wrong.ends_with("which is no folder"), "{wrong}");
        assert_eq!(data(None, &here.join("crates")), Ok(None));
    }
}
