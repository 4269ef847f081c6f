//! The agreement suite accepts a plain count and refuses faulty ones.
#![allow(clippy::unwrap_used, reason = "a reference in a test stops where it cannot go on")]

use std::collections::{BTreeMap, BTreeSet};

use auditmesh_conformance::{Never, agreement, rejects};
use auditmesh_types::{
    Agreement, Attestation, Ballot, Decision, Equivocation, MemberId, Outcome, Ratio, Round, Size, TreeHead,
    Verified,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    AtThresholdIsNotEnough,
    CountsEquivocators,
    EquivocatorsAbsent,
    EvidenceAsItCame,
    RefusedCancelsValid,
    ForgeriesAgainstStrangers,
    CountsStrangers,
    CountsCopies,
    KeepsFirstCopy,
    CountsOtherSizes,
    ShareOfThoseWhoSpoke,
    UnsortedUnknown,
    TieIsDissent,
    SilenceIsDissent,
    ForgetsAbsent,
    WrongRound,
    ShareOfVotes,
    ForgetsEquivocators,
    EvidenceReversed,
    ForgetsDissent,
    HeadOnlyWhenAgreed,
    TieKeepsAll,
    AgreesOnTies,
}

struct Count {
    flaw: Flaw,
    members: BTreeSet<MemberId>,
    threshold: (u64, u64),
}

impl Count {
    /// The ballots without statements of other sizes.
    fn asked(&self, size: Size, ballots: &[Ballot]) -> Vec<Ballot> {
        let asked = |ballot: &&Ballot| match ballot {
            Ballot::Valid(statement) => statement.head.size == size || self.flaw == Flaw::CountsOtherSizes,
            Ballot::Refused { .. } => true,
        };
        ballots.iter().filter(asked).cloned().collect()
    }

    fn unknown(&self, votes: &BTreeMap<MemberId, Vec<Verified<Attestation>>>) -> Vec<MemberId> {
        let mut unknown: Vec<_> =
            votes.keys().filter(|name| !self.members.contains(*name)).cloned().collect();
        if self.flaw == Flaw::UnsortedUnknown {
            unknown.reverse();
        }
        unknown
    }

    fn convict(&self, member: &MemberId, all: &[Verified<Attestation>]) -> Option<Equivocation> {
        let mut evidence = [all.first()?.clone().into_inner(), all.last()?.clone().into_inner()];
        if self.flaw == Flaw::EvidenceReversed {
            evidence.reverse();
        }
        let found = Equivocation { member: member.clone(), evidence };
        Some(found).filter(|_| self.flaw != Flaw::ForgetsEquivocators)
    }

    /// The statements of every member, copies of one head removed, in the order of heads.
    fn votes(&self, ballots: &[Ballot]) -> BTreeMap<MemberId, Vec<Verified<Attestation>>> {
        let mut votes: BTreeMap<MemberId, Vec<Verified<Attestation>>> = BTreeMap::new();
        for ballot in ballots {
            let Ballot::Valid(statement) = ballot else { continue };
            votes.entry(statement.member.clone()).or_default().push(statement.clone());
        }
        for list in votes.values_mut() {
            if self.flaw != Flaw::KeepsFirstCopy && self.flaw != Flaw::EvidenceAsItCame {
                list.sort_by_key(|statement| (statement.head, statement.at, statement.signed.clone()));
            }
            if self.flaw != Flaw::CountsCopies {
                list.dedup_by(|a, b| a.head == b.head);
            }
        }
        votes
    }
}

fn refused(ballots: &[Ballot]) -> BTreeSet<MemberId> {
    let claimed = |ballot: &Ballot| match ballot {
        Ballot::Refused { member } => Some(member.clone()),
        Ballot::Valid(_) => None,
    };
    ballots.iter().filter_map(claimed).collect()
}

impl Agreement for Count {
    type Error = Never;

