//! The suites of attestor, authority and certifier accept a toy federation and refuse faulty ones.
#![allow(clippy::unwrap_used, reason = "a reference in a test stops where it cannot go on")]

use std::cell::Cell;
use std::collections::BTreeSet;
use std::{error, fmt};

use auditmesh_conformance::{Never, attestor, authority, certifier, rejects, sha256};
use auditmesh_types::{
    Attestation, Attestor, Authority, Certifier, Digest, MemberId, Millis, Round, Size, TreeHead, Verified,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    ForgetsTime,
    SignsNothing,
    IgnoresMember,
    IgnoresSize,
    IgnoresRoot,
    IgnoresTime,
    IgnoresTail,
    IgnoresLetterCase,
    IgnoresEnvelope,
    CountsStatements,
    CountsOneFewer,
    RefusesDuplicates,
    MixesRoots,
    MixesSizes,
    EmptyCertificate,
    LosesStatements,
    StatementOfRoot,
    StatementOfSize,
    NeedsAll,
    StatementDrifts,
}

#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl error::Error for Refused {}

/// `member size root seconds seal`, sealed with a hash that every one of the federation can make.
fn sealed(flaw: Flaw, member: &MemberId, head: TreeHead, at: Millis) -> Vec<u8> {
    let mut text = String::new();
    if flaw != Flaw::IgnoresMember {
        text += &format!("{member} ");
    }
    if flaw != Flaw::IgnoresSize {
        text += &format!("{} ", head.size);
    }
    if flaw != Flaw::IgnoresRoot {
        text += &format!("{} ", head.root);
    }
    if flaw != Flaw::IgnoresTime {
        text += &format!("{} ", at.seconds());
    }
    format!("{text}{}\n", sha256(&[b"secret", text.as_bytes()])).into_bytes()
}

struct Voice(Flaw, MemberId);

impl Attestor for Voice {
    type Error = Never;

    fn attest(&self, round: Round, head: TreeHead, at: Millis) -> Result<Attestation, Never> {
        let mut signed = sealed(self.0, &self.1, head, at);
        if self.0 == Flaw::SignsNothing {
            signed.clear();
        }
        let at = if self.0 == Flaw::ForgetsTime { Millis(0) } else { at };
        Ok(Attestation { member: self.1.clone(), round, head, at, signed })
    }
}

struct Members(Flaw, Vec<MemberId>, Cell<u32>);

impl Authority<Attestation> for Members {
    type Error = Refused;

    fn check(&self, value: &Attestation) -> Result<(), Refused> {
        let right = match self.0 {
            Flaw::IgnoresEnvelope => {
                let text = String::from_utf8(value.signed.clone()).map_err(|_| Refused)?;
                let (body, seal) = text.rsplit_once(' ').ok_or(Refused)?;
                let body = format!("{body} ");
                let right = format!("{}\n", sha256(&[b"secret", body.as_bytes()]));
                return if seal == right { Ok(()) } else { Err(Refused) };
            }
            flaw => sealed(flaw, &value.member, value.head, value.at),
        };
        let mut given = value.signed.clone();
        match self.0 {
            Flaw::IgnoresTail if given.len() > right.len() => given.truncate(right.len()),
            Flaw::IgnoresLetterCase => given.make_ascii_lowercase(),
            _ => {}
        }
        let right = if self.0 == Flaw::IgnoresLetterCase { right.to_ascii_lowercase() } else { right };
        let known = self.1.contains(&value.member) || self.0 == Flaw::IgnoresMember;
        if known && given == right { Ok(()) } else { Err(Refused) }
    }
}

struct Certificate(Vec<Attestation>);

impl Authority<Certificate> for Members {
    type Error = Refused;

    fn check(&self, value: &Certificate) -> Result<(), Refused> {
        let names: BTreeSet<_> = value.0.iter().map(|statement| &statement.member).collect();
        value.0.iter().try_for_each(|statement| self.check(statement))?;
        let enough = names.len() >= 3 || matches!(self.0, Flaw::CountsStatements | Flaw::CountsOneFewer);
        if enough || self.0 == Flaw::EmptyCertificate && names.is_empty() { Ok(()) } else { Err(Refused) }
    }
}

impl Certifier for Members {
    type Certificate = Certificate;
    type Error = Refused;

