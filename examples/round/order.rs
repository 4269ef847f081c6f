//! Where batches get their order: from the events' own positions, or by the members' vote.

use auditmesh::{
    BatchLedger, Ordered,
    attest::{Ed25519Signer, did_key},
    event::{Error, Event, Sequencer},
    types::{Batch, Batcher, MemberId, Origin},
};
use clap::ValueEnum;
use serde::Serialize;

use crate::{
    args::{Args, Fault},
    keys,
};

/// How the members come to one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Every member sorts the events it holds in the same way; they vote on the log's head alone
    Tally,
    /// The members vote on the order of each batch first, in three phases
    Bft,
}

/// The batcher of a run.
#[derive(Debug)]
pub(crate) enum Order {
    /// The sequencer's order.
    Given(Sequencer),
    /// The order that the members voted for.
    Voted(Box<Ordered<Sequencer, Ed25519Signer>>),
}

/// The members' keys for votes, where they vote on the order.
pub(crate) type Voters = Vec<(MemberId, Ed25519Signer, bool)>;

/// The voters of a run, none where nothing is voted on. A silent member is not there.
pub(crate) fn voters<'a>(
    args: &Args,
    members: impl Iterator<Item = (&'a MemberId, Option<Fault>)>,
) -> Result<Voters, String> {
    if args.order == By::Tally {
        return Ok(Vec::new());
    }
    let max = BatchLedger::MAX_EVENTS;
    if usize::try_from(args.batch).is_ok_and(|batch| batch > max) {
        return Err(format!(
            "--batch {}: at most {max} events fit into one value of --order bft",
            args.batch
        ));
    }
    let voter = |(id, fault): (&MemberId, _)| {
        let key = keys::orderer(id, args.keys.as_deref(), args.seed)?;
        Ok((id.clone(), key, fault != Some(Fault::Silent)))
    };
    members.map(voter).collect()
}

/// The key that a member votes with, as a `did:key`.
pub(crate) fn did(voters: &Voters, id: &MemberId) -> Option<String> {
    let (_, key, _) = voters.iter().find(|(name, ..)| name == id)?;
    did_key::encode(&key.public().ok()?).ok()
}

impl Order {
    /// The order by `voters`, or the sequencer's when there are none.
    pub(crate) fn new(sequencer: Sequencer, origin: &Origin, voters: Voters) -> Result<Self, String> {
        if voters.is_empty() {
            return Ok(Self::Given(sequencer));
        }
        let ordered = Ordered::new(sequencer, origin, voters).map_err(|why| why.to_string())?;
        Ok(Self::Voted(Box::new(ordered)))
    }

    /// How the last batch was ordered, where it was voted on.
    pub(crate) fn last(&self) -> Option<OrderLine> {
        match self {
            Self::Given(_) => None,
            Self::Voted(ordered) => OrderLine::of(ordered),
        }
    }
}

impl Batcher for Order {
    type Event = Event;
    type Error = Error;

    fn push(&mut self, event: Event) -> Result<(), Error> {
        match self {
            Self::Given(sequencer) => sequencer.push(event),
            Self::Voted(ordered) => ordered.push(event),
        }
    }

    fn seal(&mut self, limit: usize) -> Option<Batch> {
        match self {
            Self::Given(sequencer) => sequencer.seal(limit),
            Self::Voted(ordered) => ordered.seal(limit),
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Given(sequencer) => sequencer.depth(),
            Self::Voted(ordered) => ordered.depth(),
        }
    }
}

/// How a batch was ordered, with the certificate.
#[derive(Debug, Serialize)]
pub(crate) struct OrderLine {
    /// The name that the members signed for: the log's, and of the first batch of this run.
    pub(crate) federation: String,
    /// The place of the batch among all that this run ordered, from 1.
    pub(crate) height: u64,
    /// The view that decided, from 0.
    pub(crate) view: u64,
    /// Who proposed it.
    pub(crate) proposer: String,
    /// The name of the value: a hash over the batch.
    pub(crate) value: String,
    /// The hash of the validator set.
    pub(crate) set: String,
    /// The members whose COMMITs make the certificate.
    pub(crate) committed: Vec<CommitLine>,
    /// Members convicted of breaking the rules meanwhile.
    pub(crate) accused: Vec<String>,
}

/// A COMMIT.
#[derive(Debug, Serialize)]
pub(crate) struct CommitLine {
    /// Who.
    pub(crate) member: String,
    /// Its Ed25519 signature, in hexadecimal digits.
    pub(crate) signature: String,
}

impl OrderLine {
    fn of(ordered: &Ordered<Sequencer, Ed25519Signer>) -> Option<Self> {
        let (order, set) = (ordered.last()?, ordered.set());
        let name = |index| set.at(index).map_or_else(String::new, |validator| validator.name.to_string());
        let certificate = &order.decided.certificate;
        let commit = |(by, signature): &(_, auditmesh::bft::Signature)| CommitLine {
            member: name(*by),
            signature: signature.0.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        Some(Self {
            federation: order.federation.to_string(),
            height: certificate.height.0,
            view: certificate.view.0,
            proposer: order.proposer.to_string(),
            value: certificate.value.0.to_string(),
            set: set.hash().to_string(),
            committed: certificate.signatures.iter().map(commit).collect(),
            accused: order.accused.iter().map(|evidence| name(evidence.culprit())).collect(),
        })
    }
}
