//! Everything that can be sent at a moment: what honest members said, and what the liar can make of it. The liar signs anything
//! in its own name at any time, and shows any certificate and any justification that signed statements make possible.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use auditmesh_bft::{
    Candidate, Certificate, Justification, Message, Phase, Prepared, Proposal, Rotation as _, RoundRobin,
    Says, Signed, Statement, ValidatorSet, ValueId, View, ViewChange,
};

use crate::{
    book::Book,
    cast::{self, HEIGHT, MEMBERS},
    fault::Fault,
    member::own,
    offer::{Ballot, Offer},
};

/// The same as messages.
#[derive(Debug, Default)]
struct Said {
    proposals: Vec<Message>,
    asks: Vec<Message>,
}

/// Votes by view, phase and value.
type Votes = BTreeMap<(View, Phase, ValueId), Vec<Signed>>;

/// Makes offers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Liar {
    /// Who lies.
    pub(crate) n: usize,
    /// The last view it takes part in.
    pub(crate) last: View,
    /// Whether it shows every justification there is, and not one for each value and view in which that was prepared.
    pub(crate) thorough: bool,
}

impl Liar {
    /// What can be delivered once honest members have said what is behind `faces`.
    ///
    /// # Errors
    /// When the votes that exist decide two values, or an honest member committed to a value that no quorum prepared.
    pub(crate) fn offer(self, faces: [u32; MEMBERS - 1], book: &mut Book) -> Result<Offer, Fault> {
        let honest = faces.iter().flat_map(|face| book.sent(*face).0);
        let votes = self.votes(honest.clone());
        let mut said = Said::default();
        for message in honest {
            match message {
                Message::Proposal(_) => said.proposals.push(message.clone()),
                Message::ViewChange(_) => said.asks.push(message.clone()),
                Message::Vote(_) | Message::Certificate(_) => {}
            }
        }
        let certificates = self.certificates(&votes)?;
        for view in (0..=self.last.0).map(View) {
            self.ask(view, &certificates, &mut said);
            self.propose(view, &mut said);
        }
        let mut number = |message: Message| book.messages.number(message);
        let mut ballots = Vec::new();
        for ((view, phase, value), votes) in votes {
            let votes = votes.into_iter().map(|vote| number(Message::Vote(vote))).collect();
            ballots.push(Ballot { view, phase, value, votes });
        }
        let mut proposals = Vec::new();
        for message in said.proposals {
            let Message::Proposal(proposal) = &message else { continue };
            proposals.push((message.view(), proposal.candidate.value.id(), number(message)));
        }
        let asks =
            said.asks.into_iter().map(|message| (message.by(), message.view(), number(message))).collect();
        let certificates = certificates.into_iter().map(|it| number(Message::Certificate(it))).collect();
        Ok(Offer { proposals, ballots, certificates, asks })
    }

    /// The certificates that these votes make.
    fn certificates(self, votes: &Votes) -> Result<Vec<Certificate>, Fault> {
        let mut made: Vec<Certificate> = Vec::new();
        for ((view, phase, value), voters) in votes {
            let prepares = votes.get(&(*view, Phase::Prepare, *value)).map_or(0, Vec::len);
            let honest = voters.iter().any(|it| it.by != cast::index(self.n));
            if *phase == Phase::Commit && prepares < quorum() && honest {
                return Err(Fault::new("a COMMIT follows a quorum of PREPAREs", format!("view {view}")));
            }
            made.extend(certificate(voters));
        }
        let committed = || made.iter().filter(|it| it.phase == Phase::Commit);
        if committed().any(|one| committed().any(|other| one.value != other.value)) {
            return Err(Fault::new("agreement", "there are COMMITs enough to decide both values"));
        }
        Ok(made)
    }