    fn statement(&self, head: TreeHead) -> Digest {
        match self.0 {
            Flaw::StatementDrifts => sha256(&[&self.2.replace(self.2.get() + 1).to_be_bytes()]),
            Flaw::StatementOfRoot => sha256(&[&head.root.0]),
            Flaw::StatementOfSize => sha256(&[&head.size.0.to_be_bytes()]),
            _ => sha256(&[&head.size.0.to_be_bytes(), &head.root.0]),
        }
    }

    fn certify(&self, agreeing: &[Verified<Attestation>]) -> Result<Verified<Certificate>, Refused> {
        let names: BTreeSet<_> = agreeing.iter().map(|statement| &statement.member).collect();
        let all = |same: fn(&TreeHead, &TreeHead) -> bool| {
            agreeing.windows(2).all(|pair| same(&pair[0].head, &pair[1].head))
        };
        let one = match self.0 {
            Flaw::MixesRoots => all(|a, b| a.size == b.size),
            Flaw::MixesSizes => all(|a, b| a.root == b.root),
            _ => all(|a, b| a == b),
        };
        let count = if self.0 == Flaw::CountsStatements { agreeing.len() } else { names.len() };
        let fewest = match self.0 {
            Flaw::CountsOneFewer => 2,
            Flaw::NeedsAll => 4,
            _ => 3,
        };
        let duplicates = self.0 == Flaw::RefusesDuplicates && agreeing.len() > names.len();
        let empty = self.0 == Flaw::EmptyCertificate && agreeing.is_empty();
        if !one || duplicates || count < fewest && !empty {
            return Err(Refused);
        }
        let keep = if self.0 == Flaw::LosesStatements { 1 } else { agreeing.len() };
        let statements = agreeing.iter().take(keep).map(|statement| (**statement).clone()).collect();
        let lenient = Self(
            if self.0 == Flaw::LosesStatements { Flaw::CountsOneFewer } else { self.0 },
            self.1.clone(),
            Cell::new(0),
        );
        lenient.verify(Certificate(statements))
    }
}

fn members() -> Vec<MemberId> {
    ["EU-1", "US-1", "APAC-1", "LATAM-1"].map(|name| MemberId::new(name).unwrap()).to_vec()
}

fn run(flaw: Flaw) {
    let (names, make) = (members(), |member: &MemberId| Voice(flaw, member.clone()));
    let federation = Members(flaw, members(), Cell::new(0));
    attestor(&names, make, &federation);
    authority(&names, make, &federation);
    certifier(&names, 3, make, &federation, &federation, &federation);
}

#[test]
fn accepts_a_toy_federation() {
    run(Flaw::None);
}

#[test]
fn refuses_faulty_federations() {
    for (flaw, rule) in [
        (Flaw::NeedsAll, "certifier/certifies"),
        (Flaw::StatementDrifts, "certifier/statement-same"),
        (Flaw::ForgetsTime, "attestor/echoes"),
        (Flaw::SignsNothing, "attestor/verifies"),
        (Flaw::IgnoresMember, "authority/member"),
        (Flaw::IgnoresSize, "authority/size"),
        (Flaw::IgnoresRoot, "authority/root"),
        (Flaw::IgnoresTime, "authority/at"),
        (Flaw::IgnoresEnvelope, "authority/size"),
        (Flaw::IgnoresTail, "authority/signed-length"),
        (Flaw::IgnoresLetterCase, "authority/signed-byte"),
        (Flaw::CountsStatements, "certifier/one-member-twice"),
        (Flaw::CountsOneFewer, "certifier/too-few"),
        (Flaw::RefusesDuplicates, "certifier/duplicate-harmless"),
        (Flaw::MixesRoots, "certifier/mixed-roots"),
        (Flaw::MixesSizes, "certifier/mixed-sizes"),
        (Flaw::EmptyCertificate, "certifier/none"),
        (Flaw::LosesStatements, "certifier/accepted"),
        (Flaw::StatementOfRoot, "certifier/statement-binds"),
        (Flaw::StatementOfSize, "certifier/statement-binds"),
    ] {
        rejects(rule, || run(flaw));
    }
}

#[test]
fn the_toy_binds_what_it_says() {
    let head = TreeHead { size: Size(1), root: Digest([1; 32]) };
    let name = &members()[0];
    assert_ne!(sealed(Flaw::None, name, head, Millis(0)), sealed(Flaw::None, name, head, Millis(1_000)));
}
