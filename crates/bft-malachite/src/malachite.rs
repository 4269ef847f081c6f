use std::sync::Arc;

use arc_malachitebft_core_consensus::{
    Error as CoreError, Input, LocallyProposedValue, Params, PeerId, ProposedValue, State, ValuePayload,
    process,
};
use arc_malachitebft_core_types::{
    CommitCertificate, CommitSignature, ExtendedCommitCertificate, Round, SignedMessage, TimeoutKind,
    Validity, ValueOrigin, ValueResponse, VoteExtensionPolicy, VoteExtensions,
};
use auditmesh_bft::{
    Applied, Candidate, Certificate, Decided, Height, Ledger, Notice, Orderer, Phase, RecordStore, Settings,
    Signature, Transport, ValidatorIndex, Value,
};
use auditmesh_types::{MemberId, Millis};

use crate::{
    Context, Error, Member, Packet, Parts, Seal,
    context::{Address, Blob, BlobId, Level, Seats, view},
    entry::What,
    outer::Outer,
    timers::Timers,
};

/// How many heights beyond the current one the core keeps messages of.
const HEIGHTS_AHEAD: usize = 2;

/// How many messages of each validator it keeps of such a height.
const MESSAGES_AHEAD: usize = 8;

/// One member that orders values with Malachite's core: joined to an application, a key, a store and a way to the others.
#[allow(missing_debug_implementations, reason = "its parts need not be printable, and one is a key")]
pub struct Malachite<P: Parts> {
    core: State<Context>,
    outer: Outer<P>,
    stopped: bool,
}

impl<P: Parts> Malachite<P> {
    /// Starts a member, or starts it again: from what `ledger` applied and `store` kept. `settings` are those of the engine; the spread
    /// is always from everybody to everybody.
    ///
    /// # Errors
    /// As the store's; [`MisuseScheme`](auditmesh_bft::Error::MisuseScheme) when the verifier follows another rule than the sets;
    /// [`Error::LocalCore`] when what was kept leads to other words than were said.
    pub fn start(now: Millis, settings: Settings, mut own: Member<P>) -> Result<Self, P::Error> {
        let Applied { height: applied, set, next_set } = own.ledger.applied();
        let (seats, next_seats, height) = (Seats::new(&set), Seats::new(&next_set), applied.next());
        let (context, me) = (Context::new(&settings), Address::of(&settings.name));
        let params = Params {
            address: me.clone(),
            threshold_params: Default::default(),
            // Of the two ways this is the one in which the application judges what others propose.
            value_payload: ValuePayload::ProposalAndParts,
            enabled: true,
        };
        let ahead = MESSAGES_AHEAD.saturating_mul(set.len());
        let core = State::new(context, Level(height), seats.clone(), params, HEIGHTS_AHEAD, ahead);
        let entries = own.store.read()?;
        let outer = Outer {
            own,
            settings,
            me,
            height,
            seats,
            next_seats,
            now,
            timers: Timers::default(),
            wanted: None,
            unjudged: Vec::new(),
            synced: None,
            decided: None,
            replaying: true,
            refused: false,
            failed: None,
            asked: 0,
        };
        outer.check_scheme()?;
        let mut member = Self { core, outer, stopped: false };
        let entries: Vec<_> = entries.into_iter().filter(|entry| entry.height() == height).collect();
        member.replay(&entries)?;
        member.settle(&mut Vec::new())?;
        Ok(member)
    }

    /// Brings the core to where it was: it says again what it said, and nothing else.
    fn replay(&mut self, entries: &[crate::Entry]) -> Result<(), P::Error> {
        let inputs: Vec<_> = entries.iter().map(crate::Entry::input).collect();
        self.core.index_wal_entries(&inputs);
        let begin = self.start_height(!inputs.is_empty());
        for input in std::iter::once(begin).chain(inputs) {
            self.offer(input)?.map_err(|why| {
                let height = self.outer.height;
                Error::LocalCore { height, why: why.to_string() }
            })?;
        }
        self.core.reset_entries_index();
        self.outer.replaying = false;
        let judged =
            |id| entries.iter().any(|entry| matches!(&entry.what, What::Judged(it) if it.value.0.id() == id));
        self.outer.unjudged.retain(|proposal| !judged(proposal.message.value.0.id()));
        let me = &self.outer.me;
        let offered = |round| {
            let ours = |what: &What| matches!(what, What::Proposal(it) if it.by == *me && it.round == round);
            entries.iter().any(|entry| ours(&entry.what))
        };
        self.outer.wanted = self.outer.wanted.filter(|round| !offered(*round));
        Ok(())
    }

