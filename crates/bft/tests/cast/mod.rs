//! Four members, two values, and one liar among them: what the search and the twins have in common.
#![allow(dead_code, reason = "each of the two uses a part")]

use std::sync::{Arc, OnceLock};

use auditmesh_bft::{
    Engine, Height, Message, Rotation as _, RoundRobin, Settings, Signature, Signed, Spread, Statement,
    Timeouts, Validator, ValidatorIndex, ValidatorSet, Value, View,
};
use auditmesh_types::{MemberId, Origin, Scheme};

/// How many members there are; one of them may lie.
pub(crate) const MEMBERS: usize = 4;

/// The only height.
pub(crate) const HEIGHT: Height = Height(1);

#[cfg(feature = "mutants")]
pub(crate) use auditmesh_bft::Mutant;

/// Without the feature there is no rule to take away.
#[cfg(not(feature = "mutants"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Mutant {}

/// The place of member `n`.
pub(crate) fn index(n: usize) -> ValidatorIndex {
    ValidatorIndex(u16::try_from(n).unwrap())
}

/// Who proposes in `view`: member 1 in view 0, member 2 in view 1, and so on.
pub(crate) fn proposer(view: View) -> usize {
    RoundRobin.proposer(&set(), HEIGHT, view).place()
}

/// Who decides.
pub(crate) fn set() -> Arc<ValidatorSet> {
    let validator = |n: usize| Validator { name: name(n), key: vec![u8::try_from(n).unwrap()], weight: 1 };
    ValidatorSet::new(Scheme::Ed25519, (0..MEMBERS).map(validator).collect()).unwrap()
}

fn name(n: usize) -> MemberId {
    MemberId::new(format!("M-{n}")).unwrap()
}

/// The engine of member `n` before it starts, without one of its rules if one is named.
pub(crate) fn engine(n: usize, without: Option<Mutant>) -> Engine {
    let settings = Settings {
        federation: Origin::new("example/order").unwrap(),
        name: name(n),
        spread: Spread::AllToAll,
        rotation: Arc::new(RoundRobin),
        timeouts: Timeouts::default(),
    };
    let set = set();
    let engine = Engine::new(settings, Height(0), Arc::clone(&set), set);
    match without {
        #[cfg(feature = "mutants")]
        Some(rule) => engine.without(rule),
        #[cfg(not(feature = "mutants"))]
        Some(rule) => match rule {},
        None => engine,
    }
}

/// The two values, `x` and `y`.
pub(crate) fn values() -> [Value; 2] {
    ["x", "y"].map(|bytes| Value::new(bytes).unwrap())
}

/// A signature that everybody believes.
pub(crate) fn signature() -> Signature {
    static EMPTY: OnceLock<Signature> = OnceLock::new();
    EMPTY.get_or_init(|| Signature(Arc::from([]))).clone()
}

/// `statement`, as member `by` says it.
pub(crate) fn signed(by: usize, statement: Statement) -> Signed {
    Signed { by: index(by), statement, signature: signature() }
}

/// The statements a message rests on, its sender's own first.
pub(crate) fn statements(message: &Message) -> Vec<Signed> {
    let because = |candidate: &auditmesh_bft::Candidate| {
        let asks = candidate.lineage.iter().flat_map(|justification| justification.asks.clone());
        let highest = candidate.lineage.iter().filter_map(|justification| justification.highest.as_ref());
        asks.chain(highest.flat_map(auditmesh_bft::Certificate::votes)).collect::<Vec<_>>()
    };
    match message {
        Message::Proposal(it) => [vec![it.prepare.clone()], because(&it.candidate)].concat(),
        Message::Vote(vote) => vec![vote.clone()],
        Message::ViewChange(change) => {
            let prepared = change.prepared.iter();
            let shown = prepared
                .flat_map(|it| it.certificate.votes().chain(because(&it.candidate)).collect::<Vec<_>>());
            core::iter::once(change.ask.clone()).chain(shown).collect()
        }
        Message::Certificate(certificate) => certificate.votes().collect(),
    }
}
