use crate::{Contender, appends, digests, proofs, roots};

/// How many leaves the large trees have.
pub const MILLION: u64 = 1_000_000;

/// The same work, done by us and by the peers that can do it.
#[derive(Debug)]
pub struct Work<'a> {
    /// What is done.
    pub name: &'a str,
    /// What the times are divided by.
    pub unit: &'static str,
    /// How many of those one run does.
    pub per: u64,
    /// How many runs a median needs.
    pub runs: usize,
    /// Who does it; the first is ours.
    pub contenders: Vec<Contender<'a>>,
}

/// Gives all work on the log in memory to `take`, one after the other: roots, proofs, appends.
pub fn log(take: &mut dyn FnMut(Work<'_>)) {
    let leaves = digests(MILLION);
    roots::give(&leaves, take);
    proofs::give(&leaves, take);
    appends::give(&leaves, take);
}
