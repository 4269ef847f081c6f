//! `cargo xtask test | ci | figures NAME | long NAME`: what people and CI run. Standard library only, so that it builds at once.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people to read")]

mod ci;
mod examples;
mod figures;
mod fuzz;
mod manifest;
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
        Task::LongFuzz { minutes } => fuzz::long(minutes),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
