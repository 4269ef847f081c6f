//! A full round of an EU/US/APAC federation: `cargo run --release --example round -- --help`.
#![allow(clippy::print_stderr, reason = "a program speaks to a person")]
#![allow(clippy::float_arithmetic, reason = "seconds are shown to a person; nothing is agreed on by them")]

mod args;
mod fault;
mod folder;
mod generate;
mod keys;
mod order;
mod report;
mod resume;
mod run;
mod show;
mod source;

use std::{path::Path, process::ExitCode};

use clap::Parser;

use crate::{args::Args, order::By, run::Run, show::Stopwatch};

fn main() -> ExitCode {
    let args = Args::parse();
    if args.trace {
        let spans = tracing_subscriber::fmt::format::FmtSpan::CLOSE;
        tracing_subscriber::fmt().with_span_events(spans).with_writer(std::io::stderr).init();
    }
    match run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("round: {why}");
            ExitCode::from(2)
        }
    }
}

/// Does every round, and publishes each batch that was agreed on before the next one. Whether all of it was agreed.
fn run(args: &Args) -> Result<bool, String> {
    if let Some(folder) = &args.write_keys {
        return write_keys(args, folder);
    }
    let whole = Stopwatch::start(true);
    let mut run = Run::start(args)?;
    let bar = show::progress(run.expected_rounds(), args.json);
    if let (false, Some(out), 1..) = (args.json, &args.out, run.before()) {
        show::say(&format!("{} holds {} entries; going on behind them\n", out.display(), run.before()))?;
    }
    while run.collect()? {
        let mut watch = Stopwatch::start(!args.no_timings);
        let Some(report) = run.round(&mut watch)? else {
            run.unordered();
            break;
        };
        bar.set_message(format!("size {}", run.size()));
        bar.inc(1);
        let text = show::round(&report, run.order().as_ref(), watch.total());
        run.keep(report, &watch)?;
        if !args.json {
            bar.suspend(|| show::say(&text))?;
        }
    }
    bar.finish_and_clear();
    let (report, agreed) = run.finish()?;
    match args.json {
        true => show::say(report::json(&report)?.trim_end())?,
        false => show::say(&show::summary(&report, whole.elapsed()))?,
    }
    Ok(agreed)
}

/// Writes the members' keys, and says which.
fn write_keys(args: &Args, folder: &Path) -> Result<bool, String> {
    let members = run::names(args.members.into())?;
    let members = members.iter().map(|(_, member)| member);
    let count = keys::write(folder, members, args.seed, args.order == By::Bft)?;
    let (folder, seed) = (folder.display(), args.seed);
    show::say(&format!(
        "{count} private keys are in {folder}, drawn from seed {seed}: for demonstrations only"
    ))?;
    Ok(true)
}
