//! The log suite accepts a plain log and refuses faulty ones.

use std::{error, fmt};

use auditmesh_conformance::{log, rejects, tree};
use auditmesh_types::{Appended, Batch, Digest, Index, Log, Nodes, Size, TreeHead};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    EmptyRootZero,
    EmptyBatch,
    StageCommits,
    StagesOnTop,
    DiscardForgets,
    RefusedStays,
    NoEntryLimit,
    ProvesBeyondCommit,
    ProvesIndexAtSize,
    OldSizesWrong,
    PathReversed,
    BatchRootOfAll,
    PairsReversed,
    NodesOfCommitted,
    IncompleteNodes,
    CommitTwice,
    NodeWraps,
    HeadWithoutBatch,
    CommitGivesOld,
    SizeOfCommitted,
}

#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl error::Error for Refused {}

struct Plain {
    flaw: Flaw,
    committed: Vec<Digest>,
    staged: Vec<Digest>,
}

impl Plain {
    fn new(flaw: Flaw) -> Self {
        Self { flaw, committed: Vec::new(), staged: Vec::new() }
    }

    fn all(&self) -> Vec<Digest> {
        [&self.committed[..], &self.staged].concat()
    }
}

impl Log for Plain {
    type Error = Refused;

    fn head(&self) -> TreeHead {
        if self.flaw == Flaw::EmptyRootZero && self.committed.is_empty() {
            return TreeHead::default();
        }
        tree::head(&self.committed)
    }

    fn stage(&mut self, batch: &Batch) -> Result<Appended, Refused> {
        let empty = batch.records.is_empty() && self.flaw != Flaw::EmptyBatch;
        let long = batch.records.iter().any(|record| record.entry.len() > 65_535);
        if empty || long && self.flaw != Flaw::NoEntryLimit {
            if self.flaw != Flaw::RefusedStays {
                self.staged.clear();
            }
            return Err(Refused);
        }
        let added: Vec<_> = batch.records.iter().map(|record| tree::leaf(&record.entry)).collect();
        if self.flaw != Flaw::StagesOnTop {
            self.staged.clear();
        }
        self.staged.extend(&added);
        let mut pairs: Vec<_> =
            batch.records.iter().map(|record| record.id.clone()).zip(added.iter().copied()).collect();
        if self.flaw == Flaw::PairsReversed {
            pairs.reverse();
        }
        let all = self.all();
        let batch_root =
            if self.flaw == Flaw::BatchRootOfAll { tree::root(&all) } else { tree::root(&added) };
        if self.flaw == Flaw::StageCommits {
            self.committed.append(&mut self.staged);
        }
        let all = if self.flaw == Flaw::HeadWithoutBatch { self.committed.clone() } else { all };
        Ok(Appended { head: tree::head(&all), batch_root, pairs })
    }

    fn commit(&mut self) -> Result<TreeHead, Refused> {
        let (staged, old) = (self.staged.clone(), self.head());
        self.committed.extend(staged);
        if self.flaw != Flaw::CommitTwice || self.committed.len() != 2 {
            self.staged.clear();
        }
        Ok(if self.flaw == Flaw::CommitGivesOld { old } else { self.head() })
    }

    fn discard(&mut self) {
        if self.flaw != Flaw::DiscardForgets {
            self.staged.clear();
        }
    }

    fn prove(&self, index: Index, size: Size) -> Result<Vec<Digest>, Refused> {
        let mut leaves = self.committed.clone();
        if self.flaw == Flaw::ProvesBeyondCommit {
            leaves = self.all();
        }
        let size = usize::try_from(size.0).map_err(|_| Refused)?;
        let index = usize::try_from(index.0).map_err(|_| Refused)?;
        if self.flaw == Flaw::ProvesIndexAtSize && index == size && size > 0 && size <= leaves.len() {
            return Ok(Vec::new());
        }
        let part = leaves.get(..size).filter(|part| index < part.len()).ok_or(Refused)?;
        let mut path = match self.flaw {
            Flaw::OldSizesWrong => tree::path(&leaves, index),
            _ => tree::path(part, index),
        };
        if self.flaw == Flaw::PathReversed {
            path.reverse();
        }
        Ok(path)
    }
}

impl Nodes for Plain {
    fn size(&self) -> Size {
        let leaves = if self.flaw == Flaw::SizeOfCommitted { self.committed.clone() } else { self.all() };
        Size(leaves.len() as u64)
    }

    fn node(&self, level: u8, index: u64) -> Option<Digest> {
        let leaves = if self.flaw == Flaw::NodesOfCommitted { self.committed.clone() } else { self.all() };
        let width = if self.flaw == Flaw::NodeWraps {
            1u64.wrapping_shl(level.into())
        } else {
            1u64.checked_shl(level.into())?
        };
        let from = if self.flaw == Flaw::NodeWraps {
            index.wrapping_mul(width)
        } else {
            index.checked_mul(width)?
        };
        let (from, to) = (usize::try_from(from).ok()?, usize::try_from(from.checked_add(width)?).ok()?);
        let to = if self.flaw == Flaw::IncompleteNodes { to.min(leaves.len()) } else { to };
        leaves.get(from..to).filter(|below| !below.is_empty()).map(tree::root)
    }
}

#[test]
fn accepts_a_plain_log() {
    log(|| Plain::new(Flaw::None));
}

#[test]
fn refuses_faulty_logs() {
    for (flaw, rule) in [
        (Flaw::HeadWithoutBatch, "log/stage-head"),
        (Flaw::CommitGivesOld, "log/commit"),
        (Flaw::SizeOfCommitted, "nodes/size"),
        (Flaw::EmptyRootZero, "log/empty-head"),
        (Flaw::EmptyBatch, "log/empty-batch"),
        (Flaw::StageCommits, "log/stage-keeps-head"),
        (Flaw::StagesOnTop, "log/staging-replaces"),
        (Flaw::DiscardForgets, "log/discard-restores"),
        (Flaw::RefusedStays, "log/refused-stages-nothing"),
        (Flaw::NoEntryLimit, "log/entry-limit"),
        (Flaw::ProvesBeyondCommit, "log/prove-beyond-commit"),
        (Flaw::ProvesIndexAtSize, "log/prove-index-beyond-size"),
        (Flaw::OldSizesWrong, "log/prove"),
        (Flaw::PathReversed, "log/prove"),
        (Flaw::BatchRootOfAll, "log/batch-root"),
        (Flaw::PairsReversed, "log/pairs"),
        (Flaw::NodesOfCommitted, "nodes/hash"),
        (Flaw::IncompleteNodes, "nodes/incomplete-is-none"),
        (Flaw::CommitTwice, "log/commit-without-batch"),
        (Flaw::NodeWraps, "nodes/far-is-none"),
    ] {
        rejects(rule, || log(|| Plain::new(flaw)));
    }
}
