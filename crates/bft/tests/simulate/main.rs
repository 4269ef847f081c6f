//! The ordering engine in a simulated world: `cargo xtask simulate --seeds A..B --members N`, and among the tests a small number of
//! seeds. With the feature `mutants` also engines that lack a rule, each of which must be found.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod app;
mod federation;
mod forgery;
mod hearing;
mod keys;
mod liar;
mod member;
mod memory;
#[cfg(feature = "mutants")]
mod mutants;
mod mutation;
mod records;
mod run;
mod scenario;
mod search;
mod watch;
mod words;

use std::process::ExitCode;

use crate::{
    liar::Habit,
    mutation::Mutation,
    scenario::Wanted,
    words::{Search, Words},
};

/// A test's name and what it runs.
type Test = (&'static str, fn() -> Result<String, String>);

#[cfg(not(feature = "mutants"))]
const TESTS: [Test; 3] =
    [("schedules", schedules), ("floods", floods), ("words", words::wrong_ones_are_named)];
#[cfg(feature = "mutants")]
const TESTS: [Test; 5] = [
    ("schedules", schedules),
    ("floods", floods),
    ("words", words::wrong_ones_are_named),
    ("mutants", mutants::all_are_found),
    ("alone", mutants::rules_stand_alone),
];

/// So many seeds of any size run among the tests, where nothing is optimised.
const SEEDS: u64 = 4_000;
/// And so many with members that flood the others.
const FLOODS: u64 = 3;
/// A flood takes at least so many steps, far more than the signatures that an engine may hold.
const FLOOD_STEPS: u64 = 20_000;
/// And some engine holds more values than one each of the current height, the view before it and the next.
const FLOOD_VALUES: usize = 3;

fn main() -> ExitCode {
    match words::parse(std::env::args().skip(1)) {
        Ok(Words::List { ignored }) => {
            TESTS.iter().filter(|_| !ignored).for_each(|(name, _)| println!("{name}: test"));
            ExitCode::SUCCESS
        }
        Ok(Words::Tests { names, skipped, exact, ignored }) => {
            let meant =
                |name: &str, word: &String| if exact { name == word } else { name.contains(word.as_str()) };
            tests(|name| {
                let asked = names.is_empty() || names.iter().any(|word| meant(name, word));
                asked && !ignored && !skipped.iter().any(|word| meant(name, word))
            })
        }
        Ok(Words::Simulate(search)) => told(simulate(&search)),
        Err(what) => told(Err(what)),
    }
}

fn told(result: Result<String, String>) -> ExitCode {
    match result {
        Ok(what) => println!("{what}"),
        Err(what) => {
            println!("{what}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn tests(asked: impl Fn(&str) -> bool) -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    let asked: Vec<&Test> = TESTS.iter().filter(|(name, _)| asked(name)).collect();
    println!("\nrunning {} tests", asked.len());
    for (name, test) in &asked {
        match test() {
            Ok(what) => {
                passed += 1;
                println!("test {name} ... ok\n{what}");
            }
            Err(what) => {
                failed += 1;
                println!("test {name} ... FAILED\n{what}");
            }
        }
    }
    let (word, out) = (if failed == 0 { "ok" } else { "FAILED" }, TESTS.len() - asked.len());
    println!(
        "\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {out} filtered out\n"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(101) }
}

fn schedules() -> Result<String, String> {
    simulate(&Search { seeds: 0..SEEDS, wanted: Wanted::default(), jobs: 1, show: false })
}

/// Members that send votes, requests and proposals without end fill nobody's memory.
fn floods() -> Result<String, String> {
    let wanted = Wanted { members: Some(4), liars: Some(Habit::Floods), ..Wanted::default() };
    let search = Search { seeds: 0..FLOODS, wanted, jobs: 1, show: false };
    let figures = search::search(&search, Mutation::None).map_err(|failure| failure.to_string())?;
    if figures.steps < FLOODS * FLOOD_STEPS {
        return Err(format!("the flood is too small to fill anything: {figures}"));
    }
    if figures.held.values <= FLOOD_VALUES || figures.held.aside == 0 {
        return Err(format!("the flood brings nothing that is kept: {figures}"));
    }
    Ok(figures.to_string())
}

fn simulate(search: &Search) -> Result<String, String> {
    let count = search.seeds.end.saturating_sub(search.seeds.start);
    let done = |figures| format!("{count} schedules, none breaks a rule: {figures}");
    search::search(search, Mutation::None).map(done).map_err(|failure| {
        let less = failure.shrunk(Mutation::None);
        format!("{failure}\n\nthe same in less:\n{less}")
    })
}
