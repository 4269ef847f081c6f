use alloc::vec::Vec;

use auditmesh_types::{Digest, MemberId, Round};

use crate::{
    Allocation, Error,
    allocation::{array, take},
    contribution::check_ppm,
    weight::ONE_PPM,
};

/// Shows that an allocation was made, and after which other: hashes only, no figure and no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AllocationReceipt {
    /// The digest of the allocation.
    pub allocation: Digest,
    /// The digest of the allocation before.
    pub previous: Digest,
}

/// Allocations of which each names the digest of the one before. Rounds ascend, and member names within a round, so
/// that a member has at most one allocation a round.
///
/// A value of this type is a chain whose links hold: it is made by appending, or by checking against a known head.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllocationChain {
    base: Digest,
    head: Digest,
    last: Option<(Round, MemberId)>,
    allocations: Vec<Allocation>,
}

impl AllocationChain {
    /// What the first allocation of all names as the one before it: 32 zero bytes.
    pub const GENESIS: Digest = Digest([0; 32]);

    /// The most allocations [`AllocationChain::decode`] takes at once.
    pub const MAX_DECODED: usize = 100_000;

    /// The digest of the last allocation; the base where there is none.
    #[must_use]
    pub const fn head(&self) -> Digest {
        self.head
    }

    /// What the first of [`AllocationChain::allocations`] names as the one before it.
    #[must_use]
    pub const fn base(&self) -> Digest {
        self.base
    }

    /// The allocations that were not released, oldest first.
    #[must_use]
    pub fn allocations(&self) -> &[Allocation] {
        &self.allocations
    }

    /// The receipts of [`AllocationChain::allocations`], in the same order. Hashes nothing: each digest is in the next link.
    pub fn receipts(&self) -> impl Iterator<Item = AllocationReceipt> {
        let later = self.allocations.iter().skip(1).map(|next| next.previous);
        let digests = later.chain([self.head]);
        self.allocations.iter().zip(digests).map(|(allocation, digest)| AllocationReceipt {
            allocation: digest,
            previous: allocation.previous,
        })
    }

    /// Appends an allocation to `member` in `round`.
    ///
    /// # Errors
    /// [`Error::MisusePpm`] for a weight above one, [`Error::MisuseAllocationOrder`] when it does not follow the last.
    /// Nothing is appended then.
    pub fn append(
        &mut self,
        round: Round,
        member: MemberId,
        credit_micro: u128,
        weight_ppm: u32,
    ) -> Result<AllocationReceipt, Error> {
        check_ppm("governance weight", weight_ppm)?;
        if let Some((last_round, last_member)) = &self.last
            && (round, &member) <= (*last_round, last_member)
        {
            let (last_round, last_member) = (*last_round, last_member.clone());
            return Err(Error::MisuseAllocationOrder { round, member, last_round, last_member });
        }
        let previous = self.head;
        self.last = Some((round, member.clone()));
        let allocation = Allocation { round, member, credit_micro, weight_ppm, previous };
        self.head = allocation.digest();
        self.allocations.push(allocation);
        Ok(AllocationReceipt { allocation: self.head, previous })
    }

    /// Checks allocations against the digest they begin after ([`AllocationChain::GENESIS`] for a whole chain) and the
    /// digest they are known to end with.
    ///
    /// Every change of any allocation, every reordering, gap, and cut at either end is refused.
    ///
    /// # Errors
    /// [`Error::PeerLinkBroken`], [`Error::PeerOrder`], [`Error::PeerWeight`], [`Error::PeerHeadMismatch`].
    /// # Cost
    /// One SHA-256 of at most [`Allocation::MAX_BYTES`] an allocation.
    pub fn verify(base: Digest, allocations: Vec<Allocation>, head: Digest) -> Result<Self, Error> {
        let mut end = base;
        let mut last: Option<(Round, &MemberId)> = None;
        for (at, allocation) in allocations.iter().enumerate() {
            if allocation.previous != end {
                return Err(Error::PeerLinkBroken { at, got: allocation.previous, want: end });
            }
            let place = (allocation.round, &allocation.member);
            if last.is_some_and(|last| place <= last) {
                return Err(Error::PeerOrder { at, round: place.0, member: place.1.clone() });
            }
            if allocation.weight_ppm > ONE_PPM {
                return Err(Error::PeerWeight { got: allocation.weight_ppm, max: ONE_PPM });
            }
            last = Some(place);
            end = allocation.digest();
        }
        if end != head {
            return Err(Error::PeerHeadMismatch { got: end, want: head });
        }
        let last = last.map(|(round, member)| (round, member.clone()));
        Ok(Self { base, head, last, allocations })
    }

    /// Hands out the allocations held so far, to be stored elsewhere. The chain goes on after them.
    pub fn release(&mut self) -> Vec<Allocation> {
        self.base = self.head;
        core::mem::take(&mut self.allocations)
    }

    /// The allocations as bytes, each behind its length in two bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for allocation in &self.allocations {
            let encoded = allocation.encode();
            // At most `Allocation::MAX_BYTES`, so the length fits.
            bytes.extend_from_slice(&u16::try_from(encoded.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend_from_slice(&encoded);
        }
        bytes
    }

    /// Reads what [`AllocationChain::encode`] wrote and checks it as [`AllocationChain::verify`] does.
    ///
    /// # Errors
    /// Those of [`Allocation::decode`] and [`AllocationChain::verify`], and [`Error::PeerChainTooLong`].
    pub fn decode(base: Digest, mut bytes: &[u8], head: Digest) -> Result<Self, Error> {
        let mut allocations = Vec::new();
        while !bytes.is_empty() {
            if allocations.len() == Self::MAX_DECODED {
                return Err(Error::PeerChainTooLong { max: Self::MAX_DECODED });
            }
            let length = u16::from_be_bytes(array("length of an allocation", &mut bytes)?);
            allocations.push(Allocation::decode(take("allocation", &mut bytes, usize::from(length))?)?);
        }
        Self::verify(base, allocations, head)
    }

    /// An empty chain that goes on after this one.
    pub(crate) fn successor(&self) -> Self {
        Self { base: self.head, head: self.head, last: self.last.clone(), allocations: Vec::new() }
    }

    /// Takes over what was appended to [`AllocationChain::successor`].
    pub(crate) fn join(&mut self, successor: Self) {
        self.head = successor.head;
        self.last = successor.last;
        self.allocations.extend(successor.allocations);
    }
}
