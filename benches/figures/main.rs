//! Measures ours beside the peers, on the same work, in one process: `cargo xtask figures NAME`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program speaks to a person")]
#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measurement"
)]

mod measure;
mod memory;
mod merkle;
mod merkle_peers;
mod page;

use std::{fs, path::Path, process::ExitCode};

use crate::measure::Figure;

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if let [word, who] = names.as_slice()
        && word == "kept"
    {
        println!("{}", merkle::kept_here(who));
        return ExitCode::SUCCESS;
    }
    let [name] = names.as_slice() else { return usage() };
    let figures: Vec<Figure> = match name.as_str() {
        "merkle" => merkle::figures(),
        _ => return usage(),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let json = serde_json::to_string_pretty(&figures).unwrap() + "\n";
    fs::create_dir_all(root.join("target/figures")).unwrap();
    fs::write(root.join(format!("target/figures/{name}.json")), &json).unwrap();
    page::renew(&root, name, &figures).unwrap();
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("figures NAME, where NAME is: merkle");
    ExitCode::from(2)
}
