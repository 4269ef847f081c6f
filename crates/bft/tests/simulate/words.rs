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

/// Reads the words.
///
/// # Errors
/// A sentence that says which is wrong.
pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Words, String> {
    let mut words = words;
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
            "--format" | "--test-threads" | "--color" | "-Z" => drop(value()?),
            "--seeds" => seeds = Some(range(&value()?)?),
            "--members" => wanted.members = Some(members(&value()?)?),
            "--jobs" => jobs = number(&value()?)?.clamp(1, 64),
            "--spread" => wanted.spread = Some(spread(&value()?)?),
            "--byzantine" => {
                wanted.liars = Some(value().and_then(|it| habit(&it).ok_or(format!("no habit {it:?}")))?);
            }
            flag if flag.starts_with('-') => {}
            _ => names.push(word),
        }
    }
    Ok(match seeds {
        Some(seeds) => Words::Simulate(Search { seeds, wanted, jobs, show: true }),
        None if list => Words::List { ignored },
        None => Words::Tests { names, skipped, exact, ignored },
    })
}

fn number(word: &str) -> Result<usize, String> {
    word.parse().map_err(|_| format!("{word:?} is no number"))
}

fn range(word: &str) -> Result<Range<u64>, String> {
    let wrong = || format!("--seeds takes A..B, got {word:?}");
    let (from, to) = word.split_once("..").ok_or_else(wrong)?;
    Ok(from.parse().map_err(|_| wrong())?..to.parse().map_err(|_| wrong())?)
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
