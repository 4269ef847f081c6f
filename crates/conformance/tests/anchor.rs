//! The anchor suites accept a plain ledger in memory and refuse faulty ones.

use std::{error, fmt};

use auditmesh_conformance::{anchor, anchor_reopened, rejects, sha256};
use auditmesh_types::{Anchor, Commitment, Digest, Origin, Receipt, TreeHead};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    AlwaysAppends,
    AcceptsForks,
    FindsForks,
    FindsBySize,
    FindsAnyOrigin,
    ForkReplaces,
    ChecksNothing,
    ChecksRootAlone,
    IgnoresTime,
    IgnoresDigest,
    TrimsIds,
    SharedIds,
    ForksAcrossOrigins,
    LaterReplaces,
    ForgetsOnReopening,
    FindsInEmpty,
    ChecksInEmpty,
    NeverChecks,
    CommitsOnce,
}

#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl error::Error for Refused {}

struct Book {
    flaw: Flaw,
    kept: Vec<(Receipt, Commitment)>,
}

impl Book {
    fn new(flaw: Flaw) -> Self {
        Self { flaw, kept: Vec::new() }
    }
}

fn digest(commitment: &Commitment) -> Digest {
    sha256(&[format!("{commitment:?}").as_bytes()])
}

impl Anchor for Book {
    type Error = Refused;

    fn commit(&mut self, commitment: &Commitment) -> Result<Receipt, Refused> {
        let flaw = self.flaw;
        if let Some((receipt, _)) = self.kept.iter().find(|(_, kept)| kept == commitment)
            && flaw != Flaw::AlwaysAppends
        {
            return Ok(receipt.clone());
        }
        if flaw == Flaw::CommitsOnce && !self.kept.is_empty() {
            return Err(Refused);
        }
        let contradicts = |kept: &Commitment| {
            let origin = kept.origin == commitment.origin || flaw == Flaw::ForksAcrossOrigins;
            origin && kept.head.size == commitment.head.size && kept.head.root != commitment.head.root
        };
        let fork = self.kept.iter().position(|(_, kept)| contradicts(kept));
        if let (Some(at), Flaw::ForkReplaces) = (fork, flaw) {
            self.kept[at].1 = commitment.clone();
            return Err(Refused);
        }
        let id = if flaw == Flaw::SharedIds { "1".into() } else { (self.kept.len() + 1).to_string() };
        let receipt = Receipt { id, digest: digest(commitment) };
        if fork.is_some() && flaw != Flaw::AcceptsForks {
            if flaw == Flaw::FindsForks {
                self.kept.push((receipt, commitment.clone()));
            }
            return Err(Refused);
        }
        if flaw == Flaw::LaterReplaces {
            self.kept.retain(|(_, kept)| kept.origin != commitment.origin || kept.head != commitment.head);
        }
        self.kept.push((receipt.clone(), commitment.clone()));
        Ok(receipt)
    }

    fn find(&self, origin: &Origin, head: TreeHead) -> Result<Option<Receipt>, Refused> {
        if self.flaw == Flaw::FindsInEmpty && self.kept.is_empty() {
            return Ok(Some(Receipt { id: "1".into(), digest: head.root }));
        }
        let right = |kept: &Commitment| {
            let log = kept.origin == *origin || self.flaw == Flaw::FindsAnyOrigin;
            log && (kept.head == head || self.flaw == Flaw::FindsBySize && kept.head.size == head.size)
        };
        Ok(self.kept.iter().find(|(_, kept)| right(kept)).map(|(receipt, _)| receipt.clone()))
    }

    fn check(&self, receipt: &Receipt, commitment: &Commitment) -> Result<(), Refused> {
        let id = if self.flaw == Flaw::TrimsIds { receipt.id.trim() } else { &receipt.id };
        let found = |kept: &Receipt| {
            kept.id == id && (kept.digest == receipt.digest || self.flaw == Flaw::IgnoresDigest)
        };
        let mut all = self.kept.iter().filter(|(kept, _)| found(kept));
        let same = |kept: &Commitment| match self.flaw {
            Flaw::ChecksNothing => true,
            Flaw::ChecksRootAlone => kept.head.root == commitment.head.root,
            Flaw::IgnoresTime => Commitment { at: commitment.at, ..kept.clone() } == *commitment,
            _ => kept == commitment,
        };
        let any = self.flaw == Flaw::ChecksInEmpty && self.kept.is_empty();
        if (any || all.any(|(_, kept)| same(kept))) && self.flaw != Flaw::NeverChecks {
            Ok(())
        } else {
            Err(Refused)
        }
    }
}

#[test]
fn accepts_a_plain_book() {
    anchor(|| Book::new(Flaw::None));
    anchor_reopened(Book::new(Flaw::None), |book| book);
}

#[test]
fn refuses_faulty_books() {
    for (flaw, rule) in [
        (Flaw::FindsInEmpty, "anchor/empty"),
        (Flaw::ChecksInEmpty, "anchor/empty"),
        (Flaw::NeverChecks, "anchor/checks"),
        (Flaw::CommitsOnce, "anchor/commits"),
        (Flaw::AlwaysAppends, "anchor/idempotent"),
        (Flaw::AcceptsForks, "anchor/contradiction"),
        (Flaw::FindsForks, "anchor/contradiction-leaves-no-trace"),
        (Flaw::ForkReplaces, "anchor/contradiction-leaves-no-trace"),
        (Flaw::FindsBySize, "anchor/not-found"),
        (Flaw::FindsAnyOrigin, "anchor/found"),
        (Flaw::ChecksNothing, "anchor/tampered-commitment"),
        (Flaw::ChecksRootAlone, "anchor/tampered-commitment"),
        (Flaw::IgnoresTime, "anchor/tampered-commitment"),
        (Flaw::IgnoresDigest, "anchor/tampered-receipt"),
        (Flaw::TrimsIds, "anchor/tampered-receipt"),
        (Flaw::ForksAcrossOrigins, "anchor/commits"),
        (Flaw::SharedIds, "anchor/unique-id"),
        (Flaw::LaterReplaces, "anchor/same-head-again"),
    ] {
        rejects(rule, || anchor(|| Book::new(flaw)));
    }
    rejects("anchor/found", || {
        anchor_reopened(Book::new(Flaw::ForgetsOnReopening), |book| Book::new(book.flaw));
    });
}
