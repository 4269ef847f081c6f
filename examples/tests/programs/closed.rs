//! Standard output that goes away, or takes nothing.
#![cfg(unix)]

use std::{
    fs::File,
    io::Read,
    process::{Command, Stdio},
};

use crate::{
    desk::{Desk, Ran},
    verified::args,
};

/// Runs a program whose reader, like that of `… | head -0`, is gone before it prints.
fn without_reader(mut command: Command) -> Ran {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    Ran { status: child.wait().unwrap().code(), out: String::new(), err }
}

#[test]
fn a_run_goes_on_without_its_reader() {
    let desk = Desk::new();
    let ran = without_reader(desk.command("round", "--rounds 5 --batch 20 --out log"));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert_eq!(desk.json("log/report.json")["final"]["size"], 100);
}

#[test]
fn a_verdict_stands_without_its_reader() {
    let desk = Desk::new();
    desk.agreed("--rounds 1 --batch 3 --out log --prove 1");
    let ran = without_reader(desk.command("verify", &args(1)));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    desk.write("log/proof/1.entry", "another");
    let ran = without_reader(desk.command("verify", &args(1)));
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""));
}

/// A report that nobody could store is no success.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let desk = Desk::new();
    let mut command = desk.command("round", "--rounds 1 --batch 3 --json");
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.starts_with("round: ") && err.lines().count() == 1, "{err}");
}
