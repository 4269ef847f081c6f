//! Measures ours beside the peers, on the same work, in one process: `cargo xtask figures NAME`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program speaks to a person")]
#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a measurement"
)]

mod bft;
mod curves;
mod measure;
mod memory;
mod merkle;
mod page;
mod plot;

use std::{fs, path::Path, process::ExitCode};

use crate::measure::Figure;

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if let [word, who] = names.as_slice()
        && word == "kept"
    {
        println!("{}", memory::kept_here(who));
        return ExitCode::SUCCESS;
    }
    let [name] = names.as_slice() else { return usage() };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (section, more) = match name.as_str() {
        "bft" => bft::section(),
        "merkle" => (merkle::section(&root), Vec::new()),
        _ => return usage(),
    };
    let figures: Vec<&Figure> = section.figures.iter().chain(&more).collect();
    let json = serde_json::to_string_pretty(&figures).unwrap() + "\n";
    fs::create_dir_all(root.join("target/figures")).unwrap();
    fs::write(root.join(format!("target/figures/{name}.json")), &json).unwrap();
    page::renew(&root, name, &section).unwrap();
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("figures NAME, where NAME is: bft, merkle");
    ExitCode::from(2)
}
