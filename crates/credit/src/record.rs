use auditmesh_types::{MemberId, Observation, Ratio};

use crate::{Contribution, Error, Trust, TrustChange, weight::ONE_PPM};

/// A milli-gigabyte in bytes.
const BYTES_PER_MILLI_GB: u64 = 1_000_000;

/// What a book has counted of one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Record {
    proofs: u64,
    stored_bytes: u64,
    statements: u64,
    agreed: u64,
    pub(crate) trust: Trust,
}

impl Record {
    /// The record after a round; `None` is a member of whom nothing was seen.
    pub(crate) fn after(mut self, member: &MemberId, seen: Option<&Observation>) -> Result<Self, Error> {
        let add = |what, counter: &mut u64, add: u64| {
            let overflow = Error::LocalOverflow { what, member: member.clone(), have: *counter, add };
            *counter = counter.checked_add(add).ok_or(overflow)?;
            Ok(())
        };
        let change = match seen {
            Some(seen) if seen.agreed => TrustChange::Agreement,
            Some(seen) if seen.took_part => TrustChange::Disagreement,
            _ => TrustChange::SyncFailed,
        };
        if let Some(seen) = seen {
            add("count of proofs", &mut self.proofs, seen.proofs)?;
            add("count of stored bytes", &mut self.stored_bytes, seen.stored_bytes)?;
            add("count of statements", &mut self.statements, u64::from(seen.took_part))?;
            add("count of agreed statements", &mut self.agreed, u64::from(seen.agreed))?;
        }
        self.trust = self.trust.apply(change);
        Ok(self)
    }

    /// What it amounts to after `rounds` rounds.
    pub(crate) fn contribution(&self, rounds: u64) -> Contribution {
        Contribution {
            proofs: self.proofs,
            accuracy_ppm: share_ppm(self.agreed, self.statements),
            storage_milli_gb: self.stored_bytes / BYTES_PER_MILLI_GB,
            participation_ppm: share_ppm(self.statements, rounds),
        }
    }
}

/// A share that is at most one, since what is counted above is counted below too.
fn share_ppm(part: u64, whole: u64) -> u32 {
    u32::try_from(Ratio::share(part, whole).ppm()).map_or(ONE_PPM, |ppm| ppm.min(ONE_PPM))
}
