use std::{fmt, hint::black_box};

use ct_merkle::{InclusionProof, mem_backed_tree::MemoryBackedTree};
use sha2::Sha256;

/// `ct-merkle`'s tree in memory, over the bytes of its entries.
pub struct CtMerkle(MemoryBackedTree<Sha256, Vec<u8>>);

impl CtMerkle {
    /// The tree of `entries`.
    pub fn of<E: AsRef<[u8]>>(entries: &[E]) -> Self {
        let mut tree = MemoryBackedTree::new();
        entries.iter().for_each(|entry| tree.push(entry.as_ref().to_vec()));
        Self(tree)
    }

    /// Appends an entry.
    pub fn push(&mut self, entry: &[u8]) {
        self.0.push(entry.to_vec());
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        self.0.root().as_bytes()[..].try_into().unwrap()
    }

    /// Makes a proof and forgets it.
    pub fn prove(&self, place: usize) {
        drop(black_box(self.0.prove_inclusion(place)));
    }

    /// Proofs of the entries at `places`.
    #[must_use]
    pub fn proofs(&self, places: &[u64]) -> Vec<(u64, InclusionProof<Sha256>)> {
        let proof = |place: u64| (place, self.0.prove_inclusion(usize::try_from(place).unwrap()));
        places.iter().map(|place| proof(*place)).collect()
    }

    /// Verifies proofs of `entries`.
    pub fn verify(&self, entries: &[[u8; 32]], proofs: &[(u64, InclusionProof<Sha256>)]) {
        let root = self.0.root();
        for (place, proof) in proofs {
            let entry = entries[usize::try_from(*place).unwrap()].to_vec();
            root.verify_inclusion(&entry, *place, proof).unwrap();
        }
    }
}

impl fmt::Debug for CtMerkle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CtMerkle").finish_non_exhaustive()
    }
}
