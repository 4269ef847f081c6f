//! Checks a proof offline: `cargo run --release --example verify -- --help`.
#![allow(clippy::print_stderr, reason = "a program speaks to a person")]

mod entry;
mod growth;
mod receipt;
mod trusted;

use std::{io::Write, path::PathBuf, process::ExitCode};

use auditmesh::{
    ConsistencyFile,
    attest::{Attested, Note, ProofFile, TrustPolicy},
    event::{Disclosure, Event},
    merkle::MAX_ENTRY_BYTES,
};
use auditmesh_attest_cose::MAX_BYTES as MAX_RECEIPT_BYTES;
use auditmesh_examples::read;
use clap::{ArgGroup, Parser};
use jiff::Timestamp;

use crate::trusted::Trusted;

/// Says what a proof shows and who vouches for it, or why it shows nothing. Needs no network and no log.
///
/// Of an entry: --proof or --receipt, with --entry. Of a log that was only added to: --consistency, or --receipt with --old
/// and --checkpoint.
#[derive(Debug, Parser)]
#[command(version)]
#[command(group(ArgGroup::new("whom").required(true).args(["policy", "log"])))]
#[command(group(ArgGroup::new("what").required(true).args(["proof", "receipt", "consistency"])))]
struct Args {
    /// Whose signatures count, in the tlog-policy format
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The one key whose signature counts, in place of a policy: `name+hash+key`
    #[arg(long, value_name = "VKEY")]
    log: Option<String>,
    /// What that log calls itself in the first line of its checkpoints [default: the key's name]
    #[arg(long, value_name = "LINE", requires = "log", conflicts_with = "policy")]
    origin: Option<String>,
    /// The proof of an entry, in the tlog-proof format
    #[arg(long, value_name = "FILE", requires = "entry")]
    proof: Option<PathBuf>,
    /// A COSE receipt (RFC 9942), signed by a log that is trusted
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// The proof that a log continues the checkpoint --old, as `prove --consistency` writes it
    #[arg(long, value_name = "FILE", requires = "old", conflicts_with = "entry")]
    consistency: Option<PathBuf>,
    /// The entry's bytes
    #[arg(long, value_name = "FILE", conflicts_with = "old")]
    entry: Option<PathBuf>,
    /// The event behind the entry, to open its commitment
    #[arg(long, value_name = "FILE", requires = "entry")]
    event: Option<PathBuf>,
    /// An older signed checkpoint
    #[arg(long, value_name = "FILE")]
    old: Option<PathBuf>,
    /// The signed checkpoint of the receipt's tree: a receipt itself covers neither size nor place, and has one signature
    #[arg(long, value_name = "FILE", requires = "receipt")]
    checkpoint: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let (files, trusted) = match read_all(&args) {
        Ok(read) => read,
        Err(why) => {
            eprintln!("verify: {why}");
            return ExitCode::from(2);
        }
    };
    match verify(&files, &trusted) {
        Ok(lines) => {
            say(&format!("PROVED\n{}", lines.join("\n")));
            ExitCode::SUCCESS
        }
        Err(why) => {
            say(&format!("NOT PROVED: {why}"));
            ExitCode::FAILURE
        }
    }
}

/// The exit status is the verdict, whether or not anybody reads the text.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A file that was given, by its name.
struct Given {
    name: String,
    bytes: Vec<u8>,
}

impl Given {
    /// Reads the content with `parse`; what is wrong with it is said under the file's name.
    fn parse<T, E: std::fmt::Display>(&self, parse: impl Fn(&[u8]) -> Result<T, E>) -> Result<T, String> {
        parse(&self.bytes).map_err(|why| format!("{}: {why}", self.name))
    }
}

/// What is to be checked, and with what.
struct Files {
    proof: Option<Given>,
    receipt: Option<Given>,
    consistency: Option<Given>,
    entry: Option<Given>,
    event: Option<Given>,
    old: Option<Given>,
    checkpoint: Option<Given>,
}

/// Reads every file, none further than such a file can go. Only a policy or a key that is none ends here: it is the user's own.
fn read_all(args: &Args) -> Result<(Files, Trusted), String> {
    let given = |path: &Option<PathBuf>, limit| {
        let read = |path: &PathBuf| {
            Ok::<_, String>(Given { name: path.display().to_string(), bytes: read(path, limit)? })
        };
        path.as_ref().map(read).transpose()
    };
    let policy = given(&args.policy, TrustPolicy::MAX_BYTES)?;
    let files = Files {
        proof: given(&args.proof, ProofFile::MAX_BYTES)?,
        receipt: given(&args.receipt, MAX_RECEIPT_BYTES)?,
        consistency: given(&args.consistency, ConsistencyFile::MAX_BYTES)?,
        entry: given(&args.entry, MAX_ENTRY_BYTES)?,
        event: given(&args.event, Disclosure::HEADER_BYTES + Event::MAX_PAYLOAD_BYTES)?,
        old: given(&args.old, Note::MAX_BYTES)?,
        checkpoint: given(&args.checkpoint, Note::MAX_BYTES)?,
    };
    let trusted = match (&policy, &args.log) {
        (Some(policy), _) => Trusted::policy(policy)?,
        (None, Some(key)) => Trusted::key(key, args.origin.as_deref())?,
        (None, None) => return Err("--policy or --log is missing".to_owned()),
    };
    let receipt_of = (&files.entry, &files.old, &files.checkpoint);
    if files.receipt.is_some() && !matches!(receipt_of, (Some(_), _, _) | (None, Some(_), Some(_))) {
        return Err("--receipt: give --entry, or --old and --checkpoint".to_owned());
    }
    Ok((files, trusted))
}

/// What was proved, line by line.
fn verify(files: &Files, trusted: &Trusted) -> Result<Vec<String>, String> {
    let Files { proof, receipt, consistency, entry, event, old, checkpoint } = files;
    match (proof, receipt, consistency) {
        (Some(proof), ..) => entry::proved(&*trusted.authority, proof, entry.as_ref(), event.as_ref()),
        (_, Some(receipt), _) => match (entry, old, checkpoint) {
            (None, Some(old), Some(new)) => receipt::of_growth(trusted, receipt, old, new),
            _ => receipt::of_entry(trusted, receipt, entry.as_ref(), event.as_ref(), checkpoint.as_ref()),
        },
        (.., Some(consistency)) => growth::proved(&*trusted.authority, consistency, old.as_ref()),
        _ => Err("nothing was given to check".to_owned()),
    }
}

/// The checkpoint's tree. What the log wrote is escaped, for it goes to a terminal.
fn tree(attested: &Attested) -> Vec<String> {
    let head = attested.head;
    let mut lines = vec![
        format!("log       {}", attested.origin.escape_debug()),
        format!("tree      size {}, root {}", head.size, head.root),
    ];
    lines.extend(attested.extensions.iter().map(|line| format!("extension {}", line.escape_debug())));
    lines
}

/// Who signed a checkpoint, and the rule that was met.
fn signers(attested: &Attested) -> Vec<String> {
    let mut lines = vec![
        format!("signed    by {} of the log's operator keys", attested.logs.len()),
        format!("rule      {}: {} signed", attested.rule, attested.rule.got),
    ];
    for witness in &attested.witnesses {
        let at = time(witness.at_seconds.saturating_mul(1000));
        lines.push(format!("          {} at {at}", witness.name));
    }
    lines
}

fn time(ms: u64) -> String {
    let time = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    time.map_or_else(|| format!("{ms} ms"), |time| time.to_string())
}
