use alloc::vec::Vec;
use core::error;

use crate::{MemberId, Round};

/// What was observed of one member in one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The member.
    pub member: MemberId,
    /// Entries it validated in this round: those of a batch for which it signed the agreed head.
    pub proofs: u64,
    /// Bytes it came to store.
    pub stored_bytes: u64,
    /// Whether it made a valid statement.
    pub took_part: bool,
    /// Whether that statement was the one agreed on.
    pub agreed: bool,
}

/// Where a member stands after a round.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Standing {
    /// The member.
    pub member: MemberId,
    /// Its place, from 1; equals are placed by name.
    pub rank: u32,
    /// Proof credit in millionths. Never money, never transferable.
    pub credit_micro: u128,
    /// Governance weight in parts per million. It never replaces the count of a quorum.
    pub weight_ppm: u32,
    /// Trust, 0 to 100.
    pub trust: u8,
}

/// Scores members by what was observed of them.
pub trait Scorer {
    /// Why a round cannot be scored.
    type Error: error::Error + 'static;

    /// Takes in a round and gives every member's standing, best first.
    ///
    /// # Errors
    /// When a counter would overflow or a member is unknown. Nothing changes then.
    fn score(&mut self, round: Round, observed: &[Observation]) -> Result<Vec<Standing>, Self::Error>;
}
