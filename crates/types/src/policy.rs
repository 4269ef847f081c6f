use alloc::{string::String, vec::Vec};

/// What a field holds, as its owner declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Content {
    /// A cryptographic hash.
    Digest,
    /// What names a proof: a log's origin, a size, an index, a round.
    ProofId,
    /// A time.
    Time,
    /// A pseudonymous technical name: zone, node, event id, kind.
    Label,
    /// A sum of money or tokens.
    Amount,
    /// What an account holds.
    Balance,
    /// A reference to a payment.
    PaymentReference,
    /// Data of or about a person.
    Personal,
    /// An event's payload, or a part of it.
    Payload,
}

/// One field of an entry or an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub holds: Content,
}

/// What an anchor is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// Evidence that a root existed.
    Evidence,
    /// Anything that pays, rewards or settles.
    Settlement,
}

/// What is known of the contract or service that keeps an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "four independent facts")]
pub struct ContractFacts {
    /// It keeps balances.
    pub stores_balances: bool,
    /// It takes in value.
    pub accepts_value: bool,
    /// It moves value.
    pub transfers: bool,
    /// It keeps hashes and nothing else.
    pub hash_only: bool,
}

/// The facts a policy is asked about. `None` is "not known", and what is not known is denied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The fields of every logged entry.
    pub entry: Option<Vec<Field>>,
    /// The fields of the anchor that leaves.
    pub anchor: Option<Vec<Field>>,
    /// What the anchor is for.
    pub purpose: Option<Purpose>,
    /// Where the anchor is kept.
    pub contract: Option<ContractFacts>,
    /// How many zones the members stand in.
    pub zones: Option<u32>,
    /// How many Byzantine members the quorum survives.
    pub tolerates: Option<u32>,
}

/// Why a rule says no.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The rule: `MICA-NC-001`.
    pub rule: &'static str,
    /// The field or fact it is about.
    pub about: String,
    /// What was found and what is demanded, in one sentence.
    pub why: String,
}

/// A policy's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every rule holds.
    Allow,
    /// At least one does not: all reasons, by rule.
    Deny(Vec<Reason>),
}

/// Rules over what may be recorded and anchored.
pub trait Policy {
    /// Judges the facts; the same facts get the same verdict.
    fn judge(&self, facts: &Facts) -> Verdict;
}