    fn decide(&self, round: Round, size: Size, ballots: &[Ballot]) -> Result<Decision, Never> {
        let ballots = &self.asked(size, ballots);
        let (refused, votes) = (refused(ballots), self.votes(ballots));
        let unknown = self.unknown(&votes);
        let mut counted: Vec<Verified<Attestation>> = Vec::new();
        let (mut equivocators, mut absent, mut spoke) = (Vec::new(), Vec::new(), 0u64);
        for member in &self.members {
            match votes.get(member).map_or(&[][..], Vec::as_slice) {
                [] => absent.push(member.clone()),
                _ if self.flaw == Flaw::RefusedCancelsValid && refused.contains(member) => {}
                all if all.iter().all(|s| s.head == all[0].head) => counted.extend_from_slice(all),
                all => {
                    equivocators.extend(self.convict(member, all));
                    if self.flaw == Flaw::CountsEquivocators {
                        counted.push(all[0].clone());
                    }
                    if self.flaw == Flaw::EquivocatorsAbsent {
                        absent.push(member.clone());
                    }
                }
            }
        }
        if self.flaw == Flaw::CountsStrangers {
            counted.extend(unknown.iter().flat_map(|name| votes[name].iter().take(1).cloned()));
        }
        spoke += counted.len() as u64;
        let share = |head: TreeHead| counted.iter().filter(|s| s.head == head).count() as u64;
        let best = counted.iter().map(|statement| share(statement.head)).max().unwrap_or(0);
        let leaders: BTreeSet<TreeHead> =
            counted.iter().map(|s| s.head).filter(|head| share(*head) == best).collect();
        let tie = leaders.len() > 1;
        let head = if tie { None } else { leaders.first().copied() };
        let total = if self.flaw == Flaw::ShareOfThoseWhoSpoke { spoke } else { self.members.len() as u64 };
        let need = Ratio::new(self.threshold.0, self.threshold.1).unwrap();
        let meets = |weight| match self.flaw {
            Flaw::AtThresholdIsNotEnough => Ratio::share(weight, total) > need,
            _ => Ratio::share(weight, total) >= need,
        };
        let outcome = match (meets(best) && best > 0, meets(spoke), tie) {
            (true, _, false) => Outcome::Agreed,
            (_, true, true) if self.flaw == Flaw::AgreesOnTies => Outcome::Agreed,
            (_, true, true) if self.flaw != Flaw::TieIsDissent => Outcome::Tie,
            (_, false, _) if self.flaw != Flaw::SilenceIsDissent => Outcome::NoQuorum,
            _ => Outcome::Dissent,
        };
        let keeps = |s: &Verified<Attestation>| match head {
            Some(head) => s.head == head,
            None => self.flaw == Flaw::TieKeepsAll,
        };
        let (agreeing, others): (Vec<_>, Vec<_>) = counted.into_iter().partition(keeps);
        let voiced = self.flaw != Flaw::ForgetsDissent;
        let shown = self.flaw != Flaw::HeadOnlyWhenAgreed || outcome == Outcome::Agreed;
        Ok(Decision {
            round: if self.flaw == Flaw::WrongRound { Round(round.0 + 1) } else { round },
            outcome,
            head: head.filter(|_| shown),
            ratio: Ratio::share(best, if self.flaw == Flaw::ShareOfVotes { spoke } else { total }),
            agreeing,
            dissenting: others.iter().filter(|_| voiced).map(|statement| statement.member.clone()).collect(),
            equivocators,
            bad_signatures: refused
                .into_iter()
                .filter(|name| self.members.contains(name) || self.flaw == Flaw::ForgeriesAgainstStrangers)
                .collect(),
            absent: if self.flaw == Flaw::ForgetsAbsent { Vec::new() } else { absent },
            unknown,
        })
    }
}

fn run(flaw: Flaw) {
    agreement(|members, threshold| Count { flaw, members: members.iter().cloned().collect(), threshold });
}

#[test]
fn accepts_a_plain_count() {
    run(Flaw::None);
}

#[test]
fn refuses_faulty_counts() {
    for (flaw, rule) in [
        (Flaw::ShareOfVotes, "agreement/ratio"),
        (Flaw::ForgetsEquivocators, "agreement/equivocators"),
        (Flaw::EvidenceReversed, "agreement/evidence"),
        (Flaw::ForgetsDissent, "agreement/dissenting"),
        (Flaw::HeadOnlyWhenAgreed, "agreement/head"),
        (Flaw::TieKeepsAll, "agreement/agreeing-head"),
        (Flaw::AgreesOnTies, "agreement/outcome"),
        (Flaw::AtThresholdIsNotEnough, "agreement/outcome"),
        (Flaw::CountsEquivocators, "agreement/agreeing"),
        (Flaw::EquivocatorsAbsent, "agreement/absent"),
        (Flaw::EvidenceAsItCame, "agreement/order"),
        (Flaw::RefusedCancelsValid, "agreement/outcome"),
        (Flaw::ForgeriesAgainstStrangers, "agreement/bad-signatures"),
        (Flaw::CountsStrangers, "agreement/outcome"),
        (Flaw::CountsCopies, "agreement/outcome"),
        (Flaw::KeepsFirstCopy, "agreement/order"),
        (Flaw::CountsOtherSizes, "agreement/other-size"),
        (Flaw::ShareOfThoseWhoSpoke, "agreement/outcome"),
        (Flaw::UnsortedUnknown, "agreement/unknown"),
        (Flaw::TieIsDissent, "agreement/outcome"),
        (Flaw::SilenceIsDissent, "agreement/outcome"),
        (Flaw::ForgetsAbsent, "agreement/absent"),
        (Flaw::WrongRound, "agreement/round"),
    ] {
        rejects(rule, || run(flaw));
    }
}