    fn start_height(&self, again: bool) -> Input<Context> {
        let (height, seats) = (Level(self.outer.height), self.outer.seats.clone());
        Input::StartHeight(height, seats, again, None, VoteExtensionPolicy::Disabled)
    }

    /// Gives `input` to the core. A failure of a part is the member's end; what the core refuses is not.
    fn offer(&mut self, input: Input<Context>) -> Result<Result<(), CoreError<Context>>, P::Error> {
        let Self { core, outer, stopped } = self;
        let taken: Result<(), CoreError<Context>> =
            process!(input: input, state: core, metrics: &(), with: effect => outer.carry_out(effect));
        outer.failed.take().map_or(Ok(taken), |failed| {
            *stopped = true;
            Err(failed)
        })
    }

    /// Gives `input` to the core, and notes when it was refused.
    fn take(&mut self, input: Input<Context>) -> Result<(), P::Error> {
        let taken = self.offer(input)?;
        self.outer.refused |= taken.is_err();
        Ok(())
    }

    /// Carries out what waits until the core is at rest. A proposal is asked for once, so that a member who decides alone comes back to
    /// its owner.
    fn settle(&mut self, notices: &mut Vec<Notice>) -> Result<(), P::Error> {
        let mut asked = false;
        loop {
            if let Some(certificate) = self.outer.decided.take() {
                self.conclude(&certificate, notices)?;
            } else if let Some(value) = self.outer.synced.take() {
                self.take(Input::ProposedValue(value, ValueOrigin::Sync))?;
            } else if !self.outer.unjudged.is_empty() {
                let proposal = self.outer.unjudged.remove(0);
                self.judge(&proposal)?;
            } else if let Some(round) = self.outer.wanted.take_if(|_| !asked) {
                asked = true;
                self.propose(round)?;
            } else {
                break;
            }
        }
        if std::mem::take(&mut self.outer.refused) {
            let why = "the core refused what came".into();
            notices.push(Notice::Refused { from: None, why });
        }
        Ok(())
    }

    fn propose(&mut self, round: Round) -> Result<(), P::Error> {
        // An application that fails to propose lets the round pass.
        match self.outer.own.ledger.propose(self.outer.height) {
            Ok(Some(bytes)) => {
                let value = Blob(Value::new(bytes).map_err(Error::from)?);
                let height = Level(self.outer.height);
                self.take(Input::Propose(LocallyProposedValue { height, round, value }))
            }
            Ok(None) => {
                self.outer.wanted = Some(round);
                Ok(())
            }
            Err(_) => Ok(()),
        }
    }

    /// Asks the application about a proposal, and tells the core, which waits for it.
    fn judge(&mut self, proposal: &SignedMessage<Context, crate::Offer>) -> Result<(), P::Error> {
        let offer = &proposal.message;
        if offer.height.0 != self.outer.height {
            return Ok(());
        }
        let accepted = self.outer.own.ledger.judge(offer.height.0, offer.value.0.bytes()).is_ok();
        let value = ProposedValue {
            height: offer.height,
            round: offer.round,
            valid_round: offer.pol,
            proposer: offer.by.clone(),
            value: offer.value.clone(),
            validity: Validity::from_bool(accepted),
        };
        self.take(Input::ProposedValue(value, ValueOrigin::Consensus))
    }

    /// Applies a decision, and goes to the next height.
    fn conclude(
        &mut self,
        certificate: &CommitCertificate<Context>,
        notices: &mut Vec<Notice>,
    ) -> Result<(), P::Error> {
        let Some((_, Blob(value))) = self.core.decided_value() else { return Ok(()) };
        let place = |it: &CommitSignature<Context>| {
            let place = self.outer.seats.place(&it.address)?;
            let index = ValidatorIndex(u16::try_from(place).ok()?);
            Some((index, Signature(Arc::clone(&it.signature.0))))
        };
        let mut signatures: Vec<_> = certificate.commit_signatures.iter().filter_map(place).collect();
        signatures.sort_by_key(|(index, _)| *index);
        let certificate = Certificate {
            height: certificate.height.0,
            view: view(certificate.round),
            phase: Phase::Commit,
            value: certificate.value_id.0,
            signatures,
        };
        let candidate = Arc::new(Candidate { value, lineage: Vec::new() });
        let decided = Decided { certificate, candidate };
        let outer = &mut self.outer;
        let applied = outer.own.ledger.apply(&decided);
        let set = applied.inspect_err(|_| self.stopped = true)?;
        notices.push(Notice::Decided(decided));
        outer.height = outer.height.next();
        outer.seats = std::mem::replace(&mut outer.next_seats, Seats::new(&set));
        outer.own.store.replace(&[]).inspect_err(|_| self.stopped = true)?;
        outer.timers.clear();
        outer.unjudged.clear();
        (outer.wanted, outer.synced) = (None, None);
        let begin = self.start_height(false);
        self.take(begin)
    }

