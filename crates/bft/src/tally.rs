use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use auditmesh_types::{
    Agreement, Attestation, Ballot, Decision, Equivocation, MemberId, Outcome, Ratio, Round, Size, TreeHead,
    Verified,
};

use crate::{CheckedThreshold, Electorate, Error, Threshold, TieBreak, tie_break::Supporters};

/// Counts who holds which head: a pure function of electorate, threshold, tie-break and ballots.
///
/// The rules, in full in `docs/spec/tally.md`:
/// - A statement made in another round than the one decided, or on a log of another size, is passed over, as if it had not
///   come: whoever sends old statements of others once more changes nothing.
/// - One head by one member counts once, however often it comes; the earliest statement is kept.
/// - Two roots by one member convict it: both statements are the evidence (the lowest two, where there are more), and
///   its votes count for none. It has spoken: it is not absent.
/// - A refused ballot is noted under the member it names and takes nothing from a valid vote.
/// - Without a leading head, every member whose vote counts is listed as dissenting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    electorate: Electorate,
    threshold: CheckedThreshold,
    tie_break: TieBreak,
}

impl Tally {
    /// A tally under a threshold that is safe and live for this electorate.
    ///
    /// Where all weigh the same, this is [`Threshold::checked_for`] the number of members. Where weights differ, the
    /// same two conditions are demanded of units of weight, so that members with at most `floor((W - 1) / 3)` of the
    /// weight `W` may be faulty.
    ///
    /// # Errors
    /// [`Error::MisuseUnsafe`], [`Error::MisuseNotLive`], [`Error::MisuseUnknownCoordinator`].
    pub fn new(electorate: Electorate, threshold: Threshold, tie_break: TieBreak) -> Result<Self, Error> {
        let threshold = CheckedThreshold::new(threshold, electorate.units())?;
        match &tie_break {
            TieBreak::Coordinator(member) if electorate.weight(member).is_none() => {
                Err(Error::MisuseUnknownCoordinator { coordinator: member.clone() })
            }
            _ => Ok(Self { electorate, threshold, tie_break }),
        }
    }

    /// Whose votes count.
    #[must_use]
    pub const fn electorate(&self) -> &Electorate {
        &self.electorate
    }

    /// The threshold, with the quorum and the number of faults it survives.
    #[must_use]
    pub const fn threshold(&self) -> &CheckedThreshold {
        &self.threshold
    }

    /// What is done about ties.
    #[must_use]
    pub const fn tie_break(&self) -> &TieBreak {
        &self.tie_break
    }

    /// Counts the ballots of `round` on a log of `size` leaves.
    ///
    /// # Cost
    /// O(b log b) comparisons for b ballots; copies the statements that agree or convict.
    #[must_use]
    pub fn count(&self, round: Round, size: Size, ballots: &[Ballot]) -> Decision {
        let sorted = BallotBox::fill(&self.electorate, (round, size), ballots);
        let supporters = sorted.supporters();
        let weights = |head: &TreeHead| supporters.get(head).map_or(0, |by| self.weight_of(by));
        let most = supporters.keys().map(weights).max().unwrap_or(0);
        let leaders: Supporters<'_> = supporters
            .iter()
            .filter(|(head, _)| weights(head) == most)
            .map(|(head, by)| (*head, by.clone()))
            .collect();
        let head = self.tie_break.choose(&leaders);
        let spoke = sorted.votes.keys().filter_map(|member| self.electorate.weight(member)).sum();
        let outcome = match leaders.len() {
            _ if !self.met_by(spoke) => Outcome::NoQuorum,
            1 if self.met_by(most) => Outcome::Agreed,
            0 | 1 => Outcome::Dissent,
            _ => Outcome::Tie,
        };
        let (for_head, against): (Vec<_>, Vec<_>) =
            sorted.counted().partition(|statement| Some(statement.head) == head);
        Decision {
            round,
            outcome,
            head,
            ratio: Ratio::share(most, self.electorate.total()),
            agreeing: for_head.into_iter().cloned().collect(),
            dissenting: against.into_iter().map(|statement| statement.member.clone()).collect(),
            equivocators: sorted.equivocators(),
            absent: self.silent(&sorted),
            bad_signatures: sorted.bad_signatures.into_iter().cloned().collect(),
            unknown: sorted.unknown.into_iter().cloned().collect(),
        }
    }

    fn met_by(&self, weight: u64) -> bool {
        self.threshold.threshold().met_by(weight, self.electorate.total())
    }

    /// The sum cannot exceed the electorate's total: every member stands in one list once.
    fn weight_of(&self, statements: &[&Verified<Attestation>]) -> u64 {
        statements.iter().filter_map(|statement| self.electorate.weight(&statement.member)).sum()
    }

    fn silent(&self, sorted: &BallotBox<'_>) -> Vec<MemberId> {
        let names = self.electorate.members().map(|(member, _)| member);
        names.filter(|member| !sorted.votes.contains_key(member)).cloned().collect()
    }
}

impl Agreement for Tally {
    type Error = Error;

    /// [`Tally::count`]; it has no way to fail, since the electorate's limits were checked when it was made.
    fn decide(&self, round: Round, size: Size, ballots: &[Ballot]) -> Result<Decision, Error> {
        Ok(self.count(round, size, ballots))
    }
}

/// The ballots of one round, sorted by sender. For each head of a member one statement is kept: the earliest, and of
/// equally early ones the one with the lowest bytes.
#[derive(Default)]
struct BallotBox<'a> {
    votes: BTreeMap<&'a MemberId, BTreeMap<TreeHead, &'a Verified<Attestation>>>,
    bad_signatures: BTreeSet<&'a MemberId>,
    unknown: BTreeSet<&'a MemberId>,
}

impl<'a> BallotBox<'a> {
    fn fill(electorate: &Electorate, asked: (Round, Size), ballots: &'a [Ballot]) -> Self {
        let mut sorted = Self::default();
        for ballot in ballots {
            let (member, statement) = match ballot {
                Ballot::Valid(statement) if (statement.round, statement.head.size) != asked => continue,
                Ballot::Valid(statement) => (&statement.member, Some(statement)),
                Ballot::Refused { member } => (member, None),
            };
            match statement {
                _ if electorate.weight(member).is_none() => drop(sorted.unknown.insert(member)),
                None => drop(sorted.bad_signatures.insert(member)),
                Some(statement) => sorted.keep(member, statement),
            }
        }
        sorted
    }

    fn keep(&mut self, member: &'a MemberId, statement: &'a Verified<Attestation>) {
        let kept = self.votes.entry(member).or_default().entry(statement.head).or_insert(statement);
        if (statement.at, &statement.signed) < (kept.at, &kept.signed) {
            *kept = statement;
        }
    }

    /// The statements of members that signed one head only, by member name.
    fn counted(&self) -> impl Iterator<Item = &'a Verified<Attestation>> {
        self.votes.values().filter(|heads| heads.len() == 1).flat_map(|heads| heads.values().copied())
    }

    fn supporters(&self) -> Supporters<'a> {
        let mut supporters = Supporters::new();
        for statement in self.counted() {
            supporters.entry(statement.head).or_default().push(statement);
        }
        supporters
    }

    fn equivocators(&self) -> Vec<Equivocation> {
        let convict = |(member, heads): (&&MemberId, &BTreeMap<_, &Verified<Attestation>>)| {
            let mut statements = heads.values().map(|statement| (**statement).clone().into_inner());
            let evidence = [statements.next()?, statements.next()?];
            Some(Equivocation { member: (*member).clone(), evidence })
        };
        self.votes.iter().filter_map(convict).collect()
    }
}
