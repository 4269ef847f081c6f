//! The words after the program's name: those of a test harness, or a range of seeds to simulate.

use std::ops::Range;

use auditmesh_bft::Spread;

use crate::{run::habit, scenario::Wanted};

/// What the program is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Words {
    /// Name the tests.
    List { ignored: bool },
    /// Run the tests whose names match.
    Tests { names: Vec<String>, skipped: Vec<String>, exact: bool, ignored: bool },
    /// Simulate.
    Simulate(Search),
}

/// Seeds to simulate, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) seeds: Range<u64>,
    pub(crate) wanted: Wanted,
    pub(crate) jobs: usize,
    pub(crate) show: bool,
}

/// Words that mean nothing without seeds.
const OF_A_SIMULATION: [&str; 4] = ["--members", "--jobs", "--spread", "--byzantine"];
/// Words to a test harness that change nothing here: alone, and with a value behind them.
const PASSED_OVER: [&str; 7] =
    ["--nocapture", "--no-capture", "--show-output", "--quiet", "-q", "--test", "--include-ignored"];
const PASSED_OVER_WITH_VALUE: [&str; 5] = ["--format", "--test-threads", "--color", "-Z", "--logfile"];

/// Reads the words.
///
/// # Errors
/// A sentence that says which is wrong.
pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Words, String> {
    let mut words = words;
    let mut simulates = None;
    let (mut names, mut skipped, mut seeds) = (Vec::new(), Vec::new(), None);
    let (mut list, mut exact, mut ignored) = (false, false, false);
    let (mut wanted, mut jobs) = (Wanted::default(), 1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--list" => list = true,
            "--exact" => exact = true,
            "--ignored" => ignored = true,
            "--skip" => skipped.push(value()?),
            "--seeds" => seeds = Some(range(&value()?)?),
            "--members" => wanted.members = Some(members(&value()?)?),
            "--jobs" => jobs = number(&value()?)?.clamp(1, 64),
            "--spread" => wanted.spread = Some(spread(&value()?)?),
            "--byzantine" => {
                wanted.liars = Some(value().and_then(|it| habit(&it).ok_or(format!("no habit {it:?}")))?);
            }
            flag if PASSED_OVER.contains(&flag) => {}
            flag if PASSED_OVER_WITH_VALUE.contains(&flag) => drop(value()?),
            flag if flag.split_once('=').is_some_and(|(it, _)| PASSED_OVER_WITH_VALUE.contains(&it)) => {}
            flag if flag.starts_with('-') => return Err(format!("there is no flag {flag:?}")),
            _ => {
                names.push(word);
                continue;
            }
        }
        if OF_A_SIMULATION.contains(&word.as_str()) {
            simulates = Some(word);
        }
    }
    match (seeds, simulates) {
        (Some(_), _) if !names.is_empty() => Err(format!("a simulation has no tests, got {names:?}")),
        (Some(seeds), _) => Ok(Words::Simulate(Search { seeds, wanted, jobs, show: true })),
        (None, Some(flag)) => Err(format!("{flag} is of a simulation: which --seeds?")),
        (None, None) if list => Ok(Words::List { ignored }),
        (None, None) => Ok(Words::Tests { names, skipped, exact, ignored }),
    }
}

fn number(word: &str) -> Result<usize, String> {
    word.parse().map_err(|_| format!("{word:?} is no number"))
}

fn range(word: &str) -> Result<Range<u64>, String> {
    let wrong = || format!("--seeds takes A..B, got {word:?}");
    let (from, to) = word.split_once("..").ok_or_else(wrong)?;
    let seeds = from.parse().map_err(|_| wrong())?..to.parse().map_err(|_| wrong())?;
    if seeds.is_empty() { Err(format!("no seed is in {word}")) } else { Ok(seeds) }
}

fn members(word: &str) -> Result<usize, String> {
    match number(word)? {
        count @ 1..=100 => Ok(count),
        count => Err(format!("--members takes 1 to 100, got {count}")),
    }
}

fn spread(word: &str) -> Result<Spread, String> {
    match word {
        "all" => Ok(Spread::AllToAll),
        "collector" => Ok(Spread::Collector),
        _ => Err(format!("--spread takes all or collector, got {word:?}")),
    }
}

/// That each wrong word is named, and none passed over.
pub(crate) fn wrong_ones_are_named() -> Result<String, String> {
    let read = |line: &str| parse(line.split_whitespace().map(str::to_owned));
    let refused = [
        ("--seeds 0..9 --member 4", "there is no flag \"--member\""),
        ("--seeds 0..9 --jobs", "--jobs needs a value"),
        ("--seeds 0..9 --members 101", "--members takes 1 to 100, got 101"),
        ("--seeds 0..9 --byzantine nice", "no habit \"nice\""),
        ("--seeds 0..9 4", "a simulation has no tests, got [\"4\"]"),
        ("--seeds 9..9", "no seed is in 9..9"),
        ("--seeds=0..9", "there is no flag \"--seeds=0..9\""),
        ("--members 4", "--members is of a simulation: which --seeds?"),
    ];
    for (line, why) in refused {
        let got = read(line);
        if got != Err(why.to_owned()) {
            return Err(format!("{line:?} is to be refused by {why:?}, and is {got:?}"));
        }
    }
    let tests =
        Words::Tests { names: vec!["a".to_owned()], skipped: Vec::new(), exact: true, ignored: false };
    let harness = read("a --exact --nocapture --test-threads 1 --color=never -q");
    if harness != Ok(tests) {
        return Err(format!("the words of a test harness are {harness:?}"));
    }
    match read("--seeds 3..9 --members 4 --spread collector --byzantine twins --jobs 2")? {
        Words::Simulate(Search { seeds, wanted, jobs: 2, .. })
            if (seeds.clone(), wanted.members) == (3..9, Some(4)) =>
        {
            Ok(format!("{} lines are refused", refused.len()))
        }
        other => Err(format!("a simulation is {other:?}")),
    }
}
