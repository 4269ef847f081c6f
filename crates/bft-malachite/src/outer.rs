use arc_malachitebft_core_consensus::{
    ConsensusMsg, Effect, LivenessMsg, ProposedValue, Resumable, Resume, SignedConsensusMsg,
};
use arc_malachitebft_core_types::{
    CommitCertificate, Round, SignedMessage, SignedProposal, Timeout, TimeoutKind, Validity, ValueResponse,
};
use auditmesh_bft::{Height, RecordStore, Settings, Transport, Value};
use auditmesh_types::{Millis, Signer, Verifier};

use crate::{
    Context, Entry, Error, Member, Packet, Parts, Seal,
    checks::Checks,
    context::{Address, Blob, Seats, view},
    signed_bytes::Scope,
    timers::Timers,
};

/// All of a member but the core: its parts, and what the core asked for that is carried out when the core has come to rest.
pub(crate) struct Outer<P: Parts> {
    pub(crate) own: Member<P>,
    pub(crate) settings: Settings,
    pub(crate) me: Address,
    pub(crate) height: Height,
    pub(crate) seats: Seats,
    pub(crate) next_seats: Seats,
    pub(crate) now: Millis,
    pub(crate) timers: Timers,
    /// The round in which it is ours to propose.
    pub(crate) wanted: Option<Round>,
    /// Proposals of others whose signatures hold, which the application has not judged yet.
    pub(crate) unjudged: Vec<SignedProposal<Context>>,
    /// A decided value that was asked for.
    pub(crate) synced: Option<ProposedValue<Context>>,
    pub(crate) decided: Option<CommitCertificate<Context>>,
    pub(crate) replaying: bool,
    pub(crate) refused: bool,
    pub(crate) failed: Option<P::Error>,
    /// How often others were asked for a decision, which turns round whom we ask.
    pub(crate) asked: usize,
}

