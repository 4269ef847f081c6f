use std::{fmt, hint::black_box, num::NonZeroUsize};

use commonware_cryptography::{Hasher as _, Sha256, sha256::Digest};
use commonware_parallel::{Rayon, Sequential, Strategy};
use commonware_storage::{
    bmt::{Builder, Proof, Tree},
    merkle::Bagging,
    mmr::{StandardHasher, mem},
};

/// Its SHA-256 digest.
pub type CommonwareDigest = Digest;

/// The same hashes as it takes them.
#[must_use]
pub fn commonware_digests(raw: &[[u8; 32]]) -> Vec<Digest> {
    raw.iter().map(|hash| Digest::from(*hash)).collect()
}

/// Its threads, where there is to be more than one.
#[must_use]
pub fn on_cores(cores: usize) -> Option<Rayon> {
    NonZeroUsize::new(cores).filter(|cores| cores.get() > 1).map(|cores| Rayon::new(cores).unwrap())
}

/// `commonware-storage`'s binary Merkle tree. It hashes every leaf with its position, doubles the last node of an odd level, and hashes
/// the count of leaves into the root.
#[derive(Debug)]
pub struct Bmt(Tree<Digest>);

impl Bmt {
    /// The tree of `leaves`.
    #[must_use]
    pub fn of(leaves: &[Digest]) -> Self {
        let mut builder = Builder::<Sha256>::new(leaves.len());
        for leaf in leaves {
            builder.add(leaf);
        }
        Self(builder.build())
    }

    /// The tree of the hashes of `events`, many at once.
    #[must_use]
    pub fn of_events(events: &[&[u8]]) -> Self {
        Self::of_events_with(events, &Sequential)
    }

    /// The same with threads for the hashes of the events; the tree itself takes none.
    #[must_use]
    pub fn of_events_on_cores(events: &[&[u8]], cores: &Rayon) -> Self {
        Self::of_events_with(events, cores)
    }

    fn of_events_with(events: &[&[u8]], strategy: &impl Strategy) -> Self {
        Self::of(&Sha256::hash_many(events, strategy))
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.0.root()
    }

    /// Makes a proof and forgets it.
    pub fn prove(&self, place: u64) {
        drop(black_box(self.0.proof(position(place)).unwrap()));
    }

    /// Proofs of the leaves at `places`, with the leaves.
    #[must_use]
    pub fn proofs(&self, places: &[u64], leaves: &[[u8; 32]]) -> Vec<(u32, Digest, Proof<Digest>)> {
        let leaf = |place: u64| Digest::from(leaves[usize::try_from(place).unwrap()]);
        let proof = |place: u64| (position(place), leaf(place), self.0.proof(position(place)).unwrap());
        places.iter().map(|place| proof(*place)).collect()
    }

    /// Verifies proofs.
    pub fn verify(&self, proofs: &[(u32, Digest, Proof<Digest>)]) {
        let root = self.0.root();
        for (place, leaf, proof) in proofs {
            proof.verify_element_inclusion::<Sha256>(leaf, *place, &root).unwrap();
        }
    }

    /// One proof of the leaves at `places`, with the leaves.
    #[must_use]
    pub fn multi_proof(&self, places: &[usize], leaves: &[[u8; 32]]) -> (Vec<(Digest, u32)>, Proof<Digest>) {
        let leaf = |place: usize| (Digest::from(leaves[place]), position(place as u64));
        let leaves: Vec<(Digest, u32)> = places.iter().map(|place| leaf(*place)).collect();
        let proof = self.0.multi_proof(leaves.iter().map(|(_, place)| *place)).unwrap();
        (leaves, proof)
    }

    /// Verifies a proof of many leaves.
    pub fn verify_multi(&self, (leaves, proof): &(Vec<(Digest, u32)>, Proof<Digest>)) {
        proof.verify_multi_inclusion::<Sha256>(leaves, &self.0.root()).unwrap();
    }
}

/// `commonware-storage`'s Merkle mountain range in memory. It hashes every node with its position, and the count of leaves into the root.
pub struct Mmr {
    range: mem::Mmr<Digest>,
    hasher: StandardHasher<Sha256>,
}

impl Mmr {
    /// The range of `leaves`. It comes in two batches: after one it would have room for no node more, and make it with the next.
    #[must_use]
    pub fn of(leaves: &[Digest]) -> Self {
        let mut mmr = Self { range: mem::Mmr::new(), hasher: StandardHasher::new(Bagging::ForwardFold) };
        let (first, last) = leaves.split_at(leaves.len().saturating_sub(1));
        mmr.append(first);
        mmr.append(last);
        mmr
    }

    /// Appends the hashes of leaves as one batch.
    pub fn append(&mut self, leaves: &[Digest]) {
        let mut batch = self.range.new_batch();
        for leaf in leaves {
            batch = batch.add_leaf_digest(*leaf);
        }
        let batch = batch.merkleize(&self.range, &self.hasher);
        self.range.apply_batch(&batch).unwrap();
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.range.root(&self.hasher, 0).unwrap()
    }
}

impl fmt::Debug for Mmr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mmr").field("len", &self.range.leaves()).finish_non_exhaustive()
    }
}

fn position(place: u64) -> u32 {
    u32::try_from(place).unwrap()
}
