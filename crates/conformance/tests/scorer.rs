//! The scorer suite accepts a plain book and refuses faulty ones.
#![allow(clippy::unwrap_used, reason = "a reference in a test stops where it cannot go on")]

use std::collections::BTreeMap;
use std::{error, fmt};

use auditmesh_conformance::{rejects, scorer};
use auditmesh_types::{MemberId, Observation, Round, Scorer, Standing};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    SharedPlaces,
    WorstFirst,
    LaterNamesFirst,
    AcceptsStrangers,
    CountsBeforeStrangers,
    FirstSeenBonus,
    TrustBeyondLimit,
    WeightBeyondLimit,
    OnlyObserved,
    NoCredit,
    OverflowKeepsHalf,
    FirstMemberBonus,
    FirstWithTenBonus,
    OneRoundOnly,
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
    first: MemberId,
    proofs: BTreeMap<MemberId, u64>,
}

impl Scorer for Book {
    type Error = Refused;

    fn score(&mut self, _: Round, observed: &[Observation]) -> Result<Vec<Standing>, Refused> {
        if self.flaw == Flaw::OneRoundOnly && self.proofs.values().any(|count| *count > 0) {
            return Err(Refused);
        }
        let mut proofs = self.proofs.clone();
        for (n, one) in observed.iter().enumerate() {
            match proofs.get_mut(&one.member) {
                Some(count) => *count = count.checked_add(one.proofs).ok_or(Refused)?,
                None if self.flaw == Flaw::AcceptsStrangers => {}
                None => return Err(Refused),
            }
            let ten = self.flaw == Flaw::FirstWithTenBonus && one.proofs == 10;
            if n == 0 && (ten || self.flaw == Flaw::FirstSeenBonus) {
                proofs.entry(one.member.clone()).and_modify(|count| *count += 1_000);
            }
            if self.flaw == Flaw::CountsBeforeStrangers
                || self.flaw == Flaw::OverflowKeepsHalf && observed.iter().any(|one| one.proofs == u64::MAX)
            {
                self.proofs = proofs.clone();
            }
        }
        self.proofs = proofs;
        let mut all: Vec<_> = self.proofs.clone().into_iter().collect();
        if self.flaw == Flaw::FirstMemberBonus {
            all.iter_mut().filter(|one| one.0 == self.first).for_each(|one| one.1 += 1);
        }
        if self.flaw == Flaw::OnlyObserved {
            all.retain(|one| one.1 > 0);
        }
        match self.flaw {
            Flaw::WorstFirst => all.sort_by_key(|one| one.1),
            Flaw::LaterNamesFirst => all.sort_by(|a, b| b.1.cmp(&a.1).then(b.0.cmp(&a.0))),
            _ => all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0))),
        }
        let total: u128 = all.iter().map(|one| u128::from(one.1)).sum::<u128>().max(1);
        let place = |(n, (member, count)): (u32, (MemberId, u64))| Standing {
            member,
            rank: if self.flaw == Flaw::SharedPlaces { 1 } else { n },
            credit_micro: if self.flaw == Flaw::NoCredit { 7 } else { u128::from(count) * 1_000_000 },
            weight_ppm: match self.flaw {
                Flaw::WeightBeyondLimit => 1_000_001,
                _ => u32::try_from(u128::from(count) * 1_000_000 / total).unwrap(),
            },
            trust: if self.flaw == Flaw::TrustBeyondLimit {
                101
            } else {
                u8::try_from(count.min(100)).unwrap()
            },
        };
        Ok((1..).zip(all).map(place).collect())
    }
}

fn run(flaw: Flaw) {
    scorer(|members| Book {
        flaw,
        first: members[0].clone(),
        proofs: members.iter().map(|member| (member.clone(), 0)).collect(),
    });
}

#[test]
fn accepts_a_plain_book() {
    run(Flaw::None);
}

#[test]
fn refuses_faulty_books() {
    for (flaw, rule) in [
        (Flaw::FirstWithTenBonus, "scorer/order"),
        (Flaw::OneRoundOnly, "scorer/scores"),
        (Flaw::SharedPlaces, "scorer/places"),
        (Flaw::WorstFirst, "scorer/best-first"),
        (Flaw::LaterNamesFirst, "scorer/equals-by-name"),
        (Flaw::AcceptsStrangers, "scorer/unknown-member"),
        (Flaw::CountsBeforeStrangers, "scorer/unknown-changes-nothing"),
        (Flaw::FirstSeenBonus, "scorer/equals-by-name"),
        (Flaw::TrustBeyondLimit, "scorer/limits"),
        (Flaw::WeightBeyondLimit, "scorer/limits"),
        (Flaw::OnlyObserved, "scorer/everyone"),
        (Flaw::NoCredit, "scorer/credit-follows-proofs"),
        (Flaw::OverflowKeepsHalf, "scorer/overflow-changes-nothing"),
        (Flaw::FirstMemberBonus, "scorer/equals-by-name"),
    ] {
        rejects(rule, || run(flaw));
    }
}
