//! Checks one entry offline: `cargo run --release --example verify -- --help`.
#![allow(clippy::print_stderr, reason = "a program speaks to a person")]

use std::{
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use auditmesh::{
    Proven,
    attest::{ProofFile, TrustPolicy},
    event::{Disclosure, Event},
    merkle::MAX_ENTRY_BYTES,
};
use clap::Parser;
use jiff::Timestamp;

/// Says what a proof shows of one entry and who vouches for it, or why it shows nothing. Needs no network and no log.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Whose signatures count, in the tlog-policy format
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// The proof, in the tlog-proof format
    #[arg(long, value_name = "FILE")]
    proof: PathBuf,
    /// The entry's bytes
    #[arg(long, value_name = "FILE")]
    entry: PathBuf,
    /// The event behind the entry, to open its commitment
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let files = match Files::read(&args) {
        Ok(files) => files,
        Err(why) => {
            eprintln!("verify: {why}");
            return ExitCode::from(2);
        }
    };
    let policy = match TrustPolicy::parse(&files.policy) {
        Ok(policy) => policy,
        Err(why) => {
            eprintln!("verify: {}: {why}", args.policy.display());
            return ExitCode::from(2);
        }
    };
    match verify(&args, &files, &policy) {
        Ok(proved) => {
            say(&proved);
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

/// What is to be checked, as bytes.
struct Files {
    policy: Vec<u8>,
    proof: Vec<u8>,
    entry: Vec<u8>,
    event: Option<Vec<u8>>,
}

impl Files {
    fn read(args: &Args) -> Result<Self, String> {
        let event_limit = Disclosure::HEADER_BYTES + Event::MAX_PAYLOAD_BYTES;
        Ok(Self {
            policy: read(&args.policy, TrustPolicy::MAX_BYTES)?,
            proof: read(&args.proof, ProofFile::MAX_BYTES)?,
            entry: read(&args.entry, MAX_ENTRY_BYTES)?,
            event: args.event.as_deref().map(|path| read(path, event_limit)).transpose()?,
        })
    }
}

fn verify(args: &Args, files: &Files, policy: &TrustPolicy) -> Result<String, String> {
    let proof = ProofFile::parse(&files.proof).map_err(|why| format!("{}: {why}", args.proof.display()))?;
    let proven = Proven::check(policy, &proof, &files.entry).map_err(|why| why.to_string())?;
    let mut lines = said(&proven);
    if let (Some(path), Some(bytes)) = (&args.event, &files.event) {
        let event = Disclosure::decode(bytes).map_err(|why| format!("{}: {why}", path.display()))?;
        proven.opens(&event).map_err(|why| why.to_string())?;
        lines.push(format!(
            "event     its {} payload bytes are the ones that were committed to",
            event.payload.len()
        ));
    }
    Ok(lines.join("\n"))
}

/// What was proved and by whom.
fn said(proven: &Proven) -> Vec<String> {
    let attested = proven.attested();
    let (origin, head) = (&attested.checkpoint.origin, attested.checkpoint.head);
    let mut lines = vec![
        "PROVED".to_owned(),
        format!("log       {origin}"),
        format!("tree      size {}, root {}", head.size, head.root),
        format!(
            "place     entry {} is in it, by a path of {} hashes",
            proven.index(),
            proven.inclusion().path.len()
        ),
        format!("signed    by {} of the log's operator keys", attested.logs.len()),
        format!("rule      {}: {} signed", attested.rule, attested.rule.got),
    ];
    for witness in &attested.witnesses {
        lines.push(format!(
            "          {} at {}",
            witness.name,
            time(witness.at_seconds.saturating_mul(1000))
        ));
    }
    match proven.entry() {
        Some(entry) => lines.push(format!(
            "entry     {} from {} in {}, number {}, at {}, id {}",
            entry.kind(),
            entry.node(),
            entry.zone(),
            entry.sequence(),
            time(entry.time().0),
            entry.id()
        )),
        None => {
            lines.push("entry     not an auditmesh entry; its bytes are in the log all the same".to_owned());
        }
    }
    lines
}

fn time(ms: u64) -> String {
    let time = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    time.map_or_else(|| format!("{ms} ms"), |time| time.to_string())
}

/// A whole file of at most `limit` bytes.
fn read(path: &Path, limit: usize) -> Result<Vec<u8>, String> {
    let fail = |why: std::io::Error| format!("{}: {why}", path.display());
    let mut bytes = Vec::new();
    File::open(path).map_err(fail)?.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(fail)?;
    match bytes.len() > limit {
        true => {
            Err(format!("{}: has more than {limit} bytes, the most such a file may have", path.display()))
        }
        false => Ok(bytes),
    }
}
