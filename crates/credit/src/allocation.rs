use alloc::vec::Vec;

use auditmesh_types::{Digest, MemberId, Round};
use sha2::{Digest as _, Sha256};

use crate::{Error, weight::ONE_PPM};

/// What one member was credited after one round, chained to the allocation before.
///
/// The canonical bytes are in `docs/spec/allocation.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// The round.
    pub round: Round,
    /// The member.
    pub member: MemberId,
    /// Its proof credit in millionths, all rounds so far.
    pub credit_micro: u128,
    /// Its governance weight in parts per million.
    pub weight_ppm: u32,
    /// The digest of the allocation before; 32 zero bytes in the first.
    pub previous: Digest,
}

impl Allocation {
    /// The first bytes of every allocation: they keep its digest apart from digests of anything else.
    pub const TAG: &'static [u8] = b"auditmesh allocation v1\n";

    /// The most bytes an allocation may have.
    pub const MAX_BYTES: usize = Self::TAG.len() + 8 + 1 + MemberId::MAX_BYTES + 16 + 4 + 32;

    /// The canonical bytes. Two allocations have the same bytes only when they are equal.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let name = self.member.as_str().as_bytes();
        let mut bytes = Vec::with_capacity(Self::MAX_BYTES);
        bytes.extend_from_slice(Self::TAG);
        bytes.extend_from_slice(&self.round.0.to_be_bytes());
        // A member name has at most 255 bytes, so its length fits and nothing is cut.
        bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(&self.credit_micro.to_be_bytes());
        bytes.extend_from_slice(&self.weight_ppm.to_be_bytes());
        bytes.extend_from_slice(self.previous.as_bytes());
        bytes
    }

    /// SHA-256 of the canonical bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(self.encode()).into())
    }

    /// Reads canonical bytes; what it accepts, [`Allocation::encode`] gives back byte for byte.
    ///
    /// # Errors
    /// [`Error::PeerTag`], [`Error::PeerTruncated`], [`Error::PeerTrailing`], [`Error::PeerMemberText`],
    /// [`Error::PeerMemberName`], [`Error::PeerWeight`].
    /// # Cost
    /// One pass; allocates the member name, at most 255 bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut rest = bytes.strip_prefix(Self::TAG).ok_or(Error::PeerTag)?;
        let round = Round(u64::from_be_bytes(array("round", &mut rest)?));
        let [length] = array("length of the member name", &mut rest)?;
        let member = read_member(take("member name", &mut rest, usize::from(length))?)?;
        let credit_micro = u128::from_be_bytes(array("credit", &mut rest)?);
        let weight_ppm = u32::from_be_bytes(array("weight", &mut rest)?);
        let previous = Digest(array("digest of the allocation before", &mut rest)?);
        if !rest.is_empty() {
            return Err(Error::PeerTrailing { got: rest.len() });
        }
        if weight_ppm > ONE_PPM {
            return Err(Error::PeerWeight { got: weight_ppm, max: ONE_PPM });
        }
        Ok(Self { round, member, credit_micro, weight_ppm, previous })
    }
}

fn read_member(name: &[u8]) -> Result<MemberId, Error> {
    let text =
        core::str::from_utf8(name).map_err(|error| Error::PeerMemberText { at: error.valid_up_to() })?;
    MemberId::new(text).map_err(|source| Error::PeerMemberName { source })
}

/// Takes `need` bytes off the front of `rest`.
pub(crate) fn take<'a>(what: &'static str, rest: &mut &'a [u8], need: usize) -> Result<&'a [u8], Error> {
    let (taken, left) =
        rest.split_at_checked(need).ok_or(Error::PeerTruncated { what, need, got: rest.len() })?;
    *rest = left;
    Ok(taken)
}

/// Takes an array off the front of `rest`.
pub(crate) fn array<const N: usize>(what: &'static str, rest: &mut &[u8]) -> Result<[u8; N], Error> {
    let (taken, left) =
        rest.split_first_chunk::<N>().ok_or(Error::PeerTruncated { what, need: N, got: rest.len() })?;
    *rest = left;
    Ok(*taken)
}