    fn running(&self) -> Result<(), Error> {
        if self.stopped { Err(Error::LocalStopped { height: self.outer.height }) } else { Ok(()) }
    }

    /// Takes the decision that another member has, if it is of this height.
    fn catch_up(&mut self, decided: &Decided) -> Result<(), P::Error> {
        let Certificate { height, view, phase, value, signatures } = &decided.certificate;
        if *height != self.outer.height {
            return Ok(());
        }
        let round = u32::try_from(view.0).ok();
        // The core wants to know the sender's network address, and we have none; it hands it back with a refusal, no more.
        let (Some(round), Ok(peer), Phase::Commit) = (round, PeerId::from_bytes(&[0, 0]), phase) else {
            self.outer.refused = true;
            return Ok(());
        };
        let set = self.outer.seats.set();
        let signature = |(by, Signature(bytes)): &(ValidatorIndex, Signature)| {
            let validator = set.at(*by)?;
            Some(CommitSignature::new(Address::of(&validator.name), Seal(Arc::clone(bytes))))
        };
        let plain = CommitCertificate {
            height: Level(*height),
            round: Round::new(round),
            value_id: BlobId(*value),
            commit_signatures: signatures.iter().filter_map(signature).collect(),
        };
        let certificate = ExtendedCommitCertificate::from_commit_certificate_and_extensions(
            plain,
            VoteExtensions::default(),
        );
        let bytes = decided.value().bytes().to_vec();
        self.take(Input::SyncValueResponse(ValueResponse::new(peer, bytes.into(), certificate)))
    }
}

impl<P: Parts> Orderer for Malachite<P> {
    type Ledger = P::Ledger;
    type Packet = Packet;
    type Error = P::Error;

    fn height(&self) -> Height {
        self.outer.height
    }

    fn ledger(&mut self) -> &mut P::Ledger {
        &mut self.outer.own.ledger
    }

    fn deadline(&self) -> Option<Millis> {
        self.outer.timers.next()
    }

    /// # Errors
    /// When ledger, store or key fail, and ever after with [`Error::LocalStopped`].
    fn receive(&mut self, now: Millis, from: &MemberId, packet: Packet) -> Result<Vec<Notice>, P::Error> {
        self.running()?;
        self.outer.now = now;
        let mut notices = Vec::new();
        if packet.height() > self.outer.height.next() {
            self.outer.own.transport.send(from, &Packet::Request(self.outer.height));
            return Ok(notices);
        }
        match packet {
            Packet::Proposal(proposal) => self.take(Input::Proposal(proposal))?,
            Packet::Vote(vote) => self.take(Input::Vote(vote))?,
            Packet::Polka(certificate) => self.take(Input::PolkaCertificate(certificate))?,
            Packet::Round(certificate) => self.take(Input::RoundCertificate(certificate))?,
            Packet::Request(height) => {
                if let Some(decided) = self.outer.own.ledger.decided(height) {
                    self.outer.own.transport.send(from, &Packet::Decided(decided));
                }
            }
            Packet::Decided(decided) => self.catch_up(&decided)?,
        }
        self.settle(&mut notices)?;
        Ok(notices)
    }

    fn tick(&mut self, now: Millis) -> Result<Vec<Notice>, P::Error> {
        self.running()?;
        self.outer.now = now;
        let mut notices = Vec::new();
        while let Some(timeout) = self.outer.timers.due(now) {
            if timeout.kind == TimeoutKind::Rebroadcast {
                self.outer.fetch();
            }
            self.take(Input::TimeoutElapsed(timeout))?;
            self.settle(&mut notices)?;
        }
        self.settle(&mut notices)?;
        Ok(notices)
    }
}
