use std::{path::PathBuf, str::FromStr};

use auditmesh::bft::Threshold;
use clap::{Parser, ValueEnum};

use crate::order::By;

/// A federation batches audit events, agrees on one root, anchors it, scores who took part, and hands out proofs.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// JSON Lines to record, dealt to the members in turn; generated events when absent
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) events: Vec<PathBuf>,
    /// More line formats, as JSON: [{"name": …, "recognised_by": […], "id": …}], see `auditmesh::event::jsonl::Format`
    #[arg(long, value_name = "FILE", requires = "events")]
    pub(crate) mapping: Option<PathBuf>,
    /// How many members, 3 to 100, named EU-1 US-1 APAC-1 EU-2 …
    ///
    /// The policy anchors nothing below 4, where no liar is survived. Each member that signs adds two lines to the checkpoint: above
    /// 50 of them it has more than 100 lines, which Go's note reader (golang.org/x/mod/sumdb/note) refuses.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(3..=100))]
    pub(crate) members: u16,
    /// How many batches of events, those that --out holds already included [default: 10, or all of the events]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: Option<u32>,
    /// Events a batch, 1 to 100,000
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) batch: u32,
    /// What share of the members must agree: 0.66, 0.67, >=2/3, >2/3, N-f, or any other fraction
    #[arg(long, default_value = "0.67")]
    pub(crate) threshold: Threshold,
    /// How the batches get their order
    #[arg(long, value_enum, default_value_t = By::Tally)]
    pub(crate) order: By,
    /// Makes a member faulty: diverge, silent, bad-signature, equivocate or reserialise
    #[arg(long, value_name = "MEMBER=KIND")]
    pub(crate) fault: Vec<FaultArg>,
    /// Where keys, salts and generated events are drawn from. Whoever knows it knows them: for demonstrations only
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Takes the members' keys from this folder instead of drawing them from the seed: MEMBER.operator.pem (Ed25519),
    /// MEMBER.cosigner.pem (ML-DSA-44) and, with --order bft, MEMBER.orderer.pem (Ed25519), PKCS#8
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// Writes the members' keys into this folder, under the names that --keys reads, and does nothing else
    ///
    /// The files are new ones, for their owner alone (mode 0600); where one of the names is taken, none is written. The keys are
    /// those drawn from --seed, so whoever knows the seed has them: they serve --keys and `prove --cose` in demonstrations.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["keys", "events", "rounds", "fault", "out"])]
    pub(crate) write_keys: Option<PathBuf>,
    /// Publishes the log in this folder: checkpoint and tiles after every agreed batch, anchors, policy, report, metrics, proofs
    ///
    /// What is published is durable and never taken back. A folder that holds a log of the same members is gone on with: the
    /// events are read again from the first one, those that the log has are passed over, and what follows them is logged. So a
    /// run that was interrupted is finished by the same command, and a log grows by giving more events behind the old ones, or
    /// more --rounds. Other events, members or keys are refused, and a folder with something else in it is left alone. Report
    /// and metrics are those of the last run that logged something.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Entries to write a proof for, with --out
    #[arg(long, value_name = "INDEX", num_args = 1.., requires = "out")]
    pub(crate) prove: Vec<u64>,
    /// Prints the report as JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Leaves measured seconds out of every file, so that two runs write the same bytes throughout
    #[arg(long)]
    pub(crate) no_timings: bool,
    /// Prints the spans of every step
    #[arg(long)]
    pub(crate) trace: bool,
}

/// How a member misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// Records altered entries, and signs them.
    Diverge,
    /// Never says anything.
    Silent,
    /// Sends statements whose signature is broken.
    BadSignature,
    /// Signs two roots.
    Equivocate,
    /// Encodes JSON payloads again before hashing them.
    Reserialise,
}

impl Fault {
    /// As it is written on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// `MEMBER=KIND`.
#[derive(Debug, Clone)]
pub(crate) struct FaultArg {
    /// Who.
    pub(crate) member: String,
    /// How.
    pub(crate) fault: Fault,
}

impl FromStr for FaultArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (member, kind) = text.split_once('=').ok_or("write MEMBER=KIND, as in US-1=silent")?;
        let fault = Fault::from_str(kind, false).map_err(|_| {
            format!(
                "{kind:?} is no fault; one of {}",
                Fault::value_variants().iter().map(|f| f.name()).collect::<Vec<_>>().join(", ")
            )
        })?;
        Ok(Self { member: member.to_owned(), fault })
    }
}
