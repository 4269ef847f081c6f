//! What all members know: who decides which height, and how.

use std::{cell::Cell, sync::Arc};

use auditmesh_bft::{Height, Rotation, Settings, Spread, Timeouts, Validator, ValidatorIndex, ValidatorSet};
use auditmesh_types::{MemberId, Millis, Origin, Scheme};

use crate::{
    keys::{Gate, Key, Keyring, public},
    mutation::Mutation,
};

/// How long views last, and how often members repeat themselves. A height takes at most about 120 ms in calm weather.
pub(crate) const BASE_MS: u64 = 300;
pub(crate) const CAP_MS: u64 = 2_400;
pub(crate) const RESEND_MS: u64 = 200;

/// The configuration of a run.
#[derive(Debug)]
pub(crate) struct Federation {
    pub(crate) seed: u64,
    pub(crate) origin: Origin,
    pub(crate) spread: Spread,
    pub(crate) rotation: Arc<dyn Rotation>,
    pub(crate) mutation: Mutation,
    pub(crate) signatures_alone: bool,
    /// Whether members choose what is worth a signature check.
    pub(crate) intake: bool,
    /// Members past this height wait, until the run has healed.
    pub(crate) pause: Height,
    pub(crate) resumed: Cell<bool>,
    /// Of a thousand requests to a key, how many fail.
    pub(crate) key_fails: u32,
    /// The sets, each with the height from which it decides.
    pub(crate) sets: Vec<(Height, Arc<ValidatorSet>)>,
    pub(crate) members: usize,
}

/// The name of member `n`.
pub(crate) fn name(n: usize) -> MemberId {
    MemberId::new(format!("M-{n:03}")).unwrap()
}

/// A set of members with their weights.
pub(crate) fn set(members: impl Iterator<Item = (usize, u64)>) -> Arc<ValidatorSet> {
    let validator = |(n, weight)| Validator { name: name(n), key: public(n), weight };
    ValidatorSet::new(Scheme::Ed25519, members.map(validator).collect()).unwrap()
}

impl Federation {
    /// Who decides `height`.
    pub(crate) fn set(&self, height: Height) -> &Arc<ValidatorSet> {
        let (_, set) = self.sets.iter().rfind(|(from, _)| *from <= height).unwrap_or(&self.sets[0]);
        set
    }

    pub(crate) fn settings(&self, n: usize) -> Settings {
        let timeouts = Timeouts::new(Millis(BASE_MS), Millis(CAP_MS), Millis(RESEND_MS)).unwrap();
        Settings {
            federation: self.origin.clone(),
            name: name(n),
            spread: self.spread,
            rotation: Arc::clone(&self.rotation),
            timeouts,
        }
    }

    pub(crate) fn key(&self, n: usize) -> Key {
        Key::new(n, &self.origin, self.mutation.unbound())
    }

    pub(crate) fn gate<'a>(&'a self, set: &'a ValidatorSet, keyring: &'a Keyring) -> Gate<'a> {
        Gate { federation: &self.origin, set, keyring, signatures_alone: self.signatures_alone }
    }

    pub(crate) fn keyring(&self) -> Keyring {
        Keyring { unbound: self.mutation.unbound() }
    }

    /// Where member `n` stands in the set of `height`.
    pub(crate) fn index(&self, n: usize, height: Height) -> Option<ValidatorIndex> {
        self.set(height).position(&name(n))
    }

    /// Which member stands at `index` in the set of `height`.
    pub(crate) fn member(&self, index: ValidatorIndex, height: Height) -> Option<usize> {
        let key = &self.set(height).at(index)?.key;
        usize::try_from(u64::from_be_bytes(key.as_slice().try_into().ok()?)).ok()
    }
}
