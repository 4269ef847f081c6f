//! Signatures that cost little and that nobody here can forge: a keyed hash whose key only its owner and the verifier know.

use std::{error, fmt, sync::Arc};

use auditmesh_bft::{Decided, Message, SetAuthority, Signature, Signed, Statement, ValidatorSet};
use auditmesh_types::{Authority, Origin, Scheme, Verified, Verifier};

/// The verifier's own key, from which those of members follow.
const ROOT: u64 = 0x5bd1_e995_c0ff_ee11;
/// Where the view stands in what is signed, after the federation's name: tag, phase, length, set, height.
const BEFORE_VIEW: usize = 17 + 2 + 32 + 8;

/// The public key of member `n`.
pub(crate) fn public(n: usize) -> Vec<u8> {
    u64::try_from(n).unwrap().to_be_bytes().to_vec()
}

/// The key of one member.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    secret: u64,
    federation: Origin,
    unbound: bool,
}

impl Key {
    /// The key of member `n`. With `unbound` the view is no part of what is signed.
    pub(crate) fn new(n: usize, federation: &Origin, unbound: bool) -> Self {
        Self { secret: secret(&public(n)), federation: federation.clone(), unbound }
    }

    pub(crate) fn sign(&self, statement: &Statement, set: &ValidatorSet) -> Signature {
        let bytes = statement.signed_bytes(&self.federation, set.hash());
        Signature(Arc::from(tag(self.secret, &bytes, self.unbound)))
    }
}

/// Knows all keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keyring {
    pub(crate) unbound: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signature is not this key's")
    }
}

impl error::Error for Refused {}

impl Verifier for Keyring {
    type Error = Refused;

    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn check_key(&self, _: &[u8]) -> Result<(), Refused> {
        Ok(())
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Refused> {
        if tag(secret(public_key), message, self.unbound) == signature { Ok(()) } else { Err(Refused) }
    }
}

fn mix(state: u64, word: u64) -> u64 {
    let product = u128::from(state ^ word) * u128::from(0x9e37_79b9_7f4a_7c15_u64 ^ state.rotate_left(23));
    let [low, high] =
        [product & u128::from(u64::MAX), product >> 64].map(|half| u64::try_from(half).unwrap());
    (low ^ high).wrapping_add(0xd6e8_feb8_6659_fd93)
}

fn secret(public_key: &[u8]) -> u64 {
    public_key.iter().fold(ROOT, |state, byte| mix(state, u64::from(*byte) + 1))
}

fn tag(secret: u64, bytes: &[u8], unbound: bool) -> [u8; 8] {
    let view = BEFORE_VIEW + bytes.get(18).map_or(0, |length| usize::from(*length));
    let mut state = secret;
    for (at, chunk) in bytes.chunks(8).enumerate() {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        if unbound {
            let here = |n: &usize| (view..view + 8).contains(&(at * 8 + n));
            (0..8).filter(here).for_each(|n| word[n] = 0);
        }
        state = mix(state, u64::from_be_bytes(word));
    }
    mix(state, secret).to_be_bytes()
}

/// Checks what comes in, under one set: with the crate's own authority, or signature by signature, so that the engine has to notice by
/// itself what does not fit together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate<'a> {
    pub(crate) federation: &'a Origin,
    pub(crate) set: &'a ValidatorSet,
    pub(crate) keyring: &'a Keyring,
    pub(crate) signatures_alone: bool,
}

impl Gate<'_> {
    pub(crate) fn message(self, message: &Message) -> Option<Verified<Message>> {
        if self.signatures_alone {
            return self.verify(message.clone()).ok();
        }
        SetAuthority::new(self.federation, self.set, self.keyring).unwrap().verify(message.clone()).ok()
    }

    pub(crate) fn decided(self, decided: &Decided) -> Option<Verified<Decided>> {
        SetAuthority::new(self.federation, self.set, self.keyring).unwrap().verify(decided.clone()).ok()
    }

    pub(crate) fn signed(self, signed: &Signed) -> Result<(), Refused> {
        let validator = self.set.at(signed.by).ok_or(Refused)?;
        let bytes = signed.statement.signed_bytes(self.federation, self.set.hash());
        self.keyring.verify(&validator.key, &bytes, &signed.signature.0)
    }
}

impl Authority<Message> for Gate<'_> {
    type Error = Refused;

    fn check(&self, message: &Message) -> Result<(), Refused> {
        match message {
            Message::Proposal(proposal) => {
                self.signed(&proposal.prepare)?;
                self.lineage(&proposal.candidate)
            }
            Message::Vote(vote) => self.signed(vote),
            Message::ViewChange(change) => {
                self.signed(&change.ask)?;
                change.prepared.iter().try_for_each(|prepared| {
                    self.lineage(&prepared.candidate)?;
                    prepared.certificate.votes().try_for_each(|vote| self.signed(&vote))
                })
            }
            Message::Certificate(certificate) => certificate.votes().try_for_each(|vote| self.signed(&vote)),
        }
    }
}

impl Gate<'_> {
    fn lineage(self, candidate: &auditmesh_bft::Candidate) -> Result<(), Refused> {
        candidate.lineage.iter().try_for_each(|justification| {
            justification.asks.iter().try_for_each(|ask| self.signed(ask))?;
            justification
                .highest
                .iter()
                .flat_map(auditmesh_bft::Certificate::votes)
                .try_for_each(|vote| self.signed(&vote))
        })
    }
}
