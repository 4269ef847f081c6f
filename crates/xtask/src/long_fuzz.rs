use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use crate::{
    fuzz_corpus,
    fuzz_table::{self, Row},
    step::{cargo, command, output, root, run, shown},
};

/// What libFuzzer needs to see which code an input reaches, in words that a stable compiler takes.
const COVERAGE: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                        -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks";

/// The parts of a second that the kernel counts in.
const TICKS: u64 = 100;

/// Runs targets through libFuzzer, each until it had `minutes` of a processor: a busy machine makes the run longer, not the
/// work less. What they find new goes to `target/fuzz/corpus/`, what fails to `fuzz/artifacts/`, the figures to
/// `target/fuzz/long.md`.
///
/// # Errors
/// When there is no such target, libFuzzer cannot be built, or, after all targets ran, one of them failed.
pub(crate) fn run_all(minutes: u32, named: &[String], known: &str, package: &[&str]) -> Result<(), String> {
    let targets = chosen(named, known)?;
    let program = build(package)?;
    let commit = commit();
    let mut failed = Vec::new();
    for target in targets {
        println!("\n== {target}, {minutes} min of a processor");
        let row = one(&program, target, u64::from(minutes) * 60 * TICKS, &commit)?;
        println!("{row}");
        if row.finding.is_some() {
            failed.push(target);
        }
        fuzz_table::renew(&root().join("target/fuzz/long.md"), &row)?;
    }
    fs::remove_file(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    if failed.is_empty() { Ok(()) } else { Err(format!("findings in {}", failed.join(", "))) }
}

/// Puts the smallest inputs that reach new code into the corpus of the repository.
///
/// # Errors
/// As [`run_all`].
pub(crate) fn keep(named: &[String], known: &str, package: &[&str]) -> Result<(), String> {
    let targets = chosen(named, known)?;
    let program = build(package)?;
    fuzz_corpus::keep(&program, &targets)?;
    fs::remove_file(&program).map_err(|error| format!("{}: {error}", program.display()))
}

/// The targets named, or all.
fn chosen<'a>(named: &'a [String], known: &'a str) -> Result<Vec<&'a str>, String> {
    let unknown = named.iter().find(|name| !known.lines().any(|target| target == **name));
    match unknown {
        Some(name) => Err(format!("no fuzz target {name:?}; there are: {}", known.replace('\n', " "))),
        None if named.is_empty() => Ok(known.lines().collect()),
        None => Ok(named.iter().map(String::as_str).collect()),
    }
}

/// Builds all targets into one program, and copies it, so that a later build does not change it under a run.
fn build(package: &[&str]) -> Result<PathBuf, String> {
    let host = host(&output(command("rustc", ["-vV"]))?)?;
    let mut build =
        cargo(["build", "--release", "--features", "libfuzzer", "--bin", "libfuzzer", "--target", &host]);
    build.args(package).env("RUSTFLAGS", COVERAGE);
    run(build)?;
    let folder = root().join("target/fuzz");
    let built = folder.join(&host).join("release/libfuzzer");
    let copy = folder.join(format!("libfuzzer-{}", std::process::id()));
    fs::copy(&built, &copy).map_err(|error| format!("{}: {error}", built.display()))?;
    Ok(copy)
}

/// Runs one target in slices until its processes had `goal` ticks of a processor, or one of them failed.
fn one(program: &Path, target: &str, goal: u64, commit: &str) -> Result<Row, String> {
    let [found, seeds, failed] = [
        format!("target/fuzz/corpus/{target}"),
        format!("fuzz/corpus/{target}"),
        format!("fuzz/artifacts/{target}/"),
    ];
    for folder in [&found, &seeds, &failed] {
        fs::create_dir_all(root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    }
    let mut row = Row { target: target.to_owned(), commit: commit.to_owned(), ..Row::default() };
    while row.ticks < goal && row.finding.is_none() {
        // No more than what is left: one thread never has more of a processor than time passes.
        let seconds = (goal - row.ticks).div_ceil(TICKS);
        let mut fuzz = Command::new(program);
        fuzz.current_dir(root()).env("AUDITMESH_FUZZ_TARGET", target);
        fuzz.args(["-max_len=65536", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
        fuzz.args([format!("-max_total_time={seconds}"), format!("-artifact_prefix={failed}")]);
        fuzz.args([&found, &seeds]);
        let (status, said, ticks) = slice(fuzz, &root().join(format!("target/fuzz/{target}.log")))?;
        row.ticks += ticks;
        row.executions += stat(&said, "number_of_executed_units");
        row.new_inputs += stat(&said, "new_units_added");
        if !status.success() {
            let artifact = said.lines().find_map(|line| line.split("Test unit written to ").nth(1));
            row.finding = Some(artifact.map_or_else(|| status.to_string(), str::to_owned));
        }
    }
    Ok(row)
}

/// Runs one process; how it ended, what it said, and the ticks it had.
fn slice(mut fuzz: Command, log: &Path) -> Result<(ExitStatus, String, u64), String> {
    let said = |error| format!("{}: {error}", log.display());
    let file = fs::File::create(log).map_err(said)?;
    let before = ticks_of_children()?;
    let status = fuzz.stdout(Stdio::null()).stderr(file).status();
    let status = status.map_err(|error| format!("`{}` did not start: {error}", shown(&fuzz)))?;
    let said = String::from_utf8_lossy(&fs::read(log).map_err(said)?).into_owned();
    Ok((status, said, ticks_of_children()? - before))
}

/// The ticks, user and system, of all processes that this one has waited for.
fn ticks_of_children() -> Result<u64, String> {
    const FILE: &str = "/proc/self/stat";
    let text = fs::read_to_string(FILE).map_err(|error| format!("{FILE} is needed to count: {error}"))?;
    waited_for(&text).ok_or_else(|| format!("{FILE} has another form: {text}"))
}

/// Fields 16 and 17 of `/proc/PID/stat`. Field 2 is a name in parentheses and may hold anything.
fn waited_for(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut number = || fields.next()?.parse::<u64>().ok();
    Some(number()? + number()?)
}

/// A number of libFuzzer's closing lines `stat::name: number`; 0 without it.
fn stat(said: &str, name: &str) -> u64 {
    let value =
        said.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name)?.strip_prefix(':'));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}

/// The commit that is measured; a `+` says that files were changed since.
fn commit() -> String {
    let said = |words: &[&str]| output(command("git", words)).unwrap_or_default().trim().to_owned();
    let changed =
        if said(&["status", "--porcelain", "--", "crates", "fuzz/src"]).is_empty() { "" } else { "+" };
    format!("{}{changed}", said(&["rev-parse", "--short", "HEAD"]))
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

    #[test]
    fn targets_are_chosen_or_refused() {
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(chosen(&[], "a\nb\n"), Ok(vec!["a", "b"]));
        let (some, wrong) = (named(&["b"]), named(&["b", "c"]));
        assert_eq!(chosen(&some, "a\nb\n"), Ok(vec!["b"]));
        let refused = chosen(&wrong, "a\nb\n");
        assert_eq!(refused, Err("no fuzz target \"c\"; there are: a b ".to_owned()));
    }

    #[test]
    fn ticks_are_read_behind_any_name() {
        let stat = "7 (a) b 1) S 1 7 7 0 -1 4194560 123 0 0 0 11 12 40 2 39 19 1 0 99";
        assert_eq!(waited_for(stat), Some(42));
        assert_eq!(waited_for("7 (a) S 1"), None);
        assert!(ticks_of_children().is_ok());
    }

    #[test]
    fn a_child_is_counted_and_what_it_says_is_kept() {
        let log = std::env::temp_dir().join(format!("auditmesh-slice-{}", std::process::id()));
        let mut busy = Command::new("sh");
        busy.args([
            "-c",
            "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo stat::units: 17 >&2; exit 3",
        ]);
        let (status, said, ticks) = slice(busy, &log).unwrap();
        assert_eq!((status.code(), stat(&said, "units"), stat(&said, "unit")), (Some(3), 17, 0));
        assert!(ticks > 0);
        fs::remove_file(log).unwrap();
    }
}
