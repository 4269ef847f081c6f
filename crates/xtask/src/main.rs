//! `cargo xtask test | ci | figures NAME | simulate … | long NAME`: what people and CI run. Standard library only, so that it builds at once.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people to read")]

mod aarch64;
mod ci;
mod examples;
mod exhaust;
mod figures;
mod fuzz;
mod fuzz_corpus;
mod fuzz_table;
mod judges;
mod long_fuzz;
mod manifest;
mod miri;
mod mutants;
mod simulate;
mod step;
mod suite;
mod words;

use std::process::ExitCode;

use crate::words::Task;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let task = match words::parse(&words) {
        Ok(task) => task,
        Err(what) => {
            eprintln!("{what}\n\n{}", words::USAGE);
            return ExitCode::from(2);
        }
    };
    let result = match task {
        Task::Help => {
            println!("{}", words::USAGE);
            Ok(())
        }
        Task::Test => suite::run(),
        Task::Ci => ci::all(),
        Task::Figures { name } => figures::run(&name),
        Task::Simulate { words } => simulate::simulate(&words),
        Task::LongCorpus { targets } => fuzz::keep(&targets),
        Task::LongMiri => miri::run_all(),
        Task::LongAarch64 => aarch64::run_all(),
        Task::LongMutants { name, files } => mutants::run_all(&name, &files),
        Task::LongJudges => judges::run_all(),
        Task::LongSearch => exhaust::search(),
        Task::LongTwins => exhaust::twins(),
        Task::LongFuzz { minutes, targets } => fuzz::long(minutes, &targets),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
