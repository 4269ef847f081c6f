use std::{rc::Rc, sync::Arc, time::Duration};

use auditmesh::{
    bft::{Candidate, Message, Packet, Proposal, Says, Signature, Signed, Spread, Statement, Value},
    types::{MemberId, Scheme, Signer},
};

use super::{
    BYTES, Ours, Signatures, Signing, Table,
    ours::{federation, seated},
    table::Places,
    wire::Forge,
};
use crate::contender::cpu_time;

/// The sizes of sets that are measured.
pub const SIZES: [usize; 7] = [4, 7, 10, 16, 31, 64, 100];

/// What is wrong with `f` of the members, every third one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// They are not there, which is what silent liars look like.
    Crashed,
    /// They tell members with an odd number of another value than the others, in proposals and votes.
    Equivocating,
}

/// What a decision takes, of all members together.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Packets.
    pub messages: f64,
    /// Bytes, as packets are encoded.
    pub bytes: f64,
    /// Time of the processor.
    pub cpu: Duration,
    /// The longest chain of packets to the last member's decision.
    pub hops: f64,
    /// Signatures checked.
    pub checks: f64,
}

/// Measures the decisions of `count` members. Counts come from a run without signatures, the time from one with them.
#[must_use]
pub fn load(count: usize, spread: Spread, fault: Fault) -> Load {
    // Every proposer has a turn; of large sets two healthy ones and one that is not, twice.
    let heights = if count <= 16 { 3 * count as u64 } else { 6 };
    let mut table = table(count, spread, fault, Signatures::None);
    table.decide(3);
    table.weigh(|packet| packet.encode().len());
    let (sent, checks, mut hops) = (table.sent(), table.checks(), 0);
    for _ in 0..heights {
        table.decide(1);
        hops += table.hops();
    }
    #[allow(clippy::float_arithmetic, reason = "a mean")]
    let each = |all: u64| all as f64 / heights as f64;
    let (messages, checks) = (each(table.sent() - sent), each(table.checks() - checks));
    let (bytes, hops) = (each(table.bytes()), each(hops));
    let mut table = self::table(count, spread, fault, Signatures::Strict);
    table.decide(3);
    let before = cpu_time();
    table.decide(heights);
    let cpu = (cpu_time() - before).div_f64(heights as f64);
    Load { messages, bytes, cpu, hops, checks }
}

fn table(count: usize, spread: Spread, fault: Fault, signatures: Signatures) -> Table<Ours> {
    let faulty = move |n: usize| n % 3 == 1 && n / 3 < (count - 1) / 3;
    let crashed = move |n| fault == Fault::Crashed && faulty(n);
    let forge = move |n| {
        (fault == Fault::Equivocating && faulty(n))
            .then(|| Rc::new(liar(n, count, signatures)) as Forge<Packet>)
    };
    seated(Places { count, bytes: BYTES, signatures }, spread, crashed, forge)
}

/// What member `n` tells members with an odd number in the place of a proposal or vote.
fn liar(n: usize, count: usize, signatures: Signatures) -> impl Fn(usize, &Packet) -> Option<Packet> {
    let (signer, set) = (Signing::of(n, signatures), set_hash(count, signatures));
    move |to, packet| {
        let Packet::Message(message) = packet else { return None };
        let sign = |vote: &Signed, value: &Value| {
            let Says::Vote(phase, _) = vote.statement.says else { return vote.clone() };
            let statement = Statement { says: Says::Vote(phase, value.id()), ..vote.statement };
            let signature = signer.sign(&statement.signed_bytes(&federation(), set)).unwrap();
            Signed { by: vote.by, statement, signature: Signature(signature.into()) }
        };
        let other = |height: u64| {
            let mut blob = height.to_be_bytes().to_vec();
            blob.resize(BYTES, 8);
            Value::new(blob).unwrap()
        };
        let value = other(message.height().0);
        let forged = match message {
            _ if to % 2 == 0 => return None,
            Message::Vote(vote) => Message::Vote(sign(vote, &value)),
            Message::Proposal(Proposal { candidate, prepare }) => {
                let prepare = sign(prepare, &value);
                let lineage = candidate.lineage.clone();
                Message::Proposal(Proposal { candidate: Arc::new(Candidate { value, lineage }), prepare })
            }
            Message::ViewChange(_) | Message::Certificate(_) => return None,
        };
        Some(Packet::Message(forged))
    }
}

fn set_hash(count: usize, signatures: Signatures) -> auditmesh::types::Digest {
    let validators = (0..count).map(|n| {
        (MemberId::new(format!("M-{n:03}")).unwrap(), Signing::of(n, signatures).public_key().to_vec())
    });
    auditmesh::bft::ValidatorSet::equal(Scheme::Ed25519, validators).unwrap().hash()
}