    /// The votes of honest members, and every vote of the liar.
    fn votes<'a>(self, said: impl Iterator<Item = &'a Message>) -> Votes {
        let mut votes = Votes::new();
        for vote in said.filter_map(own) {
            if let Some((phase, value)) = vote.statement.vote() {
                votes.entry((vote.statement.view, phase, value)).or_default().push(vote.clone());
            }
        }
        for view in (0..=self.last.0).map(View) {
            for (phase, value) in
                cast::values().iter().flat_map(|it| [(Phase::Prepare, it), (Phase::Commit, it)])
            {
                let says = Says::Vote(phase, value.id());
                let vote = cast::signed(self.n, Statement { height: HEIGHT, view, says });
                votes.entry((view, phase, value.id())).or_default().push(vote);
            }
        }
        votes
            .values_mut()
            .for_each(|votes| votes.sort_by_key(|vote| (vote.by != cast::index(self.n), vote.by)));
        votes
    }

    /// The liar asks for `view`, with nothing prepared, and with each prepared certificate of an earlier view.
    fn ask(self, view: View, certificates: &[Certificate], said: &mut Said) {
        if view == View(0) {
            return;
        }
        let shown = certificates.iter().filter(|it| it.phase == Phase::Prepare && it.view < view);
        let prepared = shown.filter_map(|certificate| {
            let candidate = candidate(&said.proposals, certificate.view, certificate.value)?;
            Some(Prepared { certificate: certificate.clone(), candidate })
        });
        let choices: Vec<Option<Prepared>> = core::iter::once(None).chain(prepared.map(Some)).collect();
        for prepared in choices {
            let says = Says::ViewChange {
                prepared: prepared.as_ref().map(|it| (it.certificate.view, it.certificate.value)),
            };
            let ask = cast::signed(self.n, Statement { height: HEIGHT, view, says });
            said.asks.push(Message::ViewChange(ViewChange { ask, prepared }));
        }
    }

    /// The liar proposes in `view`, where it is its turn, whatever it can justify.
    fn propose(self, view: View, said: &mut Said) {
        if proposer(view) != self.n {
            return;
        }
        // Without a justification: in view 0 none is asked for, in a later one honest members must see that it lacks.
        let fresh = cast::values().map(|value| Arc::new(Candidate { value, lineage: Vec::new() }));
        let mut candidates: Vec<Arc<Candidate>> = fresh.into();
        let asks = said.asks.iter().filter_map(|message| match message {
            Message::ViewChange(change) if change.ask.statement.view == view => Some(change),
            _ => None,
        });
        let mut shown = Vec::new();
        for quorum in quorums(&asks.collect::<Vec<_>>()) {
            for candidate in justified(view, &quorum) {
                let highest = candidate.lineage.first().and_then(|it| it.highest.as_ref()).map(|it| it.view);
                let like = (candidate.value.id(), highest);
                if self.thorough || !shown.contains(&like) {
                    shown.push(like);
                    candidates.push(candidate);
                }
            }
        }
        for candidate in candidates {
            let says = Says::Vote(Phase::Prepare, candidate.value.id());
            let prepare = cast::signed(self.n, Statement { height: HEIGHT, view, says });
            said.proposals.push(Message::Proposal(Proposal { candidate, prepare }));
        }
    }
}

/// Who decides, made once.
fn set() -> &'static ValidatorSet {
    static SET: OnceLock<Arc<ValidatorSet>> = OnceLock::new();
    SET.get_or_init(cast::set)
}

/// As [`cast::proposer`].
pub(crate) fn proposer(view: View) -> usize {
    RoundRobin.proposer(set(), HEIGHT, view).place()
}

fn quorum() -> usize {
    usize::try_from(set().quorum()).unwrap()
}

/// The first votes of a quorum, joined.
fn certificate(votes: &[Signed]) -> Option<Certificate> {
    let votes = votes.get(..quorum())?;
    let Statement { height, view, .. } = votes[0].statement;
    let (phase, value) = votes[0].statement.vote()?;
    let mut signatures: Vec<_> = votes.iter().map(|vote| (vote.by, vote.signature.clone())).collect();
    signatures.sort_by_key(|(by, _)| *by);
    Some(Certificate { height, view, phase, value, signatures })
}

/// The value as somebody proposed it in `view`.
fn candidate(proposals: &[Message], view: View, value: ValueId) -> Option<Arc<Candidate>> {
    proposals.iter().find_map(|message| match message {
        Message::Proposal(it) if (it.prepare.statement.view, it.candidate.value.id()) == (view, value) => {
            Some(Arc::clone(&it.candidate))
        }
        _ => None,
    })
}

/// Every quorum of requests, each of another member, in the order of members.
fn quorums<'a>(asks: &[&'a ViewChange]) -> Vec<Vec<&'a ViewChange>> {
    let mut found = Vec::new();
    for chosen in 0u32..1 << asks.len() {
        if chosen.count_ones() as usize == quorum() {
            let mut some: Vec<&ViewChange> =
                asks.iter().zip(0..).filter(|(_, at)| chosen >> at & 1 == 1).map(|(ask, _)| *ask).collect();
            some.sort_by_key(|change| change.ask.by);
            if some.windows(2).all(|pair| pair[0].ask.by != pair[1].ask.by) {
                found.push(some);
            }
        }
    }
    found
}

/// What these requests let their view's proposer propose.
fn justified(view: View, changes: &[&ViewChange]) -> Vec<Arc<Candidate>> {
    let prepared = changes.iter().filter_map(|change| change.prepared.as_ref());
    let highest = prepared.max_by_key(|prepared| prepared.certificate.view);
    let because = Arc::new(Justification {
        view,
        asks: changes.iter().map(|change| change.ask.clone()).collect(),
        highest: highest.map(|prepared| prepared.certificate.clone()),
    });
    let older = highest.map_or(Vec::new(), |prepared| prepared.candidate.lineage.clone());
    let lineage: Vec<_> = core::iter::once(because).chain(older).collect();
    let free = cast::values().to_vec();
    let values = highest.map_or(free, |prepared| vec![prepared.candidate.value.clone()]);
    values.into_iter().map(|value| Arc::new(Candidate { value, lineage: lineage.clone() })).collect()
}
