//! Replays the corpus of every target, then runs seeded mutations of it, on stable Rust and without C++.
#![allow(clippy::disallowed_methods, reason = "durations are printed, and bound how long a run takes")]

use std::{
    fs, io, panic,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use auditmesh_fuzz::{Mutator, TARGETS, Target, target};

const USAGE: &str = "\
usage: smoke [--runs N] [--seconds N] [--seed N] [--trace] [--list] [TARGET…]

  --runs N      mutations for each target (20000)
  --seconds N   stop a target early after that long (2)
  --seed N      where mutations come from (1)
  --trace       write every input to artifacts/<target>/last before it runs, to catch one that ends the process
  --list        print the targets and stop";

/// An input may take this long.
const SLOW: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Args {
    runs: u64,
    seconds: u64,
    seed: u64,
    trace: bool,
    list: bool,
    targets: Vec<String>,
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Args, String> {
    let mut args = Args { runs: 20_000, seconds: 2, seed: 1, trace: false, list: false, targets: Vec::new() };
    while let Some(word) = words.next() {
        let number = match word.as_str() {
            "--runs" => &mut args.runs,
            "--seconds" => &mut args.seconds,
            "--seed" => &mut args.seed,
            "--trace" => {
                args.trace = true;
                continue;
            }
            "--list" => {
                args.list = true;
                continue;
            }
            name if target(name).is_some() => {
                args.targets.push(word);
                continue;
            }
            _ => return Err(format!("no option and no target {word:?}")),
        };
        let value = words.next().ok_or_else(|| format!("{word} needs a number"))?;
        *number = value.parse().map_err(|_| format!("{word} needs a number, got {value:?}"))?;
    }
    Ok(args)
}

fn folder(kind: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(kind).join(target)
}

/// The files of a target's corpus, sorted by name, so that the same seed gives the same run everywhere.
fn corpus(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let folder = folder("corpus", target);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    paths.into_iter().filter(|path| path.is_file()).map(fs::read).collect()
}

fn write(target: &str, name: &str, input: &[u8]) -> io::Result<PathBuf> {
    let folder = folder("artifacts", target);
    fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    fs::write(&path, input)?;
    Ok(path)
}

/// Runs one input; what went wrong, if anything did.
fn tried(run: fn(&[u8]) -> bool, input: &[u8], accepted: &mut u64) -> Option<&'static str> {
    let begin = Instant::now();
    match panic::catch_unwind(|| run(input)) {
        Err(_) => Some("panicked"),
        Ok(_) if begin.elapsed() > SLOW => Some("took longer than a second"),
        Ok(good) => {
            *accepted += u64::from(good);
            None
        }
    }
}

/// Replays and mutates one target.
fn smoke((name, run): Target, args: &Args) -> Result<(), String> {
    let said = |error: io::Error| format!("{name}: {error}");
    let seeds = corpus(name).map_err(said)?;
    let begin = Instant::now();
    let (mut mutator, mut runs, mut accepted) = (Mutator::new(args.seed), 0, 0);
    let mut one = |input: &[u8], run_number: String| {
        if args.trace {
            write(name, "last", input).map_err(said)?;
        }
        let Some(what) = tried(run, input, &mut accepted) else { return Ok(()) };
        let path = write(name, &format!("seed-{}-{run_number}", args.seed), input).map_err(said)?;
        Err(format!("{name}: {what} on {} ({} bytes)", path.display(), input.len()))
    };
    for (at, seed) in seeds.iter().enumerate() {
        one(seed, format!("corpus-{at}"))?;
    }
    while runs < args.runs && begin.elapsed() < Duration::from_secs(args.seconds) {
        one(&mutator.mutated(&seeds), format!("run-{runs}"))?;
        runs += 1;
    }
    let (seeds, seconds) = (seeds.len(), begin.elapsed().as_secs_f64());
    println!("{name}: {seeds} seeds, {runs} mutations, {accepted} accepted, {seconds:.1} s");
    Ok(())
}

fn main() -> ExitCode {
    let args = match parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(what) => {
            eprintln!("{what}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if args.list {
        TARGETS.iter().for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    }
    let wanted = |name: &str| args.targets.is_empty() || args.targets.iter().any(|target| target == name);
    for target in TARGETS.iter().filter(|(name, _)| wanted(name)) {
        if let Err(failure) = smoke(*target, &args) {
            eprintln!("{failure}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Args, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn words_are_read_or_named() {
        let args = read("--runs 5 ratio --seed 9 --trace digest --seconds 3").unwrap();
        assert_eq!((args.runs, args.seed, args.seconds, args.trace, args.list), (5, 9, 3, true, false));
        assert_eq!(args.targets, ["ratio", "digest"]);
        assert_eq!(read("--fast"), Err("no option and no target \"--fast\"".to_owned()));
        assert_eq!(read("--runs"), Err("--runs needs a number".to_owned()));
        assert_eq!(read("--runs x"), Err("--runs needs a number, got \"x\"".to_owned()));
    }

    #[test]
    fn a_panic_is_caught_and_its_input_kept() {
        let args = Args { targets: Vec::new(), ..read("--runs 50000 --seconds 20 --seed 3").unwrap() };
        let run: fn(&[u8]) -> bool = |bytes| {
            assert!(!bytes.contains(&b'\n'));
            true
        };
        let failure = smoke(("self-test", run), &args).unwrap_err();
        assert!(failure.starts_with("self-test: panicked on "), "{failure}");
        let folder = folder("artifacts", "self-test");
        let kept = fs::read_dir(&folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
        assert!(kept.into_iter().all(|input| input.contains(&b'\n')));
        fs::remove_dir_all(folder).unwrap();
    }
}