impl<P: Parts> Outer<P> {
    fn checks(&self) -> Checks<'_, P::Verifier> {
        Checks { scope: self.scope(), seats: &self.seats, verifier: &self.own.verifier }
    }

    fn scope(&self) -> Scope<'_> {
        Scope { federation: &self.settings.federation, set: self.seats.hash() }
    }

    /// Carries out what the core asks for, and answers. After a failure the answer is one the core does not expect, which stops it.
    pub(crate) fn carry_out(&mut self, effect: Effect<Context>) -> Result<Resume<Context>, Error> {
        let answer = self.answer(effect);
        if self.failed.is_some() {
            return Ok(match answer {
                Resume::SignatureValidity(_) => Resume::Continue,
                _ => Resume::SignatureValidity(false),
            });
        }
        Ok(answer)
    }

    fn answer(&mut self, effect: Effect<Context>) -> Resume<Context> {
        match effect {
            Effect::CancelAllTimeouts(_) => self.timers.clear(),
            Effect::CancelTimeout(timeout, _) => self.timers.cancel(timeout),
            Effect::ScheduleTimeout(timeout, _) => self.schedule(timeout),
            Effect::PublishConsensusMsg(SignedConsensusMsg::Vote(vote), _)
            | Effect::PublishLivenessMsg(LivenessMsg::Vote(vote), _)
            | Effect::RepublishVote(vote, _) => self.tell_others(&Packet::Vote(vote)),
            Effect::PublishConsensusMsg(SignedConsensusMsg::Proposal(proposal), _) => {
                self.tell_others(&Packet::Proposal(proposal));
            }
            Effect::PublishLivenessMsg(LivenessMsg::PolkaCertificate(certificate), _) => {
                self.tell_others(&Packet::Polka(certificate));
            }
            Effect::PublishLivenessMsg(LivenessMsg::SkipRoundCertificate(certificate), _)
            | Effect::RepublishRoundCertificate(certificate, _) => {
                self.tell_others(&Packet::Round(certificate));
            }
            Effect::GetValue(_, round, _, _) => self.wanted = Some(round),
            Effect::CertVerifiedSyncValue(response, proposer, _) => self.keep_synced(&response, proposer),
            Effect::CertRejectedSyncValue(..) => self.refused = true,
            Effect::Decide(certificate, _, _) => self.decided = Some(certificate),
            Effect::WalAppend(height, input, _) => {
                let entry = Entry::of(height, input).filter(|_| !self.replaying);
                let kept = entry.map_or(Ok(()), |entry| self.own.store.append(&entry));
                self.failed = kept.err().map(Into::into);
            }
            Effect::SignVote(vote, answer) => {
                let signature = self.sign(&self.scope().of_ballot(&vote));
                return answer.resume_with(SignedMessage::new(vote, signature));
            }
            Effect::SignProposal(proposal, answer) => {
                let signature = self.sign(&self.scope().of_offer(&proposal));
                return answer.resume_with(SignedMessage::new(proposal, signature));
            }
            Effect::VerifySignature(message, key, answer) => {
                return answer.resume_with(self.verify(&message, &key));
            }
            Effect::VerifyCommitCertificate(it, _, _, answer) => {
                let checks = self.checks();
                let checked = checks.commits(it.height.0, it.round, it.value_id.0, &it.commit_signatures);
                return answer.resume_with(checked);
            }
            Effect::VerifyExtendedCommitCertificate(certificate, _, _, _, answer) => {
                return answer.resume_with(self.checks().extended(&certificate));
            }
            Effect::VerifyPolkaCertificate(certificate, _, _, answer) => {
                return answer.resume_with(self.checks().polka(&certificate));
            }
            Effect::VerifyRoundCertificate(certificate, _, _, answer) => {
                return answer.resume_with(self.checks().round(&certificate));
            }
            // Vote extensions are switched off, and a proposal carries its value.
            Effect::ExtendVote(_, _, _, _, answer) => return answer.resume_with(None),
            Effect::VerifyVoteExtension(.., answer) => return answer.resume_with(Ok(())),
            Effect::StartRound(..) | Effect::RestreamProposal(..) | Effect::Finalize(..) => {}
        }
        Resume::Continue
    }

    fn schedule(&mut self, timeout: Timeout) {
        let after = match timeout.kind {
            TimeoutKind::Propose | TimeoutKind::Prevote | TimeoutKind::Precommit => {
                self.settings.timeouts.of(view(timeout.round))
            }
            TimeoutKind::Rebroadcast => self.settings.timeouts.resend(),
            TimeoutKind::FinalizeHeight(after) => {
                Millis(u64::try_from(after.as_millis()).unwrap_or(u64::MAX))
            }
        };
        self.timers.set(timeout, Millis(self.now.0.saturating_add(after.0)));
    }

    fn tell_others(&mut self, packet: &Packet) {
        for (_, validator) in self.seats.set().iter() {
            if validator.name != self.settings.name {
                self.own.transport.send(&validator.name, packet);
            }
        }
    }

    fn sign(&mut self, bytes: &[u8]) -> Seal {
        match self.own.signer.sign(bytes) {
            Ok(signature) => Seal(signature.into()),
            Err(why) => {
                let (member, height) = (self.settings.name.clone(), self.height);
                self.failed = Some(Error::LocalSigning { member, height, why: why.to_string() }.into());
                Seal([].into())
            }
        }
    }

    fn verify(&mut self, message: &SignedMessage<Context, ConsensusMsg<Context>>, key: &[u8]) -> bool {
        let bytes = match &message.message {
            ConsensusMsg::Vote(vote) => self.scope().of_ballot(vote),
            ConsensusMsg::Proposal(proposal) => self.scope().of_offer(proposal),
        };
        let holds = self.checks().signature(key, &bytes, &message.signature);
        match &message.message {
            ConsensusMsg::Proposal(proposal) if holds && proposal.by != self.me => {
                self.unjudged.push(SignedMessage::new(proposal.clone(), message.signature.clone()));
            }
            _ => {}
        }
        self.refused |= !holds;
        holds
    }

    /// A quorum decided this value, so that the application is not asked.
    fn keep_synced(&mut self, response: &ValueResponse<Context>, proposer: Address) {
        let certificate = &response.certificate;
        let Ok(value) = Value::new(response.value_bytes.to_vec()) else { return };
        if value.id() != certificate.value_id.0 {
            self.refused = true;
            return;
        }
        self.synced = Some(ProposedValue {
            height: certificate.height,
            round: certificate.round,
            valid_round: Round::Nil,
            proposer,
            value: Blob(value),
            validity: Validity::Valid,
        });
    }

    /// Asks as many others as may be faulty and one more, each time the next ones: one of them is honest.
    pub(crate) fn fetch(&mut self) {
        let set = self.seats.set();
        let count = (set.len().saturating_sub(1) / 3).saturating_add(1);
        let turn = self.asked.checked_rem(set.len()).unwrap_or(0);
        let names: Vec<_> = set.iter().map(|(_, validator)| &validator.name).collect();
        let round = names.iter().cycle().skip(turn).take(names.len());
        for name in round.filter(|name| ***name != self.settings.name).take(count) {
            self.own.transport.send(name, &Packet::Request(self.height));
        }
        self.asked = self.asked.wrapping_add(count);
    }
}

impl<P: Parts> Outer<P> {
    /// Whether the sets' signatures follow the verifier's rule.
    ///
    /// # Errors
    /// [`auditmesh_bft::Error::MisuseScheme`].
    pub(crate) fn check_scheme(&self) -> Result<(), Error> {
        let (set, verifier) = (self.seats.set().scheme(), self.own.verifier.scheme());
        if set == verifier {
            return Ok(());
        }
        Err(auditmesh_bft::Error::MisuseScheme { set, verifier }.into())
    }
}
